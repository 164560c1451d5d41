"""What a package has not, and what is to be known of what it has: `about/exceptions.csv`, there even when it says none.

Every file whose bytes are missing or not those Zoom had named, every message that was destroyed, every doubtful time,
every record that could not be read as a message, every day that is not proven complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Any

from archive.cells import table
from archive.completeness import DayState
from archive.packages import facts, natives, streams
from archive.packages.content import Request, Sink
from archive.packages.natives import Missing

PATH = "data/about/exceptions.csv"
HEAD = ("what", "session_id", "session", "message_id", "message", "at", "until", "file", "reason")


class What(StrEnum):
    """Kinds of exceptions."""

    FILE = "file missing"
    DIFFERS = "file not as named"
    DESTROYED = "message destroyed"
    DOUBTFUL = "time doubtful"
    UNREADABLE = "record unreadable"
    GAP = "days not complete"
    NONE = "none"


_FILES = """
SELECT said.session_id, place.zoom_id, said.id, said.zoom_id, said.sent_at, attached.name, kept.state, blob.sha256,
       leaf.index
FROM archive_exportfile kept
JOIN archive_attachment attached ON attached.id = kept.attachment_id
JOIN archive_message said ON said.id = attached.message_id JOIN archive_session place ON place.id = said.session_id
LEFT JOIN archive_blob blob ON blob.id = kept.blob_id
LEFT JOIN archive_leaf leaf ON leaf.kind = 2 AND leaf.subject_id = blob.id AND leaf.index + 0 < %(size)s
WHERE kept.export_id = %(export)s AND (leaf.index IS NULL OR blob.sha256 = ANY(%(lost)s) OR kept.state = 'mismatch')
ORDER BY said.session_id, said.sent_at, said.id, attached.id
"""
_DESTROYED = """
SELECT item.session_id, place.zoom_id, item.message_id, stone.zoom_id, item.sent_at, stone.disposition, stone.destroyed_at
FROM archive_exportitem item JOIN archive_tombstone stone USING (session_id, sent_at, message_id)
JOIN archive_session place ON place.id = item.session_id
WHERE item.export_id = %(export)s ORDER BY item.session_id, item.sent_at, item.message_id
"""
_DOUBTFUL = """
SELECT item.session_id, place.zoom_id, item.message_id, said.zoom_id, item.sent_at FROM archive_exportitem item
JOIN archive_message said ON (said.session_id, said.sent_at, said.id) = (item.session_id, item.sent_at, item.message_id)
JOIN archive_session place ON place.id = item.session_id
WHERE item.export_id = %(export)s AND said.sent_at_is_doubtful
ORDER BY item.session_id, item.sent_at, item.message_id
"""
_UNREADABLE = """
SELECT span.session_id, place.zoom_id, span.first_day, span.last_day, odd.reason FROM archive_exportfact fact
JOIN archive_session place ON place.id = fact.key
JOIN archive_window span ON span.session_id = place.id AND span.first_day <= %(last)s::date
    AND span.last_day >= %(first)s::date
JOIN archive_unreadable odd ON odd.window_id = span.id
JOIN archive_leaf leaf ON leaf.kind = 6 AND leaf.subject_id = odd.id AND leaf.index + 0 < %(size)s
WHERE fact.export_id = %(export)s AND fact.kind = 'session' ORDER BY span.session_id, leaf.index
"""

_OTHERWISE = "It is here as Zoom gave it, and is not what Zoom had named: another digest or size."
Row = tuple[Any, ...]


def write(request: Request, *, lost: Mapping[bytes, Missing], into: Sink) -> tuple[dict[str, int], int]:
    """The table: how many files are missing by reason (zero for none), and how many messages were destroyed."""
    missing, destroyed = {one.value: 0 for one in Missing}, 0
    with into.file(PATH) as file, table(file, HEAD) as rows:
        for reason, row in _files(request, lost):
            if reason is not None:
                missing[reason] += 1
            rows.row(*row)
        for row in _destroyed(request):
            destroyed += 1
            rows.row(*row)
        for row in chain(_doubtful(request), _unreadable(request), _gaps(request)):
            rows.row(*row)
        if rows.rows == 0:
            rows.row(
                What.NONE, "", "", "", "", "", "", "", "Nothing is missing, as far as the archive knows."
            )
    return missing, destroyed


def _values(request: Request, **more: object) -> dict[str, object]:
    return {"export": request.export_id, "size": request.size, **more}


def _files(request: Request, lost: Mapping[bytes, Missing]) -> Iterator[tuple[Missing | None, Row]]:
    for session_id, session, key, message, at, name, state, sha256, leaf in streams.rows(
        _FILES, _values(request, lost=sorted(lost))
    ):
        digest = None if sha256 is None else bytes(sha256)
        reason = natives.missing(state, digest, leaf, lost)
        what = What.DIFFERS if reason is None else What.FILE
        sentence = _OTHERWISE if reason is None else natives.SENTENCES[reason]
        yield reason, (what, session_id, session, key, message, at, "", name, sentence)


def _destroyed(request: Request) -> Iterator[Row]:
    for session_id, session, key, message, at, disposition, gone in streams.rows(
        _DESTROYED, _values(request)
    ):
        reason = f"Destroyed on {gone:%Y-%m-%d} under disposition {disposition}."
        yield What.DESTROYED, session_id, session, key, message, at, "", "", reason


def _doubtful(request: Request) -> Iterator[Row]:
    reason = "Zoom gave no usable time; this is the first moment it can have been sent at."
    for row in streams.rows(_DOUBTFUL, _values(request)):
        yield (What.DOUBTFUL, *row, "", "", reason)


def _unreadable(request: Request) -> Iterator[Row]:
    period = facts.period(export_id=request.export_id)
    if period is None:
        return
    values = _values(request, first=period.first, last=period.last)
    for session_id, session, first, last, why in streams.rows(_UNREADABLE, values):
        yield What.UNREADABLE, session_id, session, "", "", first, last, "", why


def _gaps(request: Request) -> Iterator[Row]:
    for place in facts.places(export_id=request.export_id):
        one = place.conversation
        for span in place.days:
            if span.state != DayState.COMPLETE:
                reason = f"{span.state}: {span.reason}"
                yield What.GAP, one.session_id, one.zoom_id, "", "", span.first, span.last, "", reason
