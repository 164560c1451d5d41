"""The Merkle log: one gapless list of every event that is evidence. The only writer of leaves and checkpoints.

Promises: leaves are numbered from zero without a hole; they commit in the order of their numbers, so what a
reader sees is always a beginning of the log; a leaf is there exactly when the row it commits to is there,
because both are written in one transaction.

A checkpoint states the size and the root of such a beginning, signed, and leaves the database: whoever cuts or
rewrites the log afterwards, its owner too, contradicts it.

Must never: write a leaf outside the caller's transaction, give a number twice, or sign a log that does not
begin with what was signed before.

**Append last.** A number is only known once all earlier appends have committed, so `append` takes a lock that
is held until the caller's transaction ends. Do everything else first: resolve people, insert rows, hash.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from archive import hashing, keys, merkle, notes, publication, tiles, verify
from archive.models import Checkpoint, Leaf

_CHECKPOINT_LOCK = 5214000602  # one checkpoint at a time; appending goes on beside it


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


def checkpoint(*, now: datetime) -> Checkpoint | None:
    """Sign the log as it is: full tiles, then a signed note, then the note as files outside the database.

    1. Take the newest checkpoint's root from the tree again; refuse to sign a log that does not begin with it.
    2. Write the tiles that have filled up, compute the root, sign, and commit to the disk.
    3. Publish the note.

    None when nothing was appended since the newest checkpoint. Raises LogDamaged when the log is not what an
    earlier checkpoint, in the database or published, says it was; KeyUnusable when there is no key to sign with.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")  # of this and of all that committed before it
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHECKPOINT_LOCK])
        made = _sign(now=now)
    publish()
    return made


def publish() -> None:
    """Publish what is newer than the newest in each folder. Raises OSError for a folder that is out of reach.

    That is more than the checkpoint just made where a process died between commit and publication, a folder was
    out of reach for a while, or a new one was named.
    """
    if Checkpoint.objects.exists():
        key = keys.load(may_create=False).verifier
        for folder in publication.folders():
            newer = Checkpoint.objects.filter(size__gt=publication.newest_size(folder)).order_by("size")
            for size, note in newer.values_list("size", "note").iterator(1_000):
                publication.publish(folder, size=size, note=note, key=key)


def head() -> Checkpoint | None:
    """The newest checkpoint; None while there is none."""
    return Checkpoint.objects.order_by("-size").first()


def prove(*, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is among the first `size` leaves; `size` is that of a checkpoint.

    Raises MerkleError for what cannot be proven, LogDamaged when a leaf or tile is missing.
    """
    _check_proven(size)
    return merkle.inclusion(index, size, at=tiles.Tree(size).node)


def consistency(*, old: int, new: int) -> list[bytes]:
    """The proof that the log of size `new` begins with the log of size `old`; `new` is that of a checkpoint."""
    _check_proven(new)
    return merkle.consistency(old, new, at=tiles.Tree(new).node)


def entry_of(index: int) -> bytes:
    """The bytes of a leaf, as an auditor hashes them. Raises LogDamaged when there is no such leaf."""
    leaf = Leaf.objects.filter(index=index).first()
    if leaf is None:
        raise tiles.LogDamaged(f"Leaf {index} is missing from the log.")
    return hashing.entry(
        kind=leaf.kind, subject_id=leaf.subject_id, at=leaf.at, commitment=bytes(leaf.commitment)
    )


def _sign(*, now: datetime) -> Checkpoint | None:
    """A checkpoint of the log as this transaction sees it."""
    before, published, leaves = head(), publication.newest(), size()
    if before is None and published is None and leaves == 0:
        return None
    key = keys.load(may_create=before is None and published is None)
    if before is not None:
        _check_begins_with(before.size, bytes(before.root), leaves, place="a checkpoint")
    if published is not None:
        _check_published(*published, leaves, key=key.verifier)
    if before is not None and before.size == leaves:
        return None
    tiles.write_full(leaves)
    root = merkle.root(leaves, at=tiles.Tree(leaves).node)
    note = notes.write(notes.Head(key.verifier.name, leaves, root), key=key.verifier, sign=key.sign)
    return Checkpoint.objects.create(size=leaves, root=root, note=note, made_at=now)


def _check_begins_with(size: int, root: bytes, leaves: int, *, place: str) -> None:
    """Refuse a log that does not begin with what was signed before."""
    if leaves < size:
        raise tiles.LogDamaged(
            f"The log has {leaves} leaves, but {place} was signed at {size}: leaves were cut off."
        )
    if merkle.root(size, at=tiles.Tree(size).node) != root:
        raise tiles.LogDamaged(f"The first {size} leaves are not those {place} was signed for.")


def _check_published(file: Path, note: str, leaves: int, *, key: notes.VerifierKey) -> None:
    """The same for the newest checkpoint that left the database: database and checkpoints may be cut together."""
    try:
        stated = verify.checkpoint(note, key=str(key))
    except verify.Refused as error:
        raise tiles.LogDamaged(f"{file}: {error}") from error
    _check_begins_with(stated.size, stated.root, leaves, place=str(file))


def _check_proven(size: int) -> None:
    newest = head()
    if newest is None or size > newest.size:
        raise merkle.OutOfRange(f"There is no checkpoint yet of a log with {size} leaves.")
