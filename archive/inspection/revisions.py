"""Revisions, and the messages they are of, derived again from the exact bytes Zoom sent.

The commitment covers the bytes, the ids at Zoom, the list, the page and the moment. All else a revision or its
message says is derived from the bytes by the same pure functions as when it was ingested, and must agree: what
people read and search is in these columns.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from archive import bulk, commitments
from archive.ingest import rows
from archive.inspection import attached
from archive.inspection.row import Row

# min(x.id + 0): for min(x.id) a planner without statistics walks the primary key from its beginning, for every row.
_SQL = """
    SELECT r.id, r.salt, r.kind, r.raw, r.page_id, r.stored_at, r.digest, r.text, r.sender_name, r.action_at,
           r.oddities, m.id, s.zoom_id, m.zoom_id, m.sent_at, m.sent_at_is_doubtful, m.reply_to_zoom_id,
           o.member_id, o.user_id, o.email, p.received_at, w.first_day,
           r.id = (SELECT min(x.id + 0) FROM archive_revision x WHERE x.message_id = r.message_id)
    FROM archive_revision r
    LEFT JOIN archive_message m ON m.id = r.message_id
    LEFT JOIN archive_session s ON s.id = m.session_id
    LEFT JOIN archive_person o ON o.id = m.sender_id
    LEFT JOIN archive_page p ON p.id = r.page_id
    LEFT JOIN archive_window w ON w.id = p.window_id
    WHERE r.id = ANY(%b::bigint[])
"""


class _Found(NamedTuple):
    """One row of the query."""

    id: int
    salt: bytes
    kind: str
    raw: bytes
    page_id: int
    stored_at: datetime
    digest: bytes
    text: str
    sender_name: str
    action_at: datetime | None
    oddities: Any
    message: int | None
    session_zoom_id: str | None
    zoom_id: str
    sent_at: datetime
    sent_at_is_doubtful: bool
    reply_to_zoom_id: str
    member_id: str | None
    user_id: str | None
    email: str | None
    received_at: datetime | None
    first_day: date | None
    is_first: bool


def read(keys: Sequence[int]) -> Iterable[Row]:
    """The rows of these revisions, as `archive.inspection.subjects` wants them."""
    found = [_Found(*columns) for columns in bulk.run(_SQL, (list(keys),))]
    derived = {one.id: _derived(one) for one in found}
    known = attached.hanging(
        one.message for one in found if one.message is not None and _has_more(derived[one.id])
    )
    return [_row(one, derived[one.id], known) for one in found]


def _derived(found: _Found) -> rows.MessageRow | None:
    """What its bytes say; None where the page is gone that says when they came."""
    if found.received_at is None or found.first_day is None:
        return None
    return rows.derive(
        bytes(found.raw), kind=found.kind, first_day=found.first_day, received_at=found.received_at
    )


def _has_more(derived: rows.MessageRow | None) -> bool:
    return derived is not None and (len(derived.files) > 0 or derived.forward_id is not None)


def _row(found: _Found, derived: rows.MessageRow | None, known: frozenset[attached.Hanging]) -> Row:
    if found.message is None or found.session_zoom_id is None:
        return Row(found.id, b"", found.stored_at, "The message or session it belongs to is gone.")
    commitment = commitments.revision(
        salt=bytes(found.salt),
        session=found.session_zoom_id,
        message=found.zoom_id,
        kind=found.kind,
        raw=bytes(found.raw),
        page_id=found.page_id,
        stored_at=found.stored_at,
    )
    if derived is None:
        return Row(found.id, commitment, found.stored_at, "The page it came on, or its window, is gone.")
    fault = _fault(found, derived) or attached.missing(found.message, derived, known)
    return Row(found.id, commitment, found.stored_at, fault)


def _fault(found: _Found, derived: rows.MessageRow) -> str:
    """The first column that does not follow from the bytes, in words; empty when all do."""
    for column, stored, wanted in _of_revision(found, derived):
        if stored != wanted:
            return f"Its {column} does not follow from its bytes."
    for column, stored, wanted in _of_message(found, derived):
        if stored != wanted:
            return f"The {column} of message {found.message} does not follow from the bytes of the revision."
    return ""


def _of_revision(found: _Found, derived: rows.MessageRow) -> Iterable[tuple[str, object, object]]:
    odd = found.oddities
    yield "content digest", bytes(found.digest), derived.digest
    yield "text", found.text, derived.text
    yield "sender's name", found.sender_name, derived.sender_name
    yield "moment of the change", found.action_at, derived.action_at
    wanted = None if derived.oddities is None else json.loads(derived.oddities)
    yield "list of oddities", json.loads(odd) if isinstance(odd, str) else odd, wanted


def _of_message(found: _Found, derived: rows.MessageRow) -> Iterable[tuple[str, object, object]]:
    identity = derived.identity
    yield "id at Zoom", found.zoom_id, identity.zoom_id
    if found.is_first:  # the message was described by the first revision of it
        yield "sent time", found.sent_at, identity.sent_at
        yield "doubt about the sent time", found.sent_at_is_doubtful, identity.sent_at_is_doubtful
        yield "thread", found.reply_to_zoom_id, identity.reply_to_zoom_id
        yield "sender", _may_be_the_sender(found, derived), True


def _may_be_the_sender(found: _Found, derived: rows.MessageRow) -> bool:
    """Whether the person can be the one the bytes name. We learn about people: an address alone may change."""
    stated = derived.sender
    if stated is None:
        return found.email is None
    if stated.member_id is not None:
        return found.member_id == stated.member_id
    return found.email == stated.email or found.member_id is not None or found.user_id is not None
