"""Where the files of a package go: into a folder, or nowhere, only counted and hashed.

Both keep the same list: every finished file with its size and SHA-256, in the order in which they were finished. The
list lies on the disk, so that a package of a million files needs no memory for them. Paths are ours; one that could
leave the folder is refused all the same.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, cast

from archive import blobs
from archive.packages import content

_BUFFER_BYTES = 1 << 18
_COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package: its path from the bag's folder, its size, and its SHA-256."""

    path: str
    size_bytes: int
    sha256: bytes


class Entries:
    """The files of a package in the order in which they were finished; they are read back from the disk."""

    def __init__(self) -> None:
        self.count = 0
        self.size_bytes = 0
        self._file = TemporaryFile()  # noqa: SIM115  # lives as long as the list, and has no name to be left behind

    def add(self, entry: Entry) -> None:
        self._file.seek(0, io.SEEK_END)
        self._file.write(f"{entry.sha256.hex()} {entry.size_bytes} {entry.path}\n".encode())
        self.count += 1
        self.size_bytes += entry.size_bytes

    def __iter__(self) -> Iterator[Entry]:
        at = 0
        while True:
            self._file.seek(at)
            lines = self._file.readlines(_COPY_BYTES)
            if len(lines) == 0:
                return
            at = self._file.tell()
            for line in lines:
                sha256, size, path = line.decode().rstrip("\n").split(" ", 2)
                yield Entry(path, int(size), bytes.fromhex(sha256))


class Listing(content.Sink, Protocol):
    """A sink that keeps a list of what was written to it."""

    entries: Entries


class Counting:
    """A sink that keeps nothing of a file but its size and its digest."""

    def __init__(self) -> None:
        self.entries = Entries()

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        checked(path)
        hashed = _Hashed(None)
        buffered = io.BufferedWriter(hashed, _BUFFER_BYTES)
        yield cast(BinaryIO, buffered)
        buffered.flush()
        self.entries.add(Entry(path, hashed.size_bytes, hashed.sha256.digest()))

    @contextmanager
    def native(self, file: content.File) -> Iterator[BinaryIO]:
        with _native(file) as bytes_of:
            yield bytes_of


class Folder:
    """A sink that writes to a folder, which it makes; a file that is there already is an error."""

    def __init__(self, root: Path) -> None:
        self.entries = Entries()
        self.root = root
        root.mkdir(parents=True, mode=0o700)

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        place = self.root / checked(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with place.open("xb", buffering=0) as raw:
            hashed = _Hashed(raw)
            buffered = io.BufferedWriter(hashed, _BUFFER_BYTES)
            try:
                yield cast(BinaryIO, buffered)
            except BaseException:
                place.unlink()
                raise
            buffered.flush()
        self.entries.add(Entry(path, hashed.size_bytes, hashed.sha256.digest()))

    @contextmanager
    def native(self, file: content.File) -> Iterator[BinaryIO]:
        with _native(file) as bytes_of:
            yield bytes_of


def checked(path: str) -> str:
    """The path itself. Raises ValueError for one that is not plainly below the bag's folder, or breaks a manifest."""
    parts = PurePosixPath(path).parts
    is_plain = path == "/".join(parts) and not path.startswith("/") and ".." not in parts and path != ""
    if not is_plain or any(sign in path for sign in "\\\0\r\n"):
        raise ValueError(f"No file of a package can be called {path!r}.")
    return path


class _Hashed(io.RawIOBase):
    """Counts and hashes what passes through on its way to a file, if there is one."""

    def __init__(self, to: io.RawIOBase | io.FileIO | None) -> None:
        self.sha256 = hashlib.sha256()
        self.size_bytes = 0
        self._to = to

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self.sha256.update(view)
        self.size_bytes += view.nbytes
        if self._to is not None:
            at = 0
            while at < view.nbytes:  # a raw file may take less than it is given
                at += self._to.write(view[at:]) or 0
        return view.nbytes


def _native(file: content.File) -> BinaryIO:
    if file.sha256 is None:
        raise ValueError(f"The bytes of attachment {file.attachment_id} are not in the archive.")
    return blobs.open(file.sha256)
