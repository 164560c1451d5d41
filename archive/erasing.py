"""What a person said within a scope, as far as it is here, and which of it a duty to keep it binds.

For requests for erasure. Errs on the side of keeping: a rule that may be about a session binds what was said there, and
so does any rule of whatever has a doubtful time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from archive import bulk, fates, keeping
from archive.keeping import Due, Rule

NO_RULE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one person said, anywhere or in one session, from a moment on and before another."""

    person: int
    session: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A duty keeps a message: these rules, the last of which ends then (None: never)."""

    rules: tuple[int, ...]
    until: datetime | None


_SAID: LiteralString = """
FROM archive_message message WHERE message.sender_id = %b::bigint
  AND (%b::bigint IS NULL OR message.session_id = %b::bigint)
  AND (message.sent_at_is_doubtful OR ((%b::timestamptz IS NULL OR message.sent_at >= %b::timestamptz)
                                       AND (%b::timestamptz IS NULL OR message.sent_at < %b::timestamptz)))
  AND EXISTS (SELECT FROM archive_revision version WHERE version.message_id = message.id)
"""
_SESSIONS: LiteralString = "SELECT DISTINCT message.session_id " + _SAID + " ORDER BY 1"
_MESSAGES: LiteralString = (
    "SELECT message.id, 0::bigint, message.sent_at, message.sent_at "
    + _SAID
    + " AND message.session_id = %b::bigint AND (message.sent_at, message.id) > (%b::timestamptz, %b::bigint)"
    + " ORDER BY message.sent_at, message.id LIMIT %b::bigint"
)
_TIMES: LiteralString = """
SELECT message.id, message.session_id, message.sent_at, message.sent_at_is_doubtful, place.account_id
FROM archive_message message JOIN archive_session place ON place.id = message.session_id
WHERE message.id = ANY(%b::bigint[])
"""


def sessions(scope: Scope) -> list[int]:
    """The sessions in which something of it is here, in order of their ids."""
    return [session_id for (session_id,) in bulk.run(_SESSIONS, _values(scope))]


def messages(scope: Scope, *, session_id: int, after: Due | None = None, limit: int) -> list[Due]:
    """What of it was said in a session, oldest first, beyond a message; under no rule."""
    beyond = (keeping.BEGINNING, 0) if after is None else (after.sent_at, after.message_id)
    return [Due(*row) for row in bulk.run(_MESSAGES, (*_values(scope), session_id, *beyond, limit))]


def bound(message_ids: Collection[int], *, duties: Sequence[Rule], now: datetime) -> dict[int, Bound]:
    """Those of the messages that a duty keeps at this moment."""
    rows = bulk.run(_TIMES, (list(message_ids),))
    accounts, places = {row[4] for row in rows}, {row[1] for row in rows}
    matched = {
        place.session_id: keeping.matched(place, rules=duties)
        for place in keeping.places(accounts=accounts, sessions=places)
    }
    found: dict[int, Bound] = {}
    for key, session_id, sent_at, is_doubtful, _ in rows:
        about = (*matched[session_id].surely, *matched[session_id].perhaps)
        ends = {rule.id: None if rule.period is None or is_doubtful else fates.after(sent_at, rule.period)
                for rule in about}  # fmt: skip
        binding = {rule_id: end for rule_id, end in ends.items() if end is None or end > now}
        if len(binding) > 0:
            known = [end for end in binding.values() if end is not None]
            is_endless = len(known) < len(binding)
            found[key] = Bound(tuple(sorted(binding)), None if is_endless else max(known))
    return found


def _values(scope: Scope) -> tuple[object, ...]:
    return (
        scope.person, scope.session, scope.session, scope.since, scope.since, scope.until, scope.until,
    )  # fmt: skip
