"""A zip written forwards, into anything that can be written to, always the same bytes for the same members.

Stored, never compressed: what a compressor makes differs between its versions. Sizes and check sums stand before the
bytes they are of, since some readers refuse a stored member that names them afterwards; so they have to be known. Names
are plain ASCII, times are the first moment a zip can name. Under 4 GB and 65,535 members: no extension of the format.
"""

import struct
import zlib
from collections.abc import Callable, Iterable

Write = Callable[[bytes], object]
_FIRST_DAY = 0x0021
_VERSION = 20
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")


class Changed(Exception):
    """A member's bytes are not those that were announced; the file begun is worth nothing."""


class Stored:
    """One zip. Members come one after another; `end` once, after the last."""

    def __init__(self, write: Write) -> None:
        self._write_out = write
        self._at = 0
        self._entries: list[bytes] = []

    def add(self, name: str, pieces: Iterable[bytes], *, size: int, crc: int) -> None:
        """One member; raises `Changed` when its pieces are not of that size and CRC-32."""
        written = name.encode("ascii")
        start = self._at
        shared = (_VERSION, 0, 0, 0, _FIRST_DAY, crc, size, size, len(written), 0)
        self._write(_LOCAL.pack(b"PK\x03\x04", *shared) + written)
        count = found = 0
        for piece in pieces:
            count += len(piece)
            found = zlib.crc32(piece, found)
            self._write(piece)
        if (count, found) != (size, crc):
            raise Changed(f"A member was to have {size} bytes and had {count}, or other ones.")
        self._entries.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *shared, 0, 0, 0, 0, start) + written)

    def end(self) -> None:
        """The list of members, which readers begin with."""
        start, listed = self._at, b"".join(self._entries)
        self._write(listed)
        count = len(self._entries)
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), start, 0))

    def _write(self, data: bytes) -> None:
        self._write_out(data)
        self._at += len(data)
