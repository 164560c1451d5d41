"""Runs: what was asked of a capture, when it began and ended. A run groups the windows it made due.

A run ends when none of its windows is waiting for now or being pulled; windows that broke off stay gaps and are
taken up by a later run. Runs drive nothing: losing one loses no window.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db.models import Count, Q

from archive.capture import planning, spans
from archive.capture.spans import Span
from archive.models import Account, Run, Window

_OPEN = (Window.State.DUE, Window.State.GAP)


def begin(*, account: Account, kind: Run.Kind, now: datetime, within: Span | None = None) -> Run:
    """The account's open run, or a new one, with everything that is due now."""
    today = now.astimezone(UTC).date()
    asked = Span(spans.cliff(today), today) if within is None else within
    run = Run.objects.filter(account=account, finished_at=None).first()
    if run is None:
        run = Run.objects.create(
            account=account, kind=kind, first_day=asked.first, last_day=asked.last, started_at=now
        )
    attach(run=run, now=now)
    return run


def attach(*, run: Run, now: datetime) -> None:
    """Count everything that is due now as part of the run, and estimate its requests anew."""
    due = Window.objects.filter(account_id=run.account_id, state__in=_OPEN, not_before__lte=now)
    due.filter(first_day__lte=run.last_day, last_day__gte=run.first_day).update(run=run)
    run.requests_estimated = planning.requests_estimated(run=run)
    run.save(update_fields=["requests_estimated"])


def kind_for(*, account: Account, now: datetime) -> Run.Kind:
    """What a run begun by the clock is, by what it will mostly do."""
    due = Window.objects.filter(account=account, state__in=_OPEN, not_before__lte=now)
    if due.filter(kind=Window.Kind.MESSAGES, pulls=0).exists():
        return Run.Kind.BACKFILL
    if not Window.objects.filter(account=account, pulls__gt=0).exists():
        return Run.Kind.BACKFILL
    sweeping = due.filter(kind=Window.Kind.MODIFICATIONS).exists()
    return Run.Kind.SWEEP if sweeping else Run.Kind.SCHEDULED


def under_way(*, now: datetime) -> Q:
    """Windows that are being pulled or could be claimed now: what a run still has to do."""
    return Q(state=Window.State.CLAIMED) | Q(state__in=_OPEN, not_before__lte=now)


def are_over(account_ids: Collection[int]) -> bool:
    """Whether no run of these accounts is open any more, as far as they are active."""
    return not Run.objects.filter(account__in=account_ids, account__is_active=True, finished_at=None).exists()


def finish(*, account: Account, now: datetime) -> None:
    """End the open runs of which nothing is under way any more, and write down how they went."""
    for run in Run.objects.filter(account=account, finished_at=None):
        counted = Window.objects.filter(run=run).aggregate(
            left=Count("pk", filter=under_way(now=now)),
            windows_total=Count("pk"),
            windows_complete=Count("pk", filter=Q(state=Window.State.COMPLETE)),
            windows_gaps=Count("pk", filter=Q(state=Window.State.GAP)),
        )
        if counted.pop("left") == 0:
            Run.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now, **counted)
