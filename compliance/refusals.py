"""Letting in whoever may, and recording whoever may not: the first step of every door to the record.

A refusal is evidence: it is written to the trail in a transaction of its own, and then raised. `by=None` is the operator
at the command line, who has the database anyway.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from compliance import audit, permissions
from compliance.permissions import Action


class Refused(PermissionDenied):
    """What was refused, and is in the trail already."""


def check(action: Action, *, subject: str, by: User | None, now: datetime) -> None:
    """Let the operator and whoever may; record and refuse everyone else."""
    if by is None or permissions.can(action, by=by):
        return
    with transaction.atomic():
        details = {"wanted": action.value}
        audit.record(action=audit.Action.REFUSED, subject=subject, details=details, by=by, now=now)
    try:
        permissions.check(action, by=by)
    except PermissionDenied as error:
        raise Refused(*error.args) from None
