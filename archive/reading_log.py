"""The log as an auditor reads it: its key, its checkpoints, one leaf, one tile. Nothing here says what a leaf is about.

Readers change nothing. What is not there is None; what ought to be there and is not is LogDamaged, which names it.
"""

from dataclasses import dataclass
from datetime import datetime

from archive import hashing, keys, log, tiles
from archive.models import Checkpoint, Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A checkpoint: the signed note, and what it states."""

    size: int
    root: bytes
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of checkpoints, newest first; `older` is the size to read on from, None on the last page."""

    checkpoints: tuple[Signed, ...]
    count: int
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One leaf: `entry` are the bytes that are hashed."""

    index: int
    kind: str
    at: datetime
    commitment: bytes
    entry: bytes
    leaf_hash: bytes


def key() -> str | None:
    """The log's verifier key in one line; None while nothing was signed yet."""
    return None if log.head() is None else str(keys.load(may_create=False).verifier)


def newest() -> Signed | None:
    """The newest checkpoint."""
    head = log.head()
    return None if head is None else _signed(head)


def checkpoint(size: int) -> Signed | None:
    """The checkpoint of a log of this size."""
    row = Checkpoint.objects.filter(size=size).first()
    return None if row is None else _signed(row)


def checkpoints(
    *,
    before: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Page:
    """The checkpoints of logs smaller than `before`, newest first; those made from a moment to before another."""
    found = Checkpoint.objects.all()
    if since is not None:
        found = found.filter(made_at__gte=since)
    if until is not None:
        found = found.filter(made_at__lt=until)
    count = found.count()
    if before is not None:
        found = found.filter(size__lt=before)
    rows = list(found.order_by("-size")[: limit + 1])
    older = rows[limit - 1].size if len(rows) > limit else None
    return Page(tuple(map(_signed, rows[:limit])), count, older)


def leaf(index: int) -> Entry | None:
    """One leaf."""
    row = Leaf.objects.filter(index=index).first()
    if row is None:
        return None
    entry = hashing.entry(
        kind=row.kind, subject_id=row.subject_id, at=row.at, commitment=bytes(row.commitment)
    )
    return Entry(
        index=row.index,
        kind=row.get_kind_display(),
        at=row.at,
        commitment=bytes(row.commitment),
        entry=entry,
        leaf_hash=hashing.leaf(entry),
    )


def tile(level: int, number: int) -> bytes | None:
    """A full tile: 256 hashes of 32 bytes, end to end. None where the newest checkpoint does not fill it."""
    head = log.head()
    if head is None or (number + 1) * tiles.WIDTH ** (level + 1) > head.size:
        return None
    return tiles.tile(level, number)


def _signed(row: Checkpoint) -> Signed:
    return Signed(size=row.size, root=bytes(row.root), note=row.note, made_at=row.made_at)
