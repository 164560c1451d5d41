"""Asking the engine something beside whatever else is done: it lets go of Python's lock while it works, so each has a core.

Whoever wants the answer asks itself where nobody has begun by then; so nothing ever waits for a thread, and on a single
core it takes as long as one after another.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

R = TypeVar("R")

_pools: list[ThreadPoolExecutor] = []


class Begun(Generic[R]):
    """Something that is being done. It must not use the database."""

    def __init__(self, what: Callable[[], R]) -> None:
        self._what, self._future = what, _pool().submit(what)

    def done(self) -> R:
        """What it returned; raises what it raised."""
        return self._what() if self._future.cancel() else self._future.result()


def _pool() -> ThreadPoolExecutor:
    if len(_pools) == 0:
        _pools.append(ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="search"))
    return _pools[0]


os.register_at_fork(after_in_child=_pools.clear)  # threads do not come along
