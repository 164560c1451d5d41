"""The Merkle log: one gapless list of every event that is evidence. The only writer of leaves and tiles.

Promises: leaves are numbered from zero without a hole; they commit in the order of their numbers, so what a
reader sees is always a beginning of the log; a leaf is there exactly when the row it commits to is there,
because both are written in one transaction.

Must never: write a leaf outside the caller's transaction, or give a number twice.

**Append last.** A number is only known once all earlier appends have committed, so `append` takes a lock that
is held until the caller's transaction ends. Do everything else first: resolve people, insert rows, hash.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from archive import hashing
from archive.models import Leaf


class Entry(NamedTuple):
    """A leaf to be: `kind` is a `Leaf.Kind`, `subject_id` the row's primary key; see `archive.commitments`."""

    kind: int
    subject_id: int
    commitment: bytes


def append(entries: Sequence[Entry], *, now: datetime) -> int:
    """Append leaves, in order, inside the caller's transaction; return the index of the first.

    Of an empty sequence: the index the next leaf would have had, without a lock. `now` becomes the time of
    every leaf. Raises TransactionManagementError outside a transaction, ValueError for a commitment that is
    not 32 bytes, IntegrityError when a row already has its leaf.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A leaf is written in the transaction of the row it commits to: open transaction.atomic() first."
        )
    if len(entries) == 0:
        return size()
    if any(len(entry.commitment) != hashing.HASH_BYTES for entry in entries):
        raise ValueError("A commitment has 32 bytes.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT archive_append(%s::smallint[], %s::bigint[], %s, %s)",
            [
                [int(entry.kind) for entry in entries],
                [entry.subject_id for entry in entries],
                b"".join(entry.commitment for entry in entries),
                now,
            ],
        )
        (first,) = cursor.fetchone()
    return int(first)


def size() -> int:
    """How many leaves the log has, as this transaction sees it."""
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1
