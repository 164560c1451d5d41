"""The whole archive, derived again from bytes: what is wrong is named, the first bad item first.

1. The log, leaf by leaf: gapless; each leaf's row is there and commits to what the leaf says, or a tombstone names
   its place and its hash; columns follow from raw bytes; tiles and the root of every checkpoint agree with the leaves.
2. Every row of evidence has its leaf.
3. Signatures of checkpoints, in the database and outside it: in folders, in a bucket, under time stamps of an authority,
   and those that somebody kept and hands in.
4. Blobs, read again from the disk.
5. Files and forwards of messages: that each is there, and leads to the bytes that are its own.
6. Windows and day counts against the closures in the log.
7. What others keep, by checks of their own (`further`): frozen lists and notes.
8. The search index against what the database last recorded of it.

Promises: it changes nothing, its memory does not grow with the archive, and it looks at one moment of the
database however long it takes. What it cannot see: leaves cut off that no checkpoint, in the database or
outside it, was ever signed over, together with their rows.
"""

import time
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from archive import publication
from archive.inspection import attached, certificates, counts, elsewhere, further, kept, leaves, tree
from archive.inspection import disk as blobs_on_disk
from archive.inspection.problems import Findings, Problem
from archive.inspection.subjects import Subject, register
from archive.inspection.tree import UNSIGNED
from archive.models import Blob, Leaf
from archive.search import coverage

Progress = Callable[[str, int, int], None]
"""`progress(what, done, total)`."""

FIGURES = ("leaves", leaves.DESTROYED, UNSIGNED, "checkpoints", "published checkpoints", "tiles")
"""Figures that are printed also when they are zero; the other ones are counted in any case."""

__all__ = ["Findings", "Problem", "Progress", "Subject", "inspect", "register"]


def inspect(*, progress: Progress, notes: Sequence[kept.Note] = ()) -> Findings:
    """Inspect everything, and with it the checkpoints that are handed in.

    Inside the caller's transaction it sees what that transaction sees.
    """
    findings, began = Findings(figures=dict.fromkeys(FIGURES, 0)), time.monotonic()
    published = publication.published()
    with transaction.atomic(), connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        leaves.check(findings, progress=_counter("leaves", Leaf.objects.count(), progress))
        leaves.check_rows(findings)
        certificates.check(findings)
        tree.check_notes(findings, published)
        elsewhere.check(findings)
        kept.check(findings, notes)
        blobs_on_disk.check(findings, progress=_counter("blobs", Blob.objects.count(), progress))
        attached.check(findings)
        counts.check(findings)
        further.check(findings)
    for wrong in coverage.check():
        findings.add("search index", "index", wrong)
    findings.figures["seconds"] = round(time.monotonic() - began)
    return findings


def _counter(what: str, total: int, progress: Progress) -> Callable[[int], None]:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(what, done, total)

    return count
