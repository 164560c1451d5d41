"""Requests for erasure: taken, parked while a hold or a duty stands, let go by a disposition when that ends.

Each is looked at when it is taken, every hour, and at once when somebody asks (`looking`). When something can go that
could not before, whoever took it is told. What goes, goes by a disposition like everything else; when nothing is left,
the request is complete.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from archive import candidates
from compliance import audit, inert, matters, pages, refusals
from compliance.disposition import looking
from compliance.hindrances import Absent, Hindrance
from compliance.models import AuditEvent, Disposition, Erasure, KeepingRule
from compliance.pages import Page
from compliance.permissions import Action

State = Erasure.State
OPEN = looking.OPEN
PAGE_SIZE = 50
LONGEST_REASON = 4_000


class NoSuchErasure(Absent):
    """There is no such request."""


class Unfit(Hindrance):
    """Why it cannot be taken or ended as it was asked, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks to have erased; days are whole, in UTC."""

    account_id: int
    person_id: int
    session_id: int | None = None
    since: date | None = None
    until: date | None = None
    asked_by: str
    reason: str
    asked_on: date


@dataclass(frozen=True)
class Seen:
    """One request. `matters` are those the reader may see; `unseen` is how many more hold some of it."""

    row: Erasure
    matters: list[tuple[int, str]]
    unseen: int
    duties: list[KeepingRule]
    dispositions: list[Disposition]
    events: list[AuditEvent]


def page(*, before: int | None = None, by: User | None, now: datetime) -> Page[Erasure]:
    """The requests for erasure, newest first."""
    refusals.check(Action.SEE_ERASURES, subject="erasures", by=by, now=now)
    return pages.newest(Erasure.objects.all(), before=before, size=PAGE_SIZE)


def seen(*, erasure_id: int, by: User | None, now: datetime) -> Seen:
    """One request with what stands in its way. Recorded as a look. Raises NoSuchErasure."""
    subject = f"erasure/{erasure_id}"
    refusals.check(Action.SEE_ERASURES, subject=subject, by=by, now=now)
    row = get(erasure_id)
    visible = list(matters.of(by).filter(pk__in=row.matters).order_by("pk").values_list("pk", "name"))
    events = AuditEvent.objects.filter(subject=subject).exclude(action__in=_QUIET)
    with transaction.atomic():
        audit.record(
            action=audit.Action.LOOKED, subject=subject, details={"state": row.state}, by=by, now=now
        )
    return Seen(
        row=row,
        matters=visible,
        unseen=len(row.matters) - len(visible),
        duties=list(KeepingRule.objects.filter(pk__in=row.duties).order_by("pk")),
        dispositions=list(Disposition.objects.filter(erasure=row).order_by("pk")),
        events=list(events.order_by("pk")[:100]),
    )


def take(*, wanted: Wanted, by: User, now: datetime) -> Erasure:
    """Take a request, and have it looked at. Raises Unfit."""
    refusals.check(Action.TAKE_ERASURE, subject="erasures", by=by, now=now)
    asked_by, reason = inert.typed(wanted.asked_by), inert.typed(wanted.reason)
    if not 1 <= len(asked_by) <= 300:
        raise Unfit("Say who asked, and how, in 1 to 300 characters.")
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Unfit(f"Give the reason, in 1 to {LONGEST_REASON:,} characters.")
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise Unfit("The last day is before the first.")
    if wanted.asked_on > now.astimezone(UTC).date() + timedelta(days=1):
        raise Unfit("It cannot have come in on a day that is still to come.")
    found = candidates.of([wanted.person_id], account_id=wanted.account_id)
    if len(found) != 1:
        raise Unfit("Choose whose words are to go.")
    with transaction.atomic():
        row = Erasure.objects.create(
            account_id=wanted.account_id, person_id=wanted.person_id, person_name=found[0].name,
            session_id=wanted.session_id, since=wanted.since, until=wanted.until, asked_by=asked_by, reason=reason,
            asked_on=wanted.asked_on, taken_by=by, taken_by_name=audit.name_of(by), taken_at=now, not_before=now,
        )  # fmt: skip
        details = {
            "person": row.person_id,
            "session": row.session_id,
            "since": None if row.since is None else row.since.isoformat(),
            "until": None if row.until is None else row.until.isoformat(),
            "asked_by": asked_by,
            "reason": reason,
            "asked_on": row.asked_on.isoformat(),
        }
        audit.record(action=audit.Action.SAVED, subject=f"erasure/{row.pk}", details=details, by=by, now=now)
    looking.hurry(row.pk, now=now)
    row.refresh_from_db()
    return row


def withdraw(*, erasure_id: int, reason: str, by: User, now: datetime) -> Erasure:
    """End a request that is not wanted any more. Raises NoSuchErasure, Unfit.

    A disposition for it is stopped by that wherever it stands: whoever asks for it, carries it out or destroys a part
    of it holds the row (`settled`), so this waits for a part that has begun, and is seen by the next.
    """
    refusals.check(Action.TAKE_ERASURE, subject=f"erasure/{erasure_id}", by=by, now=now)
    why = inert.typed(reason)
    if not 1 <= len(why) <= LONGEST_REASON:
        raise Unfit(f"Say why, in 1 to {LONGEST_REASON:,} characters.")
    with transaction.atomic():
        row = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
        if row is None:
            raise NoSuchErasure
        if row.state not in OPEN:
            raise Unfit(f"It is {row.get_state_display()} already.")
        looking.end(row, State.WITHDRAWN, why, by=by, now=now)
    return row


def look_now(*, erasure_id: int, by: User, now: datetime) -> Erasure:
    """Look at once what stands in its way. Raises NoSuchErasure."""
    refusals.check(Action.TAKE_ERASURE, subject=f"erasure/{erasure_id}", by=by, now=now)
    row = get(erasure_id)
    Erasure.objects.filter(pk=row.pk, state__in=OPEN, claim=None).update(not_before=now)
    looking.hurry(row.pk, now=now)
    row.refresh_from_db()
    return row


def get(erasure_id: int) -> Erasure:
    """A request. Raises NoSuchErasure."""
    row = Erasure.objects.filter(pk=erasure_id).first()
    if row is None:
        raise NoSuchErasure
    return row


def progress(*, erasure_id: int, by: User | None, now: datetime) -> Erasure:
    """One request, for how far looking at it is. Raises NoSuchErasure."""
    refusals.check(Action.SEE_ERASURES, subject=f"erasure/{erasure_id}", by=by, now=now)
    return get(erasure_id)


def settled(erasure_id: int) -> Erasure:
    """A request that nobody can withdraw before the caller's transaction ends. Raises NoSuchErasure."""
    row = Erasure.objects.select_for_update(no_key=True).filter(pk=erasure_id).first()
    if row is None:
        raise NoSuchErasure
    return row


def destroyed(erasure_id: int) -> int:
    """How many messages are gone because of it."""
    gone = Disposition.objects.filter(erasure=erasure_id).aggregate(n=Sum("destroyed"))["n"]
    return 0 if gone is None else int(gone)


_QUIET = (audit.Action.LOOKED, audit.Action.REFUSED)
