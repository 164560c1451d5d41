"""The admin: the archive's records to be looked at. People are appointed in the console, behind its own rules."""

from compliance.admin import records

__all__ = ["records"]
