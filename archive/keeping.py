"""How long the archive keeps what it has: rules over sessions with a period, evaluated against the database of record.

A rule is about an account, and within it about kinds of sessions, sessions of a name, or one session. Of the rules that
match, the one under which a message is due last governs it; where none matches, it is kept for good, and so it is where
one of them says so. A period runs from when a message was sent, in UTC: an edit restarts nothing, since every version
belongs to the one message and goes with it.

Errs on the side of keeping, always. A message whose time is doubtful never becomes due. A session whose kind is not
known for certain is matched by a rule about kinds only where it must be one of them; where it only may be, the rule can
lengthen what another one says, and never brings anything to its end alone.

Says what is due and destroys nothing. What is due can be held: that is for archive.holding to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString

from archive import bulk


class Kind(StrEnum):
    """What sort of a session it is, as far as rules tell them apart."""

    DIRECT = "direct"
    CHAT = "chat"
    PRIVATE = "private"
    PUBLIC = "public"


EVERY_KIND = frozenset(Kind)
_GROUPS = EVERY_KIND - {Kind.DIRECT}
_OF_CHANNEL = {1: Kind.PRIVATE, 2: Kind.PRIVATE, 3: Kind.PUBLIC, 4: Kind.CHAT, 5: Kind.PUBLIC}
"""Zoom's numbers of channel types; 0 is one that Zoom does not know itself."""


@dataclass(frozen=True, slots=True)
class Period:
    """So many months and days; only one of them is used, and the other is 0."""

    months: int = 0
    days: int = 0

    @property
    def shortest_days(self) -> int:
        """It never lasts less, from whichever day it begins."""
        return max(self.months * 30 - 3, 0) + self.days

    @property
    def longest_days(self) -> int:
        """It never lasts longer."""
        return self.months * 31 + self.days

    def is_never_shorter_than(self, other: Period) -> bool:
        """Whether this one ends as late or later, from whichever day both begin."""
        is_alike = self.months >= other.months and self.days >= other.days
        return is_alike or self.shortest_days >= other.longest_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long something is kept; `period=None` means for good, `kinds=None` any kind, `named=""` any name.

    `named` is a pattern in which * stands for anything, without regard to case.
    """

    id: int
    account: int
    kinds: frozenset[Kind] | None = None
    named: str = ""
    session: int | None = None
    period: Period | None

    def covers(self, other: Rule) -> bool:
        """Whether every session that the other rule is about is surely one that this rule is about."""
        return (
            self.account == other.account
            and (self.session is None or self.session == other.session)
            and (self.kinds is None or (other.kinds is not None and other.kinds <= self.kinds))
            and (self.named in ("", "*") or folded(self.named) == folded(other.named))
        )

    def outlasts(self, other: Rule) -> bool:
        """Whether it keeps as long as the other rule or longer, from whichever day both begin."""
        if self.period is None or other.period is None:
            return self.period is None
        return self.period.is_never_shorter_than(other.period)

    def may_meet(self, other: Rule) -> bool:
        """Whether there can be a session that both rules are about."""
        return (
            self.account == other.account
            and (self.session is None or other.session is None or self.session == other.session)
            and (self.kinds is None or other.kinds is None or len(self.kinds & other.kinds) > 0)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A session with what a rule may ask of it; `kinds` are all that it can be, one when that is known."""

    session_id: int
    account_id: int
    name: str
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Matched:
    """A session with the rules that are surely about it, and those that may be because its kind is not known."""

    place: Place
    surely: tuple[Rule, ...] = field(default=())
    perhaps: tuple[Rule, ...] = field(default=())

    @property
    def periods(self) -> list[tuple[int, Period]] | None:
        """Each rule's id and period; None where what is said there is kept for good."""
        rules = (*self.surely, *self.perhaps)
        if len(self.surely) == 0 or any(rule.period is None for rule in rules):
            return None
        return [(rule.id, rule.period) for rule in rules if rule.period is not None]


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may go: which rule governs it, since when it is due, when it was sent."""

    message_id: int
    rule_id: int
    due_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """So many messages of a session are due under a rule, with so many files, of which these bytes are here."""

    session_id: int
    rule_id: int
    messages: int
    files: int
    file_bytes: int
    first_at: datetime
    last_at: datetime


END_OF_TIME: LiteralString = "timestamptz '9999-12-31 00:00:00+00'"
_PLACES: LiteralString = """
SELECT place.id, place.account_id, place.name, place.type, channel.type
FROM archive_session place LEFT JOIN archive_channel channel
    ON channel.account_id = place.account_id AND channel.zoom_id = place.channel_id AND place.channel_id <> ''
