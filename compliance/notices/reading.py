"""What a matter's members see of its notices: who was told what and when, who has answered, what comes next.

Texts are shown as they were sent but for the secret part of links: whoever could read one could acknowledge for somebody
else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from compliance import audit, matters
from compliance.models import AuditEvent, Custodian, Matter, Notice, NoticeKind, NoticePlan, Superior
from compliance.notices import links, plans, preparing, rendering, wordings, writing
from compliance.notices.deciding import NoSuchNotice
from compliance.permissions import Action

Kind, State = NoticeKind, Notice.State
PAGE_SIZE = 50
TROUBLE = (State.FAILED, State.UNSURE)
_CURRENT = Notice.objects.filter(custodian=OuterRef("pk"), kind=Kind.HOLD, revoked_at=None)
_IS_TOLD = Q(Exists(_CURRENT.filter(state__in=preparing.DELIVERED)))
_HAS_ANSWERED = Q(Exists(_CURRENT.filter(state=State.ACKNOWLEDGED)))
SHOWN = {
    "acknowledged": Q(dropped_at=None) & _HAS_ANSWERED,
    "outstanding": Q(dropped_at=None) & _IS_TOLD & ~_HAS_ANSWERED,
    "untold": Q(dropped_at=None) & ~_IS_TOLD,
    "trouble": Q(Exists(Notice.objects.filter(custodian=OuterRef("pk"), state__in=TROUBLE, revoked_at=None))),
}
"""Which custodians a page is about, when not about all of them."""


@dataclass(frozen=True)
class Next:
    """What will be done by itself, and when."""

    words: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One custodian: the hold notice in effect, and everything else they and others were sent, oldest first."""

    custodian: Custodian
    first: Notice | None
    others: Sequence[Notice]
    told_at: datetime | None
    superior: Superior | None
    next: Next | None
    is_held: bool

    @property
    def all(self) -> list[Notice]:
        """Every notice, oldest first."""
        mine = [notice for notice in (self.first, *self.others) if notice is not None]
        return sorted(mine, key=lambda notice: notice.pk)

    @property
    def reminded(self) -> int:
        """How many reminders of the notice in effect there were, however many ways each went."""
        if self.first is None:
            return 0
        mine = [one for one in self.others if one.kind == Kind.REMINDER and one.first_id == self.first.pk]
        return len({one.number for one in mine if one.state != State.DISCARDED})

    @property
    def escalation(self) -> Notice | None:
        """The escalation of the notice in effect."""
        return self._newest(Kind.ESCALATION)

    @property
    def release(self) -> Notice | None:
        """The release notice."""
        return self._newest(Kind.RELEASE)

    def _newest(self, kind: NoticeKind) -> Notice | None:
        mine = [one for one in self.others if one.kind == kind and one.state != State.DISCARDED]
        return mine[-1] if mine else None

    @property
    def trouble(self) -> list[Notice]:
        """What was not sent, or may not have been, and still matters."""
        mine = [notice for notice in (self.first, *self.others) if notice is not None]
        return [one for one in mine if one.state in TROUBLE and one.revoked_at is None]


@dataclass(frozen=True)
class Counts:
    """How many custodians are held, and how far they are told."""

    held: int = 0
    told: int = 0
    acknowledged: int = 0
    review: int = 0
    trouble: int = 0

    @property
    def outstanding(self) -> int:
        """Told, and not answered yet."""
        return self.told - self.acknowledged

    @property
    def untold(self) -> int:
        """Held, and not told yet."""
        return self.held - self.told


@dataclass(frozen=True)
class Seen:
    """The notices of a matter: a page of its custodians; `after` is the key of the next page, None on the last."""

    matter: Matter
    plan: NoticePlan
    counts: Counts
    lines: list[Line]
    after: int | None


@dataclass(frozen=True)
class SeenOne:
    """One notice: the text as sent with its link hidden, and what happened to it."""

    notice: Notice
    subject: str
    body: str
    chat_text: str
    is_intact: bool
    events: list[AuditEvent] = field(default_factory=list)


def page(*, matter_id: int, show: str = "", after: int = 0, by: User | None) -> Seen:
    """A page of a matter's custodians with their notices: all of them, or those of whom one of SHOWN is so.

    Raises NoSuchMatter, PermissionDenied.
    """
    matter = matters.get(matter_id=matter_id, action=Action.SEE_MATTER, by=by)
    plan = plans.of(matter)
    told = Notice.objects.filter(custodian=OuterRef("pk"), kind=Kind.HOLD)
    found = Custodian.objects.filter(Q(dropped_at=None) | Exists(told), matter=matter, pk__gt=after)
    found = found.filter(SHOWN.get(show, Q()))
    people = list(found.order_by("pk")[: PAGE_SIZE + 1])
    following = people[PAGE_SIZE - 1].pk if len(people) > PAGE_SIZE else None
    people = people[:PAGE_SIZE]
    notices = _notices_of(people)
    superiors = {
        row.custodian_id: row for row in Superior.objects.filter(custodian__in=people).order_by("pk")
    }
    return Seen(
        matter=matter,
        plan=plan,
        counts=counts(matter),
        lines=[_line(one, matter, plan, notices[one.pk], superiors.get(one.pk)) for one in people],
        after=following,
    )


