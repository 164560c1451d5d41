"""Who could be a custodian: people of an account found by name, address, department or channel.

Readers for the console: plain frozen values, a constant number of queries, nothing changed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from archive.models import (
    Account,
    Channel,
    GroupMember,
    Membership,
    PeopleGroup,
    Person,
    Session,
    SessionMember,
)

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person as the directory knows them; `identifier` is what Zoom would know them by, "" when it would not."""

    person_id: int
    name: str
    email: str
    department: str
    status: str
    is_external: bool | None
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of people at Zoom: of the directory, called together in a channel, or sharing a space.

    `words` says what it is (`directory group “Legal”`), `people` how many were in it when it was read at `read_at`.
    """

    group_id: int
    kind: str
    words: str
    people: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Roll:
    """A pasted list, line by line: who was meant, which lines mean nobody, and which mean several people."""

    found: tuple[Candidate, ...]
    unknown: tuple[str, ...]
    ambiguous: tuple[str, ...]


def accounts() -> list[tuple[int, str]]:
    """The connected accounts by key and name."""
    return list(Account.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name"))


def of(person_ids: Collection[int], *, account_id: int | None = None) -> list[Candidate]:
    """These people, by name; those of another account are left out."""
    found = Person.objects.filter(pk__in=person_ids)
    return _candidates(found if account_id is None else found.filter(account_id=account_id))


def named(words: str, *, account_id: int, limit: int = MOST) -> list[Candidate]:
    """People whose name or address has all the words in it, in whatever order."""
    wanted = words.replace("\x00", "").split()
    if len(wanted) == 0:
        return []
    found = _people(account_id)
    for word in wanted:
        found = found.filter(
            Q(display_name__icontains=word) | Q(email__icontains=word) | Q(names__name__icontains=word)
        )
    return _candidates(Person.objects.filter(pk__in=found.values("pk")), limit=limit)


def called(lines: Iterable[str], *, account_id: int) -> Roll:
    """Whom the lines of a pasted list mean: an address, or a name that exactly one person has.

    A line may be as mail programs write it, `Mira Lang <mira@acme.example>`. Empty lines say nothing; every other line
    is in one of the three answers.
    """
    wanted = {line.strip(): _address_in(line.strip()) for line in lines if line.strip()}
    keys = {(address or line).casefold() for line, address in wanted.items()}
    by_key: dict[str, set[int]] = {}
    people = _people(account_id).values_list("pk", "email", "display_name", "user_id")
    for pk, *names in people.iterator():
        for name in {(name or "").casefold() for name in names} & keys:
            by_key.setdefault(name, set()).add(pk)
    meant: set[int] = set()
    unknown: list[str] = []
    ambiguous: list[str] = []
    for line, address in wanted.items():
        who = by_key.get((address or line).casefold(), set())
        if len(who) == 1:
            meant |= who
        else:
            (unknown if len(who) == 0 else ambiguous).append(line)
    return Roll(tuple(of(meant, account_id=account_id)), tuple(unknown), tuple(ambiguous))


def departments(*, account_id: int) -> list[tuple[str, int]]:
    """The departments of the account and how many people each has."""
    people = _people(account_id).exclude(department="").order_by("department")
    return list(people.values_list("department").annotate(people=Count("pk")))


def in_department(department: str, *, account_id: int) -> list[Candidate]:
    """Everybody of a department."""
    return _candidates(_people(account_id).filter(department=department))


def channels(words: str, *, account_id: int, limit: int = MOST) -> list[tuple[int, str]]:
    """Group sessions whose name has the words in it, by key and name."""
    found = Session.objects.filter(account_id=account_id, type=Session.Type.GROUP).exclude(name="")
    named = found.filter(name__icontains=words.replace("\x00", "").strip())
    return list(named.order_by("name", "pk").values_list("pk", "name")[:limit])


def in_session(session_id: int, *, account_id: int) -> list[Candidate]:
    """Everybody whom Zoom named as a member of a session, now or before, or as joining its channel."""
    session = Session.objects.filter(pk=session_id, account_id=account_id).first()
    if session is None:
        return []
    people = _people(account_id)
    members = Q(pk__in=SessionMember.objects.filter(session=session).values("person"))
    joined = Membership.objects.filter(channel__account_id=account_id, channel__zoom_id=session.channel_id)
    return _candidates(people.filter(members | Q(pk__in=joined.values("person"))))


def groups(words: str, *, account_id: int, limit: int = MOST) -> list[Group]:
    """Groups whose name has the words in it, as they were read last; those that are gone at Zoom are left out."""
    wanted = words.replace("\x00", "").strip()
    found = _groups(account_id).filter(name__icontains=wanted).order_by("kind", "name", "pk")[:limit]
    return _described(list(found), account_id)


def in_group(group_id: int, *, account_id: int) -> list[Candidate]:
    """Everybody who was in a group when it was read last."""
    return _candidates(_people(account_id).filter(pk__in=_in_group(group_id, account_id).values("person")))


def came_by(ways: Mapping[int, str], *, account_id: int) -> dict[int, str]:
    """In words, by what people were picked: `group:12`, `session:7` or `department`, by person; checked against now.

    Whoever is not, or no longer, in what they are said to come by is left out.
    """
    said: dict[int, str] = {}
    for way in set(ways.values()):
        kind, _, key = way.partition(":")
        them = {person for person, by in ways.items() if by == way}
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None
        if kind == "department":
            people = _people(account_id).filter(pk__in=them).exclude(department="")
            said |= {pk: f"department “{name}”" for pk, name in people.values_list("pk", "department")}
        elif kind == "session" and number is not None:
            there = Session.objects.filter(pk=number, account_id=account_id).first()
            there_now = {one.person_id for one in in_session(number, account_id=account_id)}
            said |= dict.fromkeys(them & there_now, f"members of the channel “{there}”")
        elif kind == "group" and number is not None:
            found = _described(list(_groups(account_id).filter(pk=number)), account_id)
            if len(found) == 0:
                continue
            members = _in_group(number, account_id).filter(person__in=them)
            said |= dict.fromkeys(members.values_list("person", flat=True), found[0].words)
    return said


def _groups(account_id: int) -> QuerySet[PeopleGroup]:
    return PeopleGroup.objects.filter(account_id=account_id, gone_at=None, read_at__isnull=False)


def _in_group(group_id: int, account_id: int) -> QuerySet[GroupMember]:
    there = GroupMember.objects.filter(group=group_id, group__account_id=account_id)
    return there.filter(last_seen_at=F("group__read_at"))


def _described(found: list[PeopleGroup], account_id: int) -> list[Group]:
    channels = Channel.objects.filter(account_id=account_id, zoom_id__in=[one.channel_id for one in found])
    named = dict(channels.values_list("zoom_id", "name"))
    there = GroupMember.objects.filter(
        group__in=found, last_seen_at=F("group__read_at"), person__is_bot=False
    )
    counts = dict(there.order_by().values_list("group").annotate(people=Count("pk")))
    return [
        Group(
            group_id=one.pk,
            kind=one.kind,
            words=_words(one, named.get(one.channel_id, "")),
            people=counts.get(one.pk, 0),
            read_at=one.read_at,
        )
        for one in found
        if one.read_at is not None
    ]


def _words(group: PeopleGroup, channel: str) -> str:
    where = f" of the channel “{channel or group.channel_id}”" if group.channel_id else ""
    return f"{group.get_kind_display()} “{group}”{where}"


def _people(account_id: int) -> QuerySet[Person]:
    return Person.objects.filter(account_id=account_id, is_bot=False)


def _candidates(found: QuerySet[Person], *, limit: int | None = None) -> list[Candidate]:
    ordered = found.order_by("display_name", "email", "pk")[:limit]
    return [
        Candidate(
            person_id=one.pk,
            name=str(one),
            email=one.email,
            department=one.department,
            status=one.user_status,
            is_external=one.is_external,
            identifier="" if one.is_external else (one.user_id or one.email),
        )
        for one in ordered
    ]


def _address_in(line: str) -> str:
    """The address in `Mira Lang <mira@acme.example>`; "" when the line has none like that."""
    head, opened, rest = line.rpartition("<")
    return rest[:-1].strip() if opened and head and rest.endswith(">") else ""
