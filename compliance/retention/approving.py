"""Beginning a plan: at once where every channel gets longer, by a second person where any gets shorter.

What is bound to an approval are the channels that change, each with what it keeps and what it is to keep; they are
worked out again when it is approved and, with plan and rules locked, when it has cooled off. Carrying it out only makes
the items due: each is looked at once more, under the lock of the holds, before Zoom is asked (see applying).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import channels
from compliance import approvals, audit
from compliance.approvals import Item, ItemSet, Kind, Obstacle
from compliance.models import ChannelSetting, Request, RetentionItem, RetentionPlan, RetentionRule
from compliance.permissions import Action
from compliance.retention import applying, periods, plans

KEY = "change-retention"
Part, State = RetentionItem.Part, RetentionPlan.State
MOST_ITEMS = 500
"""Of more channels than this an approval shows one item with their number and SHA-256: nobody reads them one by one."""


def ask(*, plan_id: int, reason: str, by: User, now: datetime) -> Request:
    """Ask for a plan by which channels get shorter. Raises NoSuchPlan, Obstacle."""
    plan = plans.get(plan_id=plan_id, action=Action.SET_RETENTION, by=by, now=now)
    return approvals.ask(
        kind=KEY, subject=_subject(plan.pk), parameters={"plan": plan.digest}, reason=reason, by=by, now=now
    )


def begin(*, plan_id: int, by: User, now: datetime) -> RetentionPlan:
    """Apply a plan by which nothing gets shorter. Raises NoSuchPlan, Unfit."""
    plan = plans.get(plan_id=plan_id, action=Action.SET_RETENTION, by=by, now=now)
    if plan.counts[Part.SHORTEN] > 0:
        details = {"wanted": "apply a plan that shortens, alone", "digest": plan.digest}
        with transaction.atomic():
            audit.record(
                action=audit.Action.REFUSED, subject=plans.subject(plan), details=details, by=by, now=now
            )
        raise plans.Unfit("Some channels would get shorter, so a second person has to approve the plan.")
    with transaction.atomic():
        _lock(_subject(plan.pk))
        plan.refresh_from_db()
        _check_waits(plan)
        words, found = _worked_out(plan)
        if words == "" and len(found) == 0:
            raise plans.Unfit("No channel would change, so there is nothing to apply.")
        if words:
            raise plans.Unfit(f"Nothing was done. {words}")
        applying.start(plan, begun_by=by, request=None, by=by, now=now)
    return plan


def open_request(plan: RetentionPlan) -> Request | None:
    """The request by which a plan waits for a second person, or to run."""
    return next(iter(approvals.pending(subject=_subject(plan.pk))), None)


def _find(subject: str, parameters: Mapping[str, Any], now: datetime) -> ItemSet:
    plan = _plan(subject)
    if plan.state != State.PLANNED:
        raise Obstacle("The plan was applied or discarded already.")
    if parameters.get("plan") != plan.digest or not _is_intact(plan):
        raise Obstacle("The plan is not what it was when it was made. Make another.")
    words, found = _worked_out(plan)
    if words:
        raise Obstacle(words)
    shorter = sum(item.part == Part.SHORTEN for item in found)
    counts = {"channels get shorter": shorter, "channels get longer": len(found) - shorter}
    title = f"Change the retention of {len(found):,} channel{'' if len(found) == 1 else 's'} at Zoom"
    return ItemSet(title, _as_items(found), counts, lambda: _figures(found, now))


def _worked_out(plan: RetentionPlan) -> tuple[str, list[RetentionItem]]:
    """The changes of a plan, and why they cannot be made like this any more; "" when each would be the same."""
    found = plans.still(plan)
    moved = [f"“{item.title}”: {why}" for item, why in found if why]
    if not moved:
        return "", [item for item, _ in found]
    beyond = f"; and {len(moved) - 3:,} more" if len(moved) > 3 else ""
    return f"The plan is overtaken: {'; '.join(moved[:3])}{beyond}. Plan it again.", []


def _as_items(found: Sequence[RetentionItem]) -> list[Item]:
    lines = [
        f"{item.title}: {periods.in_words(item.before)} → {periods.in_words(item.after)}, by the rule “{item.rule.name}”"
        for item in found
    ]
    facts = [
        {"account": item.account_id, "from": item.before, "to": item.after, "rule": item.rule_id}
        for item in found
    ]
    if len(found) <= MOST_ITEMS:
        return [
            Item(f"channel/{item.channel_id}", line, fact)
            for item, line, fact in zip(found, lines, facts, strict=True)
        ]
    told = hashlib.sha256(
        "\n".join(f"{one.channel_id} {fact}" for one, fact in zip(found, facts, strict=True)).encode()
    )
    return [Item("channels", f"{len(found):,} channels, listed in the plan", {"sha256": told.hexdigest()})]


def _figures(found: Sequence[RetentionItem], now: datetime) -> dict[str, int]:
    """How much of what is captured here lies before the new periods: what Zoom deletes there, as far as it is known."""
    shorter = {(one.account_id, one.channel_id): one for one in found if one.part == Part.SHORTEN}
    rows = ChannelSetting.objects.filter(channel_id__in=[channel for _, channel in shorter])
    before = {
        row.session_id: now - timedelta(days=periods.days(shorter[row.account_id, row.channel_id].after) or 0)
        for row in rows
        if row.session_id is not None and (row.account_id, row.channel_id) in shorter
    }
    return {"messages captured here that Zoom lets go": channels.older(before)}


def _lock(subject: str) -> None:
    """The plan, then the rules in force: neither is applied, discarded, ended or replaced meanwhile."""
    RetentionPlan.objects.select_for_update().get(pk=_number(subject))
    list(RetentionRule.objects.select_for_update().filter(ended_at=None).order_by("pk"))


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    plan = _plan(request.subject)
    applying.start(plan, begun_by=request.asked_by, request=request, by=None, now=now)
    return {"plan": plan.pk, "digest": plan.digest}


def _check_waits(plan: RetentionPlan) -> None:
    if plan.state != State.PLANNED:
        raise plans.Unfit("The plan was applied or discarded already.")
    if open_request(plan) is not None:
        raise plans.Unfit("The plan waits for a second person.")


def _is_intact(plan: RetentionPlan) -> bool:
    return plans.digest(plan.items.order_by("place").iterator()) == plan.digest


def _plan(subject: str) -> RetentionPlan:
    return RetentionPlan.objects.get(pk=_number(subject))


def _subject(plan_id: int) -> str:
    return f"retention-plan/{plan_id}"


def _number(subject: str) -> int:
    return int(subject.removeprefix("retention-plan/"))


KIND = Kind(
    key=KEY,
    name="Shorten retention at Zoom",
    typed="shorten",
    means="Zoom deletes, for good, what is older than the new period and no hold at Zoom keeps. Nothing that is captured "
    "here goes. A channel that a hold covers when its turn comes is left alone, whatever was approved.",
    ask=Action.SET_RETENTION,
    approve=Action.APPROVE_RETENTION,
    find=_find,
    lock=_lock,
    carry_out=_carry_out,
    link=lambda subject: f"/retention/plans/{_number(subject)}/",
)
