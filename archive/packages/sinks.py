"""Where the files of a package go: into a folder, or nowhere, only counted and hashed.

Both keep the same list: every finished file with its size and SHA-256. The
list lies on the disk, so that a package of a million files needs no memory for them. Paths are ours; one that could
leave the folder is refused all the same.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, cast
from zlib import crc32

from archive import blobs
from archive.packages import content

_BUFFER_BYTES = 1 << 18
_IN_A_STRETCH = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package: its path from the bag's folder, its size, its SHA-256, and the CRC-32 that zips want."""

    path: str
    size_bytes: int
    sha256: bytes
    crc32: int


class Entries:
    """The files of a package, counted by the folder they are in, and read back from the disk in order of their paths."""

    def __init__(self) -> None:
        self.folders: Counter[str] = Counter()
        self._file = TemporaryFile()  # noqa: SIM115  # lives as long as the list, and has no name to be left behind

    def add(self, entry: Entry) -> None:
        self._file.seek(0, io.SEEK_END)
        self._file.write(f"{entry.path}\t{entry.size_bytes}\t{entry.sha256.hex()}\t{entry.crc32}\n".encode())
        self.folders["/".join(entry.path.split("/")[:2])] += 1

    def __iter__(self) -> Iterator[Entry]:
        """In order of their paths, by code points; sorted in stretches, so that memory does not grow with the list."""
        with ExitStack() as stack:
            stretches = []
            for stretch in self._stretches():
                file = stack.enter_context(TemporaryFile())
                file.writelines(stretch)
                file.seek(0)
                stretches.append(file)
            for line in merge(*stretches, key=_path):
                path, size, sha256, checksum = line.decode().rstrip("\n").split("\t")
                yield Entry(path, int(size), bytes.fromhex(sha256), int(checksum))

    def _stretches(self) -> Iterator[list[bytes]]:
        self._file.seek(0)
        while stretch := list(islice(self._file, _IN_A_STRETCH)):
            yield sorted(stretch, key=_path)


def _path(line: bytes) -> bytes:
    return line.split(b"\t", 1)[0]


class Listing(content.Sink, Protocol):
    """A sink that keeps a list of what was written to it."""

    entries: Entries


class _OfTheArchive:
    """What sinks have in common: the natives come from the blob store."""

    @contextmanager
    def native(self, file: content.File) -> Iterator[BinaryIO]:
        if file.sha256 is None:
            raise ValueError(f"The bytes of attachment {file.attachment_id} are not in the archive.")
        with blobs.open(file.sha256) as bytes_of:
            yield bytes_of


class Counting(_OfTheArchive):
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
        self.entries.add(hashed.entry(path))


class Folder(_OfTheArchive):
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
        self.entries.add(hashed.entry(path))


def checked(path: str) -> str:
    """The path itself. Raises ValueError for one that is not plainly below the bag's folder, or breaks a manifest."""
    parts = PurePosixPath(path).parts
    is_plain = path == "/".join(parts) and not path.startswith("/") and ".." not in parts and path != ""
    if not is_plain or any(sign in path for sign in "\\\0\r\n\t"):
        raise ValueError(f"No file of a package can be called {path!r}.")
    return path


class _Hashed(io.RawIOBase):
    """Counts and hashes what passes through on its way to a file, if there is one."""

    def __init__(self, to: io.RawIOBase | io.FileIO | None) -> None:
        self.sha256 = hashlib.sha256()
        self.size_bytes = 0
        self.crc32 = 0
        self._to = to

    def entry(self, path: str) -> Entry:
        return Entry(path, self.size_bytes, self.sha256.digest(), self.crc32)

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self.sha256.update(view)
        self.crc32 = crc32(view, self.crc32)
        self.size_bytes += view.nbytes
        if self._to is not None:
            at = 0
            while at < view.nbytes:  # a raw file may take less than it is given
                at += self._to.write(view[at:]) or 0
        return view.nbytes
