"""Long answers of the database a page at a time, without holding them, and without a transaction that lasts as long."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

_AT_ONCE = 2_000
T = TypeVar("T")


def rows(statement: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, fetched in stretches; the server keeps the rest. `statement` takes `%(name)s`."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while stretch := cursor.fetchmany(_AT_ONCE):
            yield from stretch


@contextmanager
def by_indexes() -> Iterator[None]:
    """Have every query look its rows up while this lasts.

    Tables that have just grown have no statistics, and the planner would read all of one for each row of another. In a
    transaction it lasts as long as that does.
    """
    is_local = connection.in_atomic_block
    _set(f"SET {'LOCAL ' if is_local else ''}enable_seqscan = off")
    try:
        yield
    finally:
        if not is_local:
            _set("RESET enable_seqscan")


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def ahead(found: Iterable[T]) -> Generator[T]:
    """The same, each one read by a thread with a connection of its own while the one before it is used.

    Reading waits for the database half of the time, and what is made of it does not need it. `found` is only ever gone
    through in that thread, by indexes alone; what it raises is raised here. In a transaction of the caller's another
    connection would not see what this one does: there nothing is read ahead.
    """
    if connection.in_atomic_block:
        yield from found
        return
    iterator = iter(found)
    with ThreadPoolExecutor(1, "ahead", _set, ("SET enable_seqscan = off",)) as thread:
        try:
            coming = thread.submit(list, islice(iterator, 1))
            while one := coming.result():
                coming = thread.submit(list, islice(iterator, 1))
                yield from one
        finally:
            thread.submit(lambda: connection.close())  # of the thread, not ours


def pages(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """The same in lists of at most `size`."""
    iterator = iter(found)
    while page := list(islice(iterator, size)):
        yield page
