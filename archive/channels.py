"""Every channel of the connected accounts as Zoom last described it: its kind, owner, space, and how long it keeps.

A reader: plain frozen values in a number of queries that does not grow with channels, nothing changed. What was never
read, or cannot be read, is said as that: it is never a period, and never "none".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

from archive import bulk, directory, taking_part
from archive.holding import Rule
from archive.models import Lookout, Sighting


class Reading(StrEnum):
    """What a look at a channel's retention came to."""

    PERIOD = "period"
    """The channel has a period of its own."""
    ACCOUNT = "account"
    """It follows its owner's or the account's rule, whose period no API tells."""
    REFUSED = "refused"
    """Zoom tells nothing of it: group chats and archived channels have no retention of their own."""
    GONE = "gone"
    FAILED = "failed"
    """It was asked and no good answer came."""
    UNREAD = "unread"
    """It was not asked yet."""


class Kind(StrEnum):
    """Who can be in a channel, as far as it is known.

    Zoom lists public channels only. What it tells of and did not list, in a list read after the channel was first seen, is
    private; before such a list was read nobody knows.
    """

    PUBLIC = "public"
    PRIVATE = "private"
    GROUP_CHAT = "group chat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel. `period` is Zoom's own notation (`7y`), "" unless the reading is PERIOD; `members` None: unknown.

    `read_at` is when a look that ended well began, `error` why a later one did not.
    """

    account_id: int
    channel_id: str
    session_id: int | None
    title: str
    kind: Kind
    members: int | None
    owner_id: str
    owner_name: str
    space_id: str
    space_name: str
    reading: Reading
    period: str
    read_at: datetime | None
    seen_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a channel's retention was: first read so at `seen_at`, last read otherwise at `before_at` (None: never)."""

    reading: Reading
    period: str
    seen_at: datetime
    before_at: datetime | None


@dataclass(frozen=True, slots=True)
class Covered:
    """Which of some rules cover a channel; `is_doubtful` where nobody is known to have been and rules name people."""

    rules: frozenset[int]
    is_doubtful: bool


_PLACES: LiteralString = """
WITH place AS (
    SELECT account_id, zoom_id AS channel_id FROM archive_channel WHERE zoom_id <> ''
    UNION
    SELECT account_id, channel_id FROM archive_session WHERE type <> '1:1' AND channel_id <> ''
)
"""
_KNOWN: LiteralString = (
    _PLACES
    + """
SELECT count(*), count(row.id), count(row.read_at)
FROM place JOIN archive_account account ON account.id = place.account_id AND account.is_active
LEFT JOIN archive_lookout row
    ON row.account_id = place.account_id AND row.kind = 'retention' AND row.subject = place.channel_id
"""
)
_EVERY: LiteralString = (
    _PLACES
    + """
SELECT place.account_id, place.channel_id, session.id, coalesce(nullif(channel.name, ''), session.name, ''),
       channel.type, coalesce(listed.at > session.first_seen_at, false), members.count,
       kept.read_at, kept.last_error, kept.said, kept.seen_at, owner.said
FROM place
JOIN archive_account account ON account.id = place.account_id AND account.is_active
LEFT JOIN archive_channel channel ON channel.account_id = place.account_id AND channel.zoom_id = place.channel_id
LEFT JOIN (SELECT account_id, max(last_seen_at) AS at FROM archive_channel WHERE type IN (3, 5) GROUP BY account_id) listed
    ON listed.account_id = place.account_id
LEFT JOIN LATERAL (
    SELECT one.id, one.name, one.first_seen_at FROM archive_session one
    WHERE one.account_id = place.account_id AND one.channel_id = place.channel_id ORDER BY one.id DESC LIMIT 1
) session ON true
LEFT JOIN LATERAL (
    SELECT coalesce(
        (SELECT (SELECT jsonb_array_length(one.said -> 'members') FROM archive_sighting one
                 WHERE one.lookout_id = row.id ORDER BY one.id DESC LIMIT 1)
         FROM archive_lookout row
         WHERE row.account_id = place.account_id AND row.kind = 'members' AND row.subject = place.channel_id),
        (SELECT nullif(count(*), 0) FROM archive_sessionmember named WHERE named.session_id = session.id)) AS count
) members ON true
LEFT JOIN LATERAL (
    SELECT row.read_at, row.last_error, seen.said, seen.seen_at FROM archive_lookout row
    LEFT JOIN LATERAL (SELECT one.said, one.seen_at FROM archive_sighting one WHERE one.lookout_id = row.id
                       ORDER BY one.id DESC LIMIT 1) seen ON true
    WHERE row.account_id = place.account_id AND row.kind = 'retention' AND row.subject = place.channel_id
) kept ON true
LEFT JOIN LATERAL (
    SELECT (SELECT one.said FROM archive_sighting one WHERE one.lookout_id = row.id ORDER BY one.id DESC LIMIT 1) AS said
    FROM archive_lookout row
    WHERE row.account_id = place.account_id AND row.kind = 'owner' AND row.subject = place.channel_id
) owner ON true
WHERE %b::text IS NULL OR (place.account_id = %b AND place.channel_id = %b)
ORDER BY place.account_id, place.channel_id
"""
)
_SPACES: LiteralString = """
SELECT row.account_id, (SELECT one.said FROM archive_sighting one WHERE one.lookout_id = row.id ORDER BY one.id DESC LIMIT 1)
FROM archive_lookout row WHERE row.kind = 'spaces'
"""
_PEOPLE: LiteralString = """
SELECT DISTINCT place.account_id, place.channel_id, pairs.person_id
FROM pairs JOIN archive_session place ON place.id = pairs.session_id AND place.type <> '1:1' AND place.channel_id <> ''
UNION
SELECT channel.account_id, channel.zoom_id, step.person_id
FROM archive_membership step JOIN archive_channel channel ON channel.id = step.channel_id
WHERE step.person_id IN (SELECT id FROM persons)
"""
_EMPTY: LiteralString = (
    _PLACES
    + """
SELECT place.account_id, place.channel_id FROM place
WHERE NOT EXISTS (SELECT FROM archive_session session WHERE session.account_id = place.account_id
                  AND session.channel_id = place.channel_id)
  AND NOT EXISTS (SELECT FROM archive_channel channel
                  JOIN archive_membership step ON step.channel_id = channel.id
                  WHERE channel.account_id = place.account_id AND channel.zoom_id = place.channel_id)
"""
)
_PUBLIC, _PRIVATE, _GROUP_CHAT = frozenset({3, 5}), frozenset({1, 2}), 4


