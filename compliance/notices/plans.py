"""How the custodians of a matter are told, and to whom it is said that one does not answer."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from compliance import audit, matters
from compliance.hindrances import Hindrance
from compliance.models import Channel, Custodian, Matter, Notice, NoticeKind, NoticePlan, Superior
from compliance.notices import placeholders
from compliance.permissions import Action

WAYS = {
    NoticePlan.Way.MAIL: (Channel.MAIL,),
    NoticePlan.Way.CHAT: (Channel.CHAT,),
    NoticePlan.Way.BOTH: (Channel.MAIL, Channel.CHAT),
}
FIELDS = (
    "at_once",
    "way",
    "contact",
    "chat_sender",
    "remind_after_days",
    "reminders",
    "escalate_after_days",
)


class Unfit(Hindrance):
    """Why something cannot be done as it was asked, in a sentence a person can act on."""


def of(matter: Matter) -> NoticePlan:
    """The matter's plan, or the defaults, which send nothing before somebody has looked."""
    kept = NoticePlan.objects.select_related("matter__opened_by").filter(matter=matter).first()
    return NoticePlan(matter=matter) if kept is None else kept


def channels(plan: NoticePlan) -> tuple[Channel, ...]:
    """The ways a custodian is told; the acknowledgement belongs to the first."""
    return WAYS[NoticePlan.Way(plan.way)]


def change(*, matter_id: int, by: User | None, now: datetime, **wanted: Any) -> NoticePlan:
    """Set how a matter's custodians are told, from now on. Raises NoSuchMatter, PermissionDenied."""
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    with transaction.atomic():
        before = _shown(of(matter))
        plan, _ = NoticePlan.objects.update_or_create(
            matter=matter, defaults={name: wanted[name] for name in FIELDS if name in wanted}
        )
        after = _shown(plan)
        details = {"notices": {name: after[name] for name in FIELDS if after[name] != before[name]}}
        audit.record(
            action=audit.Action.CHANGED, subject=f"matter/{matter.pk}", details=details, by=by, now=now
        )
    return plan


def name_superior(
    *, matter_id: int, custodian_id: int, name: str, email: str, by: User | None, now: datetime
) -> Superior:
    """Say to whom it is escalated when a custodian does not answer; an escalation that waited for it is prepared anew.

    Raises NoSuchMatter, PermissionDenied, Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    custodian = Custodian.objects.filter(pk=custodian_id, matter=matter).first()
    if custodian is None:
        raise matters.NoSuchMatter
    email = usable(email)
    if not email:
        raise Unfit("Give the e-mail address of the person above the custodian.")
    if email.casefold() == custodian.email.casefold():
        raise Unfit("That is the custodian's own address.")
    with transaction.atomic():
        given = Superior.objects.create(
            custodian=custodian, name=placeholders.one_line(name) or email, email=email,
            given_by_name=audit.name_of(by), given_at=now,
        )  # fmt: skip
        waiting = Notice.objects.filter(custodian=custodian, kind=NoticeKind.ESCALATION, recipient="")
        waiting.filter(state=Notice.State.FAILED).update(state=Notice.State.DISCARDED)
        details = {"custodian": custodian.pk, "superior": given.name, "email": given.email}
        audit.record(
            action=audit.Action.CHANGED, subject=f"matter/{matter.pk}", details=details, by=by, now=now
        )
    return given


def superior_of(custodian: Custodian) -> Superior | None:
    """To whom it is escalated: whoever was named last, None while nobody is."""
    return Superior.objects.filter(custodian=custodian).order_by("-pk").first()


def usable(email: str) -> str:
    """An address that mail can be sent to, or "" for none: what the directory says is strangers' text."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def reminder_due(plan: NoticePlan, *, told_at: datetime, last: datetime | None, made: int) -> datetime | None:
    """When the next reminder is due, None when there is none left; never two at once after a standstill."""
    if made >= plan.reminders:
        return None
    every = timedelta(days=plan.remind_after_days)
    planned = told_at + every * (made + 1)
    return planned if last is None else max(planned, last + every)


def escalation_due(plan: NoticePlan, *, told_at: datetime) -> datetime | None:
    """When it is escalated; None for never."""
    days = plan.escalate_after_days
    return None if days == 0 else told_at + timedelta(days=days)


def _shown(plan: NoticePlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in FIELDS}


def day(value: datetime) -> str:
    """A moment as a day in the reader's zone, for a sentence."""
    return placeholders.day(timezone.localtime(value).date())
