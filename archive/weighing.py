"""What messages weigh, and fingerprints by which one can tell later whether they are what they were."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString

from archive import bulk


@dataclass(frozen=True, slots=True)
class Weight:
    """So many files hang on some messages; of those that are here, the bytes, a file sent twice counted twice."""

    files: int
    file_bytes: int


_PRINTS: LiteralString = """
SELECT version.message_id, sha256(string_agg(version.digest || version.salt, ''::bytea ORDER BY version.id))
FROM archive_revision version WHERE version.message_id = ANY(%b::bigint[]) GROUP BY version.message_id
"""
_WEIGHT: LiteralString = """
SELECT count(*), coalesce(sum(blob.size_bytes), 0)::bigint
FROM archive_attachment attached LEFT JOIN archive_blob blob ON blob.id = attached.blob_id
WHERE attached.message_id = ANY(%b::bigint[])
"""


def fingerprints(message_ids: Collection[int]) -> dict[int, bytes]:
    """SHA-256 over the digests and salts of each message's versions; one of which nothing is here is not in the answer.

    With the salts, because a digest alone would let short words be guessed after they are gone.
    """
    return {key: bytes(found) for key, found in bulk.run(_PRINTS, (list(message_ids),))}


def weigh(message_ids: Collection[int]) -> Weight:
    """What hangs on the messages together."""
    ((files, size),) = bulk.run(_WEIGHT, (list(message_ids),))
    return Weight(files, size)
