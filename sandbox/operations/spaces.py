"""Tag Shared Spaces."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
