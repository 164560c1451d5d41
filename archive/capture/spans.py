"""Days, months and the cliff: pure date arithmetic of what may be asked of Zoom.

Zoom's reports take whole UTC days, at most one month apart, inside the last six months; channel activities at
most three days. Everything here is UTC days, both ends inclusive. Nothing reads a clock or a database.

A day has *settled* when it was pulled at the age of `settle_days` or more; younger days are pulled again, because
messages may still arrive late, be edited or gain reactions. Today never settles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

REPORT_MONTHS = 6
ACTIVITY_DAYS = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole UTC days from `first` to `last`, both inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A span must not end ({self.last}) before it begins ({self.first}).")

    def overlaps(self, other: "Span") -> bool:
        return self.first <= other.last and other.first <= self.last


def cliff(today: date) -> date:
    """The oldest day Zoom's reports still give on `today`: six calendar months back."""
    months = today.year * 12 + today.month - 1 - REPORT_MONTHS
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, _days_in(year, month + 1)))


def month_of(day: date) -> Span:
    """The whole calendar month `day` lies in."""
    return Span(day.replace(day=1), day.replace(day=_days_in(day.year, day.month)))


def months(span: Span) -> Iterator[Span]:
    """`span` cut at the calendar months, oldest first."""
    first = span.first
    while first <= span.last:
        last = min(month_of(first).last, span.last)
        yield Span(first, last)
        first = last + DAY


def each_day(span: Span) -> Iterator[date]:
    """Every day of `span`, oldest first."""
    for ordinal in range(span.first.toordinal(), span.last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def activity_spans(span: Span) -> Iterator[Span]:
    """The three-day spans that cover `span`, on a fixed grid, so that each is the same span on any day."""
    first = date.fromordinal(span.first.toordinal() // ACTIVITY_DAYS * ACTIVITY_DAYS)
    while first <= span.last:
        yield Span(max(first, span.first), min(first + (ACTIVITY_DAYS - 1) * DAY, span.last))
        first += ACTIVITY_DAYS * DAY


def first_unsettled(pulled_at: datetime, *, settle_days: int) -> date:
    """The first day that a pull made at `pulled_at` did not settle."""
    pulled_on = pulled_at.astimezone(UTC).date()
    return min(pulled_on, pulled_on - (settle_days - 1) * DAY)


def begins_at(day: date) -> datetime:
    """The first moment of a UTC day."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def ends_at(day: date) -> datetime:
    """The first moment after a UTC day."""
    return begins_at(day + DAY)


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - DAY).day
