"""Zips that are always the same: stored, in a given order, all of one age, by nobody in particular.

A package is laid over them, and each RSMF file has one inside. Never compressed: what a compressor makes differs between
its versions.

Sizes and checksums are known beforehand, so a zip is written from its beginning to its end and hashed on the way, and
how large it will be is known without writing it. Where four gigabytes or 65,535 files are passed it is a Zip64 (APPNOTE
6.3.9, section 4.3).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import Protocol
from zlib import crc32

from archive.packages.sinks import Entry

_LARGE, _MANY = 0xFFFFFFFF, 0xFFFF
_DATE = 0x21  # 1980-01-01, the oldest there is
_MODE = 0o100644 << 16
_COPY_BYTES = 1 << 20
_IN_MEMORY_BYTES = 1 << 16

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")


class ChangedOnDisk(Exception):
    """A file is not what was read or written a moment ago: the disk cannot be relied on, and the zip is worth nothing."""


class Target(Protocol):
    """What a zip is written to, forwards."""

    def write(self, data: bytes, /) -> object: ...


class Layout:
    """How large a zip is with the files that were added to it."""

    def __init__(self) -> None:
        self.count = 0
        self.offset = 0
        self.central_bytes = 0

    def add(self, entry: Entry, *, folder: str) -> None:
        name = _name(entry, folder)
        self.central_bytes += len(_central(entry, name, self.offset))
        self.offset += len(_local(entry, name)) + entry.size_bytes
        self.count += 1

    def size_with(self, entry: Entry, *, folder: str) -> int:
        """How large it would be with one more."""
        name = _name(entry, folder)
        offset = self.offset + len(_local(entry, name)) + entry.size_bytes
        central = self.central_bytes + len(_central(entry, name, self.offset))
        return offset + central + len(_end(self.count + 1, offset, central))

    @property
    def size_bytes(self) -> int:
        return self.offset + self.central_bytes + len(_end(self.count, self.offset, self.central_bytes))


class Zip:
    """A zip being written; its members are in a folder when one is named."""

    def __init__(self, file: Target, *, folder: str = "") -> None:
        self.layout = Layout()
        self.sha256 = hashlib.sha256()
        self._file, self._folder = file, folder
        # lives as long as the zip is being written
        self._central = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115

    def add(self, entry: Entry, pieces: Iterable[bytes]) -> None:
        """A file with the bytes that `entry` says, in pieces. Raises ChangedOnDisk when they are others."""
        name = _name(entry, self._folder)
        self._write(_local(entry, name))
        checksum = count = 0
        for piece in pieces:
            checksum, count = crc32(piece, checksum), count + len(piece)
            self._write(piece)
        if (count, checksum) != (entry.size_bytes, entry.crc32):
            raise ChangedOnDisk(
                f"{entry.path} was to have {entry.size_bytes} bytes and had {count}, or other ones."
            )
        self._central.write(_central(entry, name, self.layout.offset))
        self.layout.add(entry, folder=self._folder)

    def close(self) -> None:
        """The directory; the file stays open."""
        self._central.seek(0)
        while chunk := self._central.read(_COPY_BYTES):
            self._write(chunk)
        self._central.close()
        self._write(_end(self.layout.count, self.layout.offset, self.layout.central_bytes))

    def _write(self, data: bytes) -> None:
        self.sha256.update(data)
        self._file.write(data)


def _name(entry: Entry, folder: str) -> bytes:
    return (f"{folder}/{entry.path}" if folder else entry.path).encode()


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else 0x800  # the name is UTF-8


def _local(entry: Entry, name: bytes) -> bytes:
    is_large = entry.size_bytes >= _LARGE
    size = _LARGE if is_large else entry.size_bytes
    extra = struct.pack("<HHQQ", 1, 16, entry.size_bytes, entry.size_bytes) if is_large else b""
    version = 45 if is_large else 20
    head = _LOCAL.pack(
        0x04034B50, version, _flags(name), 0, 0, _DATE, entry.crc32, size, size, len(name), len(extra)
    )
    return head + name + extra


def _central(entry: Entry, name: bytes, offset: int) -> bytes:
    is_large, is_far = entry.size_bytes >= _LARGE, offset >= _LARGE
    beyond = [entry.size_bytes] * 2 * is_large + [offset] * is_far
    extra = struct.pack(f"<HH{len(beyond)}Q", 1, 8 * len(beyond), *beyond) if len(beyond) > 0 else b""
    size = _LARGE if is_large else entry.size_bytes
    head = _CENTRAL.pack(
        0x02014B50, 3 << 8 | 45, 45 if len(beyond) > 0 else 20, _flags(name), 0, 0, _DATE, entry.crc32, size, size,
        len(name), len(extra), 0, 0, 0, _MODE, _LARGE if is_far else offset,
    )  # fmt: skip
    return head + name + extra


def _end(count: int, offset: int, central: int) -> bytes:
    few, near, short = min(count, _MANY), min(offset, _LARGE), min(central, _LARGE)
    plain = _END.pack(0x06054B50, 0, 0, few, few, short, near, 0)
    if count < _MANY and offset < _LARGE and central < _LARGE:
        return plain
    large = _END_64.pack(0x06064B50, 44, 3 << 8 | 45, 45, 0, 0, count, count, central, offset)
    return large + _LOCATOR.pack(0x07064B50, 0, offset + central, 1) + plain
