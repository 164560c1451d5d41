"""Tag Chat Channel Mention Group."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
