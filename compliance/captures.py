"""Asking for a capture now, instead of waiting for the clock.

The row is the job: asking makes rows due, in the transaction of the audit event that says who asked; the workers are
nudged once it has committed. Asking twice harms nothing.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from archive import tasks
from archive.capture import scheduled
from compliance import audit, permissions
from compliance.permissions import Action


def start(*, by: User, now: datetime) -> int:
    """Make everything due that has not settled, and every gap; how many accounts have something to read."""
    permissions.check(Action.START_CAPTURE, by=by)
    with transaction.atomic():
        accounts = scheduled.plan(now=now, at_once=True)
        audit.record(
            action=audit.Action.STARTED, subject="capture", details={"accounts": accounts}, by=by, now=now
        )
        transaction.on_commit(tasks.tick.delay, robust=True)  # a lost nudge is made up for by the next minute
    return len(accounts)
