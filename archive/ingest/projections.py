"""What the directory learns from observations: channels, their retention, joins and leaves, contacts.

Each kind has one function here; a kind without one is kept as evidence only. A record with fields missing or
of another type teaches what it can and nothing else: the exact bytes are in the observation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from archive import bulk, names, people, readable
from archive.ingest import former_names, rows
from archive.models import Membership, Observation
from zoom import decoding
from zoom.records.channels import ActivityRecord, Actor, ChannelRecord, RetentionRecord
from zoom.records.contacts import ContactRecord

Items = Sequence[tuple[str, bytes]]
_RECORDED: LiteralString = """
UPDATE archive_membership row SET at = given.at, operator_id = given.operator, noticed = false
FROM unnest(%b::bigint[], %b::bigint[], %b::timestamptz[], %b::bigint[]) AS given (channel, person, at, operator)
WHERE row.noticed AND row.channel_id = given.channel AND row.person_id = given.person AND row.at > given.at
  AND NOT EXISTS (SELECT FROM archive_membership other
                  WHERE other.channel_id = given.channel AND other.person_id = given.person
                    AND other.at >= given.at AND other.at < row.at)
"""
_NAME_LIMIT = 500
_ACTIONS = {
    "join": Membership.Action.JOINED,
    "joined": Membership.Action.JOINED,
    "left": Membership.Action.LEFT,
}


def learn(*, account_id: int, kind: Observation.Kind, items: Items, now: datetime) -> None:
    """Bring the directory up to date with observations of one kind, in the caller's transaction."""
    project = _PROJECTIONS.get(kind)
    if project is not None:
        project(account_id, items, now)


def _channels(account_id: int, items: Items, now: datetime) -> None:
    found: dict[str, tuple[str, int | None]] = {}
    for subject, raw in items:
        record = decoding.record(ChannelRecord, raw)
        zoom_id = readable.identifier(subject, limit=255)
        if zoom_id is not None:
            kind = record.type if record.type is not None and abs(record.type) < 2**15 else None
            found[zoom_id] = (readable.line(record.name, limit=1000), kind)
    ordered = sorted(found)
    named = [found[zoom_id][0] for zoom_id in ordered]
    former_names.keep("archive_channel", account_id=account_id, zoom_ids=ordered, names=named)
    bulk.run(
        "INSERT INTO archive_channel AS c (account_id, zoom_id, name, type, last_seen_at)"
        " SELECT %b::bigint, z, n, t, %b::timestamptz FROM unnest(%b::text[], %b::text[], %b::smallint[])"
        " AS u (z, n, t) ON CONFLICT (account_id, zoom_id) DO UPDATE SET name = excluded.name,"
        " type = coalesce(excluded.type, c.type), last_seen_at = greatest(c.last_seen_at, excluded.last_seen_at)",
        (account_id, now, ordered, named, [found[z][1] for z in ordered]),
    )


def _retention(account_id: int, items: Items, now: datetime) -> None:
    """Keep `cloud_retention` as last read, of channels already known or not."""
    found: dict[str, str] = {}
    for subject, raw in items:
        held = decoding.record(RetentionRecord, raw).cloud_retention
        zoom_id = readable.identifier(subject, limit=255)
        if zoom_id is not None:
            period = readable.line(held.retention_period, limit=20) if held is not None else None
            enabled = held.enable_custom_retention if held is not None else None
            found[zoom_id] = json.dumps(
                {"enable_custom_retention": enabled, "retention_period": period or None}
            )
    ordered = sorted(found)
    bulk.run(
        "INSERT INTO archive_channel (account_id, zoom_id, name, retention, retention_read_at, last_seen_at)"
        " SELECT %b::bigint, z, '', r::jsonb, %b::timestamptz, %b::timestamptz"
        " FROM unnest(%b::text[], %b::text[]) AS u (z, r)"
        " ON CONFLICT (account_id, zoom_id) DO UPDATE SET retention = excluded.retention,"
        " retention_read_at = excluded.retention_read_at",
        (account_id, now, now, ordered, [found[z] for z in ordered]),
    )


