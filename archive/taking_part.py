"""When a person took part in a session, from the evidence there is; what is not known counts as taking part.

A hold that covers what a custodian received must know where they could read. Zoom never says so outright: channels have
joins and leaves, as far back as they were captured, and lists of members; 1:1 sessions name both; everybody who speaks
somewhere is there.
Where that is incomplete or contradicts itself the rule errs on the side of holding, and says why:

====================================================================  =============================================
evidence for a person and a session                                   counted as taking part
====================================================================  =============================================
named as a member, no join or leave recorded (always so in 1:1)       always (`NAMED`)
said something there, named nowhere                                   always (`SPOKE`)
between two records, the first of them a join, the second a leave     yes (`RECORDED`); so after a join that is the last
between a join and another join                                       yes, the leave is missing (`NO_LEAVING`)
before a leave that follows no join: the first record, or leave       yes, the join is missing (`NO_JOINING`)
  after leave
before a first record that is a join, between a leave and a join,     no (`AWAY`) ...
  after a last record that is a leave
... but said something in that stretch, or was named as a member      yes, the records contradict it (`CONTRADICTED`)
nothing                                                               never; no stretch is given
====================================================================  =============================================

A join and a leave of the same moment count as both: there until then, and there from then on. The moments of joining and
leaving themselves belong to the stretch. What the record does not hold cannot count: see docs/holds.md for who can be
missing from all of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString

from archive import bulk


class Ground(StrEnum):
    """Why a stretch counts as taking part, or not; see the table above."""

    RECORDED = "recorded"
    NO_JOINING = "no_joining"
    NO_LEAVING = "no_leaving"
    CONTRADICTED = "contradicted"
    NAMED = "named"
    SPOKE = "spoke"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A person and a session from one record to the next, both moments included.

    `since` None: from the beginning; `until` None: without an end.
    """

    session_id: int
    person_id: int
    since: datetime | None
    until: datetime | None
    ground: Ground

    @property
    def counts(self) -> bool:
        """Whether they count as taking part."""
        return self.ground is not Ground.AWAY

    def includes(self, at: datetime) -> bool:
        """Whether a moment is within; the first and the last are."""
        return (self.since is None or self.since <= at) and (self.until is None or at <= self.until)


STRETCHES: LiteralString = """
moments AS (
    SELECT pairs.session_id, pairs.person_id, step.at,
           bool_or(step.action = 'joined') AS joined, bool_or(step.action = 'left') AS gone
    FROM pairs
    JOIN archive_session place ON place.id = pairs.session_id AND place.type <> '1:1' AND place.channel_id <> ''
    JOIN archive_channel channel ON channel.account_id = place.account_id AND channel.zoom_id = place.channel_id
    JOIN archive_membership step ON step.channel_id = channel.id AND step.person_id = pairs.person_id
    GROUP BY pairs.session_id, pairs.person_id, step.at
), gaps AS (
    SELECT session_id, person_id, at AS since, lead(at, 1, 'infinity') OVER following AS until,
           joined AS opens, lead(gone, 1, false) OVER following AS closes
    FROM moments WINDOW following AS (PARTITION BY session_id, person_id ORDER BY at)
    UNION ALL
    (SELECT DISTINCT ON (session_id, person_id) session_id, person_id, '-infinity', at, false, gone
     FROM moments ORDER BY session_id, person_id, at)
), stretches AS (
    SELECT session_id, person_id, since, until,
           CASE WHEN opens AND (closes OR until = 'infinity') THEN 'recorded'
                WHEN opens THEN 'no_leaving'
                WHEN closes THEN 'no_joining'
                WHEN EXISTS (SELECT FROM archive_message own
                             WHERE own.sender_id = gaps.person_id AND own.session_id = gaps.session_id
                               AND own.sent_at > gaps.since AND own.sent_at < gaps.until)
                  OR EXISTS (SELECT FROM archive_sessionmember named
                             WHERE named.session_id = gaps.session_id AND named.person_id = gaps.person_id
                               AND (named.first_seen_at > gaps.since AND named.first_seen_at < gaps.until
                                    OR named.last_seen_at > gaps.since AND named.last_seen_at < gaps.until))
                THEN 'contradicted'
                ELSE 'away' END AS ground
    FROM gaps
    UNION ALL
    SELECT session_id, person_id, '-infinity', 'infinity', CASE WHEN is_named THEN 'named' ELSE 'spoke' END
    FROM pairs
    WHERE NOT EXISTS (SELECT FROM moments
                      WHERE moments.session_id = pairs.session_id AND moments.person_id = pairs.person_id)
)
"""
"""The table above as SQL, after `pairs (session_id, person_id, is_named)` of which there is some evidence each."""

