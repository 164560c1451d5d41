"""Looking at requests: those that wait for a person, those about a subject, one with what changed since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from compliance import audit, pages, permissions, refusals
from compliance.approvals import figuring, items, kinds
from compliance.approvals.errors import NotThere, Obstacle
from compliance.approvals.items import Awaited, Change
from compliance.models import Approval, AuditEvent, Request
from compliance.permissions import Action

State = Request.State
OPEN = (State.ASKED, State.APPROVED)
PAGE_SIZE = 50


class Show(StrEnum):
    """Which requests a list shows."""

    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Page:
    """A page of requests with the exact total; `older` is the key of the next page, None on the last."""

    requests: Sequence[Request]
    """Each with `given`, how many have approved it."""
    total: int
    older: int | None


@dataclass(frozen=True)
class Seen:
    """One request as its page shows it. `figures` are as of now, None when that is not asked or not known."""

    request: Request
    kind: kinds.Kind | None
    terms: kinds.Terms | None
    figures: Mapping[str, int] | None
    no_longer: str
    """Why it could not be done any more, in words; "" while it could."""
    awaited: Awaited | None
    """Why it cannot be approved yet; None when it can."""
    changes: Sequence[Change]
    events: list[AuditEvent]
    is_intact: bool
    """Whether what stands in the row gives the digest that was recorded when it was asked."""
    link: str
    approvals: list[Approval]
    has_approved: bool
    """Whether the reader's own approval is among them."""
    may_decide: bool
    may_withdraw: bool
    may_count: bool
    """Whether the reader may stop what is counted for it, and have it counted anew."""

    @property
    def is_current(self) -> bool:
        """Whether what would happen is what was asked for."""
        return self.no_longer == "" and len(self.changes) == 0


def pending(*, subject: str) -> QuerySet[Request]:
    """The requests about a subject that wait or cool off, newest first; for pages that may show the subject."""
    return Request.objects.filter(subject=subject, state__in=OPEN).order_by("-pk")


def latest(*, subjects: Collection[str]) -> dict[str, Request]:
    """The last request about each of these subjects, however it stands; for pages that may show the subjects."""
    rows = Request.objects.filter(subject__in=subjects).order_by("subject", "-pk").distinct("subject")
    return {row.subject: row for row in rows.defer("items", "parameters")}


def of_kind(kind: str) -> QuerySet[Request]:
    """The requests of a kind that wait or cool off, newest first; for pages that may show their subjects."""
    return Request.objects.filter(kind=kind, state__in=OPEN).order_by("-pk")


def waiting_for(*, by: User) -> QuerySet[Request]:
    """The requests that the person may decide, oldest first."""
    theirs = _theirs(by)
    if len(theirs) == 0:
        return Request.objects.none()
    return _undecided(by).filter(_of_kinds(theirs, by)).order_by("pk")


def number_waiting(*, by: User) -> int:
    """How many those are. Every page asks: which subjects the person may see is only asked of kinds that wait."""
    theirs = {kind.key: kind for kind in _theirs(by)}
    found = list(_undecided(by).filter(kind__in=theirs).values_list("kind", "subject"))
    shown = _subjects([theirs[key] for key in {key for key, _ in found}], by)
    return sum((subjects := shown[key]) is None or subject in subjects for key, subject in found)


def page(*, show: Show, kind: str = "", before: int | None = None, by: User | None, now: datetime) -> Page:
    """A page of the requests a person may see, newest first."""
    refusals.check(Action.SEE_REQUESTS, subject="requests", by=by, now=now)
    found = visible(by)
    if show is Show.WAITING:
        found = Request.objects.filter(state=State.ASKED) if by is None else waiting_for(by=by)
    elif show is Show.MINE:
        found = found.filter(asked_by=by)
    elif show is Show.OPEN:
        found = found.filter(state__in=OPEN)
    else:
        found = found.exclude(state__in=OPEN)
    if kind:
        found = found.filter(kind=kind)
    counted = found.annotate(given=Count("approvals")).defer("items", "parameters")
    rows, older = pages.part(counted, before=before, size=PAGE_SIZE)
    return Page(rows, found.count(), older)


