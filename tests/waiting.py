"""Waiting for what another process or thread does, no longer than a minute where nothing else is said.

Also for what Postgres does after a connection is closed: its process goes, and lets go of its locks, a moment later.
"""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)
