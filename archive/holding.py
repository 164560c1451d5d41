"""What a standing rule holds: people × sessions × time, evaluated against the database of record.

A rule with a person holds what they said and, when it covers what they received, what others said where and while they
took part (archive.taking_part). A rule with a session holds what was said there; with both, both must be so; with
neither, everything of the account. Nothing is remembered: each question is answered from the rows of that moment, so
that a rule holds what is captured tomorrow, and a join learned of late counts from when it was.

Errs on the side of holding, always: a message whose time is doubtful meets every condition of time, and one whose
sender is unknown counts as said by everybody who took part then. `may_go` is the only function that may let a record be
destroyed; search scopes made of `held_pieces` may not, since a doubtful message can lie outside of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, LiteralString

from django.db import connection

from archive import bulk, taking_part


class Way(StrEnum):
    """Why a rule holds a message; the first that applies."""

    PLACE = "place"
    """The rule names nobody: it holds what is said in its session, or everything."""
    SAID = "said"
    RECEIVED = "received"
    UNSIGNED = "unsigned"
    """Nobody is known as its sender, and the rule's person took part then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A standing rule: said at `since` or later and before `until`; None means no limit."""

    id: int
    account: int
    person: int | None = None
    session: int | None = None
    covers_received: bool = True
    since: datetime | None = None
    until: datetime | None = None


Span = tuple[datetime, datetime]
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

RULES: LiteralString = """
rule AS (
    SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::boolean[], %b::timestamptz[],
                         %b::timestamptz[]) AS given (id, account_id, person_id, session_id, received, since, until)
)
"""
"""Rules as rows; their columns are given by `columns`."""

_MEETS: LiteralString = """
    rule.account_id = said.account_id AND (rule.session_id IS NULL OR rule.session_id = said.session_id)
    AND (said.doubtful OR ((rule.since IS NULL OR said.sent_at >= rule.since)
                           AND (rule.until IS NULL OR said.sent_at < rule.until)))
"""
_SAID: LiteralString = """
WITH said AS (
    SELECT message.id, message.session_id, message.sender_id, message.sent_at, message.sent_at_is_doubtful AS doubtful,
           place.account_id
    FROM archive_message message JOIN archive_session place ON place.id = message.session_id
    WHERE """
_COVERED: LiteralString = (
    """
), places AS (SELECT DISTINCT session_id AS id FROM said),"""
    + RULES
    + """, persons AS (
    SELECT DISTINCT person_id AS id FROM rule
    WHERE person_id IS NOT NULL AND (received OR EXISTS (SELECT FROM said WHERE sender_id IS NULL))
),"""
    + taking_part.PAIRS_THERE
    + ","
    + taking_part.STRETCHES
    + """, heard AS (
    SELECT DISTINCT said.*, stretches.person_id FROM said JOIN stretches ON stretches.session_id = said.session_id
    WHERE stretches.ground <> 'away' AND said.sender_id IS DISTINCT FROM stretches.person_id
      AND (said.doubtful OR said.sent_at BETWEEN stretches.since AND stretches.until)
), covered AS (
    SELECT said.id, rule.id AS rule_id, 'place' AS way FROM said JOIN rule ON rule.person_id IS NULL AND"""
    + _MEETS
    + """
    UNION ALL
    SELECT said.id, rule.id, 'said' FROM said JOIN rule ON rule.person_id = said.sender_id AND"""
    + _MEETS
    + """
    UNION ALL
    SELECT said.id, rule.id, CASE WHEN said.sender_id IS NULL THEN 'unsigned' ELSE 'received' END
    FROM heard said
    JOIN rule ON rule.person_id = said.person_id AND (rule.received OR said.sender_id IS NULL) AND"""
    + _MEETS
    + """
)
"""
)
COVERED: LiteralString = _SAID + "message.id = ANY(%b::bigint[])" + _COVERED
"""`covered (id, rule_id, way)` of some messages; takes their ids and then the rules' columns."""
COVERED_IN_SESSION: LiteralString = _SAID + "message.session_id = %b" + _COVERED
"""The same of all messages of one session."""


def covering(message_ids: Collection[int], *, rules: Sequence[Rule]) -> dict[int, dict[int, Way]]:
    """Which rules hold which of the messages, and how; a message that none holds is not in the answer."""
    found: dict[int, dict[int, Way]] = {}
    for message_id, rule_id, way in _pairs(message_ids, rules):
        found.setdefault(message_id, {})[rule_id] = way
    return found


def held(message_ids: Collection[int], *, rules: Sequence[Rule]) -> frozenset[int]:
    """Those of the messages that some rule holds."""
    asked = together(rules)
    if len(message_ids) == 0 or len(asked) == 0:
        return frozenset()
    rows = bulk.run(COVERED + "SELECT DISTINCT id FROM covered", (list(message_ids), *columns(asked)))
    return frozenset(message_id for (message_id,) in rows)


