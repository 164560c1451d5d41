"""Files for spreadsheets: what strangers named is text there, whatever it looks like."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime

import pytest

from compliance import sheets


def read(sheet: sheets.Sheet) -> list[list[str]]:
    data = b"".join(sheet.chunks)
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (sheet.sha256, sheet.size_bytes)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "＝1", "%x", "|x", "\n=1"],
)
def test_no_name_becomes_a_formula(name: str) -> None:
    """Every beginning of a formula is a text that begins with an apostrophe."""
    cell = read(sheets.written(["name"], [[name]]))[1][0]
    assert cell.startswith("'")


def test_other_cells_are_what_they_are() -> None:
    """Numbers, days, moments in UTC, words with quotes and line ends, and what is unknown."""
    moment = datetime(2026, 11, 2, 12, tzinfo=UTC)
    sheet = sheets.written(["a", "b"], [[1, None], [date(2026, 11, 2), moment], ['say "hi", a\nb', ""]])
    assert sheet.rows == 3
    assert read(sheet) == [
        ["a", "b"],
        ["1", "unknown"],
        ["2026-11-02", "2026-11-02T12:00:00Z"],
        ['say "hi", a\nb', ""],
    ]


def test_writing_that_turns_is_marked() -> None:
    """A name cannot look like another in a file either."""
    assert read(sheets.written(["a"], [["plan \u202efdp.exe"]]))[1] == ["plan [U+202E]fdp.exe"]


def test_a_large_table_does_not_stay_in_memory_and_is_whole() -> None:
    """It goes through a file on the disk, and comes out as it went in."""
    sheet = sheets.written(["n"], ([f"row {n} " + "x" * 1_000] for n in range(10_000)))
    assert sheet.size_bytes > 8_000_000
    assert len(read(sheet)) == 10_001
