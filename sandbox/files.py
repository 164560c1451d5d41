"""What files are made of: bytes held in memory, or a pattern computed as it is read.

A file's digest is the SHA-256 of exactly the bytes the file host sends. Large files are patterns, so a
download of many gigabytes costs the sandbox no memory.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

CHUNK = 256 * 1024


class Content(Protocol):
    """Bytes that can be read from anywhere, chunk by chunk."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    @property
    def tag(self) -> str:
        """What tells these bytes from others without reading many."""

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces."""

    def digest(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal."""


@dataclass(slots=True, frozen=True)
class Held:
    """Content held in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    @property
    def tag(self) -> str:
        """What tells these bytes from others."""
        return self.digest()[:32]

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces."""
        for offset in range(start, end, CHUNK):
            yield self.data[offset : min(offset + CHUNK, end)]

    def digest(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(slots=True)
class Patterned:
    """Content computed from a seed: each chunk starts with its own number, the rest repeats."""

    size: int
    seed: str
    _block: bytes = field(default=b"", repr=False)
    _digest: str = field(default="", repr=False)

    @property
    def tag(self) -> str:
        """What tells these bytes from others without computing them all."""
        return hashlib.sha256(f"{self.size}:{self.seed}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces."""
        while start < end:
            number, offset = divmod(start, CHUNK)
            piece = self._chunk(number)[offset : offset + end - start]
            yield piece
            start += len(piece)

    def digest(self) -> str:
        """The SHA-256 of all bytes, in hexadecimal; computed once."""
        if self._digest == "":
            whole = hashlib.sha256()
            for piece in self.chunks(0, self.size):
                whole.update(piece)
            self._digest = whole.hexdigest()
        return self._digest

    def _chunk(self, number: int) -> bytes:
        if self._block == b"":
            line = hashlib.sha256(self.seed.encode("utf-8", "surrogatepass")).hexdigest().encode() + b"\n"
            self._block = (line * (CHUNK // len(line) + 1))[: CHUNK - 16]
        return b"%015d\n" % number + self._block


@dataclass(slots=True)
class StoredFile:
    """A file somebody put into a conversation."""

    id: str
    name: str
    created_at: int
    content: Content
    claims: tuple[object, ...] = ()  # the size message records state, when it is not the true one
    deleted_at: int | None = None

    @property
    def shown_size(self) -> object:
        """The size as message records state it."""
        return self.claims[0] if self.claims else self.content.size

    @property
    def extension(self) -> str:
        """The name's last part, as the API calls the file's type."""
        return self.name.rpartition(".")[2] if "." in self.name else ""
