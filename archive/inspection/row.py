"""What an inspection makes of one row of evidence."""

from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    key: int
    commitment: bytes
    """What its columns commit to today."""
    at: datetime | None
    """The moment its leaf must carry; None when the row does not say."""
    fault: str
    """What is wrong with columns derived from its bytes; empty when nothing is."""
