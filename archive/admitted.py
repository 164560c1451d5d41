"""Which messages of a set are within a scope, and which have something new in a stretch of the log.

For sets of ids that did not come from a search of this moment: lists, tags, answers kept from earlier. The database of
record decides, not the index. A scope without limits admits every message there is.
"""

from collections.abc import Collection
from typing import Any, LiteralString

from archive import bulk
from archive.scope import EVERYTHING, Scope

_AMONG = "SELECT m.id FROM archive_message m WHERE m.id = ANY(%b::bigint[])"
_CONDITIONS: tuple[LiteralString, ...] = (
    " AND m.sender_id = ANY(%b::bigint[])",
    " AND m.session_id = ANY(%b::bigint[])",
    " AND m.sent_at >= %b::timestamptz",
    " AND m.sent_at < %b::timestamptz",
)


def among(message_ids: Collection[int], *, scope: Scope) -> frozenset[int]:
    """Those of the messages that exist and are within the scope."""
    if len(message_ids) == 0:
        return frozenset()
    statement: LiteralString = _AMONG
    parameters: list[Any] = [list(message_ids)]
    for condition, limit in zip(_CONDITIONS, _limits(scope), strict=True):
        if limit is not None:
            statement += condition
            parameters.append(limit)
    return frozenset(message_id for (message_id,) in bulk.run(statement, parameters))


def condition(scope: Scope, *, of: str) -> tuple[str, list[Any]]:
    """The same as a condition of SQL on the column `of` (a name, never a value), for Django's cursor."""
    if scope == EVERYTHING:
        return "TRUE", []
    wanted = [
        (text.replace("%b", "%s"), limit)
        for text, limit in zip(_CONDITIONS, _limits(scope), strict=True)
        if limit is not None
    ]
    text = "".join(part for part, _ in wanted)
    return f"EXISTS (SELECT FROM archive_message m WHERE m.id = {of}{text})", [limit for _, limit in wanted]


def renewed(first: int, last: int, *, of: str) -> tuple[str, list[Any]]:
    """A condition of SQL on the column `of`: a version of the message was stored at leaf `first` or after, before `last`."""
    text = (
        "EXISTS (SELECT FROM archive_revision JOIN archive_leaf stored "
        "ON stored.kind = 1 AND stored.subject_id = archive_revision.id "
        f"WHERE archive_revision.message_id = {of} AND stored.index >= %s AND stored.index < %s)"
    )
    return text, [first, last]


def _limits(scope: Scope) -> tuple[object, ...]:
    people = None if scope.people is None else sorted(scope.people)
    sessions = None if scope.sessions is None else sorted(scope.sessions)
    return people, sessions, scope.since, scope.until
