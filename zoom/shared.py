"""Reaching Redis, where the processes of one installation share a token and a budget.

Losing Redis must look like any other passing outage: the worker's row goes back and is tried again. Going on
without it would spend the customer's budget twice, so nothing falls back to memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from zoom.errors import Unavailable


@contextmanager
def reach(what: str) -> Iterator[None]:
    """Turn Redis's errors into `Unavailable`, saying what could not be reached."""
    try:
        yield
    except RedisError as error:
        raise Unavailable(f"the shared {what} in Redis cannot be reached: {type(error).__name__}") from error
