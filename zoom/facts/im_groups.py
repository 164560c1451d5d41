"""Tag IM Groups: groups of the company directory."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
