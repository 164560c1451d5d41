"""What becomes of the zips of a matter when it is released: those still here, and those destroyed; a reader for pages.

Plain frozen values, two queries for a matter however many zips it has. Until when a zip is kept exactly,
`archive.zip_fates` says of one zip; for all of them together there is a moment by which each of them is due.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from archive import bulk, zip_fates
from archive.keeping import Rule

_KEPT: LiteralString = """
SELECT count(*), coalesce(sum(blob.size_bytes), 0)::bigint, min(zip.stored_at), max(zip.last_day),
    count(*) FILTER (WHERE zip.last_day IS NULL)
FROM archive_holdfile zip JOIN archive_holdcustodian custodian ON custodian.id = zip.custodian_id
JOIN archive_blob blob ON blob.id = zip.blob_id
WHERE custodian.account_id = %b AND custodian.zoom_matter_id = ANY(%b::text[])
"""
_GONE: LiteralString = """
SELECT stone.disposition, count(*), sum(stone.size_bytes)::bigint, min(stone.destroyed_at), max(stone.destroyed_at),
    EXISTS (SELECT FROM archive_certificate issued WHERE issued.disposition = stone.disposition)
FROM archive_ziptombstone stone WHERE stone.matter = %b GROUP BY stone.disposition ORDER BY stone.disposition
"""


@dataclass(frozen=True, slots=True)
class Here:
    """So many zips are here, in every version, and the size of them all."""

    zips: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Gone:
    """So many zips were destroyed under a disposition, from when to when; whether that has its certificate."""

    disposition: int
    zips: int
    bytes: int
    first_at: datetime
    last_at: datetime
    is_certified: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """The zips still here, since when the first is, and by when each is due under the rules (None: cannot be told)."""

    kept: int
    kept_bytes: int
    kept_since: datetime | None
    due_by: datetime | None
    gone: tuple[Gone, ...]


def here(zoom_matter_ids: Collection[str], *, account_id: int) -> Here:
    """The zips that are here of these matters at Zoom: what may go once the matter of compliance is released."""
    ((zips, size, *_),) = bulk.run(_KEPT, (account_id, list(zoom_matter_ids)))
    return Here(zips, size)


def of_matter(
    matter: int, *, zoom_matter_ids: Collection[str], account_id: int, rules: Sequence[Rule]
) -> Ends:
    """The zips of a matter of compliance, by its matters at Zoom; `rules` are those of keeping in force."""
    ((kept, size, since, last_day, dayless),) = bulk.run(_KEPT, (account_id, list(zoom_matter_ids)))
    due_by = None
    if kept > 0 and dayless == 0:
        _, due_by = zip_fates.at_the_latest(zip_fates.end_of(last_day), account_id=account_id, rules=rules)
    return Ends(kept, size, since, due_by, tuple(Gone(*row) for row in bulk.run(_GONE, (matter,))))
