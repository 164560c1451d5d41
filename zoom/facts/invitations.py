"""Tag Invitations: asking somebody outside to become a contact."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
