"""Who said how much where, and what files came: the largest of each, with the sums of all."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from archive import bulk
from archive.reporting import reach
from archive.reporting.counting import FILES, KINDS_AFTER, KINDS_BEFORE


@dataclass(frozen=True, slots=True)
class Sums:
    """What a period comes to; `people` and `outsiders` are those known as senders, `unsigned` messages of nobody known."""

    sessions: int
    people: int
    outsiders: int
    messages: int
    unsigned: int
    edited: int
    deleted: int
    destroyed: int
    files: int
    file_bytes: int
    files_unsized: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one person said, or what was said in one session. `id` is None for the messages of nobody known."""

    id: int | None
    messages: int
    edited: int
    deleted: int
    files: int
    others: int
    """Sessions a person spoke in; people who spoke in a session."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A period in sums, and who said most and where most was said in it."""

    sums: Sums
    people: list[Share]
    sessions: list[Share]


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one kind and size; `size_class` is the digits of a size in bytes, -1 where Zoom gave none."""

    kind: str
    size_class: int
    files: int
    file_bytes: int


# Grouped twice instead of counted DISTINCT, which would sort every row of a year.
_ONCE: LiteralString = (
    "WITH "
    + reach.COUNTED
    + """, once AS MATERIALIZED (
    SELECT session_id, sender_id, sum(messages)::bigint AS messages, sum(edited)::bigint AS edited,
        sum(deleted)::bigint AS deleted, sum(destroyed)::bigint AS destroyed, sum(files)::bigint AS files,
        sum(file_bytes)::bigint AS bytes, sum(files_unsized)::bigint AS unsized
    FROM counted GROUP BY session_id, sender_id
)"""
)
_SUMS: LiteralString = """
SELECT (SELECT count(*) FROM (SELECT FROM once GROUP BY session_id HAVING sum(messages) > 0) AS place),
    count(person.id) FILTER (WHERE spoke.messages > 0),
    count(*) FILTER (WHERE spoke.messages > 0 AND person.is_external), coalesce(sum(spoke.messages), 0)::bigint,
    coalesce(sum(spoke.messages) FILTER (WHERE spoke.sender_id IS NULL), 0)::bigint,
    coalesce(sum(spoke.edited), 0)::bigint, coalesce(sum(spoke.deleted), 0)::bigint,
    coalesce(sum(spoke.destroyed), 0)::bigint, coalesce(sum(spoke.files), 0)::bigint,
    coalesce(sum(spoke.bytes), 0)::bigint, coalesce(sum(spoke.unsized), 0)::bigint
FROM (
    SELECT sender_id, sum(messages) AS messages, sum(edited) AS edited, sum(deleted) AS deleted,
        sum(destroyed) AS destroyed, sum(files) AS files, sum(bytes) AS bytes, sum(unsized) AS unsized
    FROM once GROUP BY sender_id
) AS spoke LEFT JOIN archive_person person ON person.id = spoke.sender_id
"""
_SHARES: LiteralString = """
SELECT {by}, sum(messages)::bigint, sum(edited)::bigint, sum(deleted)::bigint, sum(files)::bigint,
    count({other}) FILTER (WHERE messages > 0)
FROM once GROUP BY {by} HAVING sum(messages) > 0 ORDER BY 2 DESC, 1 NULLS LAST LIMIT %b::bigint
"""
_OF_PEOPLE: LiteralString = _SHARES.replace("{by}", "sender_id").replace("{other}", "session_id")
_OF_SESSIONS: LiteralString = _SHARES.replace("{by}", "session_id").replace("{other}", "sender_id")
_ACTIVITY: LiteralString = (
    _ONCE
    + "SELECT 'sums', sums.* FROM ("
    + _SUMS
    + ") AS sums UNION ALL SELECT 'person', share.*, 0, 0, 0, 0, 0 FROM ("
    + _OF_PEOPLE
    + ") AS share UNION ALL SELECT 'session', share.*, 0, 0, 0, 0, 0 FROM ("
    + _OF_SESSIONS
    + ") AS share"
)
_FILES: LiteralString = (
    """
SELECT kind, size_class, sum(files)::bigint, sum(file_bytes)::bigint FROM (
    SELECT kind, size_class, files, file_bytes FROM archive_reportfile WHERE day = ANY(%b::date[])
    UNION ALL SELECT kind, size_class, files, file_bytes FROM ("""
    + FILES.replace("{said}", reach.BETWEEN)
    + ") AS early UNION ALL SELECT kind, size_class, files, file_bytes FROM ("
    + FILES.replace("{said}", reach.BETWEEN)
    + """) AS late
) AS file GROUP BY kind, size_class ORDER BY 3 DESC, 1, 2
"""
)


def sums(begins_at: datetime, ends_at: datetime) -> Sums:
    """What was said from `begins_at` to before `ends_at` comes to."""
    reach.prepare()
    return Sums(*bulk.run(_ONCE + _SUMS, reach.parameters(reach.of(begins_at, ends_at)))[0])


def activity(begins_at: datetime, ends_at: datetime, *, most: int) -> Activity:
    """`sums`, `by_person` and `by_session` of one reading of the counts, which is what takes the time."""
    reach.prepare()
    found: dict[str, list[tuple[int, ...]]] = {"sums": [], "person": [], "session": []}
    for kind, *row in bulk.run(_ACTIVITY, (*reach.parameters(reach.of(begins_at, ends_at)), most, most)):
        found[kind].append(tuple(row))
    people, sessions = ([Share(*row[:6]) for row in found[kind]] for kind in ("person", "session"))
    return Activity(Sums(*found["sums"][0]), people, sessions)


def by_person(begins_at: datetime, ends_at: datetime, *, most: int | None) -> list[Share]:
    """Those who said most, equal ones by key; everybody where `most` is None."""
    return _shares(_ONCE + _OF_PEOPLE, begins_at, ends_at, most)


def by_session(begins_at: datetime, ends_at: datetime, *, most: int | None) -> list[Share]:
    """The sessions in which most was said."""
    return _shares(_ONCE + _OF_SESSIONS, begins_at, ends_at, most)


def files(begins_at: datetime, ends_at: datetime) -> list[Files]:
    """The files that came, by kind and size."""
    reach.prepare()
    covered = reach.of(begins_at, ends_at)
    (a, b), (c, d) = covered.edges
    given = (reach.every_day(covered), *KINDS_BEFORE, a, b, *KINDS_AFTER, *KINDS_BEFORE, c, d, *KINDS_AFTER)
    return [Files(*row) for row in bulk.run(_FILES, given)]


def _shares(
    statement: LiteralString, begins_at: datetime, ends_at: datetime, most: int | None
) -> list[Share]:
    reach.prepare()
    covered = reach.of(begins_at, ends_at)
    return [Share(*row) for row in bulk.run(statement, (*reach.parameters(covered), most))]
