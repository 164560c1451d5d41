"""How much was said in sessions, and by how many: exactly, also while the counts are behind the log.

Pages of sessions show these two figures with every look, so they cannot be counted from the messages. Whole months come
from the counts of reports. In months of which the log has told something since, days do; and the days it told of are
counted from the record. All of it is one statement and so one moment of the database: a message is either in a count that
is as far as its leaf, or its day is counted here. Destroyed messages are in both figures, since their rows stay.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString

from archive import bulk
from archive import log as merkle_log
from archive.models import Leaf, ReportState
from archive.reporting import counting

MOST_BEHIND = 20_000
"""Leaves: of more than these it takes longer to tell which days are to be counted than to count all of them."""
_FROM_COUNTS: LiteralString = """
    WITH leaf AS MATERIALIZED (
        SELECT subject_id FROM archive_leaf WHERE index >= %b AND kind = %b ORDER BY index
    ), waiting AS MATERIALIZED (
        SELECT DISTINCT said.session_id, (said.sent_at AT TIME ZONE 'UTC')::date AS day FROM leaf
        CROSS JOIN LATERAL (SELECT message_id FROM archive_revision WHERE id = leaf.subject_id OFFSET 0) AS version
        CROSS JOIN LATERAL (
            SELECT session_id, sent_at FROM archive_message WHERE id = version.message_id OFFSET 0) AS said
        WHERE said.session_id = ANY(%b::bigint[])
    ), month AS MATERIALIZED (
        SELECT DISTINCT session_id, date_trunc('month', day::timestamp)::date AS begins FROM waiting
    ), line AS (
        SELECT one.session_id, one.sender_id, one.messages + one.destroyed AS said FROM archive_reportcount one
        WHERE one.grain = 'm' AND one.session_id = ANY(%b::bigint[])
            AND (one.session_id, one.begins) NOT IN (SELECT session_id, begins FROM month)
        UNION ALL
        SELECT one.session_id, one.sender_id, one.messages + one.destroyed FROM month
        JOIN archive_reportcount one ON one.grain = 'd' AND one.session_id = month.session_id
            AND one.begins >= month.begins AND one.begins < month.begins + interval '1 month'
        WHERE (one.session_id, one.begins) NOT IN (SELECT session_id, day FROM waiting)
        UNION ALL
        SELECT said.session_id, said.sender_id, count(*) FROM waiting
        JOIN archive_message said ON said.session_id = waiting.session_id
            AND said.sent_at >= waiting.day::timestamp AT TIME ZONE 'UTC'
            AND said.sent_at < (waiting.day + 1)::timestamp AT TIME ZONE 'UTC'
        GROUP BY said.session_id, said.sender_id
    )
    SELECT session_id, sum(said)::bigint, count(DISTINCT sender_id) FROM line GROUP BY session_id
    UNION ALL
    SELECT 0, 0, 0 FROM archive_reportstate WHERE version = %b AND complete_to >= %b
"""
_FROM_THE_RECORD: LiteralString = """
    SELECT session_id, count(*), count(DISTINCT sender_id) FROM archive_message
    WHERE session_id = ANY(%b::bigint[]) GROUP BY session_id
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """So many messages are in the record of a session, destroyed ones too, of so many people who are known."""

    messages: int
    people: int


NOTHING = Spoken(0, 0)
_STILL_COUNTED = 0
"""The key of a line that is there unless somebody dropped the counts between two statements."""


def of(session_ids: Collection[int]) -> dict[int, Spoken]:
    """The two figures of each session in which anything was said; three queries."""
    wanted = sorted(session_ids)
    row = ReportState.objects.filter(version=counting.VERSION).order_by("pk").first()
    if row is not None and merkle_log.size() - row.complete_to <= MOST_BEHIND:
        since = row.complete_to
        given = (since, Leaf.Kind.REVISION, wanted, wanted, counting.VERSION, since)
        found = _read(_FROM_COUNTS, given)
        if found.pop(_STILL_COUNTED, None) is not None:
            return found
    return _read(_FROM_THE_RECORD, (wanted,))


def _read(statement: LiteralString, given: tuple[object, ...]) -> dict[int, Spoken]:
    return {
        session_id: Spoken(messages, people) for session_id, messages, people in bulk.run(statement, given)
    }
