"""What a member decides about notices: send what was reviewed, leave it, try again, send anew."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from compliance import audit, matters
from compliance.hindrances import Absent
from compliance.models import Custodian, Matter, Notice, NoticeKind
from compliance.notices import plans, preparing, sending, writing
from compliance.notices.plans import Unfit
from compliance.notices.writing import Made
from compliance.permissions import Action

State = Notice.State
LONGEST_WHY = 500


class NoSuchNotice(Absent):
    """There is no such notice in this matter."""


def send(*, matter_id: int, notice_id: int | None = None, by: User | None, now: datetime) -> int:
    """Send a notice that waits to be reviewed, with its other ways, or all that do; how many people that concerns.

    Raises NoSuchMatter, PermissionDenied, Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    with transaction.atomic():
        preparing.renew(matter=matter, now=now)  # nobody sends an old wording, however quick they are
        waiting = Notice.objects.select_for_update().filter(matter=matter, state=State.REVIEW)
        if notice_id is not None:
            waiting = waiting.filter(Q(pk=notice_id) | Q(first=notice_id))
        rows = list(waiting.order_by("pk"))
        if notice_id is not None and len(rows) == 0:
            raise Unfit("It has been sent, discarded or prepared anew meanwhile. Look at it again.")
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.DUE, not_before=now)
        for row in rows:
            _record(audit.Action.STARTED, row, {}, by=by, now=now)
        transaction.on_commit(sending.nudge, robust=True)
    return len({row.custodian_id for row in rows})


def discard(*, matter_id: int, notice_id: int, why: str, by: User | None, now: datetime) -> None:
    """Do not send a notice that waits to be reviewed. Raises NoSuchMatter, PermissionDenied, NoSuchNotice, Unfit."""
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    why = _fit(why)
    with transaction.atomic():
        row = _get(matter, notice_id)
        both = Notice.objects.filter(Q(pk=row.pk) | Q(first=row), state=State.REVIEW)
        if both.update(state=State.DISCARDED, last_error=f"Not sent: {why}") == 0:
            raise Unfit("It does not wait to be reviewed any more. Look at it again.")
        _record(audit.Action.REMOVED, row, {"why": why}, by=by, now=now)


def again(*, matter_id: int, notice_id: int, by: User | None, now: datetime) -> None:
    """Send the very same text once more, after it failed or may not have arrived; with the Message-ID it had.

    Raises NoSuchMatter, PermissionDenied, NoSuchNotice, Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    with transaction.atomic():
        row = _get(matter, notice_id)
        if row.recipient == "":
            raise Unfit(row.last_error or writing.NO_ADDRESS)
        stuck = Notice.objects.filter(pk=row.pk, state__in=[State.FAILED, State.UNSURE], revoked_at=None)
        done = stuck.update(state=State.DUE, not_before=now, attempts=0, handed_over_at=None)
        if done != 1:
            raise Unfit("It is not stuck any more. Look at it again.")
        _record(audit.Action.STARTED, row, {"again": True, "was": row.state}, by=by, now=now)
        transaction.on_commit(sending.nudge, robust=True)


def resend(*, matter_id: int, custodian_id: int, why: str, by: User | None, now: datetime) -> Notice:
    """Prepare and send a custodian a new hold notice; the link of the one before opens nothing any more.

    Raises NoSuchMatter, PermissionDenied, Unfit.
    """
    matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    why = _fit(why)
    custodian = (
        Custodian.objects.select_related("matter__opened_by").filter(pk=custodian_id, matter=matter).first()
    )
    if custodian is None:
        raise matters.NoSuchMatter
    if custodian.dropped_at is not None or matter.state == Matter.State.RELEASED:
        raise Unfit("This custodian is held no more, so there is no notice to send.")
    try:
        with transaction.atomic():
            before = _current(custodian).select_for_update().first()
            if before is not None:
                Notice.objects.filter(pk=before.pk).update(revoked_at=now)
            made = Made(replaces=before, why=why, by=by)
            channels = plans.channels(plans.of(matter))
            notice = writing.root(custodian=custodian, channels=channels, made=made, now=now)
            transaction.on_commit(sending.nudge, robust=True)
    except IntegrityError as error:
        raise Unfit("A notice was prepared at the same moment. Look at it first.") from error
    return notice


def _current(custodian: Custodian) -> QuerySet[Notice]:
    found = Notice.objects.filter(custodian=custodian, kind=NoticeKind.HOLD, first=None, revoked_at=None)
    return found.exclude(state=State.DISCARDED)


def _get(matter: Matter, notice_id: int) -> Notice:
    row = Notice.objects.select_for_update().filter(pk=notice_id, matter=matter).first()
    if row is None:
        raise NoSuchNotice
    return row


def _fit(why: str) -> str:
    why = " ".join(why.split())
    if why == "" or len(why) > LONGEST_WHY:
        raise Unfit(f"Say why, in 1 to {LONGEST_WHY} characters.")
    return why


def _record(
    action: audit.Action, row: Notice, more: dict[str, object], *, by: User | None, now: datetime
) -> None:
    details = writing.facts(row) | more
    audit.record(action=action, subject=writing.subject(row), details=details, by=by, now=now)