@dataclass(frozen=True, slots=True)
class Known:
    """So many channels there are, of so many the retention is looked at, of so many it was read once."""

    channels: int
    watched: int
    read: int


def known() -> Known:
    """How far a first look at the channels of the connected accounts is."""
    return Known(*bulk.run(_KNOWN, ())[0])


def every() -> list[Channel]:
    """All channels of the accounts that are connected, by account and Zoom's id."""
    return _channels(None, None)


def one(*, account_id: int, channel_id: str) -> Channel | None:
    """One channel; None when there is none of that id in a connected account."""
    return next(iter(_channels(account_id, channel_id)), None)


def history(*, account_id: int, channel_id: str) -> list[Seen]:
    """What the retention of a channel was, as far as it was read, newest first."""
    rows = Sighting.objects.filter(
        lookout__account=account_id, lookout__kind=Lookout.Kind.RETENTION, lookout__subject=channel_id
    )
    return [Seen(*_told(row.said), row.seen_at, row.before_at) for row in rows.order_by("-pk")]


def spaces() -> dict[int, dict[str, str]]:
    """The names of the shared spaces, by account and Zoom's id; an account whose spaces were never read is missing."""
    return {account: {key: one["name"] for key, one in found.items()} for account, found in _spaces().items()}


def older(before: Mapping[int, datetime]) -> int:
    """How many captured messages were said before a moment of their own in some sessions, by session."""
    ((count,),) = bulk.run(
        "SELECT count(*) FROM unnest(%b::bigint[], %b::timestamptz[]) AS place (id, at)"
        " JOIN archive_message said ON said.session_id = place.id AND said.sent_at < place.at",
        (list(before), list(before.values())),
    )
    return int(count)


