"""Every session with what was said in it in a period: filtered, sorted, a page at a time or all of it.

The sessions in which nothing was said are there too, unless they are filtered out: silence is an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString, NamedTuple

from archive import bulk
from archive.reporting import reach

_MOMENT = timedelta(microseconds=1)


class Sort(StrEnum):
    """What the table is ordered by: the largest or newest first, names from A."""

    MESSAGES = "messages"
    RECENT = "recent"
    NAME = "name"
    PEOPLE = "people"
    EDITED = "edited"
    DELETED = "deleted"
    FILES = "files"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """None means no limit; each narrows. `person` is part of a name or an address of somebody who spoke or belongs."""

    type: str | None = None
    named: str | None = None
    person: str | None = None
    external: bool | None = None
    is_active: bool | None = None
    has_gap: bool | None = None


class Place(NamedTuple):
    """The last row of a page: what it was ordered by, as text, and its key."""

    value: str
    id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One session in a period. A name is "" where the session has none of its own; see archive.directory.titles."""

    id: int
    name: str
    type: str
    status: str
    has_external: bool | None
    members: int
    people: int
    messages: int
    edited: int
    deleted: int
    destroyed: int
    files: int
    file_bytes: int
    files_unsized: int
    first_at: datetime | None
    last_at: datetime | None
    sort_key: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all sessions that pass the filters."""

    sessions: int
    active: int
    messages: int
    edited: int
    deleted: int
    destroyed: int
    files: int
    file_bytes: int
    files_unsized: int


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the sessions, what all of them come to, and where the next page begins (None: nowhere)."""

    lines: list[Line]
    totals: Totals
    next: Place | None


_SUMMED: LiteralString = """, spoke AS (
    SELECT session_id, sender_id, sum(messages) AS messages, sum(edited) AS edited, sum(deleted) AS deleted,
        sum(destroyed) AS destroyed, sum(files) AS files, sum(file_bytes) AS file_bytes,
        sum(files_unsized) AS files_unsized, min(first_at) AS first_at, max(last_at) AS last_at
    FROM counted GROUP BY session_id, sender_id
), summed AS (
    SELECT session_id, count(sender_id) FILTER (WHERE messages > 0) AS people, sum(messages) AS messages,
        sum(edited) AS edited, sum(deleted) AS deleted, sum(destroyed) AS destroyed, sum(files) AS files,
        sum(file_bytes) AS file_bytes, sum(files_unsized) AS files_unsized, min(first_at) AS first_at,
        max(last_at) AS last_at
    FROM spoke GROUP BY session_id
), line AS MATERIALIZED (
    SELECT place.id, place.name, place.type, place.status, place.has_external_member,
        coalesce(summed.people, 0)::int AS people, coalesce(summed.messages, 0)::bigint AS messages,
        coalesce(summed.edited, 0)::bigint AS edited, coalesce(summed.deleted, 0)::bigint AS deleted,
        coalesce(summed.destroyed, 0)::bigint AS destroyed, coalesce(summed.files, 0)::bigint AS files,
        coalesce(summed.file_bytes, 0)::bigint AS file_bytes,
        coalesce(summed.files_unsized, 0)::bigint AS files_unsized, summed.first_at, summed.last_at
    FROM archive_session place LEFT JOIN summed ON summed.session_id = place.id
    WHERE TRUE"""
_WHERE: dict[str, LiteralString] = {
    "type": " AND place.type = %b",
    "named": " AND (place.name ILIKE %b OR EXISTS (SELECT FROM archive_sessionmember member"
    " JOIN archive_person person ON person.id = member.person_id WHERE member.session_id = place.id"
    " AND place.name = '' AND (person.display_name ILIKE %b OR person.email ILIKE %b)))",
    "person": " AND (EXISTS (SELECT FROM archive_sessionmember member"
    " JOIN archive_person person ON person.id = member.person_id WHERE member.session_id = place.id"
    " AND (person.display_name ILIKE %b OR person.email ILIKE %b)) OR place.id IN (SELECT spoke.session_id FROM spoke"
    " JOIN archive_person person ON person.id = spoke.sender_id"
    " WHERE person.display_name ILIKE %b OR person.email ILIKE %b))",
    "external": " AND place.has_external_member IS NOT DISTINCT FROM %b::boolean",
    "is_active": " AND (coalesce(summed.messages, 0) > 0) = %b::boolean",
    # As archive.completeness.proofs has it: a pull that broke off leaves its days open from the first unsettled one on.
    "has_gap": " AND EXISTS (SELECT FROM archive_window part JOIN archive_account account ON account.id = part.account_id"
    " WHERE part.session_id = place.id AND part.kind IN ('messages', 'modifications')"
    " AND (part.state = 'gap' OR part.last_error_code <> '') AND part.last_day >= %b::date"
    " AND least(part.last_day, greatest(part.first_day, (part.complete_through AT TIME ZONE 'UTC')::date"
    " - greatest(account.settle_days - 1, 0))) <= %b::date) = %b::boolean",
}
_KEYS: dict[Sort, tuple[LiteralString, LiteralString, bool]] = {
    Sort.MESSAGES: ("line.messages", "bigint", True),
    Sort.RECENT: ("coalesce(line.last_at, '-infinity'::timestamptz)", "timestamptz", True),
    Sort.NAME: ("lower(line.name)", "text", False),
    Sort.PEOPLE: ("line.people", "int", True),
    Sort.EDITED: ("line.edited", "bigint", True),
    Sort.DELETED: ("line.deleted", "bigint", True),
    Sort.FILES: ("line.files", "bigint", True),
    Sort.BYTES: ("line.file_bytes", "bigint", True),
}
_TOTALS: LiteralString = """
    SELECT count(*) AS a, count(*) FILTER (WHERE messages > 0) AS b, coalesce(sum(messages), 0)::bigint AS c,
        coalesce(sum(edited), 0)::bigint AS d, coalesce(sum(deleted), 0)::bigint AS e,
        coalesce(sum(destroyed), 0)::bigint AS f, coalesce(sum(files), 0)::bigint AS g,
        coalesce(sum(file_bytes), 0)::bigint AS h, coalesce(sum(files_unsized), 0)::bigint AS i
    FROM line
"""
_BOTH: LiteralString = " SELECT totals.*, page.* FROM totals LEFT JOIN page ON TRUE"
_LINES: LiteralString = """
    SELECT line.id, line.name, line.type, line.status, line.has_external_member,
        (SELECT count(*)::int FROM archive_sessionmember member WHERE member.session_id = line.id) AS members,
        line.people, line.messages, line.edited, line.deleted, line.destroyed, line.files, line.file_bytes,
        line.files_unsized, line.first_at, line.last_at, ({key})::text AS sort_key
    FROM line
"""


