"""Frozen lists: the whole answer to a search on a day, as ids in order, that never changes again.

What is frozen says how it came about: the query as typed, as read and in words, who asked, what they could see, how far
the index was complete, and the SHA-256 over the ids in decimal, in order, each with a line feed after it: over exactly
the bytes of the list when it is taken as NDJSON. All of that is in an audit event and so in the log, which proves later
that the list is the one of that day.

Anybody who may read messages may look at any frozen list, but one of a matter they are no member of, and sees and counts
of it what is within their scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from archive import search
from archive.scope import EVERYTHING
from compliance import audit, gathering, investigations, matters, pages, parts, permissions, refusals, saved
from compliance.investigations import NotHere
from compliance.models import AuditEvent, Matter, MessageList
from compliance.permissions import Action
from compliance.sightings import FoundMessage

Purpose, State = MessageList.Purpose, MessageList.State
PAGE_SIZE = 50


class Form(StrEnum):
    """How a list is taken."""

    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True)
class Line:
    """A frozen list among others; `count` is what the person may see of it, None while it is being read."""

    list: MessageList
    count: int | None


@dataclass(frozen=True)
class Seen:
    """A frozen list with a page of it. `is_whole` is false for a person whose scope has limits."""

    line: Line
    is_whole: bool
    found: list[FoundMessage]
    next: int | None
    event: AuditEvent | None
    """The event whose leaf proves the list."""
    held: int | None
    """Of a list of a matter: how many of its messages the matter holds now; None of others and until it is done."""


def freeze(
    *,
    name: str,
    query: str,
    order: search.Order,
    matter_id: int | None = None,
    by: User | None,
    now: datetime,
) -> MessageList:
    """Freeze the whole answer to a search, in a matter where one is given. Raises search.SearchError, saved.Unfit, NotHere."""
    refusals.check(Action.FREEZE, subject="lists", by=by, now=now)
    matter = saved.matter_of(matter_id, by)
    if matter is not None:
        query = gathering.in_matter(query, matter, now=now)
    return gathering.ask(
        purpose=Purpose.FROZEN, name=saved.fit(name), query=query, order=order, matter=matter, by=by, now=now
    )


def lines(
    *,
    before: int | None = None,
    limit: int = PAGE_SIZE,
    matter: Matter | None = None,
    among: pages.Among = pages.ALL,
    by: User | None,
    now: datetime,
) -> tuple[list[Line], int | None]:
    """A page of the frozen lists the person may see, newest first, and the key of the next page (None on the last)."""
    refusals.check(Action.READ_MESSAGES, subject="lists", by=by, now=now)
    found = among.of(_visible(by), made="asked_at")
    if matter is not None:
        found = found.filter(matter=matter)
    rows, following = pages.part(found, before=before, size=limit)
    return [Line(row, _count(row, by)) for row in rows], following


def total(*, among: pages.Among = pages.ALL, by: User | None) -> int:
    """How many frozen lists the person may see."""
    return among.of(_visible(by), made="asked_at").count()


def seen(*, list_id: int, after: int = 0, by: User | None, now: datetime) -> Seen:
    """A frozen list with the messages beyond a place; recorded as a look. Raises NotHere."""
    subject = f"list/{list_id}"
    refusals.check(Action.READ_MESSAGES, subject=subject, by=by, now=now)
    row = find(list_id, by)
    scope, places = investigations.scope_of(by), []
    if row.state == State.DONE:
        places = parts.page(row.pk, scope=scope, after=after, limit=PAGE_SIZE + 1)
    found = investigations.listed(
        message_ids=[message_id for _, message_id in places[:PAGE_SIZE]],
        subject=subject,
        details={"after": after},
        by=by,
        now=now,
    )
    held = None
    if row.matter is not None and row.state == State.DONE:
        held = parts.count(row.pk, scope=investigations.scope_of(None, row.matter))
    froze = AuditEvent.objects.filter(subject=subject, action=audit.Action.FROZE).order_by("-pk").first()
    return Seen(
        line=Line(row, _count(row, by)),
        is_whole=scope == EVERYTHING,
        found=found,
        next=places[PAGE_SIZE - 1][0] if len(places) > PAGE_SIZE else None,
        event=froze,
        held=held,
    )


def progress(*, list_id: int, by: User | None, now: datetime) -> tuple[MessageList, bool]:
    """How far a list is, for whoever asked for it, and frozen ones for every reader; and whether they may know numbers.

    Those of a whole list are for a person without limits only. Raises NotHere.
    """
    refusals.check(Action.SEARCH, subject=f"list/{list_id}", by=by, now=now)
    row = MessageList.objects.select_related("tag", "search").filter(pk=list_id).first()
    if row is None or not (by is None or row.made_by_id == by.pk or _visible(by).filter(pk=row.pk).exists()):
        raise NotHere
    return row, investigations.scope_of(by) == EVERYTHING


def stop(*, list_id: int, by: User | None, now: datetime) -> bool:
    """Stop reading an answer, and forget what was read; whether it was still to be read.

    For whoever asked for it. Nothing is tagged then: that follows from the whole. Raises NotHere, saved.Unfit.
    """
    row, _ = progress(list_id=list_id, by=by, now=now)
    if by is not None and row.made_by_id != by.pk:
        raise saved.Unfit("Only whoever asked for it can stop it.")
    with transaction.atomic():
        open_ones = MessageList.objects.filter(pk=row.pk, state__in=[State.DUE, State.CLAIMED])
        is_stopped = open_ones.update(state=State.STOPPED, claim=None, last_error="It was stopped.") == 1
        if is_stopped:
            parts.drop(row.pk)
            details = {"for": row.purpose, "query": row.query}
            audit.record(
                action=audit.Action.STOPPED, subject=f"list/{row.pk}", details=details, by=by, now=now
            )
    return is_stopped


def take(*, list_id: int, form: Form, by: User | None, now: datetime) -> Iterator[bytes]:
    """The ids within the person's scope as lines, in order; recorded before the first is given. Raises NotHere."""
    subject = f"list/{list_id}"
    refusals.check(Action.TAKE_LIST, subject=subject, by=by, now=now)
    row = find(list_id, by)
    if row.state != State.DONE:
        raise NotHere
    scope = investigations.scope_of(by)
    details = {"form": form.value, "messages": _count(row, by), "sha256": bytes(row.sha256 or b"").hex()}
    with transaction.atomic():
        audit.record(action=audit.Action.DOWNLOADED, subject=subject, details=details, by=by, now=now)
    ids = parts.read(row.pk, scope=scope)
    if form is Form.NDJSON:
        return (parts.line(message_id) for _, message_id in ids)
    return _as_csv(ids)


