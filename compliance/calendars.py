"""A year of days as a picture: a row a month, a cell a day, each with its mark. Templates draw it as SVG.

What a day is, is said by its mark and its word, never by its colour alone, and the same stands in a table beneath.
Days that are still to come, or about which nothing is to be said, have no cell. Pure: places values, reads nothing.
"""

import calendar
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive import completeness
from archive.completeness import DayState

LEFT, TOP, WIDE, TALL, MONTHS = 84, 22, 28, 26, 12
WIDTH = LEFT + 31 * WIDE + 8
MARKS = {
    "complete": "",
    "partial": "◐",
    "waiting": "◷",
    "gap": "▲",
    "lost": "▲",
    "unknown": "?",
    "destroyed": "✕",
}
WORDS = {
    "complete": "complete",
    "partial": "pulling: complete in part",
    "waiting": "pulling: not read yet",
    "gap": "gap",
    "lost": "gap: lost, past Zoom’s six months",
    "unknown": "unknown",
    "destroyed": "destroyed in part, complete before",
}


@dataclass(frozen=True)
class Mark:
    """What is to be said of one day."""

    day: date
    state: str
    offered: int | None
    not_complete: int
    """How much does not prove it: windows of an account's sessions, or the one of a session."""
    reason: str = ""
    destroyed: int = 0
    """Messages of a day that was complete, destroyed here since."""

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def is_complete(self) -> bool:
        return self.state == DayState.COMPLETE


@dataclass(frozen=True)
class Cell:
    """A day as it is drawn, and where it leads."""

    mark: Mark
    glyph: str
    address: str
    x: float
    y: float
    middle: float
    baseline: float


@dataclass(frozen=True)
class Row:
    """A month: its label, its cells, and how many of its days are in which state."""

    month: date
    baseline: float
    cells: list[Cell]
    counts: Mapping[str, int]
    offered: int
    is_offered_known: bool


@dataclass(frozen=True)
class Run:
    """Neighbouring days that are not complete and alike."""

    first: date
    last: date
    mark: Mark
    address: str


@dataclass(frozen=True)
class Year:
    """The picture and its numbers. `is_complete` is true only when every day of it is."""

    rows: list[Row]
    columns: list[tuple[float, int]]
    runs: list[Run]
    counts: Mapping[str, int]
    height: int
    width: int = WIDTH
    cell_width: int = WIDE - 3
    cell_height: int = TALL - 3

    @property
    def days(self) -> int:
        return sum(self.counts.values())

    @property
    def is_complete(self) -> bool:
        return self.days > 0 and self.counts.get(DayState.COMPLETE, 0) == self.days

    @property
    def not_complete(self) -> list[tuple[str, int]]:
        """The other states there are, in words with how many days, the worst first."""
        others = [state for state in WORDS if state != DayState.COMPLETE]
        worst = sorted(others, key=("gap", "lost", "unknown", "waiting", "partial", "destroyed").index)
        return [(state, self.counts[state]) for state in worst if self.counts.get(state)]


def months_to(last: date) -> tuple[date, date]:
    """The first and the last day of the twelve months that end with the month of a day."""
    begin = date(last.year - 1, last.month + 1, 1) if last.month < MONTHS else date(last.year, 1, 1)
    return begin, last.replace(day=calendar.monthrange(last.year, last.month)[1])


def of_account(days: Sequence[completeness.AccountDay], *, destroyed: Mapping[date, int]) -> list[Mark]:
    """The days of an account."""
    marks = []
    for one in days:
        reason = ""
        if one.list_state is not DayState.COMPLETE:
            reason = "Zoom’s list of this day’s sessions is not proven complete."
        marks.append(_mark(one.day, one.state, one.offered, one.not_complete, reason, destroyed))
    return marks


def of_session(days: Sequence[completeness.Day], *, destroyed: Mapping[date, int]) -> list[Mark]:
    """The days of one session."""
    return [
        _mark(one.day, one.state, one.offered, int(one.state is not DayState.COMPLETE), one.reason, destroyed)
        for one in days
    ]


def _mark(
    day: date,
    state: DayState,
    offered: int | None,
    not_complete: int,
    reason: str,
    destroyed: Mapping[date, int],
) -> Mark:
    """What was destroyed is said of a day that was complete; where something is missing besides, that is said first."""
    gone = destroyed.get(day, 0)
    if gone > 0:
        noun = "message" if gone == 1 else "messages"
        reason = f"{reason} {gone:,} {noun} destroyed here since, under a disposition.".strip()
    shown = "destroyed" if gone > 0 and state is DayState.COMPLETE else state.value
    return Mark(day, shown, offered, not_complete, reason, gone)


def year(marks: Sequence[Mark], *, address: Callable[[date], str]) -> Year:
    """The picture of some days, oldest first; `address` is where a day leads."""
    by_month: dict[date, list[Mark]] = {}
    for mark in marks:
        by_month.setdefault(mark.day.replace(day=1), []).append(mark)
    rows = [_row(number, month, inside, address) for number, (month, inside) in enumerate(by_month.items())]
    columns = [(LEFT + (day - 1) * WIDE + WIDE / 2, day) for day in range(1, 32)]
    counts = Counter(mark.state for mark in marks)
    return Year(rows, columns, _runs(marks, address), counts, TOP + TALL * len(rows) + 4)


def _row(number: int, month: date, marks: Sequence[Mark], address: Callable[[date], str]) -> Row:
    y = TOP + number * TALL
    cells = []
    for mark in marks:
        x = LEFT + (mark.day.day - 1) * WIDE
        middle = x + (WIDE - 3) / 2
        cells.append(Cell(mark, MARKS[mark.state], address(mark.day), x, y, middle, y + 16))
    return Row(
        month=month,
        baseline=y + 16,
        cells=cells,
        counts=Counter(mark.state for mark in marks),
        offered=sum(mark.offered or 0 for mark in marks),
        is_offered_known=all(mark.offered is not None for mark in marks),
    )


def _runs(marks: Sequence[Mark], address: Callable[[date], str]) -> list[Run]:
    runs: list[Run] = []
    for mark in reversed(marks):
        if mark.is_complete:
            continue
        later = runs[-1] if runs else None
        if later is not None and later.first - mark.day == timedelta(days=1) and _alike(later.mark, mark):
            runs[-1] = Run(mark.day, later.last, mark, address(mark.day))
        else:
            runs.append(Run(mark.day, mark.day, mark, address(mark.day)))
    return runs


def _alike(one: Mark, other: Mark) -> bool:
    return (one.state, one.not_complete, one.reason) == (other.state, other.not_complete, other.reason)
