"""Whether anything happened in the folders of an index since somebody last looked at all that is in them.

Before each search every file of the index is looked at, of which there are dozens, so that none was cut or changed
since it was checked; of a small search that is a fifth. Linux tells of each write, cut, rename and removal in a folder,
so that as long as it has told of nothing there is nothing to look at. It tells of what is done on this machine only: so
all is looked at now and then anyway, and each time where nobody tells.
"""

import os
import sys
import time
from math import inf
from pathlib import Path

from inotify_simple import INotify, flags

LOOK_EVERY_S = 1.0

_IS_ANOTHER = flags.DELETE_SELF | flags.MOVE_SELF | flags.IGNORED | flags.UNMOUNT
_EVENTS = (
    flags.MODIFY
    | flags.ATTRIB
    | flags.CREATE
    | flags.DELETE
    | flags.MOVED_FROM
    | flags.MOVED_TO
    | flags.DELETE_SELF
    | flags.MOVE_SELF
)


class Stirring:
    """What one process is told of some folders: `begin`, look at all of them, say so by `looked`, ask whether it is quiet."""

    def __init__(self) -> None:
        self._folders: tuple[Path, ...] = ()
        self._process = 0
        self._told: INotify | None = None
        self._looked_at = -inf

    def begin(self, *folders: Path) -> None:
        """Be told of these folders from now on, and of no others; those it is told of already go on."""
        if self._told is not None and (folders, os.getpid()) == (self._folders, self._process):
            return
        self.end()
        self._folders, self._process = folders, os.getpid()
        self._told = _told_of(folders)

    def looked(self) -> None:
        """All there is was looked at just now, after it was last asked whether it is quiet, and was in order."""
        self._looked_at = time.monotonic()

    def is_quiet(self, folder: Path) -> bool:
        """Whether nothing happened since that look, as far as anybody knows, and this is the first of the folders."""
        if self._told is None or self._folders[0] != folder:
            return False
        if self._process != os.getpid():  # a fork shares what is told, and would take it from the others
            return False
        events = list(self._told.read(timeout=0))
        if len(events) > 0:
            self._looked_at = -inf
        if any(event.mask & _IS_ANOTHER for event in events):  # what has its name now tells nothing
            self.end()
        return time.monotonic() - self._looked_at < LOOK_EVERY_S

    def end(self) -> None:
        """Be told nothing any more."""
        if self._told is not None:
            self._told.close()
        self._told, self._looked_at = None, -inf


def _told_of(folders: tuple[Path, ...]) -> INotify | None:
    """None where nobody tells: elsewhere than on Linux, and where a user may not have one more."""
    if sys.platform != "linux":
        return None
    told = None
    try:
        told = INotify(nonblocking=True)
        for folder in folders:
            told.add_watch(folder, _EVENTS)
    except OSError:
        if told is not None:
            told.close()
        return None
    return told
