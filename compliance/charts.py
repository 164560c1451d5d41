"""Charts as numbers: where each bar and each label stands. Templates draw them as SVG, with the numbers in a table.

Every chart begins at zero. What is not known is a hatched hole as high as the chart, never a bar and never nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 960, 180, 44, 22, 8


@dataclass(frozen=True)
class Bar:
    """One day: what was counted, and whether that is all there is."""

    day: date
    value: int
    open_windows: int
    x: float
    y: float
    width: float
    height: float

    @property
    def is_hole(self) -> bool:
        return self.open_windows > 0


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
    """Bars by day over a grid."""

    bars: list[Bar]
    lines: list[Line]
    ticks: list[Tick]
    total: int
    holes: list[Hole]
    open_days: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    base: int = HEIGHT - BOTTOM
    depth: int = HEIGHT - BOTTOM - TOP


def by_day(counts: Sequence[tuple[date, int]], *, open_days: Mapping[date, int]) -> BarChart:
    """A chart of one bar a day."""
    ceiling = nice_ceiling(max((value for _, value in counts), default=0))
    base, slot = HEIGHT - BOTTOM, (WIDTH - LEFT) / max(len(counts), 1)
    width = max(slot * 0.72, 0.8)
    bars = []
    for number, (day, value) in enumerate(counts):
        height = (base - TOP) * value / ceiling
        x = LEFT + number * slot + (slot - width) / 2
        bars.append(Bar(day, value, open_days.get(day, 0), _r(x), _r(base - height), _r(width), _r(height)))
    lines = [Line(_r(base - (base - TOP) * part / 2), ceiling * part // 2) for part in (0, 1, 2)]
    ticks = [
        Tick(_r(bar.x + bar.width / 2), f"{bar.day:%b %Y}" if bar.day.month == 1 else f"{bar.day:%b}")
        for bar in bars
        if bar.day.day == 1
    ]
    return BarChart(
        bars,
        lines,
        ticks,
        total=sum(value for _, value in counts),
        holes=_holes(bars, slot),
        open_days=sum(bar.is_hole for bar in bars),
    )


def _holes(bars: Sequence[Bar], slot: float) -> list[Hole]:
    """Runs of days with open windows, each drawn as one hole."""
    holes: list[Hole] = []
    for number, bar in enumerate(bars):
        if not bar.is_hole:
            continue
        if number and bars[number - 1].is_hole:
            before = holes.pop()
            holes.append(Hole(before.first, bar.day, before.x, _r(before.width + slot)))
        else:
            holes.append(Hole(bar.day, bar.day, _r(LEFT + number * slot), _r(slot)))
    return holes


def nice_ceiling(value: int) -> int:
    """The least of 2, 4, 6, 8, 10, 20, 30, 40, 50, 60, 80, 100, 200 … not below `value`: halves of it are whole."""
    if value <= 2:
        return 2
    power = int(10 ** (len(str(value)) - 1))
    steps = (1, 2, 3, 4, 5, 6, 8, 10) if power > 1 else (2, 4, 6, 8, 10)
    return min(step * power for step in steps if step * power >= value)


def _r(value: float) -> float:
    return round(value, 2)
