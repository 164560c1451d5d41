"""The record: what was said, and proof that nobody touched it."""
