"""Tag Chat Channel Mention Group: groups of a channel's members that can be mentioned together."""

from zoom.facts.rows import Operation

ROWS: tuple[Operation, ...] = ()
