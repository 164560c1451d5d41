"""Tag IM Groups."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
