"""Tag Chat Sessions."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
