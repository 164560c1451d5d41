"""Capture by the clock: what a minute's tick plans, and the worker that a nudge starts."""

import threading
from datetime import datetime, timedelta

from django.db.models import Q

from archive import gateway
from archive.capture import fetching, files, forwards, hold_jobs, planning, runs, windows
from archive.capture.work import Clock, Worker
from archive.models import Account

SCOPES_DUE = timedelta(hours=1)


def plan(*, now: datetime, at_once: bool = False) -> list[int]:
    """Bring every active account's jobs up to date; the accounts that have something due.

    `at_once` (a person asked) is that of `planning.plan`.
    """
    with_work = []
    for account in Account.objects.filter(is_active=True):
        windows.free_abandoned(account=account, now=now)
        fetching.free_abandoned(account=account, now=now)
        due = planning.plan(account=account, now=now, at_once=at_once)
        if due > 0:
            runs.begin(account=account, kind=runs.kind_for(account=account, now=now), now=now)
        runs.finish(account=account, now=now)
        fetching.make_due(files.rows(account), now=now, at_once=at_once)
        fetching.make_due(forwards.rows(account), now=now, at_once=at_once)
        if due > 0 or _something_to_fetch(account, now=now):
            with_work.append(account.pk)
    return with_work


def plan_holds(*, now: datetime, at_once: bool = False) -> list[int]:
    """Bring the jobs for zips of legal holds up to date; the accounts that have something due."""
    with_work = []
    for account in Account.objects.filter(is_active=True):
        due = hold_jobs.plan(account=account, now=now, at_once=at_once)
        if due > 0:
            with_work.append(account.pk)
    return with_work


def look_at_scopes(*, now: datetime) -> None:
    """Ask what each active account's app may do, where nobody asked for an hour."""
    due = Q(scopes_looked_at=None) | Q(scopes_looked_at__lte=now - SCOPES_DUE)
    for account in Account.objects.filter(due, is_active=True):
        if Account.objects.filter(due, pk=account.pk).update(scopes_looked_at=now) == 1:
            gateway.look_at_scopes(account, now=now)


def worker(account_id: int, *, clock: Clock, stop: threading.Event, work_for: timedelta) -> Worker | None:
    """A worker for a while on one account; None when the account is gone or put to rest."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return None
    return Worker(account, clock, stop, until=clock() + work_for)


def _something_to_fetch(account: Account, *, now: datetime) -> bool:
    return any(
        rows.filter(state=fetching.DUE, not_before__lte=now).exists()
        for rows in (files.rows(account), forwards.rows(account))
    )
