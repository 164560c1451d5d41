"""Tag IM Chat: a message to a contact, the older way."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