WHERE place.account_id = ANY(%b::bigint[]) AND (%b::bigint[] IS NULL OR place.id = ANY(%b::bigint[]))
ORDER BY place.id
"""
_GOVERNED: LiteralString = (
    """
WITH given AS (
    SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::int[], %b::int[]) AS given (session_id, rule_id, months, days)
), places AS MATERIALIZED (  -- the rules of a session in its row, so that no message goes through those of others
    SELECT session_id, array_agg(rule_id) AS rules, array_agg(months) AS months, array_agg(days) AS days
    FROM given GROUP BY session_id
), due AS (
    SELECT message.id, message.session_id, message.sent_at, governing.rule_id, governing.due_at
    FROM places JOIN archive_message message ON message.session_id = places.session_id
    CROSS JOIN LATERAL (
        SELECT given.rule_id, least((message.sent_at AT TIME ZONE 'UTC' + make_interval(months => given.months,
            days => given.days)) AT TIME ZONE 'UTC', """
    + END_OF_TIME
    + """) AS due_at
        FROM unnest(places.rules, places.months, places.days) AS given (rule_id, months, days)
        ORDER BY 2 DESC, 1 LIMIT 1) AS governing
    WHERE NOT message.sent_at_is_doubtful AND message.sent_at <= %b::timestamptz AND governing.due_at <= %b::timestamptz
      AND EXISTS (SELECT FROM archive_revision version WHERE version.message_id = message.id)
"""
)
_BATCH: LiteralString = (
    _GOVERNED
    + """ AND message.session_id = %b::bigint AND (message.sent_at, message.id) > (%b::timestamptz, %b::bigint)
    ORDER BY message.sent_at, message.id LIMIT %b::bigint
) SELECT id, rule_id, due_at, sent_at FROM due ORDER BY sent_at, id"""
)
_SOME: LiteralString = _GOVERNED + " AND message.id = ANY(%b::bigint[])) SELECT id FROM due"
_COUNTED: LiteralString = (
    _GOVERNED
    + """
) SELECT due.session_id, due.rule_id, count(*), coalesce(sum(hanging.files), 0)::bigint,
         coalesce(sum(hanging.bytes), 0)::bigint, min(due.sent_at), max(due.sent_at)
FROM due CROSS JOIN LATERAL (
    SELECT count(*) AS files, coalesce(sum(blob.size_bytes), 0)::bigint AS bytes
    FROM archive_attachment attached LEFT JOIN archive_blob blob ON blob.id = attached.blob_id
    WHERE attached.message_id = due.id) AS hanging
GROUP BY due.session_id, due.rule_id ORDER BY due.session_id, due.rule_id"""
)
BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
MOST_PLACES = 500


def folded(text: str) -> str:
    """A name or pattern as it is compared: the same whatever the database's language is."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_named(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern in which * stands for anything."""
    if pattern == "":
        return True
    first, *middle = folded(pattern).split("*")
    name = folded(name)
    if len(middle) == 0:
        return name == first
    last = middle.pop()
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, until = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, at, until)
        if found < 0:
            return False
        at = found + len(part)
    return True


def kinds_of(session_type: str, channel_type: int | None) -> frozenset[Kind]:
    """What a session can be, from its type and its channel's."""
    if session_type == "1:1":
        return frozenset({Kind.DIRECT})
    known = None if channel_type is None else _OF_CHANNEL.get(channel_type)
    if known is not None:
        return frozenset({known})
    return _GROUPS if session_type == "Group" else EVERY_KIND


def places(*, accounts: Collection[int], sessions: Collection[int] | None = None) -> list[Place]:
    """The sessions of some accounts, or those of them that are named, in order of their ids."""
    asked = None if sessions is None else list(sessions)
    rows = bulk.run(_PLACES, (list(accounts), asked, asked))
    return [Place(key, account, name, kinds_of(kind, channel)) for key, account, name, kind, channel in rows]


