"""What follows a hold notice that is not acknowledged: reminders, and once the escalation to the person above."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from compliance.models import Channel, Notice, NoticeKind, NoticePlan
from compliance.notices import plans, writing
from compliance.notices.writing import Made

Kind, State = NoticeKind, Notice.State
_DAY = timedelta(days=1)


def due(now: datetime) -> Iterator[int]:
    """First notices for which a reminder or the escalation is due, by the plans of their matters."""
    waiting = _measured(writing.in_effect().exclude(state__in=[State.ACKNOWLEDGED, State.REVIEW]))
    reminder = Q(reminded__lt=F("most")) & Q(told__lte=_before(now, F("every") * (F("reminded") + 1)))
    reminder &= Q(last=None) | Q(last__lte=_before(now, F("every")))
    escalation = Q(escalated=False, after__gt=0) & Q(told__lte=_before(now, F("after")))
    found = waiting.filter(reminder | escalation)
    yield from found.order_by("pk").values_list("pk", flat=True)


def prepare(key: int, now: datetime) -> int:
    """The next reminder and the escalation of a first notice, where they are due; how many rows that were."""
    first = writing.in_effect().select_related("custodian__matter__opened_by").filter(pk=key).first()
    told = None if first is None else writing.told_at(first)
    if first is None or told is None:
        return 0
    plan, custodian, made = plans.of(first.custodian.matter), first.custodian, 0
    found = first.following.filter(kind=Kind.REMINDER).order_by("-number")
    count, last = found.values_list("number", "prepared_at").first() or (0, None)
    moment = plans.reminder_due(plan, told_at=told, last=last, made=count)
    if moment is not None and moment <= now:
        for channel in plans.channels(plan):
            reminder = Made(first=first, number=count + 1)
            writing.write(Kind.REMINDER, custodian, channel, plan, reminder, now=now)
            made += 1
    moment = plans.escalation_due(plan, told_at=told)
    done = first.following.filter(kind=Kind.ESCALATION).exclude(state=State.DISCARDED)
    if moment is not None and moment <= now and not done.exists():
        writing.write(Kind.ESCALATION, custodian, Channel.MAIL, plan, Made(first=first), now=now)
        made += 1
    return made


def _measured(found: QuerySet[Notice]) -> QuerySet[Notice]:
    """With what the plan says and what has happened: `every`, `most`, `after`, `told`, `reminded`, `last`, `escalated`."""
    theirs = Notice.objects.filter(custodian=OuterRef("custodian")).order_by()
    itself = theirs.filter(Q(pk=OuterRef("pk")) | Q(first=OuterRef("pk"), kind=Kind.HOLD))
    reminders = theirs.filter(first=OuterRef("pk"), kind=Kind.REMINDER).values("first")
    escalations = theirs.filter(first=OuterRef("pk"), kind=Kind.ESCALATION).exclude(state=State.DISCARDED)
    told = itself.values("custodian").annotate(at=Min("sent_at")).values("at")
    plan = NoticePlan()
    return found.annotate(
        every=Coalesce(F("matter__notice_plan__remind_after_days"), Value(plan.remind_after_days)),
        most=Coalesce(F("matter__notice_plan__reminders"), Value(plan.reminders)),
        after=Coalesce(F("matter__notice_plan__escalate_after_days"), Value(plan.escalate_after_days)),
        told=Subquery(told, output_field=DateTimeField()),
        reminded=Coalesce(
            Subquery(reminders.annotate(n=Max("number")).values("n"), output_field=IntegerField()), Value(0)
        ),
        last=Subquery(reminders.annotate(at=Max("prepared_at")).values("at"), output_field=DateTimeField()),
        escalated=Exists(escalations),
    )


def _before(now: datetime, days: Combinable) -> Combinable:
    """The moment so many days ago, for the database to compare with."""
    moment = Value(now, output_field=DateTimeField())
    stretch = ExpressionWrapper(days * Value(_DAY), output_field=DurationField())
    return ExpressionWrapper(moment - stretch, output_field=DateTimeField())
