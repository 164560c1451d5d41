"""What is gathered from one file while it is read: texts by name, what stood in the way, and what may still be spent.

A file inside a file is an entry with a name of its own (`minutes.zip` holds `notes.md`; one deeper it is
`inner.zip/notes.md`). An entry that cannot be read is a problem with its name and the others go on; a limit that holds
for the whole file ends the reading, and keeps what is there.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.extraction.limits import Limits
from archive.extraction.outcomes import Reason

CHUNK_BYTES = 1 << 16
MOST_PROBLEMS = 100


class Unreadable(Exception):
    """This file, or this entry, cannot be read."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Exhausted(Unreadable):
    """A limit of the whole file is reached; `is_noted` once it is said in which entry."""

    is_noted = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What stood in the way, and in which entry; the name is empty for the file itself."""

    name: str
    reason: Reason


@dataclass(slots=True)
class Part:
    """The text of one entry, in pieces."""

    name: str
    pieces: list[str] = field(default_factory=list)


Read = Callable[[BinaryIO, "Gathered"], None]


class Gathered:
    """Collects; `read` is how an entry is read in turn."""

    def __init__(self, limits: Limits, read: Read) -> None:
        self.limits = limits
        self.kind = "unknown"
        self.parts: list[Part] = []
        self.problems: list[Problem] = []
        self._read = read
        self._path: list[str] = []
        self._characters = limits.characters
        self._unpacked = limits.unpacked_bytes
        self._entries = limits.entries

    @property
    def name(self) -> str:
        """The entry being read; empty for the file itself."""
        return "/".join(self._path)

    @property
    def has_text(self) -> bool:
        """Whether anything was gathered, if only the names of entries."""
        return any(part.name or part.pieces for part in self.parts)

    def write(self, text: str) -> None:
        """More text of the entry being read. Raises Exhausted when the file has enough."""
        if text == "":
            return
        if len(self.parts) == 0 or self.parts[-1].name != self.name:
            self.parts.append(Part(self.name))
        self.parts[-1].pieces.append(text[: self._characters])
        if len(text) > self._characters:
            self._characters = 0
            raise Exhausted(Reason.TOO_LARGE)
        self._characters -= len(text)

    def is_a(self, kind: str) -> None:
        """Say what the file itself is; of its entries nobody asks."""
        if len(self._path) == 0:
            self.kind = kind

    def note(self, reason: Reason) -> None:
        """Something stood in the way in the entry being read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.name, reason))

    def spend(self, unpacked_bytes: int) -> None:
        """Count what was unpacked. Raises Exhausted."""
        self._unpacked -= unpacked_bytes
        if self._unpacked < 0:
            raise Exhausted(Reason.BOMB)

    def inside(self, name: str, stream: BinaryIO) -> None:
        """Read an entry of the file being read."""
        self._entries -= 1
        if self._entries < 0:
            raise Exhausted(Reason.TOO_MANY)
        self._path.append(clean(name))
        try:
            self._characters -= len(name)
            if self._characters < 0:
                raise Exhausted(Reason.TOO_LARGE)
            self.parts.append(Part(self.name))
            if is_unsafe(name):
                self.note(Reason.UNSAFE_NAME)
            if len(self._path) > self.limits.depth:
                raise Unreadable(Reason.TOO_DEEP)
            self._read(stream, self)
        except Exhausted as error:
            if not error.is_noted:
                self.note(error.reason)
                error.is_noted = True
            raise
        except Unreadable as error:
            self.note(error.reason)
        finally:
            self._path.pop()

    def all_of(self, stream: BinaryIO) -> bytes:
        """The bytes of an entry, counted as they are unpacked. Raises Exhausted."""
        out = io.BytesIO()
        while chunk := stream.read(CHUNK_BYTES):
            self.spend(len(chunk))
            out.write(chunk)
        return out.getvalue()


def clean(name: str) -> str:
    """The name of an entry on one line, storable: controls and lone surrogates as a replacement."""
    return "".join("\ufffd" if char < " " or "\ud800" <= char <= "\udfff" else char for char in name)[:1_000]


def is_unsafe(name: str) -> bool:
    """Whether a name would leave the folder it is unpacked in."""
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or slashed[1:2] == ":" or ".." in slashed.split("/") or "\x00" in name
