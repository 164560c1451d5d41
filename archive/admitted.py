"""Which messages of a set are within a scope, and which have something new in a stretch of the log.

For sets of ids that did not come from a search of this moment: lists, tags, answers kept from earlier. The database of
record decides, not the index. A scope without limits admits every message there is.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, LiteralString

from archive import bulk
from archive.scope import EVERYTHING, Piece, Pieces, Scope

_AMONG: LiteralString = "SELECT m.id FROM archive_message m WHERE m.id = ANY(%b::bigint[])"
_CONDITIONS: tuple[LiteralString, ...] = (
    " AND m.sender_id = ANY(%b::bigint[])",
    " AND m.session_id = ANY(%b::bigint[])",
    " AND m.sent_at >= %b::timestamptz",
    " AND m.sent_at < %b::timestamptz",
)
# Each piece under one key, by which it is found: its session, else its sender, else nothing; so that thousands of
# pieces are one table to join with, and not thousands of conditions.
_WITHIN: LiteralString = """ AND EXISTS (
    SELECT FROM (VALUES (0, 0::bigint), (1, m.sender_id), (2, m.session_id)) AS k (kind, key)
    JOIN unnest(%b::int[], %b::bigint[], %b::bigint[], %b::timestamptz[], %b::timestamptz[])
        AS p (kind, key, sender, since, until)
        ON p.kind = k.kind AND p.key = k.key
    WHERE (p.sender IS NULL OR p.sender = m.sender_id)
        AND (p.since IS NULL OR m.sent_at >= p.since) AND (p.until IS NULL OR m.sent_at < p.until)
)"""

_Column = list[int] | list[int | None] | list[datetime | None]


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


def condition(scope: Scope, *, of: str) -> tuple[str, list[Any]]:
    """The same as a condition of SQL on the column `of` (a name, never a value), for Django's cursor."""
    if scope == EVERYTHING:
        return "TRUE", []
    text, limits = _limits(scope)
    return f"EXISTS (SELECT FROM archive_message m WHERE m.id = {of}{text.replace('%b', '%s')})", limits


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
        text += _WITHIN
        values += _columns(union)
    return text, values


def _columns(union: Pieces) -> list[_Column]:
    pieces = list(union.pieces)
    keys = [_key(piece) for piece in pieces]
    return [
        [kind for kind, _ in keys],
        [key for _, key in keys],
        [piece.sender for piece in pieces],
        [piece.since for piece in pieces],
        [piece.until for piece in pieces],
    ]


def _key(piece: Piece) -> tuple[int, int]:
    if piece.session is not None:
        return 2, piece.session
    return (0, 0) if piece.sender is None else (1, piece.sender)
