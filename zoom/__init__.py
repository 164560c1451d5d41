"""A typed client of the Zoom Team Chat API. No Django, no project imports: usable alone."""
