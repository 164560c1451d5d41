"""A zip of any size, opened one entry at a time: its list first, then each entry by its place.

Nothing is unpacked to the disk and nothing large is held: an entry passes through a window of a few kilobytes while it
is hashed and its checksum compared; only what has text is gathered, within the limits of any other file.

`contents_of` refuses a zip whose list itself is a trap (`Refused`): entries that lie over each other, far more of them
or far more bytes than an honest archive has. Single entries that must not be opened are marked, and the others go on.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from archive.extraction import chatlogs, contents, detection, outcomes
from archive.extraction.formats import zips
from archive.extraction.gathered import Gathered, Unreadable, clean, is_unsafe
from archive.extraction.limits import Limits
from archive.extraction.outcomes import Reason

MOST_ENTRIES = 100_000
_LOCAL = struct.Struct("<4s22xHH")
_WINDOW_BYTES = 1 << 16
_IS_ENCRYPTED = 0x1
_STORED, _DEFLATED = 0, 8


class Refused(Exception):
    """The zip as a whole must not be opened."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Place(NamedTuple):
    """Where an entry lies and what the zip's list says of it: sizes in bytes, CRC-32, method of packing."""

    at: int
    packed: int
    size: int
    method: int
    crc: int


def index(stream: BinaryIO, *, limits: Limits) -> tuple[dict[str, object], list[list[object]]]:
    """What is to be said of a zip as a whole, and its entries: name, place, and what is wrong with each.

    An entry whose name is unsafe may be read, since nothing is ever written to a place of that name; whatever else is
    wrong with one is why it must not be opened.
    """
    try:
        entries = list(contents_of(stream, limits=limits))
    except Refused as error:
        return _said(outcomes.Outcome.UNREADABLE, error.reason, refused=True), []
    except Unreadable as error:
        return _said(outcomes.Outcome.UNREADABLE, error.reason, refused=False), []
    except MemoryError:
        return _said(outcomes.Outcome.UNREADABLE, Reason.MEMORY, refused=True), []
    return {**_said(outcomes.Outcome.READ, None, refused=False), "entries": len(entries)}, entries


def contents_of(stream: BinaryIO, *, limits: Limits) -> Iterator[list[object]]:
    """The entries of a zip that are files, in its order. Raises Refused or Unreadable before the first."""
    with zips.opened(stream) as archive:
        found = [one for one in archive.infolist() if not one.is_dir()]
        if len(found) > MOST_ENTRIES:
            raise Refused(Reason.TOO_MANY)
        if _overlap(found, before=archive.start_dir):
            raise Refused(Reason.OVERLAP)
        size = stream.seek(0, io.SEEK_END)
        if sum(one.file_size for one in found) > max(size * limits.ratio, zips.UNSUSPECTED_BYTES):
            raise Refused(Reason.BOMB)
    for one in found:
        place = Place(one.header_offset, one.compress_size, one.file_size, one.compress_type, one.CRC)
        yield [clean(one.orig_filename), list(place), _why_not(one, limits)]


def entry(
    stream: BinaryIO, *, name: str, place: Place, limits: Limits
) -> tuple[dict[str, object], list[list[str]], list[list[str]]]:
    """One entry: what is to be said of it, its texts by name, and the ids in it when it is a chat log."""
    said: dict[str, object] = {"kind": "unknown", "sha256": "", "unpacked": None, "rows": None}
    into = Gathered(limits, contents.read)
    ids: list[list[str]] = []
    try:
        said["sha256"], said["unpacked"] = _hashed(stream, place, limits)
        if chatlogs.is_one(name, _Unpacked(stream, place, into).read(detection.HEAD_BYTES)):
            said["kind"] = "chat log"
            log = io.BufferedReader(cast(io.RawIOBase, _Pieces(pieces(stream, place))), _WINDOW_BYTES)
            said["rows"], ids = chatlogs.read(log, into)
        else:
            contents.read(cast(BinaryIO, _Unpacked(stream, place, into)), into)
            said["kind"] = into.kind
    except Unreadable as error:
        if not getattr(error, "is_noted", False):
            into.note(error.reason)
    reasons = [problem.reason for problem in into.problems]
    said["outcome"] = outcomes.of(has_text=into.has_text, reasons=reasons).value
    said["reason"] = reasons[0].value if len(reasons) > 0 else ""
    said["problems"] = [[problem.name, problem.reason.value] for problem in into.problems]
    return said, [[part.name, contents.storable("".join(part.pieces))] for part in into.parts], ids