def _activities(account_id: int, items: Items, now: datetime) -> None:
    """One membership step for every member a record names; the subject is the channel's id."""
    steps: list[tuple[str, people.Identity, Membership.Action, datetime, people.Identity | None]] = []
    called: list[tuple[people.Identity, str, datetime]] = []
    for subject, raw in items:
        record = decoding.record(ActivityRecord, raw)
        channel = readable.identifier(subject or record.channel_id, limit=255)
        at = rows.moment(record.activity_timestamp_ms)
        action = _ACTIONS.get((record.members.member_status or "") if record.members is not None else "")
        if channel is None or at is None or action is None or record.members is None:
            continue
        operator = _actor(record.operator, at, called)
        for member in record.members.member_list:
            person = _actor(member, at, called)
            if person is not None:
                steps.append((channel, person, action, at, operator))
    if len(steps) == 0:
        return
    ids = people.identify(account_id=account_id, identities={identity for identity, _, _ in called})
    channels = channel_ids(account_id, {step[0] for step in steps}, now)
    _write_steps(
        {
            (channels[channel], ids[person], action.value, at): ids[operator]
            if operator is not None
            else None
            for channel, person, action, at, operator in steps
        }
    )
    names.learn([names.Sighting(person_id=ids[identity], at=at, name=name) for identity, name, at in called])


def _actor(
    actor: Actor | None, at: datetime, called: list[tuple[people.Identity, str, datetime]]
) -> people.Identity | None:
    """Who acted, noted with the name they had; None when the record gives no id of theirs."""
    if actor is None:
        return None
    identity = people.Identity(readable.identifier(actor.member_id), readable.identifier(actor.user_id), "")
    if identity.member_id is None and identity.user_id is None:
        return None
    called.append((identity, readable.line(actor.display_name, limit=_NAME_LIMIT), at))
    return identity


def channel_ids(account_id: int, zoom_ids: set[str], now: datetime) -> Mapping[str, int]:
    """Our keys of channels by Zoom's ids, inserted when they are not known."""
    ordered = sorted(zoom_ids)
    bulk.run(
        "INSERT INTO archive_channel (account_id, zoom_id, name, last_seen_at)"
        " SELECT %b::bigint, z, '', %b::timestamptz FROM unnest(%b::text[]) AS u (z) ON CONFLICT DO NOTHING",
        (account_id, now, ordered),
    )
    found = bulk.run(
        "SELECT zoom_id, id FROM archive_channel WHERE account_id = %b AND zoom_id = ANY(%b::text[])",
        (account_id, ordered),
    )
    return dict(found)


def _write_steps(steps: Mapping[tuple[int, int, str, datetime], int | None]) -> None:
    """Add recorded steps. A leave that was only noticed (see members) takes the moment at which it was."""
    ordered = sorted(steps)
    left = [step for step in ordered if step[2] == Membership.Action.LEFT.value]
    bulk.run(
        _RECORDED,
        ([s[0] for s in left], [s[1] for s in left], [s[3] for s in left], [steps[s] for s in left]),
    )
    bulk.run(
        "INSERT INTO archive_membership (channel_id, person_id, action, at, operator_id)"
        " SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::timestamptz[], %b::bigint[])"
        " ON CONFLICT (channel_id, person_id, action, at) DO NOTHING",
        (
            [step[0] for step in ordered],
            [step[1] for step in ordered],
            [step[2] for step in ordered],
            [step[3] for step in ordered],
            [steps[step] for step in ordered],
        ),
    )


def _contacts(account_id: int, items: Items, now: datetime) -> None:
    """Department, title and status of people of the company directory; their name as of now."""
    found: dict[people.Identity, ContactRecord] = {}
    for _, raw in items:
        record = decoding.record(ContactRecord, raw)
        email = people.address(record.email)
        identity = people.Identity(
            readable.identifier(record.member_id), readable.identifier(record.id), email
        )
        if identity != people.Identity(None, None, ""):
            found[identity] = record
    if len(found) == 0:
        return
    ids = people.identify(account_id=account_id, identities=found.keys())
    names.learn(
        [
            names.Sighting(
                person_id=ids[identity],
                at=now,
                name=readable.line(record.display_name, limit=_NAME_LIMIT),
                email=identity.email,
                department=readable.line(record.dept, limit=255),
                job_title=readable.line(record.job_title, limit=255),
                user_status=readable.line(record.user_status, limit=20),
            )
            for identity, record in found.items()
        ]
    )


_PROJECTIONS: Mapping[Observation.Kind, Callable[[int, Items, datetime], None]] = {
    Observation.Kind.CHANNEL: _channels,
    Observation.Kind.RETENTION: _retention,
    Observation.Kind.ACTIVITY: _activities,
    Observation.Kind.CONTACT: _contacts,
}
