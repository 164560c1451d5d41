"""Asking for a capture now, instead of waiting for the clock.

The row is the job: asking makes rows due, in the transaction of the audit event that says who asked; the workers are
nudged once it has committed. Asking twice harms nothing. Whoever asked is told when the run that it began, or that was under
way, has ended.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import completeness, tasks
from archive.capture import runs, scheduled
from compliance import audit, errands, permissions
from compliance.permissions import Action


def start(*, by: User, now: datetime) -> int:
    """Make everything due that has not settled, and every gap; how many accounts have something to read."""
    permissions.check(Action.START_CAPTURE, by=by)
    with transaction.atomic():
        accounts = scheduled.plan(now=now, at_once=True)
        audit.record(
            action=audit.Action.STARTED, subject="capture", details={"accounts": accounts}, by=by, now=now
        )
        if len(accounts) > 0:
            errands.begin(kind=errands.Kind.CAPTURE, accounts=accounts, by=by, now=now)
        transaction.on_commit(tasks.tick.delay, robust=True)  # a lost nudge is made up for by the next minute
    return len(accounts)


def tell_ended(*, now: datetime) -> None:
    """Tell whoever asked for a capture that has ended, and what is missing still."""
    over = [one for one in errands.under_way(errands.Kind.CAPTURE) if runs.are_over(one.accounts)]
    if len(over) == 0:
        return
    gaps = completeness.summary(now=now).gaps
    left = "nothing is missing" if gaps == 0 else f"{gaps:,} gap{' is' if gaps == 1 else 's are'} left"
    for one in over:
        errands.end(one, text=f"The capture you asked for has ended: {left}.", link="/capture/", now=now)
