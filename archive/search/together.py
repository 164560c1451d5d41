"""Asking the engine several things at once: it lets go of Python's lock while it works, so each may have a core.

Whoever asks does the first thing itself, and whatever nobody has begun by then; so nothing ever waits for a thread, and
on a single core it takes as long as one after another.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")

_pools: list[ThreadPoolExecutor] = []


def done(first: Callable[[], R], *others: Callable[[], R]) -> list[R]:
    """What each of them returns, in order; raises what the first that failed raised. They must not use the database."""
    begun = [(other, _pool().submit(other)) for other in others]
    found = [first()]
    for other, future in begun:
        found.append(other() if future.cancel() else future.result())
    return found


def _pool() -> ThreadPoolExecutor:
    if len(_pools) == 0:
        _pools.append(ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="search"))
    return _pools[0]


os.register_at_fork(after_in_child=_pools.clear)  # threads do not come along
