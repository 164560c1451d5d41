"""Who outside the account spoke with whom: in the sessions where they said something, who of the account did, too.

Outside is who Zoom's records say is external. Of whom that is not known, nothing is claimed: they are counted apart.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from archive import bulk
from archive.reporting import reach


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody outside who spoke; `colleagues` of the account spoke in the same sessions, `answered` messages there."""

    person_id: int
    name: str
    email: str
    sessions: int
    messages: int
    files: int
    first_at: datetime | None
    last_at: datetime | None
    colleagues: int
    answered: int


@dataclass(frozen=True, slots=True)
class Contact:
    """An outsider and somebody of the account who spoke in the same sessions, and how much each said there."""

    person_id: int
    colleague_id: int
    sessions: int
    messages: int
    answered: int


_ONCE: LiteralString = (
    "WITH "
    + reach.COUNTED
    + """, once AS MATERIALIZED (
    SELECT counted.session_id, counted.sender_id, person.is_external, sum(counted.messages) AS messages,
        sum(counted.files) AS files, min(counted.first_at) AS first_at, max(counted.last_at) AS last_at
    FROM counted JOIN archive_person person ON person.id = counted.sender_id
    GROUP BY counted.session_id, counted.sender_id, person.is_external HAVING sum(counted.messages) > 0
), outer_ones AS MATERIALIZED (SELECT * FROM once WHERE is_external AND (%b::bigint IS NULL OR sender_id = %b::bigint)
), inner_ones AS MATERIALIZED (
    SELECT * FROM once WHERE is_external = FALSE AND session_id IN (SELECT session_id FROM outer_ones)
)"""
)
_OUTSIDERS: LiteralString = (
    _ONCE
    + """, pair AS (
    SELECT one.sender_id, other.sender_id AS colleague_id, sum(other.messages) AS answered
    FROM outer_ones one JOIN inner_ones other ON other.session_id = one.session_id GROUP BY 1, 2
), met AS (SELECT sender_id, count(*) AS colleagues, sum(answered) AS answered FROM pair GROUP BY 1
), said AS (
    SELECT sender_id, count(*) AS sessions, sum(messages) AS messages, sum(files) AS files, min(first_at) AS first_at,
        max(last_at) AS last_at
    FROM outer_ones GROUP BY 1
)
SELECT person.id, person.display_name, person.email, said.sessions::int, said.messages::bigint, said.files::bigint,
    said.first_at, said.last_at, coalesce(met.colleagues, 0)::int, coalesce(met.answered, 0)::bigint
FROM said JOIN archive_person person ON person.id = said.sender_id LEFT JOIN met ON met.sender_id = said.sender_id
ORDER BY 5 DESC, 1
"""
)
_CONTACTS: LiteralString = (
    _ONCE
    + """
SELECT one.sender_id, other.sender_id, count(*)::int, sum(one.messages)::bigint, sum(other.messages)::bigint
FROM outer_ones one JOIN inner_ones other ON other.session_id = one.session_id
GROUP BY 1, 2 ORDER BY 4 DESC, 5 DESC, 1, 2
"""
)
_UNKNOWN: LiteralString = (
    "WITH "
    + reach.COUNTED
    + """ SELECT count(DISTINCT counted.sender_id), coalesce(sum(counted.messages), 0)::bigint
    FROM counted JOIN archive_person person ON person.id = counted.sender_id
    WHERE person.is_external IS NULL AND counted.messages > 0"""
)


def people(begins_at: datetime, ends_at: datetime) -> list[Outsider]:
    """Everybody outside who said something in the period, who said most first."""
    reach.prepare()
    given = (*reach.parameters(reach.of(begins_at, ends_at)), None, None)
    return [Outsider(*row) for row in bulk.run(_OUTSIDERS, given)]


def contacts(begins_at: datetime, ends_at: datetime, *, person_id: int | None = None) -> list[Contact]:
    """Who spoke with whom; of one outsider, or of all."""
    reach.prepare()
    given = (*reach.parameters(reach.of(begins_at, ends_at)), person_id, person_id)
    return [Contact(*row) for row in bulk.run(_CONTACTS, given)]


def silent(person_id: int) -> Outsider | None:
    """Somebody outside who said nothing; None when there is nobody of that key outside."""
    rows = bulk.run(
        "SELECT id, display_name, email FROM archive_person WHERE id = %b AND is_external", (person_id,)
    )
    for key, name, email in rows:
        return Outsider(key, name, email, 0, 0, 0, None, None, 0, 0)
    return None


def unknown(begins_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """How many people spoke of whom nobody knows whether they are outside, and how much they said."""
    reach.prepare()
    row = bulk.run(_UNKNOWN, reach.parameters(reach.of(begins_at, ends_at)))[0]
    return int(row[0]), int(row[1])
