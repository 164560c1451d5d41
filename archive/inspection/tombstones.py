"""What was destroyed: that each tombstone is what the log committed to, and that nothing of its message is there again.

A leaf whose row is gone is in order exactly when a tombstone names its place and its hash. What is left of the message
follows from no bytes any more; the tombstone's leaf commits to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import LiteralString

from archive import bulk, hashing, purge
from archive.inspection.row import Row
from archive.models import Leaf, ZipTombstone

MAY_GO = frozenset({Leaf.Kind.REVISION, Leaf.Kind.BLOB, Leaf.Kind.OBSERVATION, Leaf.Kind.READING})

_PLACES: LiteralString = """
SELECT leaves, hashes FROM archive_tombstone WHERE leaves && %b::bigint[]
UNION ALL SELECT leaves, hashes FROM archive_ziptombstone WHERE leaves && %b::bigint[]
"""
_STILL_THERE: LiteralString = """
SELECT DISTINCT tombstone.id FROM archive_tombstone tombstone, unnest(tombstone.leaves) AS listed (index)
LEFT JOIN archive_leaf leaf ON leaf.index = listed.index
WHERE tombstone.id = ANY(%b::bigint[]) AND (
    leaf.index IS NULL OR leaf.kind NOT IN (1, 2, 5, 8)
    OR leaf.kind = 1 AND EXISTS (SELECT FROM archive_revision WHERE id = leaf.subject_id)
    OR leaf.kind = 2 AND EXISTS (SELECT FROM archive_blob WHERE id = leaf.subject_id)
    OR leaf.kind = 5 AND EXISTS (SELECT FROM archive_observation WHERE id = leaf.subject_id)
    OR leaf.kind = 8 AND EXISTS (SELECT FROM archive_reading WHERE id = leaf.subject_id))
"""
_AGAIN: LiteralString = """
SELECT tombstone.id FROM archive_tombstone tombstone WHERE tombstone.id = ANY(%b::bigint[]) AND (
    EXISTS (SELECT FROM archive_revision WHERE message_id = tombstone.message_id)
    OR EXISTS (SELECT FROM archive_attachment WHERE message_id = tombstone.message_id)
    OR EXISTS (SELECT FROM archive_forward WHERE message_id = tombstone.message_id))
"""
_OTHERWISE: LiteralString = """
SELECT tombstone.id FROM archive_tombstone tombstone JOIN archive_message said ON said.id = tombstone.message_id
WHERE tombstone.id = ANY(%b::bigint[]) AND (said.session_id, said.zoom_id, said.sent_at)
    IS DISTINCT FROM (tombstone.session_id, tombstone.zoom_id, tombstone.sent_at)
"""


_ZIP_STILL_THERE: LiteralString = """
SELECT tombstone.id FROM archive_ziptombstone tombstone JOIN archive_holdfile zip ON zip.id = tombstone.hold_file_id
WHERE tombstone.id = ANY(%b::bigint[]) AND (
    zip.blob_id IS NOT NULL OR zip.state <> 'destroyed'
    OR EXISTS (SELECT FROM archive_holdentry WHERE hold_file_id = zip.id)
    OR NOT EXISTS (SELECT FROM archive_holdreceipt WHERE hold_file_id = zip.id AND sha256 = tombstone.sha256)
    OR EXISTS (SELECT FROM unnest(tombstone.leaves) AS listed (index)
               LEFT JOIN archive_leaf leaf ON leaf.index = listed.index
               WHERE leaf.kind IS DISTINCT FROM 2 OR EXISTS (SELECT FROM archive_blob WHERE id = leaf.subject_id)))
"""


def of_leaves(places: Collection[int]) -> dict[int, bytes]:
    """The leaf hash that a tombstone has for each of these places in the log; none where no tombstone names one."""
    if len(places) == 0:
        return {}
    found: dict[int, bytes] = {}
    for leaves, hashes in bulk.run(_PLACES, (list(places), list(places))):
        found.update(zip(leaves, split(bytes(hashes)), strict=False))
    return {place: found[place] for place in places if place in found}


def split(hashes: bytes) -> list[bytes]:
    """Hashes written one after the other."""
    return [hashes[at : at + hashing.HASH_BYTES] for at in range(0, len(hashes), hashing.HASH_BYTES)]


def read(keys: Sequence[int]) -> Iterable[Row]:
    """The rows of these tombstones, as `archive.inspection.subjects` wants them."""
    wanted = list(keys)
    faults = dict.fromkeys(_ids(_OTHERWISE, wanted), "What is left of its message is not what it was.")
    faults |= dict.fromkeys(
        _ids(_STILL_THERE, wanted), "It names a record that is there, or none that may go."
    )
    faults |= dict.fromkeys(_ids(_AGAIN, wanted), "Something of its message is there, or is there again.")
    for row in bulk.run(purge.TOMBSTONES + " WHERE tombstone.id = ANY(%b::bigint[])", (wanted,)):
        yield Row(row[0], purge.commitment(row), row[-1], faults.get(row[0], ""))


def read_zips(keys: Sequence[int]) -> Iterable[Row]:
    """The rows of these tombstones of zips."""
    again = set(_ids(_ZIP_STILL_THERE, list(keys)))
    for row in ZipTombstone.objects.filter(pk__in=keys).order_by("pk"):
        fault = "Its zip is there, or is there again, or never came." if row.pk in again else ""
        yield Row(row.pk, purge.zip_commitment(row), row.destroyed_at, fault)


def _ids(query: LiteralString, keys: list[int]) -> list[int]:
    return [key for (key,) in bulk.run(query, (keys,))]
