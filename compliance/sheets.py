"""Tables as CSV files to be downloaded; their cells are made safe by `archive.cells`."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from archive import cells

Cell = cells.Cell
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
    with cells.table(cast(BinaryIO, file), head) as table:
        for row in rows:
            table.row(*row)
    size = file.tell()
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return Sheet(table.rows, size, digest.hexdigest(), _read(file))


def _read(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