def of_custodian(*, matter_id: int, custodian_id: int, by: User | None) -> Seen:
    """One custodian's line. Raises NoSuchMatter, PermissionDenied, NoSuchNotice."""
    matter = matters.get(matter_id=matter_id, action=Action.SEE_MATTER, by=by)
    custodian = Custodian.objects.filter(pk=custodian_id, matter=matter).first()
    if custodian is None:
        raise NoSuchNotice
    plan = plans.of(matter)
    notices = _notices_of([custodian])[custodian.pk]
    line = _line(custodian, matter, plan, notices, plans.superior_of(custodian))
    return Seen(matter, plan, counts(matter), [line], None)


def counts(matter: Matter) -> Counts:
    """How far the custodians who are held now are told."""
    if matter.state == Matter.State.RELEASED:
        return Counts(trouble=_in_trouble(matter), review=_to_review(matter))
    held = Custodian.objects.filter(matter=matter, dropped_at=None)
    found = held.annotate(is_told=_IS_TOLD, has_answered=_HAS_ANSWERED).aggregate(
        held=Count("pk"),
        told=Count("pk", filter=Q(is_told=True)),
        acknowledged=Count("pk", filter=Q(has_answered=True)),
    )
    return Counts(review=_to_review(matter), trouble=_in_trouble(matter), **found)


def one(*, matter_id: int, notice_id: int, by: User | None, now: datetime) -> SeenOne:
    """Exactly what was sent; recorded as a look. Raises NoSuchMatter, PermissionDenied, NoSuchNotice."""
    matter = matters.get(matter_id=matter_id, action=Action.SEE_MATTER, by=by)
    related = ("custodian", "matter", "wording", "first", "replaces")
    notice = Notice.objects.select_related(*related).filter(pk=notice_id, matter=matter).first()
    if notice is None:
        raise NoSuchNotice
    events = AuditEvent.objects.filter(subject=writing.subject(notice), details__notice=notice.pk)
    story = list(events.exclude(action=audit.Action.LOOKED).order_by("pk")[:100])
    with transaction.atomic():
        details = {"notice": notice.pk}
        audit.record(
            action=audit.Action.LOOKED, subject=writing.subject(notice), details=details, by=by, now=now
        )
    text_digest = rendering.digest(notice.subject, notice.body)
    return SeenOne(
        notice=notice,
        subject=notice.subject,
        body=links.masked(notice.body),
        chat_text=links.masked(notice.chat_text),
        is_intact=text_digest == bytes(notice.sha256),
        events=story,
    )


def example(*, wording_id: int, matter_id: int | None, by: User) -> tuple[str, str, str]:
    """A wording with the values of a matter's first custodian, or made-up ones: subject, text, whose values.

    Raises wordings.NoSuchWording.
    """
    row = wordings.get(wording_id)
    mine = matters.of(by).select_related("opened_by").order_by("-pk")
    matter = (mine if matter_id is None else mine.filter(pk=matter_id)).first()
    custodian = None if matter is None else matter.custodians.filter(dropped_at=None).order_by("pk").first()
    return (*writing.example(row, matter=matter, custodian=custodian), "" if matter is None else matter.name)


def _line(
    custodian: Custodian, matter: Matter, plan: NoticePlan, notices: list[Notice], superior: Superior | None
) -> Line:
    roots = [one for one in notices if one.kind == Kind.HOLD and one.first_id is None]
    current = [one for one in roots if one.revoked_at is None and one.state != State.DISCARDED]
    first = current[-1] if current else (roots[-1] if roots else None)
    others = [one for one in notices if one is not first]
    is_held = custodian.dropped_at is None and matter.state == Matter.State.ACTIVE
    told = min((one.sent_at for one in _same(first, notices) if one.sent_at is not None), default=None)
    upcoming = _next(first, notices, plan, told) if is_held and first in current else None
    return Line(custodian, first, others, told, superior, upcoming, is_held)


def _same(first: Notice | None, notices: list[Notice]) -> list[Notice]:
    """A hold notice in each of its ways."""
    if first is None:
        return []
    return [first, *(one for one in notices if one.first_id == first.pk and one.kind == Kind.HOLD)]


def _next(
    first: Notice | None, notices: list[Notice], plan: NoticePlan, told: datetime | None
) -> Next | None:
    """The reminder or the escalation that comes next, whichever is earlier."""
    if first is None or told is None or first.state == State.ACKNOWLEDGED:
        return None
    follow = [one for one in notices if one.first_id == first.pk]
    reminders = [one for one in follow if one.kind == Kind.REMINDER]
    made = max((one.number for one in reminders), default=0)
    last = max((one.prepared_at for one in reminders), default=None)
    comes = []
    reminder = plans.reminder_due(plan, told_at=told, last=last, made=made)
    if reminder is not None:
        comes.append(Next(f"reminder {made + 1} of {plan.reminders}", reminder))
    is_escalated = any(one.kind == Kind.ESCALATION and one.state != State.DISCARDED for one in follow)
    escalation = plans.escalation_due(plan, told_at=told)
    if escalation is not None and not is_escalated:
        comes.append(Next("escalation", escalation))
    return min(comes, key=lambda one: one.at, default=None)


def _notices_of(people: list[Custodian]) -> dict[int, list[Notice]]:
    """Their notices without the texts, oldest first."""
    found: dict[int, list[Notice]] = {person.pk: [] for person in people}
    rows = Notice.objects.filter(custodian__in=people).defer("body", "chat_text").order_by("pk")
    for row in rows.select_related("wording"):
        found[row.custodian_id].append(row)
    return found


def _to_review(matter: Matter) -> int:
    return Notice.objects.filter(matter=matter, state=State.REVIEW).values("custodian").distinct().count()


def _in_trouble(matter: Matter) -> int:
    return Notice.objects.filter(matter=matter, state__in=TROUBLE, revoked_at=None).count()
