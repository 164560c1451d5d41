"""What a day of the record comes to: so many messages, and one digest over all their versions; on both sides.

Each version adds the first 28 bits of its own digest (SHA-256 over what Zoom said of the message), each reading of a
file of it that found text those of the text's digest, and each state of what it forwards those of its digest, so that
the sum does not depend on any order: a document carries the sum over all of its message, the index adds up a day's
documents, and Postgres a day's rows, in one statement. All is taken modulo 2^28: the engine adds in floating point, which
is exact up to 2^53, or 33 million messages a day. It is against loss, repetition and staleness, of which one
in 268 million days would go unnoticed; against intent there is the record itself.

Both sides are of a position in the log: what was logged below it counts, later things do not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import tantivy
from django.db import connection, transaction
from tantivy import FieldType, Occur, Query

from archive.models import Leaf, Observation
from archive.search import index
from archive.search.query import EPOCH

MICROSECONDS = 86_400_000_000
DIGESTS = 1 << 28


def _piece(digest: str) -> str:
    """What a digest adds, in SQL; nothing where there is none."""
    return (
        f"CASE WHEN length({digest}) < 4 THEN 0 ELSE ((get_byte({digest}, 0) << 20) | (get_byte({digest}, 1) << 12)"
        f" | (get_byte({digest}, 2) << 4) | (get_byte({digest}, 3) >> 4)) END"
    )


def logged(kind: Leaf.Kind, subject: str, *, below: str = "%(position)s") -> str:
    """A query of one row where the log has a leaf of this below a position, of none where it has not; in SQL.

    OFFSET 0: looked up by its key, whatever the planner thinks of a log that has just grown. + 0: and never by all the
    positions below, which it takes for the shorter way where their index is a level less deep and the log is thought empty.
    """
    return f"SELECT FROM archive_leaf WHERE kind = {kind} AND subject_id = {subject} AND index + 0 < {below} OFFSET 0"


VERSION = _piece("r.digest")
READING = _piece("g.text_sha256")
ORIGINAL = _piece("o.digest")
_HAS_VERSION = f"""
    EXISTS (SELECT FROM archive_revision v CROSS JOIN LATERAL ({logged(Leaf.Kind.REVISION, "v.id")}) AS l
        WHERE v.message_id = m.id)
"""
"""What a message forwards may be logged before the message is: because another forwards the same."""

_OF_ALL = f"""
    SELECT day, count(DISTINCT message_id) FILTER (WHERE is_version), (sum(piece) %% {DIGESTS})::bigint
    FROM (
        SELECT floor(extract(epoch FROM m.sent_at) / 86400)::int AS day, m.id AS message_id, {VERSION} AS piece,
            TRUE AS is_version
        FROM archive_leaf l
        JOIN archive_revision r ON r.id = l.subject_id
        JOIN archive_message m ON m.id = r.message_id
        WHERE l.kind = {Leaf.Kind.REVISION} AND l.index < %(position)s
        UNION ALL
        SELECT floor(extract(epoch FROM m.sent_at) / 86400)::int, m.id, {READING}, FALSE
        FROM archive_leaf l
        JOIN archive_reading g ON g.id = l.subject_id
        JOIN archive_attachment a ON a.id = g.attachment_id
        JOIN archive_message m ON m.id = a.message_id
        WHERE l.kind = {Leaf.Kind.READING} AND l.index < %(position)s
        UNION ALL
        SELECT floor(extract(epoch FROM m.sent_at) / 86400)::int, m.id, {ORIGINAL}, FALSE
        FROM archive_leaf l
        JOIN archive_observation o ON o.id = l.subject_id AND o.kind = '{Observation.Kind.FORWARD}'
        JOIN archive_forward f ON f.forward_id = o.subject
        JOIN archive_message m ON m.id = f.message_id
        JOIN archive_session s ON s.id = m.session_id AND s.account_id = o.account_id
        WHERE l.kind = {Leaf.Kind.OBSERVATION} AND l.index < %(position)s AND {_HAS_VERSION}
    ) AS said GROUP BY 1
