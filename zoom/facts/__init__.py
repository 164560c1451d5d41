"""What the client knows of the API, as data: one module a tag, one row an operation. See `rows`."""
