"""The list of a channel's members becomes observations, members of its session, and leaves of whoever is missing.

Somebody who joined before Zoom's record of joins begins and never speaks is in no report; the list is all that names them.
A list is read to its end before it comes here: half of one would make everybody in the other half look gone.

1. Whoever is named is a member of the channel's sessions, seen until the moment at which reading began.
2. Whoever was a member before, by an earlier list or a recorded join, and is named no more, is noted as having left by the
   time of reading, unless a leave is recorded already. They may have left any time since they were last seen, so the hold
   covers all of it. When Zoom records the leave later, its moment takes the place of ours (see projections).
3. Whoever only spoke there is let alone: they may be known by another of their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from django.db import transaction

from archive import bulk, log, names, people, readable
from archive.ingest import observed, projections
from archive.models import Account, Observation
from zoom import decoding
from zoom.records.channels import MemberRecord

_NAME_LIMIT = 500
_MISSING: LiteralString = """
INSERT INTO archive_membership (channel_id, person_id, action, at, noticed)
SELECT %b::bigint, known.person_id, 'left', %b::timestamptz, true
FROM (
    SELECT person_id, max(seen) AS seen FROM (
        SELECT person_id, last_seen_at AS seen FROM archive_sessionmember WHERE session_id = ANY(%b::bigint[])
        UNION ALL
        SELECT person_id, '-infinity' FROM archive_membership WHERE channel_id = %b AND action = 'joined') AS evidence
    GROUP BY person_id
) AS known
LEFT JOIN LATERAL (
    SELECT step.action, step.at FROM archive_membership step
    WHERE step.channel_id = %b AND step.person_id = known.person_id ORDER BY step.at DESC, step.action LIMIT 1
) AS last ON true
WHERE known.seen < %b::timestamptz AND known.person_id <> ALL(%b::bigint[])
  AND (last.at IS NULL OR last.at < %b::timestamptz)
  AND (last.action IS DISTINCT FROM 'left' OR last.at < known.seen)
ORDER BY known.person_id
ON CONFLICT (channel_id, person_id, action, at) DO NOTHING
"""
_NAMED: LiteralString = """
INSERT INTO archive_sessionmember AS m (session_id, person_id, first_seen_at, last_seen_at)
SELECT s, p, %b::timestamptz, %b::timestamptz FROM unnest(%b::bigint[]) AS places (s), unnest(%b::bigint[]) AS persons (p)
ORDER BY s, p
ON CONFLICT (session_id, person_id) DO UPDATE SET last_seen_at = greatest(m.last_seen_at, %b::timestamptz)
"""


def channel_members(
    *, account: Account, channel_id: str, items: Sequence[bytes], began: datetime, now: datetime
) -> None:
    """Keep a whole list of members, `items` in the bytes of each record, whose reading began at `began` and is over."""
    with transaction.atomic():
        found = _identities(items)
        ids = people.identify(account_id=account.pk, identities=found.keys())
        places = _sessions(account.pk, channel_id)
        named = sorted(set(ids.values()))
        bulk.run(_NAMED, (now, now, places, named, began))
        channel = projections.channel_ids(account.pk, {channel_id}, now)[channel_id]
        bulk.run(_MISSING, (channel, now, places, channel, channel, began, named, began))
        names.learn(_sightings(found, ids, now))
        _, leaves = observed.store(
            account_id=account.pk,
            kind=Observation.Kind.MEMBER,
            items=[(channel_id, raw) for raw in items],
            now=now,
        )
        log.append(leaves, now=now)


def _identities(items: Collection[bytes]) -> dict[people.Identity, MemberRecord]:
    found: dict[people.Identity, MemberRecord] = {}
    for raw in items:
        record = decoding.record(MemberRecord, raw)
        email = people.address(record.email)
        identity = people.Identity(
            readable.identifier(record.member_id), readable.identifier(record.id), email
        )
        if identity != people.Identity(None, None, ""):
            found[identity] = record
    return found


def _sessions(account_id: int, channel_id: str) -> list[int]:
    """The sessions of a channel, locked before their members are touched, as whoever destroys there does."""
    found = bulk.run(
        "SELECT id FROM archive_session WHERE account_id = %b AND channel_id = %b AND type <> '1:1'"
        " ORDER BY id FOR KEY SHARE",
        (account_id, channel_id),
    )
    return [key for (key,) in found]


def _sightings(
    found: Mapping[people.Identity, MemberRecord], ids: Mapping[people.Identity, int], now: datetime
) -> list[names.Sighting]:
    return [
        names.Sighting(
            person_id=ids[identity],
            at=now,
            name=readable.line(record.name, limit=_NAME_LIMIT),
            email=identity.email,
            is_external=record.is_external,
        )
        for identity, record in found.items()
    ]