"""
# From each day to its messages, their versions, files and forwards, and to the leaf of each, all by their keys (OFFSET 0):
# a planner that has not seen the tables grow goes through all of the log for each message instead.
_OF_SOME = f"""
    SELECT day, count(DISTINCT message_id) FILTER (WHERE is_version), (sum(piece) %% {DIGESTS})::bigint
    FROM (
        SELECT d.day, m.id AS message_id, said.piece, said.is_version
        FROM unnest(%(days)s::int[]) AS d(day)
        CROSS JOIN LATERAL (
            SELECT id, session_id FROM archive_message
            WHERE sent_at >= to_timestamp(d.day::bigint * 86400) AND sent_at < to_timestamp((d.day::bigint + 1) * 86400)
            OFFSET 0
        ) AS m
        CROSS JOIN LATERAL (
            SELECT {VERSION} AS piece, TRUE AS is_version
            FROM (SELECT id, digest FROM archive_revision WHERE message_id = m.id OFFSET 0) AS r
            CROSS JOIN LATERAL ({logged(Leaf.Kind.REVISION, "r.id")}) AS l
            UNION ALL
            SELECT {READING}, FALSE
            FROM (SELECT id FROM archive_attachment WHERE message_id = m.id OFFSET 0) AS a
            CROSS JOIN LATERAL (
                SELECT id, text_sha256 FROM archive_reading WHERE attachment_id = a.id OFFSET 0
            ) AS g
            CROSS JOIN LATERAL ({logged(Leaf.Kind.READING, "g.id")}) AS l
            UNION ALL
            SELECT {ORIGINAL}, FALSE
            FROM (SELECT forward_id FROM archive_forward WHERE message_id = m.id OFFSET 0) AS f
            CROSS JOIN LATERAL (SELECT account_id FROM archive_session WHERE id = m.session_id OFFSET 0) AS s
            CROSS JOIN LATERAL (
                SELECT id, digest FROM archive_observation
                WHERE account_id = s.account_id AND kind = '{Observation.Kind.FORWARD}' AND subject = f.forward_id
                OFFSET 0
            ) AS o
            CROSS JOIN LATERAL ({logged(Leaf.Kind.OBSERVATION, "o.id")}) AS l
            WHERE {_HAS_VERSION}
        ) AS said
    ) AS of_day GROUP BY 1
"""
_EVER = """
    WITH RECURSIVE known AS (
        SELECT floor(extract(epoch FROM min(sent_at)) / 86400)::int AS day FROM archive_message
        UNION ALL
        SELECT (SELECT floor(extract(epoch FROM min(m.sent_at)) / 86400)::int FROM archive_message m
            WHERE m.sent_at >= to_timestamp((known.day::bigint + 1) * 86400))
        FROM known WHERE known.day IS NOT NULL
    ) SELECT day FROM known WHERE day IS NOT NULL
"""
_MESSAGES = """
    SELECT id FROM archive_message
    WHERE sent_at >= to_timestamp(%(day)s::bigint * 86400) AND sent_at < to_timestamp((%(day)s::bigint + 1) * 86400)
"""
_BY_INDEX = "SET LOCAL enable_seqscan = off"


@dataclass(frozen=True, slots=True)
class Day:
    """Messages sent on one day and the digest of their versions."""

    messages: int
    digest: int


NOTHING = Day(0, 0)


def date_of(day: int) -> date:
    return date.fromordinal(day + EPOCH)


def number_of(day: date) -> int:
    return day.toordinal() - EPOCH


def in_archive(*, position: int, days: Collection[int] | None = None) -> dict[int, Day]:
    """What the record has below a position of the log, by day since 1970; of these days, or of all."""
    with transaction.atomic(), connection.cursor() as cursor:
        if days is None:
            cursor.execute(_OF_ALL, {"position": position})
        else:
            cursor.execute(_BY_INDEX)
            cursor.execute(_OF_SOME, {"position": position, "days": list(days)})
        return {day: Day(messages, digest) for day, messages, digest in cursor.fetchall()}


def sent_on(schema: tantivy.Schema, days: Collection[int]) -> Query:
    """The documents of some days, which the index has in a column only."""
    if len(days) == 0:
        return Query.empty_query()
    one = [Query.range_query(schema, "day", FieldType.Integer, day, day) for day in days]
    return Query.boolean_query([(Occur.Should, query) for query in one])


def in_index(snapshot: index.Snapshot, *, days: Collection[int] | None = None) -> dict[int, Day]:
    """What the index has, by day since 1970; of these days, or of all."""
    wanted = Query.all_query() if days is None else sent_on(snapshot.schema, days)
    by_day = {"histogram": {"field": "day", "interval": 1.0, "min_doc_count": 1}}
    with index.reading(snapshot.name):
        counted = snapshot.searcher.aggregate(
            wanted, {"days": by_day | {"aggs": {"digest": {"sum": {"field": "digest"}}}}}
        )
    return {
        int(bucket["key"]): Day(int(bucket["doc_count"]), int(bucket["digest"]["value"]) % DIGESTS)
        for bucket in counted["days"]["buckets"]
    }


def of_the_archive() -> set[int]:
    """The days on which anything in the record was sent, found by one look for each."""
    with connection.cursor() as cursor:
        cursor.execute(_EVER)
        return {day for (day,) in cursor.fetchall()}


def messages_of(day: int) -> list[int]:
    """The messages of the record sent on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"day": day})
        return [message_id for (message_id,) in cursor.fetchall()]
