"""Stopping what is counted for a request, and having it counted anew: whoever asked, and whoever may approve it.

It does not matter who counts: the approvals themselves (`figuring`), or the service whose kind it is, which says how by
`Kind.stop` and `Kind.prepare`. Until the figures are there nobody approves, whether they are counted, stopped or failed.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from compliance import audit, refusals
from compliance.approvals import endings, figuring, kinds, reading
from compliance.approvals.errors import Obstacle
from compliance.models import Request

WHAT = "counting its figures"


def stop_counting(*, request_id: int, by: User, now: datetime) -> bool:
    """Stop counting; whether there was something to stop. Raises NotThere, Obstacle, PermissionDenied."""
    row, kind = _waiting(request_id, by=by, now=now)
    with transaction.atomic():
        is_stopped = kind.stop(row) or figuring.stop(row)
        if is_stopped:
            _record(row, audit.Action.STOPPED, by=by, now=now)
    return is_stopped


def count_anew(*, request_id: int, by: User, now: datetime) -> bool:
    """Count anew what was stopped, failed or is too old; whether that was so. Raises NotThere, Obstacle, PermissionDenied."""
    row, kind = _waiting(request_id, by=by, now=now)
    with transaction.atomic():
        awaited = reading.missing(row, kind, now=now)
        if awaited is None or not awaited.is_idle:
            return False
        is_begun = kind.prepare(row, now, True)
        if kind.count is not None:
            is_begun |= figuring.renew(row, anew=True, now=now)
        if is_begun:
            _record(row, audit.Action.STARTED, by=by, now=now)
    return is_begun


def _waiting(request_id: int, *, by: User, now: datetime) -> tuple[Request, kinds.Kind]:
    """A request that waits for approval, and may be counted for by this person."""
    row = reading.find(request_id, by=by)
    kind = kinds.of(row.kind)
    if row.asked_by_id != by.pk:
        refusals.check(kind.approve, subject=endings.subject(row), by=by, now=now)
    if row.state != Request.State.ASKED:
        raise Obstacle(endings.how_it_ended(row))
    return row, kind


def _record(row: Request, action: audit.Action, *, by: User, now: datetime) -> None:
    details = endings.details(row) | {"what": WHAT}
    audit.record(action=action, subject=endings.subject(row), details=details, by=by, now=now)
