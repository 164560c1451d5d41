"""One module a family of formats: from the bytes of a stranger's file to the text in it.

Each has `read`, which writes what it finds to a `Gathered` and raises `Unreadable` with a reason. They run in the child
only, import no Django, open no file and follow no address.
"""
