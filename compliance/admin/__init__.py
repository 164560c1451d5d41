"""The admin: the archive's records to be looked at, and the people of the console to be appointed."""

from compliance.admin import people, records

__all__ = ["people", "records"]
