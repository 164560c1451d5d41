"""Counting the figures of a request behind its page, where its kind says how. The row is the job (RequestCount).

Whoever asks waits for two seconds at most: what is not counted by then is left to a worker, which says how far it is,
begins again after a restart and counts anew once the figures are a day old. Nobody can approve before there are any.
Counting can be stopped (`compliance.approvals.counting`); then it is begun anew at somebody's wish, never by a look.
What is counted is told to nobody: whoever may decide is looking at the page, or is told of the request itself.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import transaction

from compliance import claiming, patience
from compliance.approvals import kinds
from compliance.approvals.errors import Obstacle
from compliance.approvals.items import Awaited
from compliance.models import Request, RequestCount

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Figures = Mapping[str, int]
State = RequestCount.State
KNOWN_FOR = timedelta(days=1)
PATIENCE = patience.MOST
CLAIM_HOLDS = timedelta(minutes=10)
MOST_ATTEMPTS = 8
OPEN = (Request.State.ASKED, Request.State.APPROVED)


def hurried(
    count: kinds.Count, subject: str, parameters: Mapping[str, Any], *, now: datetime
) -> dict[str, int] | None:
    """The figures, if they take no longer than anybody should wait; otherwise None. In a transaction, which goes on."""
    try:
        return dict(patience.within(PATIENCE, lambda step: count(subject, parameters, now, step)))
    except patience.Slow:
        return None


def begin(request: Request, found: Mapping[str, int] | None, *, now: datetime) -> None:
    """Keep what was counted when it was asked, or have it counted. In the transaction that asks."""
    is_known = found is not None
    RequestCount.objects.create(
        request=request, state=State.COUNTED if is_known else State.DUE, not_before=now,
        figures=dict(found or {}), counted_at=now if is_known else None,
    )  # fmt: skip
    if not is_known:
        transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute


def renew(request: Request, *, anew: bool = False, now: datetime) -> bool:
    """Have the figures of a request counted again when they are old, or never were; whether they are from now on.

    What somebody stopped is begun with `anew` alone. In a transaction.
    """
    row, is_new = RequestCount.objects.get_or_create(request=request, defaults={"not_before": now})
    over = [State.COUNTED, State.FAILED, *([State.STOPPED] if anew else [])]
    is_due = is_new
    if not is_new and not is_known(row, now=now):
        old = RequestCount.objects.filter(pk=row.pk, state__in=over)
        is_due = old.update(state=State.DUE, not_before=now, attempts=0, done=0, total=0, last_error="") == 1
    if is_due:
        transaction.on_commit(nudge, robust=True)
    return is_due


def stop(request: Request) -> bool:
    """Stop counting; whether there was something to stop. Figures of before stay. A worker that is at it loses its claim."""
    going = RequestCount.objects.filter(request=request, state__in=[State.DUE, State.CLAIMED])
    return going.update(state=State.STOPPED, claim=None, claimed_at=None, last_error="") == 1


def figures(request: Request) -> Figures | None:
    """The figures as last counted; None before that."""
    row = RequestCount.objects.filter(request=request).first()
    return None if row is None or row.counted_at is None else row.figures


def awaits(request: Request, *, now: datetime) -> Awaited | None:
    """Why it cannot be approved yet; None when its figures are there."""
    row = RequestCount.objects.filter(request=request).first()
    if row is not None and is_known(row, now=now):
        return None
    if row is None or row.state == State.COUNTED:
        words = "The figures have to be counted anew first. Look at the request again."
        return Awaited(words, is_idle=True)
    if row.state == State.CLAIMED:
        return Awaited("The figures are being counted.", row.done, row.total)
    if row.state == State.STOPPED:
        return Awaited("Counting the figures was stopped.", is_idle=True)
    if row.state == State.FAILED:
        return Awaited(f"The figures could not be counted. {row.last_error}".strip(), is_idle=True)
    return Awaited("The figures are waiting to be counted.")


def is_known(row: RequestCount, *, now: datetime) -> bool:
    """Whether the figures can be decided by."""
    return row.state == State.COUNTED and row.counted_at is not None and row.counted_at >= now - KNOWN_FOR


def nudge() -> None:
    """Tell a worker that there may be something to count."""
    current_app.send_task("compliance.tasks.count_figures", expires=55)


def count_next(*, clock: Clock) -> bool:
    """Count what has been due longest; False when nothing is."""
    free = RequestCount.objects.filter(claiming.free(now=clock(), holds_for=CLAIM_HOLDS))
    taken = claiming.take_next(free, now=clock(), state=State.CLAIMED, done=0, total=0)
    if taken is None:
        return False
    key, claim = taken
    try:
        _count(key, claim, clock=clock)
    except claiming.Lost:
        log.info("figures_taken_over", count=key)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        _fail(key, claim, f"It broke off ({type(error).__name__}).", now=clock())
        raise
    return True


def _count(key: int, claim: uuid.UUID, *, clock: Clock) -> None:
    row = RequestCount.objects.select_related("request").get(pk=key)
    kind, begun = kinds.known(row.request.kind), clock()
    ours = RequestCount.objects.filter(pk=key, claim=claim, state=State.CLAIMED)
    step = patience.seldom(
        lambda done, total: claiming.keep(ours, claimed_at=clock(), done=done, total=total)
    )
    found: Figures = {}
    if kind is not None and kind.count is not None and row.request.state in OPEN:
        try:
            found = kind.count(row.request.subject, row.request.parameters, begun, step)
        except Obstacle:
            log.info("figures_not_wanted", request=row.request_id)  # the page says what stands in the way
    claiming.keep(
        ours,
        state=State.COUNTED,
        claim=None,
        claimed_at=None,
        last_error="",
        counted_at=begun,
        figures=dict(found),
    )


def _fail(key: int, claim: uuid.UUID, why: str, *, now: datetime) -> None:
    row = RequestCount.objects.get(pk=key)
    is_over = row.attempts >= MOST_ATTEMPTS
    RequestCount.objects.filter(pk=key, claim=claim).update(
        state=State.FAILED if is_over else State.DUE,
        claim=None,
        last_error=why,
        not_before=claiming.again_at(now=now, tries=row.attempts),
    )
    log.warning("figures_not_counted", count=key, attempts=row.attempts, given_up=is_over)
