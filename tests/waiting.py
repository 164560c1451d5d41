"""Waiting for what another process or thread does, no longer than a minute where nothing else is said.

Also for what Postgres does after a connection is closed: its process goes, and lets go of its locks, a moment later.
"""

import time
from collections.abc import Callable

from django.db import connection


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def somebody_waits_for(table: str) -> bool:
    """Whether another connection waits for a lock on a table of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database WHERE NOT granted"
            " AND relation = %s::regclass AND d.datname = current_database())",
            [table],
        )
        return bool(cursor.fetchone()[0])
