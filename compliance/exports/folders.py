"""Where the files of exports lie: a folder for each, readable by nobody but the system, with one folder for each making.

A making writes into a folder of its own, so that a worker that was thought dead never writes into what another made. What
is offered is the folder that the row names; whatever else lies there is a half, and goes.
"""

import contextlib
import errno
import shutil
from pathlib import Path

from django.conf import settings

ROOM_LEFT = 500_000_000
"""Bytes that stay free: a full disk would stop the archive itself."""


def root() -> Path:
    """The folder of all exports."""
    return Path(settings.HOLDFAST_DATA) / "exports"


def of(export_id: int) -> Path:
    """The folder of one."""
    return root() / str(export_id)


def begin(export_id: int, name: str) -> Path:
    """A new, empty folder for one making; all others of this export go."""
    drop(export_id)
    folder = of(export_id) / name
    for path in (root(), of(export_id), folder):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def close(folder: Path) -> int:
    """Make the files of a making private and unchangeable; how many bytes they are."""
    files = [path for path in folder.iterdir() if path.is_file()]
    for path in files:
        path.chmod(0o400)
    return sum(path.stat().st_size for path in files)


def drop(export_id: int) -> None:
    """Remove whatever lies there of an export."""
    with contextlib.suppress(FileNotFoundError):  # nothing lies there: that is what is wanted
        shutil.rmtree(of(export_id))


def ids() -> list[int]:
    """The exports of which something lies there."""
    if not root().is_dir():
        return []
    return sorted(int(path.name) for path in root().iterdir() if path.name.isascii() and path.name.isdigit())


def lacks(needed: int) -> int:
    """How many bytes of room are missing for so many; 0 when they fit."""
    place = root()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return max(0, needed + ROOM_LEFT - shutil.disk_usage(place).free)


def is_full(error: OSError) -> bool:
    """Whether something could not be written for want of room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
