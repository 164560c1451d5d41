"""The report of external contacts: who outside the account spoke with whom of it, and how much."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from archive import directory
from archive.reporting import following, outside
from archive.reporting.outside import Contact, Outsider
from compliance.hindrances import Absent
from compliance.periods import Period
from compliance.reports import door
from compliance.sheets import Cell, Sheet

REPORT = "outside"
MOST = 200
"""Outsiders on the page; all of them are in the file."""


class Part(StrEnum):
    """What can be taken as a file."""

    PEOPLE = "people"
    CONTACTS = "contacts"


class NotOutside(Absent):
    """Nobody of that key is outside the account."""


@dataclass(frozen=True)
class Report:
    """Outsiders, who said most first, and their organisations by the domains of their addresses ("": none known)."""

    people: list[Outsider]
    in_all: int
    messages: int
    domains: list[tuple[str, int, int]]
    """A domain, its people, and their messages."""
    unknown_people: int
    unknown_messages: int
    standing: following.Standing


@dataclass(frozen=True)
class OfOne:
    """One outsider, with whom they spoke, and what these are called."""

    person: Outsider
    contacts: list[Contact]
    names: dict[int, str]
    standing: following.Standing


def seen(*, period: Period, by: User | None, now: datetime) -> Report:
    """The report; recorded as a look."""
    door.permit(REPORT, by=by, now=now)
    with transaction.atomic():
        people = outside.people(period.begins_at, period.ends_at)
        unknown = outside.unknown(period.begins_at, period.ends_at)
        standing = door.looked(REPORT, period=period, details={"found": len(people)}, by=by, now=now)
    messages = sum(one.messages for one in people)
    return Report(people[:MOST], len(people), messages, _domains(people), *unknown, standing)


def of_one(*, person_id: int, period: Period, by: User | None, now: datetime) -> OfOne:
    """With whom one outsider spoke; recorded as a look. Raises NotOutside."""
    door.permit(REPORT, by=by, now=now)
    with transaction.atomic():
        people = outside.people(period.begins_at, period.ends_at)
        person = next((one for one in people if one.person_id == person_id), None) or outside.silent(
            person_id
        )
        if person is None:
            raise NotOutside
        contacts = outside.contacts(period.begins_at, period.ends_at, person_id=person_id)
        names = directory.people_names([one.colleague_id for one in contacts])
        standing = door.looked(REPORT, period=period, details={"person": person_id}, by=by, now=now)
    return OfOne(person, contacts, names, standing)


def taken(*, part: Part, period: Period, by: User | None, now: datetime) -> Sheet:
    """All outsiders, or everyone they spoke with, as a file."""
    head, rows = _FILES[part]
    return door.taken(
        REPORT, period=period, head=head, rows=rows(period), details={"part": part.value}, by=by, now=now
    )


def name_of(person: Outsider) -> str:
    """What an outsider is called: the newest name, else the address, else a name made from the key."""
    return person.name or person.email or f"person {person.person_id}"


def _domains(people: Sequence[Outsider]) -> list[tuple[str, int, int]]:
    heads, said = Counter[str](), Counter[str]()
    for one in people:
        domain = one.email.rpartition("@")[2].lower()
        heads[domain] += 1
        said[domain] += one.messages
    ranked = sorted(said.items(), key=lambda item: (-item[1], item[0]))
    return [(domain, heads[domain], messages) for domain, messages in ranked]


Rows = Iterator[Sequence[Cell]]


def _people(period: Period) -> Rows:
    for one in outside.people(period.begins_at, period.ends_at):
        yield (
            name_of(one), one.person_id, one.email or None, one.sessions, one.messages, one.files, one.colleagues,
            one.answered, one.first_at or "", one.last_at or "",
        )  # fmt: skip


def _contacts(period: Period) -> Rows:
    contacts = outside.contacts(period.begins_at, period.ends_at)
    names = directory.people_names({key for one in contacts for key in (one.person_id, one.colleague_id)})
    for one in contacts:
        outsider, colleague = names.get(one.person_id, ""), names.get(one.colleague_id, "")
        yield outsider, one.person_id, colleague, one.colleague_id, one.sessions, one.messages, one.answered


_FILES = {
    Part.PEOPLE: (
        ("outsider", "person_id", "email", "sessions", "messages", "files", "colleagues_who_spoke_there",
         "messages_of_colleagues", "first_message", "last_message"),
        _people,
    ),
    Part.CONTACTS: (
        ("outsider", "outsider_id", "colleague", "colleague_id", "sessions_both_spoke_in", "messages_of_outsider",
         "messages_of_colleague"),
        _contacts,
    ),
}  # fmt: skip
