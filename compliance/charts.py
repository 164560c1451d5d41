"""Charts as numbers: where each bar and each label stands. Templates draw them as SVG, with the numbers in a table.

Every chart begins at zero. What is not known is a hatched hole as high as the chart, never a bar and never nothing.
"""

import calendar
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 960, 180, 44, 22, 8
LOW, WIDEST, MOST_BARS, MOST_TICKS, SHORT = 104, 44.0, 186, 14, 12


class Unit(StrEnum):
    """How long a time one bar stands for."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Column:
    """What one bar is to show: its days, what was counted, how much of it is not proven complete."""

    first: date
    last: date
    value: int
    open_parts: int
    address: str = ""


@dataclass(frozen=True)
class Bar:
    """A column as it is drawn; `slot` is the place it may take, from `slot_x`.

    `open_parts` of it are not proven complete: windows of a day, days of anything longer.
    """

    first: date
    last: date
    value: int
    open_parts: int
    address: str
    x: float
    y: float
    width: float
    height: float
    slot_x: float
    slot: float
    label: str

    @property
    def is_hole(self) -> bool:
        return self.open_parts > 0


@dataclass(frozen=True)
class Hole:
    """Neighbouring days that are not proven complete."""

    first: date
    last: date
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    """A horizontal line of the grid and its label."""

    y: float
    value: int


@dataclass(frozen=True)
class Tick:
    """A label under the bars."""

    x: float
    label: str


@dataclass(frozen=True)
class BarChart:
    """Bars over a grid that begins at zero."""

    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    total: int
    holes: list[Hole]
    unit: Unit
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def depth(self) -> int:
        return self.height - BOTTOM - TOP

    @property
    def is_short(self) -> bool:
        """Whether its bars are so few that they and their labels can be read at the width of a telephone."""
        return len(self.bars) <= SHORT

    @property
    def open_days(self) -> int:
        """How many bars are not proven complete."""
        return sum(bar.is_hole for bar in self.bars)


def by_day(counts: Sequence[tuple[date, int]], *, open_days: Mapping[date, int]) -> BarChart:
    """A chart of one bar a day."""
    columns = [Column(day, day, value, open_days.get(day, 0)) for day, value in counts]
    firsts = [column.first.day == 1 for column in columns]
    return _drawn(columns, Unit.DAY, height=HEIGHT, is_labelled=firsts)


def over_time(
    counts: Mapping[date, int],
    *,
    first: date,
    last: date,
    open_days: Mapping[date, int],
    address: Callable[[date, date], str],
    ceiling: int | None = None,
) -> BarChart:
    """A low chart from one day to another with one bar a day, a month or a year, whichever is not too narrow.

    `address` is where a bar leads; charts that are to be compared have one `ceiling` (see `tallest`).
    """
    unit = unit_for(first, last)
    values: Counter[date] = Counter()
    for day, value in counts.items():
        values[_begin(day, unit)] += value
    holes = Counter(open_days) if unit is Unit.DAY else Counter(_begin(day, unit) for day in open_days)
    columns = []
    begin = _begin(first, unit)
    while True:
        end = _end(begin, unit)
        value = values[begin]
        columns.append(Column(begin, end, value, holes[begin], address(begin, end) if value else ""))
        if end >= last:
            break
        begin = end + timedelta(days=1)
    return _drawn(columns, unit, height=LOW, is_labelled=_labelled(columns, unit), ceiling=ceiling)


def tallest(*charts: BarChart) -> int:
    """The highest line of the grids of some charts."""
    return max(line.value for chart in charts for line in chart.lines)


def unit_for(first: date, last: date) -> Unit:
    """The shortest unit of which a chart has no more than MOST_BARS."""
    if (last - first).days < MOST_BARS:
        return Unit.DAY
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Unit.MONTH if months <= MOST_BARS else Unit.YEAR


def _begin(day: date, unit: Unit) -> date:
    return {Unit.DAY: day, Unit.MONTH: day.replace(day=1), Unit.YEAR: day.replace(month=1, day=1)}[unit]


def _end(begin: date, unit: Unit) -> date:
    if unit is Unit.DAY:
        return begin
    month = 12 if unit is Unit.YEAR else begin.month
    return date(begin.year, month, calendar.monthrange(begin.year, month)[1])


def _labelled(columns: Sequence[Column], unit: Unit) -> list[bool]:
    """Which bars have a label: each of few, else Mondays, firsts of months or Januaries, never too many."""
    if len(columns) <= MOST_TICKS:
        return [True] * len(columns)
    for fits in _ROUND[unit]:
        labelled = [fits(column.first) for column in columns]
        if 0 < sum(labelled) <= MOST_TICKS:
            return labelled
    every = -(-len(columns) // MOST_TICKS)
    return [number % every == 0 for number in range(len(columns))]


_ROUND: dict[Unit, tuple[Callable[[date], bool], ...]] = {
    Unit.DAY: (lambda day: day.weekday() == 0, lambda day: day.day == 1),
    Unit.MONTH: (lambda day: day.month == 1,),
    Unit.YEAR: (lambda day: day.year % 10 == 0,),
}


def _drawn(
    columns: Sequence[Column],
    unit: Unit,
    *,
    height: int,
    is_labelled: Sequence[bool],
    ceiling: int | None = None,
) -> BarChart:
    if ceiling is None:
        ceiling = nice_ceiling(max((column.value for column in columns), default=0))
    base, slot = height - BOTTOM, (WIDTH - LEFT) / max(len(columns), 1)
    width = min(max(slot * 0.72, 0.8), WIDEST)
    bars = []
    for number, one in enumerate(columns):
        tall = (base - TOP) * one.value / ceiling
        x = LEFT + number * slot
        bars.append(
            Bar(one.first, one.last, one.value, one.open_parts, one.address, _r(x + (slot - width) / 2),
                _r(base - tall), _r(width), _r(tall), _r(x), _r(slot), _name(one.first, unit))
        )  # fmt: skip
    lines = [Line(_r(base - (base - TOP) * part / 2), ceiling * part // 2) for part in (0, 1, 2)]
    labelled = [bar for bar, on in zip(bars, is_labelled, strict=True) if on]
    names_days = unit is Unit.DAY and any(bar.first.day != 1 for bar in labelled)
    ticks = [
        Tick(_r(bar.slot_x + slot / 2), _label(bar.first, unit, names_days=names_days, is_first=number == 0))
        for number, bar in enumerate(labelled)
    ]
    return BarChart(bars, lines, ticks, sum(bar.value for bar in bars), _holes(bars, slot), unit, height)


def _holes(bars: Sequence[Bar], slot: float) -> list[Hole]:
    """Runs of days with open windows, each drawn as one hole."""
    holes: list[Hole] = []
    for number, bar in enumerate(bars):
        if not bar.is_hole:
            continue
        if number and bars[number - 1].is_hole:
            before = holes.pop()
            holes.append(Hole(before.first, bar.last, before.x, _r(before.width + slot)))
        else:
            holes.append(Hole(bar.first, bar.last, bar.slot_x, _r(slot)))
    return holes


def _name(first: date, unit: Unit) -> str:
    """What a bar stands for, in full."""
    names = {Unit.DAY: f"{first.day} {first:%b} {first.year}", Unit.MONTH: f"{first:%B} {first.year}"}
    return names.get(unit, str(first.year))


def _label(day: date, unit: Unit, *, names_days: bool, is_first: bool) -> str:
    """A day with its month, a month with its year where that begins or the chart does, a year."""
    if unit is Unit.YEAR:
        return f"{day.year}"
    if names_days:
        return f"{day.day} {day:%b}"
    return f"{day:%b} {day.year}" if day.month == 1 or (is_first and unit is Unit.MONTH) else f"{day:%b}"


def nice_ceiling(value: int) -> int:
    """The least of 2, 4, 6, 8, 10, 20, 30, 40, 50, 60, 80, 100, 200 … not below `value`: halves of it are whole."""
    if value <= 2:
        return 2
    power = int(10 ** (len(str(value)) - 1))
    steps = (1, 2, 3, 4, 5, 6, 8, 10) if power > 1 else (2, 4, 6, 8, 10)
    return min(step * power for step in steps if step * power >= value)


def _r(value: float) -> float:
    return round(value, 2)
