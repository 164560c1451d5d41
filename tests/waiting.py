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


def is_waited_for() -> bool:
    """Whether another connection waits until this one ends its transaction.

    By the locks alone: what pg_stat_activity says stays as it is first seen until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
