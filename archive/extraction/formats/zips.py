"""Zip archives: what kind of document one is, and every entry of one that is just an archive.

Nothing is unpacked to the disk, so a name can lead nowhere; one that tries is told. What an entry claims of its size is
only believed when it is bad news: what is really unpacked is counted, over all depths.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from archive.extraction import detection
from archive.extraction.gathered import Exhausted, Gathered, Unreadable
from archive.extraction.outcomes import Reason

UNSUSPECTED_BYTES = 4 << 20
_OFFICE = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"))
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_IS_ENCRYPTED = 0x1


def kind_of(stream: BinaryIO) -> str:
    """Which document a zip is, by what is in it; `zip` when it is none. Raises Unreadable."""
    with opened(stream) as archive:
        names = set(archive.namelist())
        if "mimetype" in names:
            head = archive.open("mimetype").read(100)
            kind = _OPEN.get(head.removesuffix(b"-template").strip())
            if kind is not None:
                return kind
        if "[Content_Types].xml" in names:
            for main, kind in _OFFICE:
                if main in names:
                    return kind
    return "zip"


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive, for as long as it is read; whatever is wrong with it is Unreadable."""
    try:
        with zipfile.ZipFile(stream) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise Unreadable(Reason.BROKEN) from error
    except RuntimeError as error:  # a method of packing or locking that Python does not know
        raise Unreadable(Reason.UNSUPPORTED) from error


def read(stream: BinaryIO, into: Gathered) -> None:
    """Every entry, in the order in which they lie there."""
    with opened(stream) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > into.limits.entries:
            raise Exhausted(Reason.TOO_MANY)
        for entry in entries:
            into.inside(entry.filename, cast(BinaryIO, _Entry(archive, entry, into)))


def entry(archive: zipfile.ZipFile, name: str, into: Gathered) -> BinaryIO:
    """An entry by its name, to be handed to `Gathered.inside`."""
    return cast(BinaryIO, _Entry(archive, archive.getinfo(name), into))


@contextmanager
def part(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, into: Gathered) -> Iterator[BinaryIO]:
    """One part of a document, to be read as it is unpacked; reading counts through `markup.chunks`."""
    entry = archive.getinfo(name) if isinstance(name, str) else name
    check(entry, into)
    try:
        with archive.open(entry) as unpacked:
            yield cast(BinaryIO, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(Reason.BROKEN) from error


def check(entry: zipfile.ZipInfo, into: Gathered) -> None:
    """Refuse what says of itself that it must not be unpacked."""
    if entry.flag_bits & _IS_ENCRYPTED:
        raise Unreadable(Reason.ENCRYPTED)
    most = max(entry.compress_size, 1) * into.limits.ratio
    if entry.file_size > max(most, UNSUSPECTED_BYTES) or entry.file_size > into.limits.unpacked_bytes:
        raise Unreadable(Reason.BOMB)


class _Entry(io.RawIOBase):
    """An entry as a file: its beginning is unpacked to tell what it is, the rest only when that has text."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Gathered) -> None:
        self._archive, self._entry, self._into = archive, entry, into
        self._whole: io.BytesIO | None = None

    def read(self, size: int = -1) -> bytes:
        if self._whole is None and size == detection.HEAD_BYTES:
            check(self._entry, self._into)
            with part(self._archive, self._entry, self._into) as unpacked:
                return unpacked.read(size)
        return self._unpacked().read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        if self._whole is None and offset == 0 and whence == 0:
            return 0
        return self._unpacked().seek(offset, whence)

    def tell(self) -> int:
        return 0 if self._whole is None else self._whole.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def _unpacked(self) -> io.BytesIO:
        if self._whole is None:
            with part(self._archive, self._entry, self._into) as unpacked:
                self._whole = io.BytesIO(self._into.all_of(unpacked))
        return self._whole
