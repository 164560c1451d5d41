"""Changing channels at Zoom, one after the other, and reading each back. The rows are the jobs.

An item is claimed by a filtered update and then:

1. Zoom is asked what the channel keeps now. Is it what it is to become, it is done (so a reply that was lost, or a worker
   that died after asking, is found by reading). Is it neither that nor what the plan saw, it is left alone.
2. The table of rules is locked against changes, and the rule it was planned by must still be the one that holds for the
   channel: one that has ended, or that another outlasts since, changes nothing any more, and that is an event.
3. Where it may get shorter, the table of holds is locked against changes, the holds that cover the channel are worked
   out, and Zoom is asked within the same transaction: whoever places a hold waits until Zoom was asked, or is seen. A
   hold wins, and that it did is an event of the trail.
4. Zoom is asked again what the channel keeps, and only what it says counts.

A limit of Zoom's puts every waiting item of the account off until the moment Zoom named. Stopping takes back what waits;
what is being changed just now is finished. What failed stays visible, and can be tried again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from archive.capture import lookouts
from archive.channels import Reading
from compliance import at_zoom, audit, claiming, told
from compliance.models import ChannelSetting, Request, RetentionItem, RetentionPlan
from compliance.retention import covering, periods, standing

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Part, State, PlanState = RetentionItem.Part, RetentionItem.State, RetentionPlan.State
OPEN = (State.DUE, State.CLAIMED)
MOST_ATTEMPTS = 8
CLAIM_HOLDS = timedelta(minutes=5)
WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)


class _Held(Exception):
    """A hold covers the channel."""

    def __init__(self, holders: covering.Holders) -> None:
        super().__init__()
        self.holders = holders


class _Overruled(Exception):
    """The rule it was planned by does not hold for the channel any more, in words."""


def nudge() -> None:
    """Tell a worker that there may be something to change at Zoom."""
    current_app.send_task("compliance.tasks.apply_retention", expires=55)


def start(
    plan: RetentionPlan, *, begun_by: User, request: Request | None, by: User | None, now: datetime
) -> None:
    """Make the changes of a plan due, in the caller's transaction, which has locked the plan."""
    won = RetentionPlan.objects.filter(pk=plan.pk, state=PlanState.PLANNED).update(
        state=PlanState.APPLYING,
        request=request,
        begun_by=begun_by,
        begun_by_name=audit.name_of(begun_by),
        begun_at=now,
    )
    if won != 1:
        return
    due = plan.items.filter(state=State.WAITING).update(state=State.DUE, not_before=now)
    details = {"digest": plan.digest, "channels": due, "request": None if request is None else request.pk}
    _record(plan.pk, audit.Action.STARTED, details, by=by, now=now)
    transaction.on_commit(nudge, robust=True)  # a lost nudge is made up for by the next minute


def work(*, clock: Clock, until: datetime) -> int:
    """Change what is due until nothing is, or the moment has come; how many items were tried."""
    done = 0
    while clock() < until and carry_out_next(clock=clock):
        done += 1
    for plan_id in RetentionPlan.objects.filter(state=PlanState.APPLYING).values_list("pk", flat=True):
        finish(plan_id, now=clock())
    return done


def carry_out_next(*, clock: Clock) -> bool:
    """Change the channel that is due longest; False when none is."""
    now = clock()
    due = RetentionItem.objects.filter(claiming.free(now=now, holds_for=CLAIM_HOLDS))
    taken = claiming.take_next(due, now=now, state=State.CLAIMED)
    if taken is None:
        return False
    item = RetentionItem.objects.select_related("plan", "rule").get(pk=taken[0])
    try:
        _apply(item, clock=clock)
    except claiming.Lost:
        log.warning("retention_claim_lost", item=item.pk)
    finish(item.plan_id, now=clock())
    return True


def finish(plan_id: int, *, now: datetime) -> None:
    """End a plan of which nothing waits any more, and tell who began it."""
    with transaction.atomic():
        plan = RetentionPlan.objects.select_for_update().get(pk=plan_id)
        if plan.state != PlanState.APPLYING or plan.items.filter(state__in=OPEN).exists():
            return
        counts = {state.value: plan.items.filter(state=state).count() for state in State}
        stopped = counts[State.CANCELLED] > 0
        plan.state, plan.ended_at = PlanState.CANCELLED if stopped else PlanState.DONE, now
        plan.save(update_fields=["state", "ended_at"])
        if plan.begun_by is not None:
            told.tell(
                person=plan.begun_by, text=_in_words(counts), link=f"/retention/plans/{plan.pk}/", now=now
            )
        _record(plan.pk, audit.Action.CARRIED_OUT, {"came_to": counts}, by=None, now=now)


def _apply(item: RetentionItem, *, clock: Clock) -> None:
    where = {"account_id": item.account_id, "channel_id": item.channel_id}
    try:
        current = _ask(where)
        if not periods.is_same(current, item.after):
            if not periods.is_same(current, item.before):
                words = f"It keeps {periods.in_words(current)} now, and {periods.in_words(item.before)} when it was planned."
                _moved(item, words, now=clock())
                return
            _change(item, where, now=clock())
            current = _ask(where)
    except _Held as held:
        _held(item, held.holders, now=clock())
    except _Overruled as error:
        _moved(item, f"Left alone: {error}. It was planned by “{item.rule.name}”.", now=clock())
    except at_zoom.NotNow as error:
        _later(item, error, now=clock())
    except at_zoom.Unclear as error:
        _later(item, error, now=clock())
    except at_zoom.Refused as error:
        _failed(item, str(error), now=clock())
    else:
        if periods.is_same(current, item.after):
            _done(item, current, now=clock())
        else:
            still = f"Zoom took it and still says {periods.in_words(current)}."
            _later(item, at_zoom.Unclear(still), now=clock())


