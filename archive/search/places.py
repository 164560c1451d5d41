"""The order of messages and places in it, by which a long answer is read on."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANT = "relevant"

    @property
    def reverse(self) -> "Order":
        """The other way round; relevance has none."""
        return {Order.NEWEST: Order.OLDEST, Order.OLDEST: Order.NEWEST}.get(self, self)


class Place(NamedTuple):
    """A place in the order of messages: the time one was sent, in microseconds since 1970, and its id.

    In the order of relevance, which has no keys, `sent` is the rank, counted from 1.
    """

    sent: int
    message_id: int

    def __str__(self) -> str:
        return f"{self.sent}.{self.message_id}"

    @classmethod
    def from_text(cls, text: str) -> "Place | None":
        """The place that `str()` wrote; None when it is not one."""
        sent, _, message_id = text.partition(".")
        try:
            place = cls(int(sent), int(message_id))
        except ValueError:
            return None
        return place if abs(place.sent) < 2**62 and abs(place.message_id) < 2**62 else None


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(sent: int) -> datetime:
    return _EPOCH + timedelta(microseconds=sent)
