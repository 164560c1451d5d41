"""Tag Shared Spaces: channels and members kept together."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