def may_go(message_ids: Collection[int], *, rules: Sequence[Rule]) -> frozenset[int]:
    """Those of the messages that exist and that no rule holds, locked so that this stays so until the transaction ends.

    `rules` are all active ones, read in this transaction after their table was locked against new ones (whoever owns
    them does that, see compliance.holds). Then, until the transaction ends, nothing more is stored in the sessions of
    these messages, nobody else destroys there, and nobody is recorded as a member, joining or leaving: what purge
    destroys is free when it is destroyed. Keep the transaction short, and to the messages of one session: sessions are
    locked in order of their ids, ingest locks them in another. Only for a transaction that sees what others have
    committed meanwhile (READ COMMITTED); raises RuntimeError in any other.
    """
    if not connection.in_atomic_block or bulk.run("SHOW transaction_isolation") != [("read committed",)]:
        raise RuntimeError(
            "What may go is decided inside the transaction that destroys it, in READ COMMITTED."
        )
    for place in sorted(
        sessions(message_ids)
    ):  # ingest's own lock, which it takes before any row of the session
        bulk.run(
            "SELECT pg_advisory_xact_lock(hashtextextended('holdfast session ' || %b::bigint, 0))", (place,)
        )
    bulk.run(
        "SELECT count(*) FROM (SELECT FROM archive_session WHERE id IN"
        " (SELECT session_id FROM archive_message WHERE id = ANY(%b::bigint[])) ORDER BY id FOR UPDATE) AS locked",
        (list(message_ids),),
    )
    bulk.run("LOCK TABLE archive_sessionmember, archive_membership IN SHARE MODE")
    there = bulk.run("SELECT id FROM archive_message WHERE id = ANY(%b::bigint[])", (list(message_ids),))
    return frozenset(message_id for (message_id,) in there) - held(message_ids, rules=rules)


def sessions(message_ids: Collection[int]) -> frozenset[int]:
    """The sessions that the messages were said in."""
    rows = bulk.run(
        "SELECT DISTINCT session_id FROM archive_message WHERE id = ANY(%b::bigint[])", (list(message_ids),)
    )
    return frozenset(session_id for (session_id,) in rows)


def columns(rules: Sequence[Rule]) -> list[list[Any]]:
    """The rules as the columns that `RULES` takes."""
    return [
        [rule.id for rule in rules],
        [rule.account for rule in rules],
        [rule.person for rule in rules],
        [rule.session for rule in rules],
        [rule.covers_received for rule in rules],
        [rule.since for rule in rules],
        [rule.until for rule in rules],
    ]


def _pairs(message_ids: Collection[int], rules: Sequence[Rule]) -> list[tuple[int, int, Way]]:
    """Each message with each rule that holds it; rules that say the same are asked once."""
    alike: dict[Rule, list[int]] = {}
    for rule in rules:
        alike.setdefault(replace(rule, id=0), []).append(rule.id)
    asked = [replace(rule, id=ids[0]) for rule, ids in alike.items()]
    if len(message_ids) == 0 or len(asked) == 0:
        return []
    also = {ids[0]: ids for ids in alike.values()}
    rows = bulk.run(COVERED + "SELECT id, rule_id, way FROM covered", (list(message_ids), *columns(asked)))
    return [(message_id, rule_id, _WAYS[way]) for message_id, first, way in rows for rule_id in also[first]]


def together(rules: Iterable[Rule]) -> list[Rule]:
    """The same whole in as few rules as possible, when it does not matter which rule holds what; numbered anew."""
    alike: dict[tuple[int, int | None, int | None, bool], list[Span]] = {}
    for rule in rules:
        key = (rule.account, rule.person, rule.session, rule.covers_received)
        span = (BEGINNING if rule.since is None else rule.since, END if rule.until is None else rule.until)
        alike.setdefault(key, []).append(span)
    whole = [(key, span) for key, spans in alike.items() for span in joined(spans)]
    return [
        Rule(
            id=number,
            account=account,
            person=person,
            session=session,
            covers_received=received,
            since=None if since == BEGINNING else since,
            until=None if until == END else until,
        )
        for number, ((account, person, session, received), (since, until)) in enumerate(whole)
    ]


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same moments in as few spans as possible, in order."""
    ordered = sorted(spans)
    if len(ordered) == 0:
        return
    since, until = ordered[0]
    for following in ordered[1:]:
        if following[0] > until:
            yield since, until
            since, until = following
        else:
            until = max(until, following[1])
    yield since, until


_WAYS = {way.value: way for way in Way}
