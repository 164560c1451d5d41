"""A page of the list of sessions becomes observations, session rows and members, in one transaction.

The row of a session is what the newest report said; every distinct state it was reported in is an observation
with its leaf. A session is never removed because a later list leaves it out.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from archive import bulk, log, people, readable
from archive.ingest import former_names, observed, pages, rows
from archive.ingest.counts import DayAccount, PageCounts
from archive.models import Observation, Session, Window
from zoom.records.reports import SessionPage, SessionRecord

_TYPES = frozenset(Session.Type.values)
_NO_ID = "An element of the list of sessions has no usable id."
_ID_LIMIT = 255


def session_page(page: SessionPage, *, window: Window, pull: int, now: datetime) -> PageCounts:
    """Archive one page of sessions: safe to repeat, late, or twice at once.

    Returns our keys of the sessions in the order of the page, and the account: a state seen before is a
    duplicate, an element without a usable id is kept as unreadable and counted as failed; all of it on the
    window's first day.
    """
    good = {
        r.id: r
        for r in page.sessions
        if r.id is not None and readable.identifier(r.id, limit=_ID_LIMIT) == r.id
    }
    broken = [r.raw for r in page.sessions if r.id is None or r.id not in good]
    offered = [r for r in page.sessions if r.id is not None and r.id in good]
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            bulk.run("SET LOCAL synchronous_commit = off")  # see archive.ingest.messages
        page_ids, leaves = pages.store_pages([page], window=window, pull=pull)
        members = _members(window.account_id, good)
        ids = _sessions(window.account_id, good, now)
        _memberships(ids, members, now)
        seen, entries = observed.store(
            account_id=window.account_id,
            kind=Observation.Kind.SESSION,
            items=[(r.id or "", r.raw) for r in offered],
            now=now,
        )
        leaves += entries
        leaves += pages.store_unreadables(
            [(page_ids[0], raw, _NO_ID) for raw in broken], window_id=window.id, now=now
        )
        log.append(leaves, now=now)
    archived = len({s.observation_id for s in seen if s.is_new})
    account = DayAccount(archived=archived, duplicate=len(offered) - archived, failed=len(broken))
    return PageCounts(
        per_day={window.first_day: account} if account.offered > 0 else {},
        session_ids=tuple(ids[zoom_id] for zoom_id in good),
    )


def _members(account_id: int, good: dict[str, SessionRecord]) -> dict[str, set[int]]:
    """The people of each session that a list names by address: only 1:1 sessions do."""
    addresses = {
        zoom_id: {a for a in map(people.address, record.member_emails) if a != ""}
        for zoom_id, record in good.items()
    }
    identities = {people.Identity(None, None, address) for named in addresses.values() for address in named}
    ids = people.identify(account_id=account_id, identities=identities)
    return {
        zoom_id: {ids[people.Identity(None, None, address)] for address in named}
        for zoom_id, named in addresses.items()
    }


def _sessions(account_id: int, good: dict[str, SessionRecord], now: datetime) -> dict[str, int]:
    """Insert or update the sessions in order of their ids; what a report leaves out stays as it was known."""
    ordered = sorted(good)
    given = [good[zoom_id] for zoom_id in ordered]
    called = [readable.line(r.name, limit=1000) for r in given]
    former_names.keep("archive_session", account_id=account_id, zoom_ids=ordered, names=called)
    bulk.run(
        "INSERT INTO archive_session AS s (account_id, zoom_id, type, name, channel_id, status,"
        " has_external_member, last_message_at, first_seen_at, last_seen_at)"
        " SELECT %b::bigint, z, t, n, c, st, e, l, %b::timestamptz, %b::timestamptz FROM unnest(%b::text[],"
        " %b::text[], %b::text[], %b::text[], %b::text[], %b::boolean[], %b::timestamptz[])"
        " AS u (z, t, n, c, st, e, l) ON CONFLICT (account_id, zoom_id) DO UPDATE SET"
        " type = coalesce(nullif(excluded.type, ''), s.type), name = coalesce(nullif(excluded.name, ''), s.name),"
        " channel_id = coalesce(nullif(excluded.channel_id, ''), s.channel_id),"
        " status = coalesce(nullif(excluded.status, ''), s.status),"
        " has_external_member = coalesce(excluded.has_external_member, s.has_external_member),"
        " last_message_at = greatest(s.last_message_at, excluded.last_message_at),"
        " last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at)",
        (
            account_id,
            now,
            now,
            ordered,
            [r.type if r.type in _TYPES else "" for r in given],
            called,
            [readable.identifier(r.channel_id, limit=_ID_LIMIT) or "" for r in given],
            [readable.line(r.status, limit=20) for r in given],
            [r.has_external_member for r in given],
            [rows.iso(r.last_message_sent_time) for r in given],
        ),
    )
    found = bulk.run(
        "SELECT zoom_id, id FROM archive_session WHERE account_id = %b AND zoom_id = ANY(%b::text[])",
        (account_id, ordered),
    )
    return dict(found)


def _memberships(ids: dict[str, int], members: dict[str, set[int]], now: datetime) -> None:
    pairs = sorted((ids[zoom_id], person_id) for zoom_id, named in members.items() for person_id in named)
    if len(pairs) == 0:
        return
    bulk.run(
        "INSERT INTO archive_sessionmember AS m (session_id, person_id, first_seen_at, last_seen_at)"
        " SELECT s, p, %b::timestamptz, %b::timestamptz FROM unnest(%b::bigint[], %b::bigint[]) AS t (s, p)"
        " ON CONFLICT (session_id, person_id) DO UPDATE SET"
        " last_seen_at = greatest(m.last_seen_at, excluded.last_seen_at)",
        (now, now, [pair[0] for pair in pairs], [pair[1] for pair in pairs]),
    )
