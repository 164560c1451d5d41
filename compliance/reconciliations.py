"""Reconciliations by the calendar: named, for some accounts or all, every day, week or month, mailed to named people.

A period is reconciled from six o'clock UTC of the day after its last one, when capture has read it. Beat makes a run of
every period that is over, oldest first; what was missed while nothing ran is made up for. While one is paused no period
is reconciled, and those that pass meanwhile are left out. Whoever is told must be able to see it by the matrix, when it
is planned and again when it is sent.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from compliance import audit, permissions, reconciling, refusals, told
from compliance.hindrances import Absent, Hindrance
from compliance.models import Reconciliation, ReconciliationRun
from compliance.permissions import Action

Period, State = Reconciliation.Period, Reconciliation.State
READY = timedelta(hours=6)
MOST_AT_ONCE = 62
"""Runs that are made up for at a time: two months of days."""
_DAY = timedelta(days=1)


class NoSuchReconciliation(Absent):
    """There is no such reconciliation."""


class Unfit(Hindrance):
    """It cannot be planned so, and why."""


@dataclass(frozen=True)
class Planned:
    """A reconciliation, who is told, its newest run, and the days that come next."""

    reconciliation: Reconciliation
    recipients: list[str]
    newest: ReconciliationRun | None
    next_last: date


def plan(
    *,
    name: str,
    period: Reconciliation.Period,
    account_ids: list[int] | None,
    recipient_ids: list[int],
    by: User | None,
    now: datetime,
) -> Reconciliation:
    """Plan one; the period that is over last is its first. Raises Unfit."""
    refusals.check(Action.PLAN_RECONCILIATION, subject="reconciliations", by=by, now=now)
    name = " ".join(name.split())
    if not name:
        raise Unfit("It needs a name.")
    people = list(User.objects.filter(pk__in=recipient_ids, is_active=True).order_by("pk"))
    unable = [audit.name_of(one) for one in people if not permissions.can(Action.SEE_COMPLETENESS, by=one)]
    if len(people) != len(set(recipient_ids)) or unable:
        raise Unfit("Only people who may see what is captured can be told.")
    if not people:
        raise Unfit("Name at least one person who is told.")
    try:
        with transaction.atomic():
            made = Reconciliation.objects.create(
                name=name, period=period, account_ids=account_ids, made_by=by,
                made_by_name=audit.name_of(by), made_at=now, next_first=last_over(period, now=now),
            )  # fmt: skip
            made.recipients.set(people)
            details = {
                "name": name,
                "period": period.value,
                "accounts": account_ids,
                "told": [audit.name_of(one) for one in people],
            }
            audit.record(action=audit.Action.SAVED, subject=_subject(made), details=details, by=by, now=now)
            transaction.on_commit(reconciling.nudge, robust=True)
    except IntegrityError as error:
        raise Unfit("There is one of this name already.") from error
    return made


def change(*, reconciliation_id: int, to: Reconciliation.State, by: User | None, now: datetime) -> None:
    """Pause, resume or end one. Raises NoSuchReconciliation, Unfit."""
    refusals.check(Action.PLAN_RECONCILIATION, subject="reconciliations", by=by, now=now)
    with transaction.atomic():
        found = Reconciliation.objects.select_for_update().filter(pk=reconciliation_id).first()
        if found is None:
            raise NoSuchReconciliation
        if found.state == State.ENDED:
            raise Unfit("It has ended; plan a new one.")
        if found.state == to:
            raise Unfit(f"It is {to.label} already.")
        if to == State.ACTIVE:
            found.next_first = max(found.next_first, last_over(Period(found.period), now=now))
        if to == State.ENDED:
            found.ended_at = now
        found.state = to
        found.save()
        details = {"name": found.name, "state": to.value}
        audit.record(action=audit.Action.CHANGED, subject=_subject(found), details=details, by=by, now=now)


def sweep(*, now: datetime) -> int:
    """A run for every period that is over; how many were added."""
    added = 0
    for found in Reconciliation.objects.filter(state=State.ACTIVE).order_by("pk"):
        for _ in range(MOST_AT_ONCE):
            if not _next_run(found.pk, now=now):
                break
            added += 1
    return added


def planned(*, by: User | None, now: datetime) -> list[Planned]:
    """Those that have not ended, by name."""
    refusals.check(Action.SEE_COMPLETENESS, subject="reconciliations", by=by, now=now)
    rows = list(Reconciliation.objects.exclude(state=State.ENDED).prefetch_related("recipients"))
    newest: dict[int, ReconciliationRun] = {}
    made = ReconciliationRun.objects.filter(reconciliation__in=rows).order_by(
        "reconciliation_id", "-first_day"
    )
    for run in made.distinct("reconciliation_id"):
        assert run.reconciliation_id is not None
        newest[run.reconciliation_id] = run
    return [
        Planned(
            row,
            [audit.name_of(one) for one in row.recipients.all()],
            newest.get(row.pk),
            last_day(Period(row.period), row.next_first),
        )
        for row in rows
    ]


def able() -> list[User]:
    """Whom one may name: everybody who may see what is captured, by name."""
    return list(permissions.holders(Action.SEE_COMPLETENESS))


def last_day(period: Reconciliation.Period, first: date) -> date:
    """The last day of the period that begins on a day."""
    if period == Period.DAY:
        return first
    if period == Period.WEEK:
        return first + timedelta(days=6)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def last_over(period: Reconciliation.Period, *, now: datetime) -> date:
    """The first day of the newest period that is ready to be reconciled; weeks begin on Monday."""
    yesterday = (now.astimezone(UTC) - READY).date() - _DAY
    if period == Period.DAY:
        return yesterday
    following = yesterday + _DAY
    if period == Period.WEEK:
        return following - timedelta(days=following.weekday() + 7)
    return (following.replace(day=1) - _DAY).replace(day=1)


@transaction.atomic
def _next_run(reconciliation_id: int, *, now: datetime) -> bool:
    """Add the run of the next period if it is over; a run that is there already is not added twice."""
    found = Reconciliation.objects.select_for_update().get(pk=reconciliation_id)
    period = Period(found.period)
    if found.state != State.ACTIVE or found.next_first > last_over(period, now=now):
        return False
    last = last_day(period, found.next_first)
    ReconciliationRun.objects.get_or_create(
        reconciliation=found,
        first_day=found.next_first,
        defaults={
            "account_ids": found.account_ids,
            "last_day": last,
            "asked_by_name": audit.name_of(None),
            "asked_at": now,
            "not_before": now,
        },
    )
    found.next_first = last + _DAY
    found.save(update_fields=["next_first"])
    return True


def is_mailed() -> bool:
    """Whether what people are told is mailed as well."""
    return told.is_mail_set_up()


def _subject(made: Reconciliation) -> str:
    return f"planned reconciliation/{made.pk}"
