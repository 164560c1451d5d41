"""Statements over whole columns at once: parameters bound by the server, in binary.

Django's cursor writes parameters into the SQL text; for a page of raw bytes that doubles the size and the work.
Here the same connection, and so the same transaction, is used through psycopg's own cursor, with the statement
prepared once. Give arrays with `%b` and cast them (`%b::text[]`), so that an array of only NULL has a type.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg.pq import PipelineStatus


def run(query: LiteralString, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement in the current transaction; the rows it returns, an empty list when it returns none."""
    connection.ensure_connection()
    opened = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(opened) as cursor:
        cursor.execute(query, parameters, prepare=True, binary=True)
        if opened.pgconn.pipeline_status != PipelineStatus.OFF:  # within `asked`: nothing has come yet
            with opened.pipeline() as pipeline:
                pipeline.sync()
        # Not by `description`, which makes an object for each column: of a small statement that is a tenth.
        return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields > 0 else []


@contextmanager
def asked(
    query: LiteralString, parameters: Sequence[object] = ()
) -> Iterator[Callable[[], list[tuple[Any, ...]]]]:
    """One statement that the server works at meanwhile; what this gives returns its rows once they are wanted.

    In libpq's pipeline mode. Whatever else is asked of the database within waits for it.
    """
    connection.ensure_connection()
    opened = connection.connection
    with connection.wrap_database_errors, opened.pipeline(), psycopg.Cursor(opened) as cursor:
        cursor.execute(query, parameters, prepare=True, binary=True)
        yield cursor.fetchall


def numbers(several: Iterable[int]) -> str:
    """Whole numbers as one parameter, to be given with `%t` and a cast (`%t::bigint[]`).

    For thousands at once, in several statements: binding each of them in binary takes longer than reading their rows.
    """
    return "{" + ",".join(map(str, several)) + "}"