PAIRS_THERE: LiteralString = """
pairs AS (
    SELECT session_id, person_id, bool_or(is_named) AS is_named
    FROM (SELECT named.session_id, named.person_id, true AS is_named FROM archive_sessionmember named
          WHERE named.session_id IN (SELECT id FROM places) AND named.person_id IN (SELECT id FROM persons)
          UNION ALL
          SELECT place.id, step.person_id, false
          FROM places
          JOIN archive_session place ON place.id = places.id AND place.type <> '1:1' AND place.channel_id <> ''
          JOIN archive_channel channel
              ON channel.account_id = place.account_id AND channel.zoom_id = place.channel_id
          JOIN archive_membership step ON step.channel_id = channel.id
          WHERE step.person_id IN (SELECT id FROM persons)
          UNION ALL
          SELECT places.id, persons.id, false
          FROM places CROSS JOIN persons
          CROSS JOIN LATERAL (SELECT FROM archive_message own
                              WHERE own.sender_id = persons.id AND own.session_id = places.id LIMIT 1) AS spoke
         ) AS evidence
    GROUP BY session_id, person_id
)
"""
"""Of which of some `persons (id)` and `places (id)`, sessions, there is evidence.

Whether somebody spoke is looked up for each pair: the LIMIT keeps the planner from reading all messages instead.
"""

PAIRS_ANYWHERE: LiteralString = """
spoken AS (
    SELECT persons.id AS person_id,
           (SELECT min(own.session_id) FROM archive_message own WHERE own.sender_id = persons.id) AS session_id
    FROM persons
    UNION ALL
    SELECT spoken.person_id,
           (SELECT min(own.session_id) FROM archive_message own
            WHERE own.sender_id = spoken.person_id AND own.session_id > spoken.session_id)
    FROM spoken WHERE spoken.session_id IS NOT NULL
), pairs AS (
    SELECT session_id, person_id, bool_or(is_named) AS is_named
    FROM (SELECT session_id, person_id, true AS is_named FROM archive_sessionmember
          WHERE person_id IN (SELECT id FROM persons)
          UNION ALL
          SELECT place.id, step.person_id, false
          FROM archive_membership step
          JOIN archive_channel channel ON channel.id = step.channel_id
          JOIN archive_session place ON place.account_id = channel.account_id
              AND place.channel_id = channel.zoom_id AND place.type <> '1:1' AND place.channel_id <> ''
          WHERE step.person_id IN (SELECT id FROM persons)
          UNION ALL
          SELECT session_id, person_id, false FROM spoken WHERE session_id IS NOT NULL
         ) AS evidence
    GROUP BY session_id, person_id
)
"""
"""In which sessions there is evidence of some `persons (id)`; comes after `WITH RECURSIVE`."""
_GIVEN: LiteralString = """
WITH places AS (SELECT DISTINCT unnest(%b::bigint[]) AS id),
persons AS (SELECT DISTINCT unnest(%b::bigint[]) AS id),
"""
_READ: LiteralString = """
SELECT session_id, person_id, nullif(since, '-infinity'), nullif(until, 'infinity'), ground
FROM stretches ORDER BY session_id, person_id, since
"""


def within(*, sessions: Collection[int], people: Collection[int]) -> list[Stretch]:
    """The stretches of these people in these sessions, also those in which they were away, in order of time."""
    if len(sessions) == 0 or len(people) == 0:
        return []
    rows = bulk.run(_GIVEN + PAIRS_THERE + "," + STRETCHES + _READ, (list(sessions), list(people)))
    return [_stretch(*row) for row in rows]


def known(*, sessions: Collection[int], people: Collection[int]) -> frozenset[int]:
    """Those of the people of whom there is some evidence in one of the sessions."""
    if len(sessions) == 0 or len(people) == 0:
        return frozenset()
    rows = bulk.run(
        _GIVEN + PAIRS_THERE + "SELECT DISTINCT person_id FROM pairs", (list(sessions), list(people))
    )
    return frozenset(person_id for (person_id,) in rows)


def anywhere(*, people: Collection[int]) -> list[Stretch]:
    """The stretches of these people in every session of which there is evidence for them."""
    if len(people) == 0:
        return []
    persons: LiteralString = "WITH RECURSIVE persons AS (SELECT DISTINCT unnest(%b::bigint[]) AS id),"
    rows = bulk.run(persons + PAIRS_ANYWHERE + "," + STRETCHES + _READ, (list(people),))
    return [_stretch(*row) for row in rows]


def _stretch(
    session_id: int, person_id: int, since: datetime | None, until: datetime | None, ground: str
) -> Stretch:
    return Stretch(session_id, person_id, since, until, Ground(ground))
