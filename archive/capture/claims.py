"""Who holds a job: one Postgres advisory lock a row, so that a dead worker's rows are free at once.

A claim is a row's `state` and `claimed_at` (and, for windows, a fencing `claim`). Beside it the worker's database
session holds an advisory lock on the row. When the worker is killed, Postgres drops the lock with the session, and
whoever looks next finds a claimed row that nobody holds. The lock is only a sign of life: what keeps a worker that
lost its claim from closing the row is the filtered update, never the lock.

Advisory locks belong to a session: reach Postgres directly or through a pooler in session mode.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

LEASE = timedelta(minutes=15)
"""A claim not renewed for this long is free even though its worker's session lives: the worker hangs."""

_JOB_BITS = 56


class Job(IntEnum):
    """The tables whose rows are jobs."""

    WINDOW = 1
    ATTACHMENT = 2
    FORWARD = 3
    EXTRACTION = 4
    HOLD_LISTING = 5
    HOLD_FILE = 6
    HOLD_OPENING = 7


def hold(job: Job, key: int) -> bool:
    """Show that this session works on a row; False when a hanging session still shows the same."""
    return _ask("SELECT pg_try_advisory_lock(%s)", job, key)


def let_go(job: Job, key: int) -> None:
    """Stop showing it."""
    _ask("SELECT pg_advisory_unlock(%s)", job, key)


def held(job: Job) -> frozenset[int]:
    """The rows some living session works on. Read the claimed rows first, then this: not the other way round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        keys = (int(key) for (key,) in cursor.fetchall())
        return frozenset(key & ((1 << _JOB_BITS) - 1) for key in keys if key >> _JOB_BITS == job)


def unheld(job: Job, keys: Iterable[int]) -> frozenset[int]:
    """Those of `keys` that no living session works on."""
    return frozenset(keys) - held(job)


def take_next(job: Job, due: QuerySet[Any], **columns: object) -> int | None:
    """Claim the first of the `due` rows, in their order: write `columns` to it and show it; its key.

    None when there is none that no other worker is just claiming.
    """
    with transaction.atomic():
        pk: int | None = (
            due.values_list("pk", flat=True).select_for_update(skip_locked=True, of=("self",)).first()
        )
        if pk is None:
            return None
        hold(job, pk)
        won = due.order_by().filter(pk=pk).update(**columns)
    if won == 1:
        return pk
    let_go(job, pk)
    return None


def free(
    job: Job,
    rows: QuerySet[Any],
    *,
    claimed: Mapping[str, object],
    now: datetime,
    at: str = "claimed_at",
    **columns: object,
) -> int:
    """Write `columns` to those of the `rows` that are `claimed` and whose worker died or hangs; how many.

    `at` is the column with when each was claimed or last renewed: one that is renewed meanwhile is left alone. That
    is why a row is written by its own columns: conditions on other tables are not looked at again after a wait.
    """
    found = list(rows.filter(**claimed).values_list("pk", at))
    dead = unheld(job, (pk for pk, _ in found)) if found else frozenset()
    gone = [(pk, since) for pk, since in found if pk in dead or (since is not None and since < now - LEASE)]
    own = rows.model._default_manager.filter(**claimed)
    return sum(own.filter(pk=pk, **{at: since}).update(**{at: None}, **columns) for pk, since in gone)


def _ask(question: str, job: Job, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [job << _JOB_BITS | key])
        answer = cursor.fetchone()
    return answer is not None and bool(answer[0])
