"""How far a plan is, stopping it, and trying again what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Min

from compliance import audit
from compliance.models import RetentionItem, RetentionPlan
from compliance.permissions import Action
from compliance.retention import applying, plans

State, PlanState = RetentionItem.State, RetentionPlan.State
AGAIN_WITHIN = timedelta(days=7)
"""How long after it was begun what failed may be tried again by the same approval."""
_JUST_NOW = timedelta(seconds=5)


@dataclass(frozen=True)
class Progress:
    """Channels that were to change, how many have come to an end, and how many in each state.

    `per_minute` and `left` are None while nothing has ended; `waits_until` is when Zoom takes requests again.
    """

    plan: RetentionPlan
    done: int
    total: int
    states: Mapping[str, int]
    per_minute: float | None
    left: timedelta | None
    waits_until: datetime | None
    last_error: str

    @property
    def time_left(self) -> str:
        """How long it still takes at the pace so far, in words; "" when unknown."""
        if self.left is None:
            return ""
        minutes = round(self.left.total_seconds() / 60)
        if minutes < 1:
            return "less than a minute"
        if minutes < 90:
            return f"about {minutes} minute{'' if minutes == 1 else 's'}"
        return f"about {round(minutes / 60)} hours"


def of(plan: RetentionPlan, *, now: datetime) -> Progress:
    """How far a plan is."""
    items = plans.changes(plan).order_by()
    states = dict(items.values_list("state").annotate(count=Count("pk")))
    total = sum(states.values())
    still = sum(states.get(state, 0) for state in (State.WAITING, State.DUE, State.CLAIMED))
    ended = total - still
    rate = left = None
    if plan.begun_at is not None and ended > 0:
        took = max((plan.ended_at or now) - plan.begun_at, timedelta(seconds=1))
        rate = ended * 60 / took.total_seconds()
        left = took / ended * still
    waiting = items.filter(state=State.DUE).exclude(last_error="")
    soonest = items.filter(state=State.DUE).aggregate(at=Min("not_before"))["at"]
    is_waiting = states.get(State.CLAIMED, 0) == 0 and soonest is not None and soonest > now + _JUST_NOW
    last_error = waiting.values_list("last_error", flat=True).first() if is_waiting else None
    return Progress(plan, ended, total, states, rate, left, soonest if is_waiting else None, last_error or "")


def stop(*, plan_id: int, by: User, now: datetime) -> int:
    """Take back what waits; a channel that is being changed is finished. How many. Raises NoSuchPlan, Unfit."""
    plan = plans.get(plan_id=plan_id, action=Action.SET_RETENTION, by=by, now=now)
    with transaction.atomic():
        plan = RetentionPlan.objects.select_for_update().get(pk=plan.pk)
        if plan.state != PlanState.APPLYING:
            raise plans.Unfit("The plan is not being applied.")
        stopped = plan.items.filter(state=State.DUE).update(state=State.CANCELLED, ended_at=now)
        details = {"stopped": stopped, "digest": plan.digest}
        audit.record(
            action=audit.Action.WITHDREW, subject=plans.subject(plan), details=details, by=by, now=now
        )
    applying.finish(plan.pk, now=now)
    return stopped


def again(*, plan_id: int, by: User, now: datetime) -> int:
    """Try again what failed; how many. Raises NoSuchPlan, Unfit."""
    plan = plans.get(plan_id=plan_id, action=Action.SET_RETENTION, by=by, now=now)
    with transaction.atomic():
        plan = RetentionPlan.objects.select_for_update().get(pk=plan.pk)
        if plan.begun_at is None or plan.begun_at < now - AGAIN_WITHIN:
            raise plans.Unfit("It was begun more than seven days ago. Plan it again.")
        tried = plan.items.filter(state=State.FAILED).update(
            state=State.DUE, not_before=now, attempts=0, last_error="", ended_at=None
        )
        if tried == 0:
            raise plans.Unfit("Nothing of it has failed.")
        RetentionPlan.objects.filter(pk=plan.pk).update(state=PlanState.APPLYING, ended_at=None)
        details = {"again": tried, "digest": plan.digest}
        audit.record(
            action=audit.Action.STARTED, subject=plans.subject(plan), details=details, by=by, now=now
        )
        transaction.on_commit(applying.nudge, robust=True)
    return tried
