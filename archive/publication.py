"""Checkpoints outside the database: what the database's owner cannot take back.

Every checkpoint is written, once it is committed, as a file named by its size to `checkpoints/` in the data
folder and, when HOLDFAST_CHECKPOINT_DIR is set, to that folder too, which had better be on another machine or a
disk that only adds. The log's verifier key lies beside them as `log.vkey`.

Promises: a file is whole and on the disk, and one that is there is never overwritten.
"""

import os
from pathlib import Path

from django.conf import settings

from archive import notes

_DIGITS = 20


def folders() -> list[Path]:
    """Where checkpoints are published."""
    found = [Path(settings.HOLDFAST_DATA) / "checkpoints"]
    elsewhere = settings.HOLDFAST_CHECKPOINT_DIR
    return [*found, Path(elsewhere)] if elsewhere else found


def publish(folder: Path, *, size: int, note: str, key: notes.VerifierKey) -> None:
    """Write a checkpoint to a folder, and the key beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_once(folder / "log.vkey", f"{key}\n".encode())
    write_once(folder / _name(size), note.encode())


def newest_size(folder: Path) -> int:
    """The size of the largest log with a checkpoint in a folder; -1 when there is none."""
    return max((size_of(file) for file in folder.glob("*.note")), default=-1)


def place(size: int) -> Path:
    """Where the checkpoint of this size is in the data folder."""
    return folders()[0] / _name(size)


def size_of(file: Path) -> int:
    """The size a file's name claims; -1 when its name claims none."""
    return int(file.stem) if file.stem.isdecimal() and len(file.stem) == _DIGITS else -1


def published() -> list[Path]:
    """Every published checkpoint, folder by folder, smallest log first."""
    return [file for folder in folders() for file in sorted(folder.glob("*.note"))]


def newest() -> tuple[Path, str] | None:
    """The published checkpoint of the largest log, in whichever folder."""
    files = published()
    if len(files) == 0:
        return None
    file = max(files, key=lambda path: path.name)
    return file, file.read_text(encoding="utf-8", errors="replace")


def _name(size: int) -> str:
    return f"{size:0{_DIGITS}}.note"


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole and durably; leave one of this name alone."""
    if path.exists():
        return
    written = path.with_name(f".{path.name}.{os.getpid()}")
    with written.open("wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), 0o444)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
