"""Bars lying down, each in the row of a table that has its name and its number: for what has no order in time.

All begin at the same line, which is zero, and the longest is as long as there is room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LENGTH = 240
"""Of the longest bar, in the units of its drawing."""


@dataclass(frozen=True)
class Row:
    """One row: its name, its number, how long its bar is, where it leads (""), and what else is in its columns."""

    label: str
    value: int
    length: float
    address: str
    more: tuple[int, ...]


@dataclass(frozen=True)
class Ranking:
    """Rows in their order; `left_out` are those that are not among them, with what they come to together."""

    rows: list[Row]
    left_out: int
    left_value: int


def of(
    values: Iterable[tuple[str, int, str, tuple[int, ...]]],
    *,
    total: int | None = None,
    in_all: int | None = None,
) -> Ranking:
    """Rows from names, numbers, addresses and further numbers.

    `total` and `in_all` are what the numbers of all come to and how many they are, where not all are given.
    """
    given = list(values)
    longest = max((value for _, value, _, _ in given), default=0)
    rows = [
        Row(label, value, round(LENGTH * value / max(longest, 1), 1), address, more)
        for label, value, address, more in given
    ]
    left = 0 if in_all is None else max(0, in_all - len(rows))
    return Ranking(rows, left, 0 if total is None or left == 0 else total - _sum(rows))


def _sum(rows: Sequence[Row]) -> int:
    return sum(row.value for row in rows)
