"""Tag Chat Reminder."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
