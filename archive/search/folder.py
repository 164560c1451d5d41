"""The folder of the search index: its generations, which one is in use, which one is being built, who may write.

`HOLDFAST_DATA/index/` holds one folder a generation, the file `current`, which names the one in use, and the file
`building`, which names the one that is being built beside it and says how far it is. Both are replaced whole, never
changed in place. Only one process follows the log (a lock on `lock`) and one builds (`rebuild.lock`); any number read.
A data folder belongs to one host: what another host has in its own is never touched from here.
"""

import fcntl
import json
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from archive.search.errors import IndexBusy, IndexUnavailable

FOLLOW, BUILD = "lock", "rebuild.lock"
_NAME = re.compile(r"[0-9]{1,9}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Building:
    """A generation that nobody uses yet, and how many leaves of how many it holds."""

    name: str
    done: int
    total: int


def root() -> Path:
    return _root(settings.HOLDFAST_DATA)


@lru_cache(maxsize=4)
def _root(data: Path | str) -> Path:
    return Path(data) / "index"


def home() -> str:
    """This host and its folder, as people call them."""
    return f"{socket.gethostname()}:{root().absolute()}"


def named() -> str:
    """What the file `current` says, whatever it is; empty when there is none."""
    try:
        with open(
            f"{root()}{os.sep}current", "rb"
        ) as file:  # asked before every search: paths are slow to make
            return file.read().decode("ascii", "replace").strip()
    except OSError:
        return ""


def current() -> str | None:
    """The name of the generation in use; None when there is none yet. Raises IndexUnavailable for a strange one."""
    name = named()
    if name == "":
        if not os.path.lexists(root() / "current"):
            return None
        name = named()  # it may have come between the two looks
    if _NAME.fullmatch(name) is None:
        raise unusable(f"The file {root() / 'current'} names no search index.")
    return name


def make_current(name: str) -> None:
    """Use this generation from now on. Readers change over at their next search, the indexer at its next step."""
    replace(root() / "current", name.encode())


def building() -> Building | None:
    """What is being built, or was when it was interrupted; None when nothing is."""
    try:
        found = Building(**json.loads((root() / "building").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    is_begun = _NAME.fullmatch(str(found.name)) is not None and found.name != named()
    return found if is_begun else None


def note_building(building: Building | None) -> None:
    """Remember what is being built and how far it is; None: nothing any more."""
    if building is None:
        (root() / "building").unlink(missing_ok=True)
    else:
        replace(root() / "building", json.dumps(asdict(building)).encode())


def unusable(reason: str) -> IndexUnavailable:
    """Why the index cannot answer, and what is being done about it or what to do."""
    begun = building()
    if begun is None:
        return IndexUnavailable(
            f"{reason} The indexer builds a new one; `manage.py reindex` does so at once."
        )
    share = "" if begun.total == 0 else f" ({begun.done * 100 // begun.total}%)"
    progress = f"{begun.done:,} of {begun.total:,} leaves are in it{share}"
    if is_held(BUILD):
        return IndexUnavailable(f"{reason} A new one is being built: {progress}.")
    return IndexUnavailable(f"{reason} A new one was begun: {progress}. `manage.py indexer` goes on with it.")


def generations() -> list[str]:
    """The names of all generations here."""
    try:
        found = list(root().iterdir())
    except OSError:
        return []
    return sorted(path.name for path in found if path.is_dir() and _NAME.fullmatch(path.name) is not None)


def discard(name: str) -> None:
    """Delete a generation. A reader that still has it open keeps its files until it lets go."""
    shutil.rmtree(root() / name, ignore_errors=True)


def discard_unused(name: str) -> list[str]:
    """Delete every generation but this one and the one being built; the names of those that went.

    Only for the holder of FOLLOW. While a rebuild is under way nothing is deleted: it may be about to swap.
    """
    try:
        with writing(BUILD):
            begun = building()
            kept = {name} if begun is None else {name, begun.name}
            others = [one for one in generations() if one not in kept]
            for one in others:
                discard(one)
            return others
    except IndexBusy:
        return []


@contextmanager
def writing(lock: str = FOLLOW) -> Iterator[None]:
    """Hold the right to write; raises IndexBusy when another process has it. A killed process holds nothing."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / lock).open("a+") as file:
        for patience in (0.01, 0.05, 0.1, 0.0):  # who only asks whether it is held holds it for a moment
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(patience)
        else:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise IndexBusy(f"Another process (number {holder}) already writes the index in {root()}.")
        with suppress(OSError):  # on a full disk the lock holds without the number
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield


def is_held(lock: str) -> bool:
    """Whether some process has the right to write."""
    try:
        with (root() / lock).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def replace(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds the old content or the new, also after a loss of power."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
