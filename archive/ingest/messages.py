"""A page of messages becomes rows and leaves, in one transaction.

The transaction commits without waiting for the disk (`synchronous_commit = off`): if the machine dies, the
last moments of pages are lost whole, never in part, and their window was not yet closed, because closing it
commits synchronously and so only after everything before it is on disk. They are pulled again. Hence: never
close a window in the transaction of its pages.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from django.db import connection, transaction

from archive import bulk, commitments, hashing, log, names, people
from archive.ingest import rows
from archive.ingest.counts import DayAccount, PageCounts
from archive.ingest.pages import store_pages, store_unreadables
from archive.ingest.rows import MessageRow
from archive.models import Leaf, Revision, Window
from zoom.records.messages import MessageRecord
from zoom.records.reports import MessagePage

_SENT_AT = attrgetter("identity.sent_at")


def message_page(page: MessagePage, *, window: Window, pull: int, now: datetime) -> PageCounts:
    """Archive one page of a session's messages; see `message_pages`."""
    return message_pages([page], window=window, pull=pull, now=now)


def message_pages(pages: Sequence[MessagePage], *, window: Window, pull: int, now: datetime) -> PageCounts:
    """Archive pages of one session's messages in one transaction; safe to repeat, late, or twice at once.

    1. Take the session's lock, so that two workers on one session queue instead of crossing.
    2. Store the pages; find or add the people; add the messages not yet known.
    3. Add the revisions whose content was not yet known, and the files and forwards to fetch. Nothing is added to
       a message that was destroyed, however it is worded now; it is counted as destroyed.
    4. Keep the names people had; append one batch of leaves.

    `window` names the session and the day on which records without a usable time are counted. Returns what
    became of every record offered. Raises ValueError for a window without a session.
    """
    if window.session_id is None:
        raise ValueError("Messages belong to a session; this window names none.")
    found, broken = _read(pages, window)
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        _begin(window.session_id, relaxed=is_outermost)
        page_ids, leaves = store_pages(pages, window=window, pull=pull)
        senders = people.identify(
            account_id=window.account_id, identities={row.sender for row in found if row.sender is not None}
        )
        message_ids, new_messages, destroyed = _messages(window.session_id, found, senders)
        offered, found = found, [row for row in found if row.identity.zoom_id not in destroyed]
        fresh, entries = _revisions(window, found, message_ids, page_ids, now)
        leaves += entries
        _attachments(fresh, message_ids, now)
        _forwards(fresh, message_ids, now)
        names.learn(_sightings(found, senders))
        leaves += store_unreadables(
            [(page_ids[number], raw, reason) for number, raw, reason in broken], window_id=window.id, now=now
        )
        if is_outermost:
            bulk.run(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # check foreign keys before the log's lock, not under it
        log.append(leaves, now=now)
    fates = _Fates(offered=offered, kept=found, fresh=fresh, failed=len(broken))
    return _counted(fates, window=window, new_messages=new_messages)


def _read(
    pages: Sequence[MessagePage], window: Window
) -> tuple[list[MessageRow], list[tuple[int, bytes, str]]]:
    """The rows of all records, oldest first, and the records that are no messages with the page they came on.

    Among equal times the order is Zoom's, also where it lists the newest first.
    """
    found: list[MessageRow] = []
    broken: list[tuple[int, bytes, str]] = []
    for number, page in enumerate(pages):
        of_page: list[MessageRow] = []
        for kind, listed in _lists(page):
            of_list: list[MessageRow] = []
            for record in listed:
                if not rows.is_message(record):
                    broken.append(
                        (number, record.raw, f"An element of the list of {kind} messages is no object.")
                    )
                    continue
                row = rows.message(
                    record, kind=kind, first_day=window.first_day, received_at=page.received_at
                )
                row.page = number
                of_list.append(row)
            if len(of_list) > 1 and _SENT_AT(of_list[0]) > _SENT_AT(of_list[-1]):
                of_list.reverse()
            of_page.extend(of_list)
        found.extend(of_page)
    found.sort(key=_SENT_AT)
    salts = os.urandom(hashing.SALT_BYTES * len(found))
    for number, row in enumerate(found):
        row.salt = salts[number * hashing.SALT_BYTES : (number + 1) * hashing.SALT_BYTES]
    return found, broken


def _lists(page: MessagePage) -> tuple[tuple[str, tuple[MessageRecord, ...]], ...]:
    kinds = Revision.Kind
    return (
        (kinds.SENT.value, page.sent),
        (kinds.EDITED.value, page.edited),
        (kinds.DELETED.value, page.deleted),
    )


def _begin(session_id: int, *, relaxed: bool) -> None:
    """Take the session's lock; `relaxed` lets the commit return before it is on disk."""
    bulk.run(
        "SELECT set_config('synchronous_commit', CASE WHEN %b THEN 'off' ELSE current_setting('synchronous_commit')"
        " END, true), pg_advisory_xact_lock(hashtextextended('holdfast session ' || %b::bigint, 0))",
        (relaxed, session_id),
    )


def _messages(
    session_id: int, found: list[MessageRow], senders: dict[people.Identity, int]
) -> tuple[dict[str, int], int, frozenset[str]]:
    """Our key of every message by its Zoom id, how many are new, and which ids were destroyed.

    The first record of an id describes it.
    """
    firsts: dict[str, MessageRow] = {}
    for row in found:
        firsts.setdefault(row.identity.zoom_id, row)
    if len(firsts) == 0:
        return {}, 0, frozenset()
    given = firsts.values()
    zoom_ids, sent_ats, doubts, replies = (
        list(column) for column in zip(*(r.identity for r in given), strict=True)
    )
    inserted = bulk.run(
        "INSERT INTO archive_message"
        " (session_id, zoom_id, sent_at, sent_at_is_doubtful, reply_to_zoom_id, sender_id)"
        " SELECT %b::bigint, * FROM unnest"
        "(%b::text[], %b::timestamptz[], %b::boolean[], %b::text[], %b::bigint[])"
        " ON CONFLICT (session_id, zoom_id) DO NOTHING RETURNING zoom_id, id",
        (
            session_id,
            zoom_ids,
            sent_ats,
            doubts,
            replies,
            [senders[r.sender] if r.sender is not None else None for r in given],
        ),
    )
    ids: dict[str, int] = dict(inserted)
    missing = [zoom_id for zoom_id in zoom_ids if zoom_id not in ids]
    if len(missing) > 0:
        known = bulk.run(
            # One probe of the unique index for each: with "= ANY" the planner may walk the whole session instead.
            "SELECT z, m.id, EXISTS (SELECT FROM archive_tombstone AS t WHERE t.message_id = m.id)"
            " FROM unnest(%b::text[]) AS t (z), LATERAL"
            " (SELECT id FROM archive_message WHERE session_id = %b AND zoom_id = z OFFSET 0) AS m",
            (missing, session_id),
        )
        ids.update((zoom_id, key) for zoom_id, key, _ in known)
        return ids, len(inserted), frozenset(zoom_id for zoom_id, _, is_destroyed in known if is_destroyed)
    return ids, len(inserted), frozenset()


def _revisions(
    window: Window, found: list[MessageRow], message_ids: dict[str, int], page_ids: list[int], now: datetime
) -> tuple[list[MessageRow], list[log.Entry]]:
    """The rows whose state was not yet known, and the leaves that commit to them."""
    if len(found) == 0:
        return [], []
    inserted = bulk.run(
        "INSERT INTO archive_revision"
        " (message_id, page_id, kind, digest, raw, salt, text, sender_name, action_at, oddities, stored_at)"
        " SELECT m, p, k, d, r, s, t, n, a, o::jsonb, %b::timestamptz FROM unnest"
        "(%b::bigint[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::text[], %b::text[],"
        " %b::timestamptz[], %b::text[]) AS u (m, p, k, d, r, s, t, n, a, o)"
        " ON CONFLICT (message_id, digest) DO NOTHING RETURNING salt, id",
        (
            now,
            [message_ids[row.identity.zoom_id] for row in found],
            [page_ids[row.page] for row in found],
            [row.kind for row in found],
            [row.digest for row in found],
            [row.raw for row in found],
            [row.salt for row in found],
            [row.text for row in found],
            [row.sender_name for row in found],
            [row.action_at for row in found],
            [row.oddities for row in found],
        ),
    )
    keys: dict[bytes, int] = dict(inserted)
    fresh = [row for row in found if row.salt in keys]
    session = window.session.zoom_id if window.session is not None else ""
    commit = commitments.revision
    return fresh, [
        log.Entry(
            Leaf.Kind.REVISION,
            keys[row.salt],
            commit(
                salt=row.salt,
                session=session,
                message=row.identity.zoom_id,
                kind=row.kind,
                raw=row.raw,
                page_id=page_ids[row.page],
                stored_at=now,
            ),
        )
        for row in fresh
    ]


def _attachments(fresh: list[MessageRow], message_ids: dict[str, int], now: datetime) -> None:
    """A row to fetch for every file not yet known on its message."""
    wanted = [(message_ids[row.identity.zoom_id], *file) for row in fresh for file in row.files]
    if len(wanted) == 0:
        return
    messages, file_ids, file_names, sizes = (list(column) for column in zip(*wanted, strict=True))
    bulk.run(
        "INSERT INTO archive_attachment"
        " (message_id, zoom_file_id, name, size_bytes_claimed, digest_claimed, state, attempts, not_before, last_error)"
        " SELECT m, f, n, s, '', 'due', 0, %b::timestamptz, ''"
        " FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bigint[]) AS t (m, f, n, s)"
        " ON CONFLICT (message_id, zoom_file_id) DO NOTHING",
        (now, messages, file_ids, file_names, sizes),
    )


def _forwards(fresh: list[MessageRow], message_ids: dict[str, int], now: datetime) -> None:
    """A row to fetch for every forward not yet known on its message."""
    wanted = [
        (message_ids[row.identity.zoom_id], row.forward_id) for row in fresh if row.forward_id is not None
    ]
    if len(wanted) == 0:
        return
    bulk.run(
        "INSERT INTO archive_forward (message_id, forward_id, state, attempts, not_before, last_error)"
        " SELECT m, f, 'due', 0, %b::timestamptz, '' FROM unnest(%b::bigint[], %b::text[]) AS t (m, f)"
        " ON CONFLICT (message_id, forward_id) DO NOTHING",
        (now, [message for message, _ in wanted], [forward_id for _, forward_id in wanted]),
    )


def _sightings(found: list[MessageRow], senders: dict[people.Identity, int]) -> list[names.Sighting]:
    """First and last use of everything said of a sender: what lies between adds nothing."""
    outer: dict[tuple[object, ...], list[MessageRow]] = {}
    for row in found:
        if row.sender is None or row.identity.sent_at_is_doubtful:
            continue
        key = (row.sender, row.sender_name, row.is_external, row.is_bot)
        span = outer.setdefault(key, [row, row])
        span[1] = row
    return [
        names.Sighting(
            person_id=senders[row.sender],
            at=row.identity.sent_at,
            name=row.sender_name,
            email=row.sender.email,
            is_external=row.is_external,
            is_bot=row.is_bot,
        )
        for row in chain.from_iterable(outer.values())
        if row.sender is not None
    ]


class _Fates(NamedTuple):
    """The rows offered, those of them not of destroyed messages, those new to the archive; and how many had no row."""

    offered: list[MessageRow]
    kept: list[MessageRow]
    fresh: list[MessageRow]
    failed: int


def _counted(fates: _Fates, *, window: Window, new_messages: int) -> PageCounts:
    offered, kept, archived = (
        Counter[date](row.identity.sent_at.date() for row in some)
        for some in (fates.offered, fates.kept, fates.fresh)
    )
    per_day = {
        day: DayAccount(
            archived=archived[day], duplicate=kept[day] - archived[day], destroyed=count - kept[day]
        )
        for day, count in offered.items()
    }
    if fates.failed > 0:
        per_day[window.first_day] = per_day.get(window.first_day, DayAccount()) + DayAccount(
            failed=fates.failed
        )
    return PageCounts(per_day=per_day, new_messages=new_messages)
