"""Tag Chat Reminder: messages that come back at a moment."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
