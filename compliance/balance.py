"""A session's days as an account that balances: month by month, offered = archived + already here + excluded + failed +
destroyed (before that pull, under a disposition).

Days on which nothing was said and nothing is doubtful are left out; neighbouring days about which the same is not
known are one line. What is unknown is not summed as if it were zero: a month says how many of its days are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.completeness import Day, DayState


@dataclass(frozen=True)
class Line:
    """One day with its counts, or several in a row of which the same is not known (counts None)."""

    first: date
    last: date
    day: Day


@dataclass(frozen=True)
class Month:
    """The sums of a month's days that are known, newest line first, and how many days are not proven complete."""

    month: date
    offered: int
    archived: int
    duplicate: int
    excluded: int
    failed: int
    destroyed: int
    open_days: int
    lines: list[Line]


def month(first_day: date, days: Sequence[Day]) -> Month:
    """The account of one month."""
    return Month(
        month=first_day,
        offered=sum(day.offered or 0 for day in days),
        archived=sum(day.archived or 0 for day in days),
        duplicate=sum(day.duplicate or 0 for day in days),
        excluded=sum(day.excluded or 0 for day in days),
        failed=sum(day.failed or 0 for day in days),
        destroyed=sum(day.destroyed or 0 for day in days),
        open_days=sum(day.state is not DayState.COMPLETE for day in days),
        lines=_lines(days),
    )


def _lines(days: Sequence[Day]) -> list[Line]:
    lines: list[Line] = []
    for day in reversed(days):
        if not day.offered and day.state is DayState.COMPLETE:
            continue
        later = lines[-1] if lines else None
        if later is not None and _same_unknown(later, day):
            lines[-1] = Line(day.day, later.last, day)
        else:
            lines.append(Line(day.day, day.day, day))
    return lines


def _same_unknown(later: Line, day: Day) -> bool:
    neighbours = (later.first - day.day).days == 1
    alike = (later.day.state, later.day.reason) == (day.state, day.reason)
    return neighbours and alike and later.day.offered is None and day.offered is None
