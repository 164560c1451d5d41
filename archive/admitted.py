"""Which messages of a set are within a scope, and which have something new in a stretch of the log.

For sets of ids that did not come from a search of this moment: lists, tags, answers kept from earlier. The database of
record decides, not the index. A scope without limits admits every message there is.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from archive import bulk
from archive.scope import EVERYTHING, Pieces, Scope

_AMONG: LiteralString = "SELECT m.id FROM archive_message m WHERE m.id = ANY(%b::bigint[])"
_CONDITIONS: tuple[LiteralString, ...] = (
    " AND m.sender_id = ANY(%b::bigint[])",
    " AND m.session_id = ANY(%b::bigint[])",
    " AND m.sent_at >= %b::timestamptz",
    " AND m.sent_at < %b::timestamptz",
)
# The number of bounds at or before a message's key and time, in an order that the database searches by halves: between
# a beginning and its end it is odd. A table of pieces would be read through for every message.
_ODD: LiteralString = (
    "width_bucket(encode(int8send({key}) || int8send((extract(epoch FROM m.sent_at) * 1000000)::bigint"
    " + 4611686018427387904), 'hex')::uuid, %b::uuid[]) %% 2 = 1"
)
_EARLIEST, _LATEST = -(1 << 62), (1 << 62) - 1

_Key = tuple[int | None, int | None]
_Span = tuple[int, int]


def among(message_ids: Collection[int], *, scope: Scope) -> frozenset[int]:
    """Those of the messages that exist and are within the scope."""
    if len(message_ids) == 0:
        return frozenset()
    text, limits = _limits(scope)
    return frozenset(message_id for (message_id,) in bulk.run(_AMONG + text, [list(message_ids), *limits]))


def reaches(session_id: int, *, scope: Scope) -> bool:
    """Whether any message of a session is within the scope."""
    text, limits = _limits(scope)
    beginning: LiteralString = "SELECT EXISTS (SELECT FROM archive_message m WHERE m.session_id = %b"
    ((is_there,),) = bulk.run(beginning + text + ")", [session_id, *limits])
    return bool(is_there)


def condition(scope: Scope, *, of: str, mark: str = "%s") -> tuple[str, list[Any]]:
    """The same as a condition of SQL on the column `of` (a name, never a value), for Django's cursor.

    With `%b` as the mark of a value it is for `bulk.run`.
    """
    if scope == EVERYTHING:
        return "TRUE", []
    text, limits = _limits(scope)
    return f"EXISTS (SELECT FROM archive_message m WHERE m.id = {of}{text.replace('%b', mark)})", limits


def renewed(first: int, last: int, *, of: str) -> tuple[str, list[Any]]:
    """A condition of SQL on the column `of`: a version of the message was stored at leaf `first` or after, before `last`."""
    text = (
        "EXISTS (SELECT FROM archive_revision JOIN archive_leaf stored "
        "ON stored.kind = 1 AND stored.subject_id = archive_revision.id "
        f"WHERE archive_revision.message_id = {of} AND stored.index >= %s AND stored.index < %s)"
    )
    return text, [first, last]


def _limits(scope: Scope) -> tuple[LiteralString, list[Any]]:
    """The conditions of a scope on the message `m`, and their values."""
    people = None if scope.people is None else sorted(scope.people)
    sessions = None if scope.sessions is None else sorted(scope.sessions)
    text: LiteralString = ""
    values: list[Any] = []
    for condition, limit in zip(_CONDITIONS, (people, sessions, scope.since, scope.until), strict=True):
        if limit is not None:
            text += condition
            values.append(limit)
    for union in scope.within:
        condition, bounds = _within(union)
        text += condition
        values += bounds
    return text, values


@lru_cache(maxsize=32)
def _within(union: Pieces) -> tuple[LiteralString, list[Any]]:
    """The condition that a message is in one of the pieces: those of sessions, of senders, of both, and of neither."""
    by_sender: dict[int | None, dict[int, list[_Span]]] = {}
    alternatives: list[LiteralString] = []
    values: list[Any] = []
    for (sender, session), spans in _spans(union).items():
        if session is not None:
            by_sender.setdefault(sender, {})[session] = spans
    for sender, of_sessions in by_sender.items():
        odd: LiteralString = _ODD.replace("{key}", "m.session_id")
        alternatives.append(odd if sender is None else "m.sender_id = %b AND " + odd)
        values += [_bounds(of_sessions)] if sender is None else [sender, _bounds(of_sessions)]
    others = {key: spans for (key, session), spans in _spans(union).items() if session is None}
    anybody = others.pop(None, None)
    if len(others) > 0:
        alternatives.append(_ODD.replace("{key}", "m.sender_id"))
        values.append(_bounds({key: spans for key, spans in others.items() if key is not None}))
    if anybody is not None:
        alternatives.append(_ODD.replace("{key}", "0::bigint"))
        values.append(_bounds({0: anybody}))
    none: LiteralString = " AND FALSE"
    both: LiteralString = ") OR ("
    return (none, []) if len(alternatives) == 0 else (" AND ((" + both.join(alternatives) + "))", values)


def _spans(union: Pieces) -> dict[_Key, list[_Span]]:
    """The times of the pieces by sender and session, in order and apart from each other."""
    found: dict[_Key, list[_Span]] = {}
    for piece in union.pieces:
        since = _EARLIEST if piece.since is None else _microseconds(piece.since)
        until = _LATEST if piece.until is None else _microseconds(piece.until)
        if since < until:
            found.setdefault((piece.sender, piece.session), []).append((since, until))
    for spans in found.values():
        spans.sort()
        apart = spans[:1]
        for since, until in spans[1:]:
            if since > apart[-1][1]:
                apart.append((since, until))
            else:
                apart[-1] = apart[-1][0], max(until, apart[-1][1])
        spans[:] = apart
    return found


def _bounds(of: Mapping[int, list[_Span]]) -> list[UUID]:
    """Where the spans of each key begin and end, in order: the key and the time, eight bytes each."""
    return [
        UUID(bytes=key.to_bytes(8, "big") + (moment - _EARLIEST).to_bytes(8, "big"))
        for key in sorted(of)
        for span in of[key]
        for moment in span
    ]


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
