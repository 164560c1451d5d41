"""Tag Invitations."""

from sandbox.operations.rows import Operation

ROWS: tuple[Operation, ...] = ()
