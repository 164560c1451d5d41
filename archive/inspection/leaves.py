"""The walk over the log: every leaf, its place, its row, its commitment; and every row, its leaf.

In the order of the log and in batches, so that memory does not grow and the first bad leaf is the first named.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from archive import hashing
from archive.inspection import tombstones
from archive.inspection.problems import Findings
from archive.inspection.row import Row
from archive.inspection.subjects import SUBJECTS, Subject
from archive.inspection.tree import Watch
from archive.models import Leaf

BATCH = 2_000
DESTROYED = "records destroyed"

_Columns = tuple[int, int, int, datetime, bytes]


def check(findings: Findings, *, progress: Callable[[int], None]) -> None:
    """Walk the whole log. `progress` is told how many leaves were seen since it was last told."""
    watch = Watch(findings)
    expected = 0
    while len(batch := _batch(expected)) > 0:
        rows = _rows(batch)
        destroyed = tombstones.of_leaves(_without_row(batch, rows))
        for index, kind, subject_id, at, commitment in batch:
            if index != expected:
                wrong = (
                    "It is missing." if index == expected + 1 else f"Leaves up to {index - 1} are missing."
                )
                findings.add("leaf", f"archive_leaf {expected}", wrong, leaf=expected)
                watch.stop()
            expected = index + 1
            entry = hashing.entry(kind=kind, subject_id=subject_id, at=at, commitment=commitment)
            leaf_hash = hashing.leaf(entry)
            watch.see(leaf_hash)
            subject = SUBJECTS.get(kind)
            if subject is None:
                findings.add("leaf", f"archive_leaf {index}", f"Nothing is of its kind, {kind}.", leaf=index)
            elif destroyed.get(index) == leaf_hash:
                findings.count(DESTROYED)
            else:
                wrong = _wrong(rows[kind].get(subject_id), at, commitment)
                if wrong:
                    findings.add(subject.name, f"{subject.table} {subject_id}", wrong, leaf=index)
        findings.count("leaves", len(batch))
        progress(len(batch))
    watch.end()


def check_rows(findings: Findings) -> None:
    """Every row of evidence has one leaf, and every message a revision."""
    for kind, subject in sorted(SUBJECTS.items()):
        _check_leafless(findings, kind, subject)
    _check_doubles(findings)
    orphans = _query(
        "SELECT m.id FROM archive_message m WHERE NOT EXISTS "
        "(SELECT FROM archive_revision r WHERE r.message_id = m.id) AND NOT EXISTS "
        "(SELECT FROM archive_tombstone t WHERE t.message_id = m.id) ORDER BY m.id LIMIT %s",
        findings.keep,
    )
    for (key,) in orphans:
        findings.add(
            "message", f"archive_message {key}", "It has no revision: nothing proves that it was said."
        )


def _batch(first: int) -> list[_Columns]:
    columns = ("index", "kind", "subject_id", "at", "commitment")
    found = Leaf.objects.filter(index__gte=first).order_by("index").values_list(*columns)[:BATCH]
    return [(index, kind, subject, at, bytes(commitment)) for index, kind, subject, at, commitment in found]


def _rows(batch: list[_Columns]) -> dict[int, dict[int, Row]]:
    """The rows that a batch of leaves commits to, by kind and key."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for _, kind, subject_id, _, _ in batch:
        wanted[kind].append(subject_id)
    return {
        kind: {row.key: row for row in SUBJECTS[kind].read(keys)}
        for kind, keys in wanted.items()
        if kind in SUBJECTS
    }


def _without_row(batch: list[_Columns], rows: dict[int, dict[int, Row]]) -> list[int]:
    """The places of leaves whose row is gone, of the kinds that may go."""
    return [
        index
        for index, kind, subject_id, _, _ in batch
        if kind in tombstones.MAY_GO and subject_id not in rows[kind]
    ]


def _wrong(row: Row | None, at: datetime, commitment: bytes) -> str:
    """What is wrong with a row beside its leaf; empty when nothing is."""
    if row is None:
        return "The log has it, but its row is gone."
    if row.commitment != commitment:
        return row.fault or "It is not what the log committed to."
    if row.at is not None and row.at != at:
        return "Its leaf carries another moment than it does."
    return row.fault


def _check_leafless(findings: Findings, kind: int, subject: Subject) -> None:
    ((count,),) = _query(f"SELECT count(*) FROM {subject.table}")
    findings.count(f"{subject.name}s", count)
    found = _query(
        f"SELECT t.id FROM {subject.table} t WHERE NOT EXISTS "
        f"(SELECT FROM archive_leaf l WHERE l.kind = {int(kind)} AND l.subject_id = t.id) ORDER BY t.id LIMIT %s",
        findings.keep,
    )
    for (key,) in found:
        wrong = "It has no leaf: it was not written by the archive, or its leaf was taken away."
        findings.add(subject.name, f"{subject.table} {key}", wrong)


def _check_doubles(findings: Findings) -> None:
    """The database keeps a row to one leaf; look only where that rule was taken away."""
    if len(_query("SELECT 1 FROM pg_constraint WHERE conname = 'leaf_once' AND contype = 'u'")) > 0:
        return
    findings.add("leaf", "archive_leaf", "The rule that a row has one leaf was taken away from the database.")
    found = _query(
        "SELECT kind, subject_id, count(*) FROM archive_leaf GROUP BY 1, 2 HAVING count(*) > 1 LIMIT %s",
        findings.keep,
    )
    for kind, subject_id, count in found:
        findings.add("leaf", f"kind {kind} row {subject_id}", f"One row has {count} leaves.")


def _query(sql: str, *parameters: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
