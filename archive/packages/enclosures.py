"""The files of a day as a format carries them inside: the bytes themselves, or a text that says why not.

A file whose bytes the archive has not, and one that would make the whole too large for those who read it, is replaced by
a text file with the reason, so that nothing is left out silently. The bytes are read twice and never held: once for their
size and check sum, which a zip names before them, and once to be written.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive.packages import mail, names
from archive.packages.content import Day, File, Sink

MOST_BYTES = 1_200_000_000
"""Bytes of files inside one document. Base64 makes them 1.37 times as long, and 2 GB is the most that RSMF readers take."""
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One file to be carried: `shown` is its safe name, `words` what stands in its place when it is not there itself."""

    file: File
    shown: str
    size: int
    crc: int
    words: bytes | None

    @property
    def stored_as(self) -> str:
        """A name of plain ASCII that no other file of the archive has."""
        ending = names.ending(self.file.name) if self.words is None else ".UNAVAILABLE.txt"
        return f"file-{self.file.attachment_id}{ending}"


def of(day: Day, *, into: Sink, most_bytes: int = MOST_BYTES) -> dict[int, Enclosure]:
    """Every file of the day by its number, in order of the messages."""
    found: dict[int, Enclosure] = {}
    distinct = names.Distinct()
    left = most_bytes
    for message in day.messages:
        for file in message.files:
            enclosure = _enclosed(file, distinct, into, left)
            left -= enclosure.size if enclosure.words is None else 0
            found[file.attachment_id] = enclosure
    return found


def pieces(enclosure: Enclosure, *, into: Sink) -> Iterator[bytes]:
    """What is carried, a piece at a time."""
    if enclosure.words is not None:
        yield enclosure.words
        return
    yield from _read(enclosure.file, into)


def _enclosed(file: File, distinct: names.Distinct, into: Sink, left: int) -> Enclosure:
    size = crc = 0
    if file.sha256 is None:
        return _in_words(file, distinct, f"The archive does not have this file: {_reason(file)}.")
    if file.size_bytes is not None and file.size_bytes > left:
        return _in_words(file, distinct, _too_large(file))
    for piece in _read(file, into):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    if size > left:
        return _in_words(file, distinct, _too_large(file))
    return Enclosure(file=file, shown=distinct.of(names.safe(file.name)), size=size, crc=crc, words=None)


def _in_words(file: File, distinct: names.Distinct, why: str) -> Enclosure:
    named = mail.on_one_line(file.name) or "(without a name)"
    size = "unknown" if file.size_bytes is None else f"{file.size_bytes} bytes"
    digest = "" if file.sha256 is None else f"SHA-256: {file.sha256.hex()}\r\n"
    zoom_id = mail.on_one_line(file.zoom_id)
    words = f"{why}\r\n\r\nName: {named}\r\nSize: {size}\r\n{digest}Zoom's id: {zoom_id}\r\n".encode()
    shown = distinct.of(names.safe(f"{names.safe(file.name, limit_bytes=100)}.UNAVAILABLE.txt"))
    return Enclosure(file=file, shown=shown, size=len(words), crc=zlib.crc32(words), words=words)


def _reason(file: File) -> str:
    return mail.on_one_line(file.reason).rstrip(".") or "the reason is not known"


def _too_large(file: File) -> str:
    return f"Too large to be carried here. The package has it: {file.path or 'among its files'}."


def _read(file: File, into: Sink) -> Iterator[bytes]:
    with into.native(file) as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece
