"""Messages that also lie in a zip of a legal hold, which is kept byte for byte: they are not destroyed while it is here.

Nothing can be taken out of a zip without making it another, so a message whose words are in one cannot honestly be called
destroyed. Where a chat log of the zip names what is in it, exactly those are; where it does not (not opened, not read, no
chat log known as one), everything of its custodian and its days may be, and counts as if it were.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import LiteralString

from archive import bulk
from archive.models import HoldEntry

_MOST_BYTES = 256 << 20
_CACHED = 16

# A day more on both sides: Zoom does not say in which zone the days of a zip are.
_COULD_HAVE: LiteralString = """
SELECT zip.id, said.id, place.zoom_id, said.zoom_id, zip.opening = 'opened' AND zip.messages_found IS NOT NULL,
    zip.opened_at, zip.messages_found
FROM archive_message said
JOIN archive_session place ON place.id = said.session_id
JOIN archive_holdcustodian custodian ON custodian.account_id = place.account_id
    AND (custodian.person_id IS NULL OR said.sender_id IS NULL OR custodian.person_id = said.sender_id)
JOIN archive_holdfile zip ON zip.custodian_id = custodian.id AND zip.blob_id IS NOT NULL
    AND (said.sent_at_is_doubtful
         OR (zip.first_day IS NULL OR said.sent_at >= zip.first_day - interval '1 day')
            AND (zip.last_day IS NULL OR said.sent_at < zip.last_day + interval '2 days'))
WHERE said.id = ANY(%b::bigint[]) ORDER BY zip.id, said.id
"""


def having(message_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The zips that are here and have, or may have, each of the messages; one that is in none is not in the answer."""
    found: dict[int, list[int]] = {}
    rows = bulk.run(_COULD_HAVE, (list(message_ids),))
    for zip_id, message_id, session, zoom_id, is_opened, opened_at, count in rows:
        known = named(zip_id, opened_at, count) if is_opened else None
        if known is None or zoom_id in known.get(session, ()):
            found.setdefault(message_id, []).append(zip_id)
    return {message_id: tuple(zips) for message_id, zips in found.items()}


@lru_cache(maxsize=_CACHED)
def named(zip_id: int, _opened_at: datetime, count: int) -> dict[str, frozenset[str]] | None:
    """Zoom's ids of the messages in a zip, by session; None where its chat logs do not name them all."""
    found: dict[str, set[str]] = {}
    seen = 0
    entries = HoldEntry.objects.filter(hold_file_id=zip_id).exclude(said=None).order_by("number")
    for packed in entries.values_list("said", flat=True).iterator(chunk_size=1):
        for session, message in json.loads(
            zlib.decompressobj().decompress(bytes(packed or b""), _MOST_BYTES)
        ):
            if session == "":
                return None
            found.setdefault(session, set()).add(message)
            seen += 1
    return {session: frozenset(ids) for session, ids in found.items()} if seen == count else None