def pieces(stream: BinaryIO, place: Place) -> Iterator[bytes]:
    """The unpacked bytes of an entry, a few kilobytes at a time. Raises Unreadable."""
    left = _to_the_data(stream, place)
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if place.method == _DEFLATED else None
    while left > 0:
        packed = stream.read(min(_WINDOW_BYTES, left))
        if packed == b"":
            raise Unreadable(Reason.BROKEN)
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        try:
            while packed != b"" and not unpack.eof:
                yield unpack.decompress(packed, _WINDOW_BYTES)
                packed = unpack.unconsumed_tail
        except zlib.error as error:
            raise Unreadable(Reason.BROKEN) from error


def _to_the_data(stream: BinaryIO, place: Place) -> int:
    """Go to where the bytes of an entry begin; how many there are, packed."""
    if place.method not in (_STORED, _DEFLATED):
        raise Unreadable(Reason.UNSUPPORTED)
    stream.seek(place.at)
    head = stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise Unreadable(Reason.BROKEN)
    signature, name, extra = _LOCAL.unpack(head)
    if signature != b"PK\3\4":
        raise Unreadable(Reason.BROKEN)
    stream.seek(name + extra, io.SEEK_CUR)
    return place.packed


def _hashed(stream: BinaryIO, place: Place, limits: Limits) -> tuple[str, int]:
    """The SHA-256 of an entry and its size. Raises Unreadable when they are not what the zip says."""
    digest, crc, size = hashlib.sha256(), 0, 0
    most = max(place.size, 0)
    for piece in pieces(stream, place):
        size += len(piece)
        if size > most:
            bomb = size > max(place.packed * limits.ratio, zips.UNSUSPECTED_BYTES)
            raise Unreadable(Reason.BOMB if bomb else Reason.BROKEN)
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
    if size != place.size or crc != place.crc:
        raise Unreadable(Reason.BROKEN)
    return digest.hexdigest(), size


def _why_not(one: zipfile.ZipInfo, limits: Limits) -> str:
    if one.flag_bits & _IS_ENCRYPTED:
        return Reason.ENCRYPTED.value
    if one.file_size > max(one.compress_size * limits.ratio, zips.UNSUSPECTED_BYTES):
        return Reason.BOMB.value
    return Reason.UNSAFE_NAME.value if is_unsafe(one.orig_filename) else ""


def _overlap(entries: list[zipfile.ZipInfo], *, before: int) -> bool:
    """Whether two entries lie over each other, or one over the list of them."""
    end = 0
    for one in sorted(entries, key=lambda each: each.header_offset):
        if one.header_offset < end:
            return True
        end = one.header_offset + _LOCAL.size + one.compress_size
    return end > before


def _said(outcome: outcomes.Outcome, reason: Reason | None, *, refused: bool) -> dict[str, object]:
    why = "" if reason is None else reason.value
    problems = [] if reason is None else [["", why]]
    return {"kind": "zip", "outcome": outcome.value, "reason": why, "problems": problems, "refused": refused}


class _Pieces(io.RawIOBase):
    """Pieces as a file that is read once, forwards."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while self._rest == b"":
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class _Unpacked(io.RawIOBase):
    """An entry as a file that may be read from anywhere: unpacked, and counted, only as far as it was asked for."""

    def __init__(self, stream: BinaryIO, place: Place, into: Gathered) -> None:
        self._pieces, self._into = pieces(stream, place), into
        self._here, self._at = bytearray(), 0

    def read(self, size: int = -1) -> bytes:
        self._fill(None if size < 0 else self._at + size)
        end = len(self._here) if size < 0 else self._at + size
        data = bytes(self._here[self._at : end])
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            self._fill(None)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._here)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def _fill(self, end: int | None) -> None:
        """Unpack up to `end`. Raises Exhausted when that is more than is unpacked of one file."""
        while end is None or len(self._here) < end:
            piece = next(self._pieces, None)
            if piece is None:
                return
            self._into.spend(len(piece))
            self._here += piece
