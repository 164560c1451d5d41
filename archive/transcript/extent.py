"""How much was said in a session in a stretch of time, before anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from archive import admitted
from archive.scope import Scope

_COUNTED = """
    SELECT count(*), count(DISTINCT said.sender_id), min(said.sent_at), max(said.sent_at),
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM archive_revision r WHERE r.message_id = said.id AND r.kind = 'edited')),
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM archive_revision r WHERE r.message_id = said.id AND r.kind = 'deleted')),
        count(*) FILTER (WHERE EXISTS (SELECT FROM archive_tombstone t WHERE t.message_id = said.id))
    FROM archive_message said
    WHERE said.session_id = %s AND said.sent_at >= %s AND said.sent_at < %s AND
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Messages within the scope; `first_at` and `last_at` are None when there are none."""

    messages: int
    speakers: int
    first_at: datetime | None
    last_at: datetime | None
    edited: int
    deleted: int
    destroyed: int


def extent(session_id: int, *, since: datetime, until: datetime, scope: Scope) -> Extent:
    """What was said from a moment to before another. One query."""
    condition, limits = admitted.condition(scope, of="said.id")
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED + condition, [session_id, since, until, *limits])
        messages, speakers, first_at, last_at, edited, deleted, destroyed = cursor.fetchone()
    return Extent(
        messages=messages,
        speakers=speakers,
        first_at=first_at,
        last_at=last_at,
        edited=edited,
        deleted=deleted,
        destroyed=destroyed,
    )
