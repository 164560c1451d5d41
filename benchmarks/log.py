"""How fast the log grows, is signed, proves and is inspected, as a share of what hashing and the database allow.

Measured in a database of its own: hashing alone; a bare `INSERT … SELECT FROM unnest` of the same leaves into
a temporary table, a thousand at a time; `log.append` in batches of a thousand and of a hundred, each batch a transaction; signing
all of it at once; a proof of inclusion; and the inspection of pages and their leaves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from archive import bulk, commitments, hashing, inspection, log, merkle
from archive.models import Leaf, Page

NOW = datetime(2026, 11, 20, tzinfo=UTC)
_PAGE: dict[str, Any] = {
    "window_id": None,
    "pull": 1,
    "number": 1,
    "operation": "reportChatMessages",
    "request": "GET /report/chat/sessions/s?from=2026-11-01&to=2026-11-20",
    "status": 200,
    "body_sha256": bytes(32),
    "body_bytes": 58_000,
    "received_at": NOW,
}


def run(*, leaves: int = 100_000) -> dict[str, float]:
    """Leaves per second of each step, then milliseconds of a proof; needs an empty, migrated database."""
    entries = _rows(leaves)
    spread = [log.Entry(99, 10 * leaves + n, entry.commitment) for n, entry in enumerate(entries)]
    steps: dict[str, Callable[[], object]] = {
        "hashing alone, leaves/s": lambda: merkle.root_of(_hash(entry) for entry in entries),
        "bare insert without a log to disk, leaves/s": lambda: _bare(entries),
        "append, 1,000 a transaction, leaves/s": lambda: _append(entries, 1_000),
    }
    with tempfile.TemporaryDirectory() as folder, override_settings(HOLDFAST_DATA=Path(folder)):
        figures = {name: leaves / _timed(step) for name, step in steps.items()}
        figures["inspection, leaves/s"] = leaves / _timed(_inspect)
        figures["append, 100 a transaction, leaves/s"] = leaves / _timed(lambda: _append(spread, 100))
        figures["signing, leaves/s"] = 2 * leaves / _timed(lambda: log.checkpoint(now=NOW))
        proofs = range(0, 2 * leaves, leaves // 50)
        taken = _timed(lambda: [log.prove(index=index, size=2 * leaves) for index in proofs])
        figures["a proof of inclusion, ms"] = 1_000 * taken / len(proofs)
    return figures


def _timed(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun


def _rows(count: int) -> list[log.Entry]:
    """Pages to append leaves of, and what those leaves commit to."""
    pages = Page.objects.bulk_create([Page(**_PAGE, salt=hashing.new_salt()) for _ in range(count)], 5_000)
    return [
        log.Entry(Leaf.Kind.PAGE, page.pk, commitments.page(**_PAGE, salt=bytes(page.salt))) for page in pages
    ]


def _hash(entry: log.Entry) -> bytes:
    return hashing.leaf(
        hashing.entry(kind=entry.kind, subject_id=entry.subject_id, at=NOW, commitment=entry.commitment)
    )


def _bare(entries: list[log.Entry]) -> None:
    """The same leaves into a table of the same shape, with nothing to protect them."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare (LIKE archive_leaf INCLUDING INDEXES)")
    for first in range(0, len(entries), 1_000):
        batch = entries[first : first + 1_000]
        with transaction.atomic():
            bulk.run(
                "INSERT INTO bare (index, kind, subject_id, at, commitment) SELECT i, k, s, %b::timestamptz, c"
                " FROM unnest(%b::bigint[], %b::smallint[], %b::bigint[], %b::bytea[]) AS u (i, k, s, c)",
                (
                    NOW,
                    list(range(first, first + len(batch))),
                    [int(entry.kind) for entry in batch],
                    [entry.subject_id for entry in batch],
                    [entry.commitment for entry in batch],
                ),
            )


def _append(entries: list[log.Entry], batch: int) -> None:
    for first in range(0, len(entries), batch):
        with transaction.atomic():
            bulk.run("SET LOCAL synchronous_commit = off")
            log.append(entries[first : first + batch], now=NOW)


def _inspect() -> None:
    found = inspection.inspect(progress=lambda *_: None)
    if found.counted > 0:
        raise RuntimeError(f"The log of the benchmark is not in order: {found.problems[0]}")