def is_intact(*, list_id: int, by: User | None, now: datetime) -> bool:
    """Whether the ids give the digest that was recorded when the list was frozen. Raises NotHere."""
    refusals.check(Action.READ_MESSAGES, subject=f"list/{list_id}", by=by, now=now)
    row = find(list_id, by)
    if row.state != State.DONE or row.sha256 is None:
        raise NotHere
    froze = AuditEvent.objects.filter(subject=f"list/{row.pk}", action=audit.Action.FROZE).get()
    found = parts.digest(row.pk)
    return found == bytes(row.sha256) and found.hex() == froze.details["sha256"]


def find(list_id: int, by: User | None) -> MessageList:
    """A frozen list, finished or not. Raises NotHere."""
    row = _visible(by).select_related("matter").filter(pk=list_id).first()
    if row is None:
        raise NotHere
    return row


def _visible(by: User | None) -> QuerySet[MessageList]:
    """Frozen lists of no matter, and those of matters the person may see; a token of some matters sees theirs alone."""
    found = MessageList.objects.filter(purpose=Purpose.FROZEN)
    if by is None:
        return found
    there = Q(matter__in=matters.of(by))
    return found.filter(there if permissions.is_of_some_matters(by) else Q(matter=None) | there)


def _count(row: MessageList, by: User | None) -> int | None:
    if row.state != State.DONE:
        return None
    scope = investigations.scope_of(by)
    return row.count if scope == EVERYTHING else parts.count(row.pk, scope=scope)


def _as_csv(ids: Iterator[tuple[int, int]]) -> Iterator[bytes]:
    yield b"place,message\r\n"
    for place, (_, message_id) in enumerate(ids, 1):
        yield b"%d,%d\r\n" % (place, message_id)
