"""What is here of a file that is still coming, noted so that another process can go on with it.

Beside `<name>.part` lies `<name>.part.note`: which version of the file the server said it was, how large it will be,
and how many bytes are surely on the disk. Bytes beyond that are not believed: a machine that lost its power may have
kept the length of a file without what was in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from hashlib import _Hash

NOTE_EVERY_BYTES = 32 * 1024**2
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """The beginning of a file: so many bytes with this hash, of a version named by `validator`."""

    size: int
    hash: _Hash
    validator: str
    total: int | None


class Partial:
    """The note beside one partial file."""

    def __init__(self, part: Path, file: BinaryIO) -> None:
        self._file = file
        self._note = note_of(part)

    def begun(self) -> Begun | None:
        """What an earlier download left, read and hashed again; None when there is nothing to go on with."""
        try:
            told = json.loads(self._note.read_bytes())
            size, validator, total = told["size"], told["validator"], told["total"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(size, int) or not isinstance(validator, str) or not isinstance(total, int | None):
            return None
        if not 0 < size <= os.fstat(self._file.fileno()).st_size or validator == "":
            return None
        self._file.seek(0)
        digest, left = hashlib.sha256(), size
        while left > 0 and (chunk := self._file.read(min(_CHUNK_BYTES, left))):
            digest.update(chunk)
            left -= len(chunk)
        return Begun(size=size, hash=digest, validator=validator, total=total) if left == 0 else None

    def note(self, *, size: int, validator: str, total: int | None) -> None:
        """Write down what is on the disk, once it is."""
        self._file.flush()
        os.fsync(self._file.fileno())
        fresh = self._note.with_name(self._note.name + ".new")
        fresh.write_text(json.dumps({"size": size, "validator": validator, "total": total}))
        os.replace(fresh, self._note)

    def forget(self) -> None:
        """There is nothing to go on with."""
        self._note.unlink(missing_ok=True)

    @property
    def is_noted(self) -> bool:
        """Whether there is something to go on with."""
        return self._note.exists()


def note_of(part: Path) -> Path:
    """Where the note of a partial file lies."""
    return part.with_name(part.name + ".note")


def discard(target: Path) -> None:
    """Remove what a download to `target` that will not go on left behind."""
    part = target.with_name(target.name + ".part")
    note_of(part).unlink(missing_ok=True)
    part.unlink(missing_ok=True)
