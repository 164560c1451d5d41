"""Having the database write anew the files that destroyed words may still lie in. For the owner of the tables.

A row that was deleted is out of reach of every query; its bytes stay in the file. VACUUM gives their place free and does
not overwrite it, so a page that also has living rows keeps them until something else is written there. `wipe` has each
table that lost words written anew (VACUUM FULL, TOAST and indexes with it), and the planner's statistics, which hold
samples of values where an older version of this product let them. Each table is locked while it is written: choose a
quiet hour. What it cannot reach: the write-ahead log until Postgres recycles it, its archive, backups, the disk's sectors.

Postgres writes anew as well what a transaction that is still open could see, were it of another database of the server:
with one that is older than the destruction nothing would be gone, and nobody told. So all of them are waited for first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, LiteralString, Protocol

TABLES = (
    "archive_revision",
    "archive_attachment",
    "archive_forward",
    "archive_observation",
    "archive_reading",
    "archive_extraction",
    "archive_blob",
    "archive_blobremoval",
    "archive_holdentry",
    "archive_holdpassage",
)
WORDS = {
    "archive_attachment": ("name",),
    "archive_extraction": ("problems", "text"),
    "archive_holdentry": ("name", "text"),
    "archive_holdpassage": ("terms",),
    "archive_observation": ("raw",),
    "archive_revision": ("oddities", "raw", "sender_name", "text"),
}
"""Columns that hold words; nothing of them is kept as statistics."""

_POLL_SECONDS = 0.2

# By age: numbers of transactions are used again, and cannot be compared. Who holds them everybody may see.
_OLDER: LiteralString = """
    SELECT 'the session with process ' || pid || ', of ' || coalesce(usename, backend_type)
        || CASE WHEN coalesce(application_name, '') = '' THEN '' ELSE ' (' || application_name || ')' END
    FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND greatest(age(backend_xid), age(backend_xmin)) >= age(%(now)s::xid)
    UNION ALL SELECT 'the prepared transaction ' || gid FROM pg_prepared_xacts WHERE age(transaction) >= age(%(now)s::xid)
    UNION ALL SELECT 'the replication slot ' || slot_name FROM pg_replication_slots WHERE age(xmin) >= age(%(now)s::xid)
"""


class Cursor(Protocol):
    """Of a connection of the owner, in autocommit."""

    def execute(self, query: Any, params: Any = None, /) -> object: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


class StillSeen(Exception):
    """Transactions older than the destruction are still open; nothing was done."""


def statements(*, can_clear: bool) -> Iterator[str]:
    """What is to be run, one after the other and outside of any transaction; `can_clear` from Postgres 18 on."""
    if can_clear:
        for table, columns in WORDS.items():
            for column in columns:
                yield f"SELECT pg_clear_attribute_stats(current_schema()::text, '{table}', '{column}', false)"
    for table in TABLES:
        yield f"VACUUM (FULL) {table}"
    yield "VACUUM (FULL) pg_catalog.pg_statistic"


def wipe(
    cursor: Cursor, *, server_version: int, told: Callable[[str], object], patience_seconds: float = 600
) -> None:
    """Run them with the rights of the owner; `told` what is waited for, and each before it runs.

    `server_version` as 180000. Raises StillSeen when a transaction that began before this one does not end in time.
    """
    _until_nobody_sees_it(cursor, told=told, patience_seconds=patience_seconds)
    for statement in statements(can_clear=server_version >= 180_000):
        told(statement)
        cursor.execute(statement)


def _until_nobody_sees_it(cursor: Cursor, *, told: Callable[[str], object], patience_seconds: float) -> None:
    """Wait for every transaction of the server that began before."""
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    ((now,),) = cursor.fetchall()
    until, named = time.monotonic() + patience_seconds, ""
    while True:
        cursor.execute(_OLDER, {"now": now})
        older = sorted(who for (who,) in cursor.fetchall())
        if len(older) == 0:
            return
        said = "; ".join(older)
        if time.monotonic() >= until:
            raise StillSeen(
                f"Nothing was written anew: what was destroyed can still be seen by {said}. "
                "Postgres would keep it. End what is left open there, and run this again."
            )
        if said != named:
            named = said
            told(f"Waiting for transactions that began before: {said}")
        time.sleep(_POLL_SECONDS)
