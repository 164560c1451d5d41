"""Where a message stands in its session, and reading on from there by key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from archive.models import Message

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Position(NamedTuple):
    """`str()` gives it as text for a URL, `position()` reads that back. Among equal times the key decides."""

    sent_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.sent_at - _EPOCH) // _MICROSECOND}.{self.id}"


def position(text: str) -> Position | None:
    """The position that `str(position)` gave; None for any other text."""
    micros, dot, key = text.partition(".")
    if dot == "" or not (micros.isascii() and key.isascii() and key.isdigit()):
        return None
    try:
        return Position(_EPOCH + int(micros) * _MICROSECOND, int(key))
    except (OverflowError, ValueError):
        return None


def back(held: QuerySet[Message], at: Position | None, *, limit: int) -> tuple[list[Message], bool]:
    """Messages before a position (None: the newest), oldest first, and whether there are more before them."""
    if at is not None:
        # The first condition is implied by the second; it lets the index find the beginning.
        held = held.filter(sent_at__lte=at.sent_at).filter(
            Q(sent_at__lt=at.sent_at) | Q(sent_at=at.sent_at, pk__lt=at.id)
        )
    rows = list(held.order_by("-sent_at", "-pk")[: limit + 1])
    return rows[:limit][::-1], len(rows) > limit


def forth(held: QuerySet[Message], at: Position, *, limit: int) -> tuple[list[Message], bool]:
    """Messages after a position, oldest first, and whether there are more after them."""
    held = held.filter(sent_at__gte=at.sent_at).filter(
        Q(sent_at__gt=at.sent_at) | Q(sent_at=at.sent_at, pk__gt=at.id)
    )
    rows = list(held.order_by("sent_at", "pk")[: limit + 1])
    return rows[:limit], len(rows) > limit