def _ask(where: Mapping[str, Any]) -> str:
    found = at_zoom.retention_of(**where)
    return periods.ACCOUNT if found is None else found


def _change(item: RetentionItem, where: Mapping[str, Any], *, now: datetime) -> None:
    """Ask Zoom for the change. Raises _Overruled, _Held, claiming.Lost, and what at_zoom raises."""
    claiming.keep(_ours(item), asked_at=now)
    with transaction.atomic():
        rules = standing.in_force(lock=True)
        words = standing.overruled(ChannelSetting.objects.filter(**where).first(), item.rule_id, rules)
        if words:
            raise _Overruled(words)
        if item.part == Part.SHORTEN:
            holders = covering.of(**where, lock=True)
            if holders.is_held:
                raise _Held(holders)
        at_zoom.set_retention(**where, period=item.after)


def _done(item: RetentionItem, read: str, *, now: datetime) -> None:
    with transaction.atomic():
        _end(item, State.DONE, read_back=read, last_error="", now=now)
        ChannelSetting.objects.filter(account_id=item.account_id, channel_id=item.channel_id).update(
            reading=Reading.PERIOD.value,
            period=read,
            days=periods.days(read),
            read_at=now,
            error="",
            difference=ChannelSetting.Difference.AGREES,
            applied=item.after,
            applied_at=now,
            applied_plan=item.plan_id,
            drifted_at=None,
        )
        lookouts.read_soon(account_id=item.account_id, channel_ids=[item.channel_id], now=now)
        _record(item.plan_id, audit.Action.APPLIED, _facts(item) | {"read_back": read}, by=None, now=now)


def _held(item: RetentionItem, holders: covering.Holders, *, now: datetime) -> None:
    words = covering.in_words(holders, names={})
    with transaction.atomic():
        _end(item, State.HELD, last_error=words, now=now)
        details = _facts(item) | {"by": "a hold", "matters": list(holders.matters), "reason": words}
        _record(item.plan_id, audit.Action.REFUSED, details, by=None, now=now)


def _moved(item: RetentionItem, words: str, *, now: datetime) -> None:
    with transaction.atomic():
        _end(item, State.MOVED, last_error=words, now=now)
        lookouts.read_soon(account_id=item.account_id, channel_ids=[item.channel_id], now=now)
        _record(item.plan_id, audit.Action.REFUSED, _facts(item) | {"reason": words}, by=None, now=now)


def _failed(item: RetentionItem, why: str, *, now: datetime) -> None:
    with transaction.atomic():
        _end(item, State.FAILED, last_error=why, now=now)
        details = _facts(item) | {"by": "Zoom", "reason": why}
        _record(item.plan_id, audit.Action.REFUSED, details, by=None, now=now)


def _later(item: RetentionItem, error: Exception, *, now: datetime) -> None:
    """Try again: when Zoom said, with everything else of the account, or after a while that doubles."""
    named: datetime | None = getattr(error, "retry_at", None)
    if named is None and item.attempts >= MOST_ATTEMPTS:
        _failed(item, f"Given up after {item.attempts} tries. {error}", now=now)
        return
    columns = {"state": State.DUE, "claim": None, "last_error": str(error)}
    if named is None:
        later = claiming.again_at(now=now, tries=item.attempts - 1, first=WAIT, most=LONGEST_WAIT)
        claiming.keep(_ours(item), not_before=later, **columns)
    else:
        waiting = RetentionItem.objects.filter(account_id=item.account_id, state=State.DUE)
        waiting.filter(not_before__lt=named).update(not_before=named)
        claiming.keep(_ours(item), not_before=named, attempts=F("attempts") - 1, **columns)
    log.info("retention_tried", item=item.pk, attempts=item.attempts, error=type(error).__name__)


def _end(item: RetentionItem, state: RetentionItem.State, *, now: datetime, **columns: object) -> None:
    claiming.keep(_ours(item), state=state, claim=None, claimed_at=None, ended_at=now, **columns)


def _ours(item: RetentionItem) -> QuerySet[RetentionItem]:
    return RetentionItem.objects.filter(pk=item.pk, claim=item.claim, state=State.CLAIMED)


def _facts(item: RetentionItem) -> dict[str, Any]:
    return {
        "channel": item.channel_id,
        "title": item.title,
        "from": item.before,
        "to": item.after,
        "rule": item.rule_id,
        "attempts": item.attempts,
    }


def _in_words(counts: Mapping[str, int]) -> str:
    done = counts[State.DONE]
    parts = [f"{done:,} channel{'' if done == 1 else 's'} changed and read back"]
    for state, words in (
        (State.HELD, "left alone because of a hold"),
        (State.MOVED, "not as planned any more"),
        (State.FAILED, "failed"),
        (State.CANCELLED, "stopped before"),
    ):
        if counts[state]:
            parts.append(f"{counts[state]:,} {words}")
    return f"Retention at Zoom: {', '.join(parts)}"


def _record(
    plan_id: int, action: audit.Action, details: Mapping[str, Any], *, by: User | None, now: datetime
) -> None:
    audit.record(action=action, subject=f"retention/plan/{plan_id}", details=details, by=by, now=now)
