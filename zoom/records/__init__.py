"""What Zoom's replies are made of, as typed records that keep their exact bytes; one module a tag.

Every field is optional, because replies are not ours to trust: `None` (or an empty tuple) means absent or of
another type than documented, and then `oddities` names the field. `raw` is the exact slice of the reply and
the only thing to hash or keep. Times named `_ms` are epoch milliseconds; sizes are bytes.
"""
