"""Waiting for what another process or thread does, no longer than a minute."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)
