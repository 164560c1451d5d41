"""Holds in the console: what they say of a message, and what they keep from being destroyed."""
