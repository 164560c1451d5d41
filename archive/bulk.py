"""Statements over whole columns at once: parameters bound by the server, in binary.

Django's cursor writes parameters into the SQL text; for a page of raw bytes that doubles the size and the work.
Here the same connection, and so the same transaction, is used through psycopg's own cursor, with the statement
prepared once. Give arrays with `%b` and cast them (`%b::text[]`), so that an array of only NULL has a type.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import psycopg
from django.db import connection


def run(query: LiteralString, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run one statement in the current transaction; the rows it returns, an empty list when it returns none."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters, prepare=True, binary=True)
        # Not by `description`, which makes an object for each column: of a small statement that is a tenth.
        return cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields > 0 else []


def numbers(several: Iterable[int]) -> str:
    """Whole numbers as one parameter, to be given with `%t` and a cast (`%t::bigint[]`).

    For thousands at once, in several statements: binding each of them in binary takes longer than reading their rows.
    """
    return "{" + ",".join(map(str, several)) + "}"
