"""Counting what the record has of some sessions' days, and keeping it: the statements.

What a session said on a day is never added to: it is counted anew from the record and replaces what was there, so that
counting twice, late or in another order gives the same. Only the slots, which are of all sessions together, are changed
by the difference, in the same transaction.

A message that is here has a version. One without any was destroyed: it is counted as that and as nothing else. Edited
and deleted are those that Zoom's lists of edited and of deleted messages named, as for `is:edited` and `is:deleted`.
"""

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from archive import bulk
from archive.models import Leaf
from archive.reporting.kinds import ENDINGS, NONE, OTHER

VERSION = 1
"""Of the rules here and in `kinds`: other rules mean counting everything again."""
TELLING = (Leaf.Kind.REVISION, Leaf.Kind.TOMBSTONE)
"""Leaves that tell something that is counted."""
Pair = tuple[int, date]
"""A session and a UTC day of it."""

FACTS: LiteralString = """
    SELECT said.session_id, said.sender_id, (said.sent_at AT TIME ZONE 'UTC')::date AS day,
        (extract(hour FROM said.sent_at AT TIME ZONE 'UTC') * 4
         + floor(extract(minute FROM said.sent_at) / 15))::smallint AS quarter,
        state.here AS messages, state.edited, state.deleted, 1 - state.here AS destroyed,
        state.here * hanging.files AS files, state.here * hanging.bytes AS file_bytes,
        state.here * hanging.unsized AS files_unsized,
        CASE state.here WHEN 1 THEN said.sent_at END AS first_at, CASE state.here WHEN 1 THEN said.sent_at END AS last_at
    FROM ({said}) AS said
    CROSS JOIN LATERAL (
        SELECT least(count(*), 1)::int AS here, coalesce(max((kind = 'edited')::int), 0) AS edited,
            coalesce(max((kind = 'deleted')::int), 0) AS deleted
        FROM archive_revision WHERE message_id = said.id) AS state
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS files, coalesce(sum(size_bytes_claimed), 0)::bigint AS bytes,
            count(*) FILTER (WHERE size_bytes_claimed IS NULL)::int AS unsized
        FROM archive_attachment WHERE message_id = said.id) AS hanging
"""
"""What each of some messages comes to; `{said}` is a query for their rows."""
SUMS: LiteralString = """
    sum(messages)::int AS messages, sum(edited)::int AS edited, sum(deleted)::int AS deleted,
    sum(destroyed)::int AS destroyed, sum(files)::int AS files, sum(file_bytes)::bigint AS file_bytes,
    sum(files_unsized)::int AS files_unsized, min(first_at) AS first_at, max(last_at) AS last_at
"""
COLUMNS: LiteralString = (
    "messages, edited, deleted, destroyed, files, file_bytes, files_unsized, first_at, last_at"
)
_PAIRS: LiteralString = "unnest(%b::bigint[], %b::date[]) AS pair (session_id, day)"
# From each day to its messages (OFFSET 0), by the index in that order: a planner that has not seen the tables grow goes
# through all days for each message otherwise, or through all of a session for each of its days.
_OF_PAIRS: LiteralString = (
    "SELECT message.* FROM "
    + _PAIRS
    + """ CROSS JOIN LATERAL (
        SELECT * FROM archive_message WHERE session_id = pair.session_id
            AND sent_at >= pair.day::timestamp AT TIME ZONE 'UTC' AND sent_at < (pair.day + 1)::timestamp AT TIME ZONE 'UTC'
        ORDER BY session_id, sent_at, id OFFSET 0) AS message
"""
)
# A planner that has not seen the tables grow would read all of them for a single day.
_BY_INDEX: LiteralString = (
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)"
)
_TOUCHED: LiteralString = """
    SELECT DISTINCT said.session_id, (said.sent_at AT TIME ZONE 'UTC')::date FROM archive_leaf leaf
    JOIN archive_revision version ON version.id = leaf.subject_id
    JOIN archive_message said ON said.id = version.message_id
    WHERE leaf.kind = %b AND leaf.index >= %b AND leaf.index < %b
    UNION
    SELECT said.session_id, (said.sent_at AT TIME ZONE 'UTC')::date FROM archive_leaf leaf
    JOIN archive_tombstone gone ON gone.id = leaf.subject_id JOIN archive_message said ON said.id = gone.message_id
    WHERE leaf.kind = %b AND leaf.index >= %b AND leaf.index < %b
"""
_SLOTS: LiteralString = """
    INSERT INTO archive_reportslot AS slot (begins_at, messages, edited, deleted, files)
    SELECT (begins::timestamp + mod(mark, 100) * interval '15 minutes') AT TIME ZONE 'UTC' AS begins_at,
        {sign} count(*) FILTER (WHERE mark < 100), {sign} count(*) FILTER (WHERE mark / 100 = 1),
        {sign} count(*) FILTER (WHERE mark / 100 = 2), {sign} count(*) FILTER (WHERE mark / 100 = 3)
    FROM (SELECT begins, unnest(quarters) AS mark FROM changed) AS marked GROUP BY 1 ORDER BY 1
    ON CONFLICT (begins_at) DO UPDATE SET messages = slot.messages + excluded.messages,
        edited = slot.edited + excluded.edited, deleted = slot.deleted + excluded.deleted,
        files = slot.files + excluded.files
"""
_FORGET: LiteralString = (
    "WITH changed AS (DELETE FROM archive_reportcount AS old USING "
    + _PAIRS
    + """ WHERE old.grain = 'd' AND old.begins = pair.day AND old.session_id = pair.session_id
    RETURNING old.begins, old.quarters)"""
    + _SLOTS.replace("{sign}", "-")
)
_COUNT: LiteralString = (
    "WITH fact AS MATERIALIZED ("
    + FACTS.replace("{said}", _OF_PAIRS)
    + """), line AS (
        SELECT session_id, sender_id, day, CASE messages WHEN 1 THEN quarter END AS mark, """
    + COLUMNS
    + """ FROM fact
        UNION ALL
        SELECT session_id, sender_id, day, (quarter + also.more)::smallint, 0, 0, 0, 0, 0, 0, 0, NULL, NULL
        FROM fact CROSS JOIN LATERAL (
            SELECT 100 AS more WHERE edited = 1 UNION ALL SELECT 200 WHERE deleted = 1
            UNION ALL SELECT 300 FROM generate_series(1, files)) AS also
        WHERE edited + deleted + files > 0
    ), changed AS (
        INSERT INTO archive_reportcount (grain, begins, session_id, sender_id, quarters, """
    + COLUMNS
    + """)
        SELECT 'd', day, session_id, sender_id, array_agg(mark ORDER BY mark) FILTER (WHERE mark IS NOT NULL), """
    + SUMS
    + """ FROM line GROUP BY day, session_id, sender_id RETURNING begins, quarters)"""
    + _SLOTS.replace("{sign}", "")
)
_FORGET_FILES: LiteralString = (
    "DELETE FROM archive_reportfile AS old USING "
    + _PAIRS
    + " WHERE old.day = pair.day AND old.session_id = pair.session_id"
)
FILES: LiteralString = """
    SELECT (said.sent_at AT TIME ZONE 'UTC')::date AS day, said.session_id,
        coalesce(known.kind, CASE WHEN file.ending IS NULL THEN %b ELSE %b END) AS kind,
        CASE WHEN file.bytes IS NULL THEN -1 ELSE length(file.bytes::text) END AS size_class,
        count(*)::int AS files, coalesce(sum(file.bytes), 0)::bigint AS file_bytes
    FROM ({said}) AS said
    CROSS JOIN LATERAL (
        SELECT size_bytes_claimed AS bytes, lower(substring(name FROM '[.]([A-Za-z0-9]{1,8})$')) AS ending
        FROM archive_attachment WHERE message_id = said.id) AS file
    LEFT JOIN unnest(%b::text[], %b::text[]) AS known (ending, kind) ON known.ending = file.ending
    WHERE EXISTS (SELECT FROM archive_revision WHERE message_id = said.id)
    GROUP BY 1, 2, 3, 4
"""
"""The files of some messages by kind and size; takes `KINDS_BEFORE`, the parameters of `{said}`, and `KINDS_AFTER`."""
KINDS_BEFORE = (NONE, OTHER)
KINDS_AFTER = ([ending for ending, _ in ENDINGS], [kind for _, kind in ENDINGS])
_COUNT_FILES: LiteralString = (
    "INSERT INTO archive_reportfile (day, session_id, kind, size_class, files, file_bytes)"
    + FILES.replace("{said}", _OF_PAIRS)
)
_FORGET_MONTHS: LiteralString = (
    "DELETE FROM archive_reportcount AS old USING "
    + _PAIRS
    + " WHERE old.grain = 'm' AND old.begins = pair.day AND old.session_id = pair.session_id"
)
_COUNT_MONTHS: LiteralString = (
    "INSERT INTO archive_reportcount (grain, begins, session_id, sender_id, "
    + COLUMNS
    + ") SELECT 'm', pair.day, one.session_id, one.sender_id, "
    + SUMS
    + " FROM "
    + _PAIRS
    + """ JOIN archive_reportcount one ON one.session_id = pair.session_id AND one.grain = 'd'
        AND one.begins >= pair.day AND one.begins < pair.day + interval '1 month'
    GROUP BY pair.day, one.session_id, one.sender_id"""
)


