"""Cells of CSV files that a spreadsheet may open: no cell of a stranger's is ever taken for a formula.

A text that begins with a sign that could begin a formula gets an apostrophe before it, as spreadsheets themselves write
a text that looks like one. Numbers stay numbers, moments are ISO in UTC, what is unknown is "unknown".
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import BinaryIO

from archive import inert

Cell = str | int | float | date | datetime | None
_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")


class Table:
    """A table being written; `rows` counts those below its head."""

    def __init__(self, file: BinaryIO, head: Sequence[str]) -> None:
        self.rows = 0
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._text.write("\ufeff")  # by hand: Python's own encoding with the mark is several times slower
        self._writer = csv.writer(self._text)
        self._writer.writerow(head)

    def row(self, *values: Cell) -> None:
        self._writer.writerow(map(cell, values))
        self.rows += 1

    def end(self) -> None:
        """Write what is still in memory; the file stays open."""
        self._text.flush()
        self._text.detach()


@contextmanager
def table(file: BinaryIO, head: Sequence[str]) -> Iterator[Table]:
    """A table in a file; UTF-8 with the mark by which spreadsheets know it."""
    made = Table(file, head)
    yield made
    made.end()


def cell(value: Cell) -> str | int | float:
    """The value as it is written."""
    if isinstance(value, str):
        shown = inert.plain(value)
        return f"'{shown}" if value.lstrip(" ")[:1] in _FORMULA else shown
    if value is None:
        return "unknown"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
    return value.isoformat() if isinstance(value, date) else value
