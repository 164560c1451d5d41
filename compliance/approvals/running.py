"""Carrying out what was approved, once it has cooled off, and ending what waited too long. The row is the job.

A worker claims a request by a filtered update, so that tries are counted even if the worker dies of one. Then, in one
transaction: the row is locked if it is still approved and still this worker's, the kind locks what it is about, the
items are worked out again, and the deed, the state and the event are written. A worker that lost its claim does
nothing; whoever withdraws waits for the lock, and is told that it was too late, or is in time.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from compliance import audit, claiming, permissions
from compliance.approvals import deciding, endings, kinds
from compliance.approvals.errors import Obstacle
from compliance.models import Request
from compliance.permissions import Action

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = Request.State
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=30)
AGAIN_SOON = timedelta(minutes=1)


def carry_out_due(*, clock: Clock) -> int:
    """End what has expired and carry out what is due; how many requests were worked on."""
    worked = 0
    while _expire_next(now=clock()):
        worked += 1
    while _carry_out_next(clock=clock):
        worked += 1
    return worked


def _expire_next(*, now: datetime) -> bool:
    due = Request.objects.filter(state=State.ASKED, expires_at__lte=now)
    with transaction.atomic():
        row = due.order_by("expires_at", "pk").select_for_update(skip_locked=True).first()
        if row is None:
            return False
        deciding.expire(row, now=now)
    return True


def _carry_out_next(*, clock: Clock) -> bool:
    now = clock()
    free = claiming.unclaimed(now=now, holds_for=CLAIM_HOLDS)
    due = Request.objects.filter(free, state=State.APPROVED, runs_at__lte=now)
    taken = claiming.take_next(due, now=now)
    if taken is None:
        return False
    _try(*taken, clock=clock)
    return True


def _try(key: int, claim: uuid.UUID, *, clock: Clock) -> None:
    try:
        if _waits(key, claim, now=clock()):
            return
        with transaction.atomic():
            _carry_out(key, claim, now=clock())
    except Obstacle as obstacle:
        _fail(key, claim, str(obstacle), now=clock())
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(key, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise


def _waits(key: int, claim: uuid.UUID, *, now: datetime) -> bool:
    """Whether something has to be there first: then it is tried again soon, which is no failure."""
    ours = Request.objects.filter(pk=key, claim=claim, state=State.APPROVED)
    row = ours.first()
    kind = None if row is None else kinds.known(row.kind)
    awaited = None if row is None or kind is None else kind.before(row, now)
    if awaited is None:
        return False
    ours.update(claim=None, last_error=awaited.words, not_before=now + AGAIN_SOON, attempts=F("attempts") - 1)
    return True


def _carry_out(key: int, claim: uuid.UUID, *, now: datetime) -> None:
    held = Request.objects.select_for_update().filter(pk=key, claim=claim, state=State.APPROVED)
    row = held.first()
    if row is None:
        log.info("request_taken_over", request=key)
        return
    kind = kinds.of(row.kind)
    if (words := _no_longer_entitled(row, kind)) is not None:
        endings.end(row, State.OVERTAKEN, words, by=None, now=now)
        return
    kind.lock(row.subject)
    if deciding.overtake(row, kind, now=now) is not None:
        return
    more = dict(kind.carry_out(row, now))
    endings.end(
        row, State.CARRIED_OUT, "", action=audit.Action.CARRIED_OUT, more={"did": more}, by=None, now=now
    )


def _no_longer_entitled(row: Request, kind: kinds.Kind) -> str | None:
    """Why somebody's word does not count any more, or None: a right taken away meanwhile is taken away.

    So is a place among the members of a matter: what asking and approving demanded is demanded again.
    """
    approved = [one.person_id for one in row.approvals.all()]
    people: dict[int, User] = User.objects.in_bulk([row.asked_by_id, *approved])
    if not _may(people[row.asked_by_id], kind.ask, row, kind):
        return "Whoever asked for it may no longer do so."
    if not all(_may(people[key], kind.approve, row, kind) for key in approved):
        return "Whoever approved it may no longer do so."
    return None


def _may(person: User, action: Action, row: Request, kind: kinds.Kind) -> bool:
    """Whether the matrix lets a person do it, and the kind lets them near what it is about."""
    if not permissions.can(action, by=person):
        return False
    subjects = kind.subjects(person)
    return subjects is None or row.subject in subjects


def _fail(key: int, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    """Say why it was not carried out, and when it is tried again; after enough tries, give up."""
    with transaction.atomic():
        row = Request.objects.select_for_update().filter(pk=key, claim=claim, state=State.APPROVED).first()
        if row is None:
            return
        is_over = row.attempts >= MOST_ATTEMPTS
        if is_over:
            endings.end(row, State.FAILED, why, by=None, now=now)
        else:
            later = claiming.again_at(now=now, tries=row.attempts)
            Request.objects.filter(pk=key, claim=claim).update(claim=None, last_error=why, not_before=later)
    log.warning("request_not_carried_out", request=key, attempts=row.attempts, given_up=is_over)