def matched(place: Place, *, rules: Sequence[Rule]) -> Matched:
    """Which of the rules are about a session."""
    about = [
        rule
        for rule in rules
        if rule.account == place.account_id
        and rule.session in (None, place.session_id)
        and is_named(place.name, rule.named)
    ]
    surely = tuple(rule for rule in about if rule.kinds is None or place.kinds <= rule.kinds)
    perhaps = tuple(
        rule
        for rule in about
        if rule.kinds is not None and not place.kinds <= rule.kinds and len(place.kinds & rule.kinds) > 0
    )
    return Matched(place, surely, perhaps)


def reached(*, rules: Sequence[Rule], sessions: Collection[int] | None = None) -> list[Matched]:
    """The sessions in which something can become due, in order of their ids."""
    there = places(accounts={rule.account for rule in rules}, sessions=sessions)
    found = (matched(place, rules=rules) for place in there)
    return [one for one in found if one.periods is not None]


def due(
    *, session_id: int, rules: Sequence[Rule], now: datetime, after: Due | None = None, limit: int = 1_000
) -> list[Due]:
    """What of a session may go, oldest first, beyond a message; at most `limit`."""
    given = _given(reached(rules=rules, sessions=[session_id]), now)
    beyond = (BEGINNING, 0) if after is None else (after.sent_at, after.message_id)
    return [Due(*row) for row in bulk.run(_BATCH, (*given, session_id, *beyond, limit))]


def still_due(message_ids: Collection[int], *, rules: Sequence[Rule], now: datetime) -> frozenset[int]:
    """Those of the messages that are due; one that is there no longer is not."""
    there = reached(rules=rules, sessions=sessions_of(message_ids))
    rows = bulk.run(_SOME, (*_given(there, now), list(message_ids)))
    return frozenset(message_id for (message_id,) in rows)


def counts(
    *,
    rules: Sequence[Rule],
    now: datetime,
    step: Callable[[int, int], None] = lambda *_: None,
    at_once: int = MOST_PLACES,
) -> Iterator[Count]:
    """How much may go, by session and governing rule, in order of the sessions; `at_once` of them a statement.

    `step` is told after each how many sessions are counted, of how many.
    """
    there = reached(rules=rules)
    for first in range(0, len(there), at_once):
        for row in bulk.run(_COUNTED, _given(there[first : first + at_once], now)):
            yield Count(*row)
        step(min(first + at_once, len(there)), len(there))


def sessions_of(message_ids: Collection[int]) -> frozenset[int]:
    """The sessions the messages were said in."""
    rows = bulk.run(
        "SELECT DISTINCT session_id FROM archive_message WHERE id = ANY(%b::bigint[])", (list(message_ids),)
    )
    return frozenset(session_id for (session_id,) in rows)


def weakens(*, before: Sequence[Rule], after: Sequence[Rule]) -> bool:
    """Whether there can be a session, today or later, in which something goes sooner under the rules `after`.

    Errs on the side of saying so: it looks at what the rules can be about, not at what there is.
    """
    for rule in after:
        is_new = rule not in before
        if is_new and rule.period is not None and not any(one.covers(rule) for one in before):
            return True
    for gone in before:
        if gone in after:
            continue
        meeting = [one for one in after if one.may_meet(gone) and one.period is not None]
        if len(meeting) > 0 and not any(one.covers(gone) and one.outlasts(gone) for one in after):
            return True
    return False


def _given(there: Sequence[Matched], now: datetime) -> tuple[Any, ...]:
    """Sessions and their rules as columns; the latest time of sending at which anything can be due; and now."""
    pairs = [(one.place.session_id, *pair) for one in there for pair in one.periods or ()]
    shortest = min((max(period.shortest_days for _, period in one.periods or ()) for one in there), default=0)
    return (
        [session_id for session_id, _, _ in pairs],
        [rule_id for _, rule_id, _ in pairs],
        [period.months for _, _, period in pairs],
        [period.days for _, _, period in pairs],
        now - timedelta(days=shortest),
        now,
    )
