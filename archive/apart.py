"""A function of ours in a process of its own, with a pipe to it: for work that two processors can share.

Threads cannot share it where most of it is Python, of which one thread runs at a time. The process is started anew, not
forked: the engine's threads and the connection to the database would not survive that. It ends when the pipe is closed,
also by a parent that was killed, and by nothing that a terminal says to all of its programs.
"""

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import django
from django.db import connection
from django.utils.module_loading import import_string

from archive import collecting

_TO_THE_END_SECONDS = 10.0
_spawning = multiprocessing.get_context("spawn")


class Apart:
    """A process that runs `module.function(pipe)` with Django and this process's database; `pipe` is our end of it.

    Other than at the end of the pipe (EOFError, BrokenPipeError) the function should not raise.
    """

    def __init__(self, module: str, function: str) -> None:
        self.pipe, its_end = _spawning.Pipe()
        wanted = its_end, module, function, dict(connection.settings_dict)
        self._process = _spawning.Process(target=_run, args=wanted, daemon=True)
        self._process.start()
        its_end.close()  # or the pipe would never end for us

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def end(self) -> None:
        """Close the pipe and see the process end."""
        self.pipe.close()
        self._process.join(_TO_THE_END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _run(pipe: Connection, module: str, function: str, database: dict[str, Any]) -> None:
    """What the new process does; it reads this module before Django is there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    connection.settings_dict.update(database)
    run: Callable[[Connection], None] = import_string(f"{module}.{function}")
    collecting.seldom()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        run(pipe)