def table(
    begins_at: datetime,
    ends_at: datetime,
    *,
    filters: Filters,
    sort: Sort = Sort.MESSAGES,
    after: Place | None = None,
    limit: int = 50,
) -> Table:
    """A page of the sessions that pass every filter, of messages sent from `begins_at` to before `ends_at`.

    Raises ValueError for an `after` of another sort.
    """
    reach.prepare()
    head, given = _head(begins_at, ends_at, filters)
    statement, more = _page(sort, after)
    both = head + ", page AS (" + statement + " LIMIT %b), totals AS (" + _TOTALS + ")"
    # One statement, so that the sums are made once and are of the same moment; the order is that of the page's rows.
    rows = bulk.run(both + _BOTH, (*given, *more, limit + 1))
    totals = Totals(*rows[0][: len(fields(Totals))])
    lines = [Line(*row[len(fields(Totals)) :]) for row in rows if row[-1] is not None][:limit]
    last = lines[-1] if len(rows) > limit else None
    return Table(lines, totals, None if last is None else Place(last.sort_key, last.id))


def every(
    begins_at: datetime, ends_at: datetime, *, filters: Filters, sort: Sort = Sort.MESSAGES
) -> Iterator[Line]:
    """All the sessions that pass every filter, in order."""
    reach.prepare()
    head, given = _head(begins_at, ends_at, filters)
    statement, more = _page(sort, None)
    yield from (Line(*row) for row in bulk.run(head + statement, (*given, *more)))


def _head(begins_at: datetime, ends_at: datetime, filters: Filters) -> tuple[LiteralString, list[Any]]:
    """The sessions that pass the filters, as `line`."""
    covered = reach.of(begins_at, ends_at)
    statement: LiteralString = "WITH " + reach.COUNTED + _SUMMED
    given: list[Any] = [*reach.parameters(covered)]
    values = {
        "type": None if filters.type is None else [filters.type],
        "named": None if filters.named is None else [_like(filters.named)] * 3,
        "person": None if filters.person is None else [_like(filters.person)] * 4,
        "external": None if filters.external is None else [filters.external],
        "is_active": None if filters.is_active is None else [filters.is_active],
        "has_gap": None
        if filters.has_gap is None
        else [begins_at.date(), (ends_at - _MOMENT).date(), filters.has_gap],
    }
    for name, of_filter in values.items():
        if of_filter is not None:
            statement += _WHERE[name]
            given += of_filter
    return statement + ")", given


def _page(sort: Sort, after: Place | None) -> tuple[LiteralString, list[Any]]:
    key, kind, falls = _KEYS[sort]
    statement: LiteralString = _LINES.replace("{key}", key)
    given: list[Any] = []
    if after is not None:
        statement += (
            " WHERE (" + key + ", line.id) " + ("<" if falls else ">") + " (%b::text::" + kind + ", %b)"
        )
        given = [_checked(after, sort), after.id]
    direction: LiteralString = " DESC" if falls else ""
    return statement + " ORDER BY " + key + direction + ", line.id" + direction, given


def _checked(after: Place, sort: Sort) -> str:
    """The value of a place, if it is one of this sort. Raises ValueError."""
    if "\x00" in after.value:
        raise ValueError("No session's name holds a NUL.")
    if sort is Sort.RECENT and after.value != "-infinity":
        datetime.fromisoformat(after.value)
    elif sort not in (Sort.RECENT, Sort.NAME) and not (after.value.isascii() and after.value.isdigit()):
        raise ValueError("A number to read on from has digits only.")
    return after.value


def _like(words: str) -> str:
    """A pattern that finds the words anywhere, whatever signs are in them."""
    plain = words.replace("\x00", "").strip()
    for sign in ("\\", "%", "_"):
        plain = plain.replace(sign, "\\" + sign)
    return f"%{plain}%"
