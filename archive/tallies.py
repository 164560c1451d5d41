"""How much standing rules hold, session by session; and what would be held by nothing once some of them ended.

Counted in the database, with the same SQL that decides what may go (archive.holding), so that a tally is exactly what
is held at that moment. A session at a time: no statement is longer than its largest session.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

from archive import bulk, holding, taking_part
from archive.holding import Rule

WHOLE = -1
"""The owner under which a message counts once, whoever else it counts for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many messages, of which `said` by the held themselves, all their versions, and their files.

    Of `files`, the bytes of `files_here` are in the archive: `file_bytes` of them, a file sent twice counted twice.
    """

    messages: int
    said: int
    revisions: int
    files: int
    files_here: int
    file_bytes: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """What of a session nothing else holds; `digest` is the SHA-256 over the ids in decimal, a line each, in order.

    Of `files`, the bytes of `files_here` are in the archive.
    """

    session_id: int
    messages: int
    files: int
    files_here: int
    file_bytes: int
    first_at: datetime
    last_at: datetime
    digest: bytes


_FILES: LiteralString = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS files, count(attached.blob_id) AS here, coalesce(sum(blob.size_bytes), 0)::bigint AS bytes
        FROM archive_attachment attached LEFT JOIN archive_blob blob ON blob.id = attached.blob_id
        WHERE attached.message_id = said.id) AS hanging
"""
_STILL_THERE: LiteralString = """
    WHERE NOT EXISTS (SELECT FROM archive_tombstone stone WHERE stone.message_id = said.id)
"""
"""A rule can cover what is left of a destroyed message; there is nothing in it to be preserved or lost."""
_TALLY: LiteralString = (
    holding.COVERED_IN_SESSION
    + """, owned AS (
    SELECT * FROM unnest(%b::bigint[], %b::bigint[]) AS given (rule_id, owner_id)
), held AS MATERIALIZED (
    SELECT covered.id, owned.owner_id, bool_or(covered.way = 'said') AS own
    FROM covered JOIN owned ON owned.rule_id = covered.rule_id GROUP BY covered.id, owned.owner_id
), once AS MATERIALIZED (SELECT id, bool_or(own) AS own FROM held GROUP BY id
), weighed AS MATERIALIZED (
    SELECT said.id, said.sent_at, hanging.*,
           (SELECT count(*) FROM archive_revision version WHERE version.message_id = said.id) AS revisions
    FROM said JOIN once ON once.id = said.id"""
    + _FILES
    + _STILL_THERE
    + """
), counted AS (SELECT owner_id, id, own FROM held UNION ALL SELECT %b::bigint, id, own FROM once)
SELECT counted.owner_id, count(*), count(*) FILTER (WHERE counted.own), sum(weighed.revisions)::bigint,
       sum(weighed.files)::bigint, sum(weighed.here)::bigint, sum(weighed.bytes)::bigint,
       min(weighed.sent_at), max(weighed.sent_at)
FROM counted JOIN weighed ON weighed.id = counted.id GROUP BY counted.owner_id
"""
)
_LOSS: LiteralString = (
    holding.COVERED_IN_SESSION
    + """, lost AS MATERIALIZED (
    SELECT id FROM covered GROUP BY id HAVING bool_and(rule_id = ANY(%b::bigint[]))
)
SELECT count(*), coalesce(sum(hanging.files), 0)::bigint, coalesce(sum(hanging.here), 0)::bigint,
       coalesce(sum(hanging.bytes), 0)::bigint, min(said.sent_at), max(said.sent_at),
       sha256(convert_to(coalesce(string_agg(said.id || E'\\n', '' ORDER BY said.id), ''), 'UTF8'))
FROM said JOIN lost ON lost.id = said.id"""
    + _FILES
    + _STILL_THERE
)
_CHANGED: LiteralString = """
SELECT DISTINCT message.session_id FROM archive_leaf leaf
JOIN archive_revision version ON version.id = leaf.subject_id JOIN archive_message message ON message.id = version.message_id
WHERE leaf.kind = 1 AND leaf.index >= %b AND leaf.index < %b
UNION
SELECT place.id FROM archive_leaf leaf JOIN archive_observation seen ON seen.id = leaf.subject_id
JOIN archive_session place ON place.account_id = seen.account_id
    AND (seen.kind = 'activity' AND place.channel_id = seen.subject OR seen.kind = 'session' AND place.zoom_id = seen.subject)
WHERE leaf.kind = 5 AND leaf.index >= %b AND leaf.index < %b AND seen.kind IN ('activity', 'session')
UNION
SELECT stone.session_id FROM archive_leaf leaf JOIN archive_tombstone stone ON stone.id = leaf.subject_id
WHERE leaf.kind = 10 AND leaf.index >= %b AND leaf.index < %b
UNION
SELECT place.id FROM archive_membership step JOIN archive_channel channel ON channel.id = step.channel_id
JOIN archive_session place ON place.account_id = channel.account_id AND place.channel_id = channel.zoom_id
WHERE step.noticed AND step.at >= %b
UNION
SELECT session_id FROM archive_sessionmember WHERE first_seen_at >= %b
"""


def places(rules: Sequence[Rule]) -> list[int]:
    """The sessions in which the rules can hold something, in order."""
    people = {rule.person for rule in rules if rule.person is not None and rule.session is None}
    found = {stretch.session_id for stretch in taking_part.anywhere(people=people)}
    found |= {rule.session for rule in rules if rule.session is not None}
    accounts = sorted({rule.account for rule in rules if rule.person is None and rule.session is None})
    rows = bulk.run("SELECT id FROM archive_session WHERE account_id = ANY(%b::bigint[])", (accounts,))
    return sorted(found | {session_id for (session_id,) in rows})


def of_session(session_id: int, *, rules: Sequence[Rule], owners: Mapping[int, int]) -> dict[int, Tally]:
    """What the rules hold in a session: by `owners` (of each rule's id, whom it is for), and as a `WHOLE`."""
    asked = [rule for rule in rules if rule.id in owners]
    if len(asked) == 0:
        return {}
    of_rules = ([rule.id for rule in asked], [owners[rule.id] for rule in asked])
    rows = bulk.run(_TALLY, (session_id, *holding.columns(asked), *of_rules, WHOLE))
    return {row[0]: Tally(*row[1:]) for row in rows}


def losses(
    *,
    ending: Sequence[Rule],
    staying: Sequence[Rule],
    within: Collection[int] | None = None,
    step: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Loss]:
    """What the ending rules hold and no staying one does, session after session; those without any are left out.

    `within` narrows to some sessions; `step` is called before each with how many are done, and of how many.
    """
    gone = holding.together(ending)
    kept = [replace(rule, id=len(gone) + n) for n, rule in enumerate(holding.together(staying))]
    of_rules = (holding.columns([*gone, *kept]), [rule.id for rule in gone])
    everywhere = [key for key in places(gone) if within is None or key in within]
    for done, session_id in enumerate(everywhere):
        step(done, len(everywhere))
        rows = bulk.run(_LOSS, (session_id, *of_rules[0], of_rules[1]))
        if rows[0][0] > 0:
            yield Loss(session_id, *rows[0])


def changed(*, first: int, last: int, since: datetime) -> frozenset[int]:
    """Sessions of which something is known that can change what is held: told by the log, from leaf `first` to before
    `last`, or by a list of members, which named somebody at `since` or later for the first time, or not any more.
    """
    rows = bulk.run(_CHANGED, (first, last, first, last, first, last, since, since))
    return frozenset(session_id for (session_id,) in rows)
