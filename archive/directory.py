"""Sessions and people as a reader looks them up: lists with exact totals, one session, names.

Readers return plain frozen values in a constant number of queries and change nothing. Lists are ordered by
something unique and read on by key, so that rows arriving meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from archive.models import Message, Person, Session, SessionMember, Window
from archive.reporting import spoken
from archive.reporting.spoken import Spoken

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_MEMBERS_IN_NAME = 4


class Sort(StrEnum):
    """What a list of sessions is ordered by."""

    RECENT = "recent"
    NAME = "name"


class After(NamedTuple):
    """The last row of a page: what it was ordered by, as text, and its key."""

    value: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """None means no limit. `named` is looked for in the session's name and in its members' names and addresses."""

    named: str | None = None
    type: str | None = None
    status: str | None = None
    has_external: bool | None = None
    has_gap: bool | None = None


EVERY = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person named as a member of a session."""

    person_id: int
    name: str
    email: str
    is_external: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session as a line of a list; `title` is its name or, where it has none, its members' names."""

    id: int
    title: str
    zoom_id: str
    type: str
    status: str
    channel_id: str
    has_external_member: bool | None
    last_message_at: datetime | None
    messages: int
    gaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList:
    """A page of sessions, how many there are in all, and where the next page begins (None: nowhere)."""

    lines: tuple[SessionLine, ...]
    count: int
    next: After | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail:
    """One session: its line, who belongs to it, who spoke in it and from when to when."""

    line: SessionLine
    account_id: int
    account: str
    members: tuple[Member, ...]
    speakers: int
    first_sent_at: datetime | None
    last_sent_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime


def sessions(
    *, filters: Filters = EVERY, sort: Sort = Sort.RECENT, after: After | None = None, limit: int = 50
) -> SessionList:
    """A page of the sessions that pass every filter. Raises ValueError for an `after` of another sort."""
    found = _filtered(filters)
    count = found.count()
    ordered = _after(found, sort, after)
    rows = list(ordered[: limit + 1])
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        last = page[-1]
        key: object = last.sort_key  # type: ignore[attr-defined]
        following = After(key.isoformat() if isinstance(key, datetime) else str(key), last.id)
    figures = spoken.of([row.pk for row in page])
    return SessionList(lines=tuple(_lines(page, figures)), count=count, next=following)


def session(session_id: int) -> SessionDetail | None:
    """One session; None when there is none of that key."""
    found = Session.objects.select_related("account").filter(pk=session_id).first()
    if found is None:
        return None
    said = Message.objects.filter(session_id=session_id).aggregate(first=Min("sent_at"), last=Max("sent_at"))
    figures = spoken.of([session_id])
    members = _members([session_id]).get(session_id, [])
    return SessionDetail(
        line=_lines([found], figures)[0],
        account_id=found.account_id,
        account=str(found.account),
        members=tuple(members),
        speakers=figures.get(session_id, spoken.NOTHING).people,
        first_sent_at=said["first"],
        last_sent_at=said["last"],
        first_seen_at=found.first_seen_at,
        last_seen_at=found.last_seen_at,
    )


def people_names(person_ids: Collection[int]) -> dict[int, str]:
    """The newest name of each person, or their address, or a name made from their key."""
    return {person.pk: str(person) for person in Person.objects.filter(pk__in=person_ids)}


def titles(session_ids: Collection[int]) -> dict[int, str]:
    """What each session is called; see `SessionLine.title`."""
    named = dict(Session.objects.filter(pk__in=session_ids).values_list("pk", "name"))
    members = _members([key for key, name in named.items() if name == ""])
    return {key: _title(key, name, members.get(key, [])) for key, name in named.items()}


def _filtered(filters: Filters) -> QuerySet[Session]:
    found = Session.objects.all()
    if filters.named is not None and filters.named.strip() != "":
        words = filters.named.strip().replace("\x00", "")
        member = SessionMember.objects.filter(session=OuterRef("pk")).filter(
            Q(person__display_name__icontains=words) | Q(person__email__icontains=words)
        )
        found = found.filter(Q(name__icontains=words) | Exists(member))
    if filters.type is not None:
        found = found.filter(type=filters.type)
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.has_external is not None:
        found = found.filter(has_external_member=filters.has_external)
    if filters.has_gap is not None:
        has_gap = Exists(Window.objects.filter(session=OuterRef("pk"), state=Window.State.GAP))
        found = found.filter(has_gap if filters.has_gap else ~has_gap)
    return found


def _after(found: QuerySet[Session], sort: Sort, after: After | None) -> QuerySet[Session]:
    if sort is Sort.NAME:
        found = found.annotate(sort_key=Lower("name"))
        if after is not None:
            if "\x00" in after.value:
                raise ValueError("No session's name holds a NUL.")
            found = found.filter(Q(sort_key__gt=after.value) | Q(sort_key=after.value, pk__gt=after.id))
        return found.order_by("sort_key", "pk")
    found = found.annotate(sort_key=Coalesce(F("last_message_at"), Value(_NEVER)))
    if after is not None:
        moment = datetime.fromisoformat(after.value)
        if moment.tzinfo is None:
            raise ValueError("A moment to read on from needs its zone.")
        found = found.filter(Q(sort_key__lt=moment) | Q(sort_key=moment, pk__lt=after.id))
    return found.order_by("-sort_key", "-pk")


def _lines(rows: list[Session], figures: Mapping[int, Spoken]) -> list[SessionLine]:
    ids = [row.pk for row in rows]
    gaps = Window.objects.filter(session_id__in=ids, state=Window.State.GAP).order_by()
    gap_counts = dict(gaps.values_list("session_id").annotate(count=Count("pk")))
    members = _members([row.pk for row in rows if row.name == ""])
    return [
        SessionLine(
            id=row.pk,
            title=_title(row.pk, row.name, members.get(row.pk, [])),
            zoom_id=row.zoom_id,
            type=row.type,
            status=row.status,
            channel_id=row.channel_id,
            has_external_member=row.has_external_member,
            last_message_at=row.last_message_at,
            messages=figures.get(row.pk, spoken.NOTHING).messages,
            gaps=gap_counts.get(row.pk, 0),
        )
        for row in rows
    ]


def _members(session_ids: list[int]) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    named = SessionMember.objects.filter(session_id__in=session_ids).select_related("person")
    for row in named.order_by("session_id", "person__display_name", "person_id"):
        person = row.person
        member = Member(
            person_id=person.pk, name=str(person), email=person.email, is_external=person.is_external
        )
        found.setdefault(row.session_id, []).append(member)
    return found


def _title(session_id: int, name: str, members: list[Member]) -> str:
    if name != "" or len(members) == 0:
        return Session.called(session_id, name)
    names = [member.name for member in members[:_MEMBERS_IN_NAME]]
    more = len(members) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
