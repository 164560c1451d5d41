"""Tag Chat Migration."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
