"""Of what the counts are taken for a span of time: whole months, whole days, and the messages of the hours beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import LiteralString

from archive import bulk
from archive.reporting.counting import COLUMNS, FACTS, SUMS

_DAY = timedelta(days=1)
BETWEEN: LiteralString = "SELECT * FROM archive_message WHERE sent_at >= %b AND sent_at < %b"


@dataclass(frozen=True, slots=True)
class Reach:
    """What makes up a span exactly. The edges are moments, half open; an edge without length holds nothing."""

    months: list[date]
    days: list[date]
    edges: tuple[tuple[datetime, datetime], tuple[datetime, datetime]]


def of(begins_at: datetime, ends_at: datetime) -> Reach:
    """What makes up the time from `begins_at` to before `ends_at`."""
    first, last = _up(begins_at.astimezone(UTC)), ends_at.astimezone(UTC).date()
    if first >= last:
        middle = min(_moment(first), ends_at)
        return Reach([], [], ((begins_at, middle), (middle, ends_at)))
    months = list(_months(first, last))
    covered = set(months)
    days = [day for day in _each(first, last) if day.replace(day=1) not in covered]
    return Reach(months, days, ((begins_at, _moment(first)), (_moment(last), ends_at)))


COUNTED: LiteralString = (
    "counted AS (SELECT session_id, sender_id, "
    + COLUMNS
    + " FROM archive_reportcount WHERE grain = 'm' AND begins = ANY(%b::date[])"
    + " UNION ALL SELECT session_id, sender_id, "
    + COLUMNS
    + " FROM archive_reportcount WHERE grain = 'd' AND begins = ANY(%b::date[])"
    + " UNION ALL SELECT session_id, sender_id, "
    + SUMS
    + " FROM ("
    + FACTS.replace("{said}", BETWEEN)
    + " UNION ALL "
    + FACTS.replace("{said}", BETWEEN)
    + ") AS fact GROUP BY session_id, sender_id)"
)
"""`counted`: of each session and sender in several rows, to be summed; takes `parameters`."""


def prepare() -> None:
    """Let the sums of this transaction be made in memory: a year of a large account has hundreds of thousands of rows."""
    bulk.run("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")


def parameters(reach: Reach) -> tuple[object, ...]:
    """What `COUNTED` takes."""
    (a, b), (c, d) = reach.edges
    return (reach.months, reach.days, a, b, c, d)


def every_day(reach: Reach) -> list[date]:
    """The whole days, those of whole months too."""
    return sorted({day for month in reach.months for day in _each(month, _next(month))} | set(reach.days))


def _months(first: date, last: date) -> Iterator[date]:
    month = first if first.day == 1 else _next(first)
    while _next(month) <= last:
        yield month
        month = _next(month)


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _each(first: date, before: date) -> Iterator[date]:
    while first < before:
        yield first
        first += _DAY


def _up(moment: datetime) -> date:
    """The first day that begins at a moment or later."""
    return moment.date() if moment.time() == time() else moment.date() + _DAY


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
