"""Tag Chat Migration: bringing channels, members and messages from elsewhere into Zoom."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
