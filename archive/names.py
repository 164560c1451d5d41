"""The names people had and when, and the newest things known of them.

A name is an interval from the first to the last message that carried it. The newest name is the one used
latest by message time, not the one that arrived last: a backfill must not rename anyone. Addresses and kinds
(outside, bot) are kept as the newest record gave them; every address that was ever given is kept beside it.

All of this is a projection: the records it is made from are evidence and stay. It is written late in a
transaction, just before the log, so that two workers who meet on a busy person wait only briefly; rows are
locked in order of person and name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from archive import bulk

_DETAILS = ("email", "is_external", "department", "job_title", "user_status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a record said of a person at a moment; "" and None mean that it said nothing."""

    person_id: int
    at: datetime
    name: str = ""
    email: str = ""
    is_external: bool | None = None
    is_bot: bool = False
    department: str = ""
    job_title: str = ""
    user_status: str = ""


@dataclass(slots=True)
class _Known:
    """A person's row, the names and addresses it has, and what the sightings add."""

    display_name: str
    email: str
    is_external: bool | None
    is_bot: bool
    department: str
    job_title: str
    user_status: str
    names: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def newest(self) -> tuple[str, datetime] | None:
        used = [(last, name) for name, (_, last) in self.names.items()]
        if len(used) == 0:
            return None
        last, name = max(used)
        return name, last


def learn(sightings: Collection[Sighting]) -> None:
    """Widen the intervals of names, then keep the newest name and details. In a transaction, late."""
    if len(sightings) == 0:
        return
    known = _known(sorted({sighting.person_id for sighting in sightings}))
    widened: set[tuple[int, str]] = set()
    given: set[tuple[int, str]] = set()
    changed: set[int] = set()
    for sighting in sorted(sightings, key=lambda s: s.at):
        person = known[sighting.person_id]
        if sighting.name != "" and _widen(person.names, sighting.name, sighting.at):
            widened.add((sighting.person_id, sighting.name))
        fresh = {person.email, sighting.email} - person.addresses - {""}
        person.addresses |= fresh
        given.update((sighting.person_id, address) for address in fresh)
        if _take_details(person, sighting):
            changed.add(sighting.person_id)
    for person_id, person in known.items():
        newest = person.newest()
        if newest is not None and newest[0] != person.display_name:
            changed.add(person_id)
    _write_addresses(sorted(given))
    _write_names([(person_id, name, *known[person_id].names[name]) for person_id, name in sorted(widened)])
    _write_people({person_id: known[person_id] for person_id in sorted(changed)})


def _widen(names: dict[str, tuple[datetime, datetime]], name: str, at: datetime) -> bool:
    first, last = names.get(name, (at, at))
    wider = (min(first, at), max(last, at))
    if names.get(name) == wider:
        return False
    names[name] = wider
    return True


def _take_details(person: _Known, sighting: Sighting) -> bool:
    """Take what the row lacks, and what a record newer than its newest name gave; whether anything changed."""
    newest = person.newest()
    is_newest = newest is None or sighting.at >= newest[1]
    has_changed = sighting.is_bot and not person.is_bot
    person.is_bot = person.is_bot or sighting.is_bot
    for detail in _DETAILS:
        held, given = getattr(person, detail), getattr(sighting, detail)
        if given != held and given not in ("", None) and (held in ("", None) or is_newest):
            setattr(person, detail, given)
            has_changed = True
    return has_changed


def _known(person_ids: list[int]) -> dict[int, _Known]:
    rows = bulk.run(
        "SELECT p.id, p.display_name, p.email, p.is_external, p.is_bot, p.department, p.job_title,"
        " p.user_status, n.name, n.first_used_at, n.last_used_at FROM archive_person p LEFT JOIN"
        " (SELECT person_id, name, first_used_at, last_used_at FROM archive_personname"
        "  UNION ALL SELECT person_id, address, NULL, NULL FROM archive_personaddress) AS n ON n.person_id = p.id"
        " WHERE p.id = ANY(%b::bigint[])",
        (person_ids,),
    )
    known: dict[int, _Known] = {}
    for person_id, *columns, name, first, last in rows:
        person = known.get(person_id)
        if person is None:
            person = known[person_id] = _Known(*columns)
        if name is not None and first is None:
            person.addresses.add(name)
        elif name is not None:
            person.names[name] = (first, last)
    return known


def _write_addresses(rows: list[tuple[int, str]]) -> None:
    """In order of person and address, as names are."""
    if len(rows) > 0:
        bulk.run(
            "INSERT INTO archive_personaddress (person_id, address)"
            " SELECT * FROM unnest(%b::bigint[], %b::text[]) ON CONFLICT (person_id, address) DO NOTHING",
            ([person_id for person_id, _ in rows], [address for _, address in rows]),
        )


def _write_names(rows: Iterable[tuple[int, str, datetime, datetime]]) -> None:
    """In order of person and name, so that workers meet in the same order."""
    ordered = list(rows)
    if len(ordered) == 0:
        return
    people, names, firsts, lasts = (list(column) for column in zip(*ordered, strict=True))
    bulk.run(
        "INSERT INTO archive_personname AS n (person_id, name, first_used_at, last_used_at)"
        " SELECT * FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[], %b::timestamptz[])"
        " ON CONFLICT (person_id, name) DO UPDATE SET"
        " first_used_at = least(n.first_used_at, excluded.first_used_at),"
        " last_used_at = greatest(n.last_used_at, excluded.last_used_at)",
        (people, names, firsts, lasts),
    )


def _write_people(people: dict[int, _Known]) -> None:
    """Lock in order, then take the newest name from the table, where other workers' names are visible by now."""
    if len(people) == 0:
        return
    bulk.run(
        "SELECT count(*) FROM (SELECT FROM archive_person WHERE id = ANY(%b::bigint[])"
        " ORDER BY id FOR NO KEY UPDATE) AS locked",
        (list(people),),
    )
    bulk.run(
        "UPDATE archive_person AS p SET email = t.email, is_external = t.is_external,"
        " is_bot = p.is_bot OR t.is_bot, department = t.d, job_title = t.j, user_status = t.s,"
        " display_name = coalesce(newest.name, p.display_name), named_at = coalesce(newest.at, p.named_at)"
        " FROM unnest(%b::bigint[], %b::text[], %b::boolean[], %b::boolean[],"
        " %b::text[], %b::text[], %b::text[]) AS t (id, email, is_external, is_bot, d, j, s)"
        " LEFT JOIN LATERAL (SELECT n.name, n.last_used_at AS at FROM archive_personname n"
        "  WHERE n.person_id = t.id ORDER BY n.last_used_at DESC, n.name DESC LIMIT 1) AS newest ON true"
        " WHERE p.id = t.id",
        (
            list(people),
            [p.email for p in people.values()],
            [p.is_external for p in people.values()],
            [p.is_bot for p in people.values()],
            [p.department for p in people.values()],
            [p.job_title for p in people.values()],
            [p.user_status for p in people.values()],
        ),
    )
