"""Accounts and people as a reader looks them up: lists with exact totals, one of them, the names somebody had.

Readers return plain frozen values in a constant number of queries and change nothing. Lists are ordered by key and read
on by it, so that rows arriving meanwhile neither repeat nor hide others.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from archive.models import Account, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connected account, without anything that opens it."""

    id: int
    name: str
    zoom_account_id: str
    plan: str
    connected_at: datetime
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """None means no limit. `named` is looked for in the newest name, the address and the names somebody had."""

    account_id: int | None = None
    named: str | None = None
    is_external: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A person as a line of a list; ids of Zoom are "" where none is known."""

    id: int
    account_id: int
    name: str
    email: str
    member_id: str
    user_id: str
    is_external: bool | None
    is_bot: bool
    department: str
    job_title: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name somebody had, from the first to the last message that carried it."""

    name: str
    first_used_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A person, and the names they had, oldest first."""

    line: Line
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of people, how many there are in all, and the key to read on from (None: nothing more)."""

    lines: tuple[Line, ...]
    count: int
    next: int | None


def accounts() -> list[Connected]:
    """Every account there is or was, in the order in which they were connected."""
    return [
        Connected(
            id=row.pk,
            name=row.name,
            zoom_account_id=row.zoom_account_id,
            plan=row.plan,
            connected_at=row.connected_at,
            is_active=row.is_active,
        )
        for row in Account.objects.order_by("pk")
    ]


def page(*, filters: Filters, after: int | None = None, limit: int = 50) -> Page:
    """A page of the people who pass every filter, in the order in which they became known."""
    found = _filtered(filters)
    count = found.count()
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found.order_by("pk")[: limit + 1])
    return Page(tuple(map(_line, rows[:limit])), count, rows[limit - 1].pk if len(rows) > limit else None)


def one(person_id: int) -> Detail | None:
    """One person; None when there is none of that key."""
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        return None
    names = row.names.order_by("first_used_at", "pk")
    return Detail(
        line=_line(row),
        names=tuple(
            Name(name=one.name, first_used_at=one.first_used_at, last_used_at=one.last_used_at)
            for one in names
        ),
    )


def _filtered(filters: Filters) -> QuerySet[Person]:
    found = Person.objects.all()
    if filters.account_id is not None:
        found = found.filter(account_id=filters.account_id)
    if filters.is_external is not None:
        found = found.filter(is_external=filters.is_external)
    for word in (filters.named or "").replace("\x00", "").split():
        called = Q(display_name__icontains=word) | Q(email__icontains=word)
        earlier = Person.objects.filter(names__name__icontains=word).values("pk")
        found = found.filter(called | Q(pk__in=earlier))
    return found


def _line(row: Person) -> Line:
    return Line(
        id=row.pk,
        account_id=row.account_id,
        name=str(row),
        email=row.email,
        member_id=row.member_id or "",
        user_id=row.user_id or "",
        is_external=row.is_external,
        is_bot=row.is_bot,
        department=row.department,
        job_title=row.job_title,
        status=row.user_status,
    )
