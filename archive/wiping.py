"""Having the database write anew the files that destroyed words may still lie in. For the owner of the tables.

A row that was deleted is out of reach of every query; its bytes stay in the file. VACUUM gives their place free and does
not overwrite it, so a page that also has living rows keeps them until something else is written there. `wipe` has each
table that lost words written anew (VACUUM FULL, TOAST and indexes with it), and the planner's statistics, which hold
samples of values where an older version of this product let them. Each table is locked while it is written: choose a
quiet hour. What it cannot reach: the write-ahead log until Postgres recycles it, its archive, backups, the disk's sectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

Execute = Callable[[str], object]


def statements(*, can_clear: bool) -> Iterator[str]:
    """What is to be run, one after the other and outside of any transaction; `can_clear` from Postgres 18 on."""
    if can_clear:
        for table, columns in WORDS.items():
            for column in columns:
                yield f"SELECT pg_clear_attribute_stats(current_schema()::text, '{table}', '{column}', false)"
    for table in TABLES:
        yield f"VACUUM (FULL) {table}"
    yield "VACUUM (FULL) pg_catalog.pg_statistic"


def wipe(execute: Execute, *, server_version: int, told: Callable[[str], object]) -> None:
    """Run them with the rights of the owner; `told` each before it runs. `server_version` as 180000."""
    for statement in statements(can_clear=server_version >= 180_000):
        told(statement)
        execute(statement)
