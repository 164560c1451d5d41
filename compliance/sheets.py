"""Tables as CSV files that a spreadsheet may open: no cell of a stranger's is ever taken for a formula.

A text that begins with a sign that could begin a formula gets an apostrophe before it, as spreadsheets themselves write
a text that looks like one. Numbers stay numbers, moments are ISO in UTC, what is unknown is "unknown".
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from tempfile import SpooledTemporaryFile

from compliance import inert

Cell = str | int | float | date | datetime | None
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
_IN_MEMORY_BYTES = 8_000_000
_CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Sheet:
    """A finished file; its bytes can be read once. The digest is SHA-256, in hexadecimal."""

    rows: int
    size_bytes: int
    sha256: str
    chunks: Iterator[bytes]


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Sheet:
    """Write a table, its first row the names of its columns; large ones in a file without a name on the disk.

    It is finished before the first byte is given away, so that its digest can be recorded before that.
    """
    file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  # closed when it has been read
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer, count = csv.writer(text), 0
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    text.flush()
    text.detach()
    size = file.tell()
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return Sheet(count, size, digest.hexdigest(), _read(file))


def _read(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return "unknown"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    shown = inert.plain(value)
    return f"'{shown}" if value.lstrip(" ").startswith(_FORMULA) else shown
