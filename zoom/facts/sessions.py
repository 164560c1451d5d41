"""Tag Chat Sessions: a user's conversations, and which of them are starred."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
