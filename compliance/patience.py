"""How long somebody waits for a count, and how often a worker that counts says how far it is.

What is not done within two seconds is broken off, also in the middle of one statement, and left to a worker.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import TypeVar

from django.db import OperationalError, connection, transaction

R = TypeVar("R")
Step = Callable[[int, int], None]
"""Takes how much is done and how much there is to do; what it raises ends the work."""
MOST = timedelta(seconds=2)
TOLD_EVERY = timedelta(seconds=2)


class Slow(Exception):
    """It takes longer than anybody should wait."""


def within(most: timedelta, work: Callable[[Step], R]) -> R:
    """What the work gives, done in a transaction of its own or within the caller's, which goes on. Raises Slow."""
    until = monotonic() + most.total_seconds()

    def step(done: int, total: int) -> None:  # noqa: ARG001
        if monotonic() > until:
            raise Slow

    try:
        with transaction.atomic():
            _limit(f"{most.total_seconds() * 1000:.0f}ms")
            found = work(step)
            _limit(
                "DEFAULT"
            )  # a caller's transaction goes on without it; given up, the limit goes with the work
            return found
    except OperationalError as error:  # the database broke off, as one statement took too long
        raise Slow from error


def seldom(tell: Step) -> Step:
    """The same, told of the first time and then no more often than every two seconds."""
    last = 0.0

    def step(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= TOLD_EVERY.total_seconds():
            last = monotonic()
            tell(done, total)

    return step


def _limit(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {value if value == 'DEFAULT' else repr(value)}")