def covered(rules: Sequence[Rule]) -> dict[tuple[int, str], Covered]:
    """Which of the standing rules cover which channel, whatever their span of time; one that none covers is missing.

    A rule without a person covers its session's channel, or every channel of its account. One with a person covers
    every channel with any evidence that they were ever there. A channel of which nobody is known at all is doubtful as
    soon as one rule of its account names somebody without naming a session.
    """
    there = _there({rule.person for rule in rules if rule.person is not None})
    sessions = {rule.session for rule in rules if rule.session is not None}
    places: dict[int, tuple[int, str]] = {
        session: (account, channel)
        for session, account, channel in bulk.run(
            "SELECT id, account_id, channel_id FROM archive_session WHERE id = ANY(%b::bigint[]) AND channel_id <> ''",
            (list(sessions),),
        )
    }
    found: dict[tuple[int, str], set[int]] = {}
    everywhere: dict[int, set[int]] = {}
    for rule in rules:
        if rule.session is not None:
            if rule.session in places:
                found.setdefault(places[rule.session], set()).add(rule.id)
        elif rule.person is None:
            everywhere.setdefault(rule.account, set()).add(rule.id)
        else:
            for place in there.get(rule.person, ()):
                if place[0] == rule.account:
                    found.setdefault(place, set()).add(rule.id)
    for account, channel in (
        bulk.run(_PLACES + "SELECT account_id, channel_id FROM place") if everywhere else ()
    ):
        if account in everywhere:
            found.setdefault((account, channel), set()).update(everywhere[account])
    naming = {rule.account for rule in rules if rule.person is not None and rule.session is None}
    doubtful = {(account, channel) for account, channel in bulk.run(_EMPTY) if account in naming}
    return {
        place: Covered(frozenset(found.get(place, ())), place in doubtful)
        for place in found.keys() | doubtful
    }


def _there(people: Collection[int]) -> dict[int, set[tuple[int, str]]]:
    """The channels in which there is any evidence of each of these people."""
    if len(people) == 0:
        return {}
    persons: LiteralString = "WITH RECURSIVE persons AS (SELECT DISTINCT unnest(%b::bigint[]) AS id),"
    found: dict[int, set[tuple[int, str]]] = {}
    for account, channel, person in bulk.run(persons + taking_part.PAIRS_ANYWHERE + _PEOPLE, (list(people),)):
        found.setdefault(person, set()).add((account, channel))
    return found


def _channels(account_id: int | None, channel_id: str | None) -> list[Channel]:
    rows = bulk.run(_EVERY, (channel_id, account_id, channel_id))
    unnamed = directory.titles([row[2] for row in rows if row[3] == "" and row[2] is not None])
    spaces = {
        (account, channel): (key, one["name"])
        for account, found in _spaces().items()
        for key, one in found.items()
        for channel in one["channels"]
    }
    return [_channel(row, unnamed, spaces) for row in rows]


def _channel(
    row: tuple[Any, ...], unnamed: Mapping[int, str], spaces: Mapping[tuple[int, str], tuple[str, str]]
) -> Channel:
    (
        account_id,
        channel_id,
        session_id,
        name,
        number,
        unlisted,
        members,
        read_at,
        error,
        said,
        seen_at,
        owner,
    ) = row
    reading, period = Reading.UNREAD, ""
    if said is not None:
        reading, period = _told(said)
    elif error:
        reading = Reading.FAILED
    owned = owner if owner is not None and "owner" in owner else {}
    space_id, space_name = spaces.get((account_id, channel_id), ("", ""))
    return Channel(
        account_id=account_id,
        channel_id=channel_id,
        session_id=session_id,
        title=name or unnamed.get(session_id, "") or f"channel {channel_id[:12]}",
        kind=_kind(number, reading, is_unlisted=unlisted),
        members=members,
        owner_id=owned.get("owner", ""),
        owner_name=owned.get("name", ""),
        space_id=space_id,
        space_name=space_name,
        reading=reading,
        period=period,
        read_at=read_at,
        seen_at=seen_at,
        error=error or "",
    )


def _told(said: Mapping[str, Any]) -> tuple[Reading, str]:
    if said.get("gone"):
        return Reading.GONE, ""
    if said.get("refused") or said.get("custom") is None:
        return Reading.REFUSED, ""
    period = str(said.get("period", ""))
    return (Reading.PERIOD, period) if said["custom"] and period else (Reading.ACCOUNT, "")


def _kind(number: int | None, reading: Reading, *, is_unlisted: bool) -> Kind:
    if number in _PUBLIC:
        return Kind.PUBLIC
    if number == _GROUP_CHAT:
        return Kind.GROUP_CHAT
    if number in _PRIVATE or (is_unlisted and reading in (Reading.PERIOD, Reading.ACCOUNT)):
        return Kind.PRIVATE
    return Kind.UNKNOWN


def _spaces() -> dict[int, dict[str, dict[str, Any]]]:
    return {account: said["spaces"] for account, said in bulk.run(_SPACES) if said is not None}
