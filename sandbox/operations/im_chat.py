"""Tag IM Chat."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