def touched(*, first: int, last: int) -> list[Pair]:
    """The sessions' days of which the log tells something from leaf `first` to before `last`."""
    bulk.run(_BY_INDEX)
    given = (Leaf.Kind.REVISION, first, last, Leaf.Kind.TOMBSTONE, first, last)
    return [(session, day) for session, day in bulk.run(_TOUCHED, given)]


def count(pairs: Sequence[Pair]) -> None:
    """Count these sessions' days anew, and their months; in the caller's transaction, one caller at a time."""
    if len(pairs) == 0:
        return
    bulk.run(_BY_INDEX)
    days = _columns(pairs)
    bulk.run(_FORGET, days)
    bulk.run(_COUNT, days)
    bulk.run(_FORGET_FILES, days)
    bulk.run(_COUNT_FILES, (*KINDS_BEFORE, *days, *KINDS_AFTER))
    months = _columns(sorted({(session, day.replace(day=1)) for session, day in pairs}))
    bulk.run(_FORGET_MONTHS, months)
    bulk.run(_COUNT_MONTHS, months)


def forget_everything() -> None:
    """Drop all counts."""
    for statement in (
        "DELETE FROM archive_reportcount",
        "DELETE FROM archive_reportslot",
        "DELETE FROM archive_reportfile",
    ):
        bulk.run(statement)


def _columns(pairs: Sequence[Pair]) -> tuple[list[int], list[date]]:
    return [session for session, _ in pairs], [day for _, day in pairs]
