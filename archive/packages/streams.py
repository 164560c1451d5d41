"""Long answers of the database a page at a time, without holding them, and without a transaction that lasts as long."""

from collections.abc import Iterable, Iterator, Mapping
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


def pages(found: Iterable[T], size: int) -> Iterator[list[T]]:
    """The same in lists of at most `size`."""
    iterator = iter(found)
    while page := list(islice(iterator, size)):
        yield page