def seen(*, request_id: int, by: User | None, now: datetime) -> Seen:
    """One request, with what changed since it was asked; recorded as a look. Raises NotThere."""
    subject = f"request/{request_id}"
    refusals.check(Action.SEE_REQUESTS, subject=subject, by=by, now=now)
    request = find(request_id, by=by)
    kind, no_longer, changed = kinds.known(request.kind), "", list[Change]()
    figures: Mapping[str, int] | None = None
    if request.state in OPEN and kind is not None:
        try:
            current = kind.find(request.subject, request.parameters, now)
            changed = items.changes(items=request.items, counts=request.counts, now=current)
            figures = current.figures() if kind.count is None else figuring.figures(request)
        except Obstacle as obstacle:
            no_longer = str(obstacle)
    events = AuditEvent.objects.filter(subject=subject).exclude(
        action__in=[audit.Action.LOOKED, audit.Action.REFUSED]
    )
    told = list(events.order_by("pk"))
    with transaction.atomic():
        if kind is not None and request.state == State.ASKED and no_longer == "":
            kind.prepare(request, now, False)
            if kind.count is not None:
                figuring.renew(request, now=now)
        details = {"digest": request.digest, "state": request.state}
        audit.record(action=audit.Action.LOOKED, subject=subject, details=details, by=by, now=now)
    given = list(request.approvals.all())
    is_own = by is not None and request.asked_by_id == by.pk
    is_able = by is not None and kind is not None and permissions.can(kind.approve, by=by)
    return Seen(
        request=request,
        kind=kind,
        terms=None if kind is None else kinds.terms(kind),
        figures=figures,
        no_longer=no_longer,
        awaited=missing(request, kind, now=now),
        changes=changed,
        events=told,
        is_intact=_is_intact(request, told),
        link="" if kind is None else kind.link(request.subject),
        approvals=given,
        has_approved=by is not None and by.pk in {one.person_id for one in given},
        may_decide=is_able and not is_own and request.state == State.ASKED,
        may_withdraw=(is_own and request.state in OPEN) or (is_able and request.state == State.APPROVED),
        may_count=can_count(request, kind, by=by),
    )


def awaited(*, request_id: int, by: User | None, now: datetime) -> tuple[Awaited | None, bool]:
    """What a request still awaits before it can be approved, None when nothing; and whether the reader may stop that.

    Raises NotThere.
    """
    refusals.check(Action.SEE_REQUESTS, subject=f"request/{request_id}", by=by, now=now)
    request = find(request_id, by=by)
    kind = kinds.known(request.kind)
    return missing(request, kind, now=now), can_count(request, kind, by=by)


def can_count(request: Request, kind: kinds.Kind | None, *, by: User | None) -> bool:
    """Whether a person may stop what is counted for a request, and have it counted anew: whoever asked or may approve."""
    if by is None or kind is None or request.state != State.ASKED:
        return False
    return request.asked_by_id == by.pk or permissions.can(kind.approve, by=by)


def missing(request: Request, kind: kinds.Kind | None, *, now: datetime) -> Awaited | None:
    """The same, of a row that the caller has."""
    if kind is None or request.state != State.ASKED:
        return None
    awaited = kind.awaits(request, now)
    if awaited is None and kind.count is not None:
        awaited = figuring.awaits(request, now=now)
    return awaited


def _is_intact(request: Request, events: Sequence[AuditEvent]) -> bool:
    """Whether the row's own items give its digest, and the trail has that digest from when it was asked."""
    recorded = [event.details.get("digest") for event in events if event.action == audit.Action.ASKED]
    digest = items.digest(
        kind=request.kind,
        subject=request.subject,
        parameters=request.parameters,
        items=request.items,
        counts=request.counts,
    )
    return recorded == [request.digest] and digest == request.digest


def find(request_id: int, *, by: User | None) -> Request:
    """A request that the person may see: one of their own, or of a subject that the kind lets them see."""
    found = visible(by).filter(pk=request_id).first()
    if found is None:
        raise NotThere
    return found


def deciders(request: Request) -> list[User]:
    """The people who may decide a request: who holds the right and may see it, but for whoever asked."""
    kind = kinds.of(request.kind)
    able = permissions.holders(kind.approve).exclude(pk=request.asked_by_id)
    return [
        person
        for person in able
        if permissions.can(Action.SEE_REQUESTS, by=person)
        and ((subjects := kind.subjects(person)) is None or request.subject in subjects)
    ]


def visible(by: User | None) -> QuerySet[Request]:
    """The requests a person may see: their own, and those of subjects that the kind lets them see."""
    if by is None:
        return Request.objects.all()
    own = Q(asked_by=by)
    if not permissions.can(Action.SEE_REQUESTS, by=by):
        return Request.objects.filter(own)
    return Request.objects.filter(own | _of_kinds(kinds.every(), by))


def _theirs(by: User) -> list[kinds.Kind]:
    """The kinds that the person may decide."""
    if not permissions.can(Action.SEE_REQUESTS, by=by):
        return []
    return [kind for kind in kinds.every() if permissions.can(kind.approve, by=by)]


def _undecided(by: User) -> QuerySet[Request]:
    """Requests that wait and are neither the person's own nor approved by them."""
    return Request.objects.filter(state=State.ASKED).exclude(asked_by=by).exclude(approvals__person=by)


def _of_kinds(wanted: Sequence[kinds.Kind], by: User) -> Q:
    """Requests of these kinds about the subjects that the person may see."""
    narrowed = Q(pk__in=[])
    for key, subjects in _subjects(wanted, by).items():
        about = Q(kind=key)
        narrowed |= about if subjects is None else about & Q(subject__in=subjects)
    return narrowed


def _subjects(wanted: Sequence[kinds.Kind], by: User) -> dict[str, frozenset[str] | None]:
    """The subjects that the person may see, kind by kind; None means all. Kinds about matters share one question."""
    asked = {subjects: subjects(by) for subjects in {kind.subjects for kind in wanted}}
    return {kind.key: asked[kind.subjects] for kind in wanted}
