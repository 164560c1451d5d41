"""REST under /api/v1/: the same services as the pages, for programs that show a token.

Every answer is JSON, every time is UTC, every list is read on by key, every refusal is a problem (RFC 9457). What a view
may show is decided by the services below it, never here.
"""
