"""Plans: what the rules would change at Zoom, channel by channel, as a dry run that can be read like a diff.

Making one changes nothing. Its items never change afterwards, and a digest over them says so. What would be done now is
worked out again by `still` whenever a plan is asked for, approved or begun: only a plan of which every change would
still be the same goes on, any other is overtaken and is made again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet

from compliance import audit, pages, refusals
from compliance.hindrances import Absent, Hindrance
from compliance.models import ChannelSetting, RetentionItem, RetentionPlan
from compliance.pages import Page
from compliance.permissions import Action
from compliance.retention import covering, periods, standing, table

Part, ItemState, State = RetentionItem.Part, RetentionItem.State, RetentionPlan.State
CHANGES = (Part.SHORTEN, Part.LENGTHEN)
PAGE_SIZE = 50
ITEMS_PAGE = 100
SHOWN_GROUPS = 200
_PARTS = {
    ChannelSetting.Difference.AGREES: Part.AGREES,
    ChannelSetting.Difference.LONGER: Part.LENGTHEN,
    ChannelSetting.Difference.UNKNOWN: Part.UNREADABLE,
}


class NoSuchPlan(Absent):
    """There is no such plan."""


class Unfit(Hindrance):
    """Why a plan cannot be made, begun, stopped or tried again, in a sentence."""


@dataclass(frozen=True)
class Group:
    """Channels of a plan to which the same happens: `14 channels: 2 years → 7 years, by a rule`."""

    part: str
    before: str
    after: str
    rule_id: int
    rule: str
    count: int


@dataclass(frozen=True)
class ItemLine:
    """A channel of a plan with its periods in words, and why it is left alone ("" when it is not)."""

    item: RetentionItem
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Seen:
    """One plan: what it comes to, and a page of its channels."""

    plan: RetentionPlan
    groups: list[Group]
    lines: list[ItemLine]
    total: int
    next: int | None
    is_intact: bool


def make(*, setting_ids: Collection[int] | None = None, by: User | None, now: datetime) -> RetentionPlan:
    """Work out what the rules would change: of every channel, or of some. Raises Unfit when no rule covers any."""
    refusals.check(Action.SET_RETENTION, subject="retention/plans", by=by, now=now)
    standing.refresh(now=now)
    with transaction.atomic():
        rows = ChannelSetting.objects.exclude(rule=None).exclude(reading="gone").select_related("rule")
        if setting_ids is not None:
            rows = rows.filter(pk__in=setting_ids)
        items = [_item(place, row) for place, row in enumerate(rows.order_by("sort_title", "pk"), 1)]
        if len(items) == 0:
            raise Unfit(
                "No rule covers any of these channels, so there is nothing to plan. Write a rule first."
            )
        counts = {part.value: sum(one.part == part for one in items) for part in Part}
        plan = RetentionPlan.objects.create(
            made_by=by, made_by_name=audit.name_of(by), made_at=now, counts=counts, digest=digest(items)
        )
        for item in items:
            item.plan = plan
        RetentionItem.objects.bulk_create(items, batch_size=1000)
        details = {"counts": counts, "digest": plan.digest}
        audit.record(action=audit.Action.PREPARED, subject=subject(plan), details=details, by=by, now=now)
    return plan


def subject(plan: RetentionPlan) -> str:
    """What the trail calls a plan."""
    return f"retention/plan/{plan.pk}"


def page(*, before: int | None = None, by: User | None, now: datetime) -> Page[RetentionPlan]:
    """A page of the plans there are."""
    refusals.check(Action.SEE_RETENTION, subject="retention/plans", by=by, now=now)
    found = RetentionPlan.objects.exclude(state=State.DISCARDED)
    return pages.newest(found, before=before, size=PAGE_SIZE)


def get(
    *, plan_id: int, action: Action = Action.SEE_RETENTION, by: User | None, now: datetime
) -> RetentionPlan:
    """One plan, for whoever may do something with it. Raises NoSuchPlan."""
    refusals.check(action, subject=f"retention/plan/{plan_id}", by=by, now=now)
    plan = RetentionPlan.objects.select_related("request").filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan
    return plan


def seen(
    *, plan_id: int, part: str = "", state: str = "", after: int = 0, by: User | None, now: datetime
) -> Seen:
    """One plan with the channels beyond a place, of one part or in one state where one is named. Raises NoSuchPlan."""
    plan = get(plan_id=plan_id, by=by, now=now)
    found = plan.items.all()
    if part in Part.values:
        found = found.filter(part=part)
    if state in ItemState.values:
        found = found.filter(state=state)
    total = found.count()
    rows = list(found.filter(place__gt=after).select_related("rule").order_by("place")[: ITEMS_PAGE + 1])
    names = table.names_for(by)
    return Seen(
        plan=plan,
        groups=groups(plan),
        lines=[_line(row, names) for row in rows[:ITEMS_PAGE]],
        total=total,
        next=rows[ITEMS_PAGE - 1].place if len(rows) > ITEMS_PAGE else None,
        is_intact=plan.state != State.PLANNED
        or digest(plan.items.order_by("place").iterator()) == plan.digest,
    )


def groups(plan: RetentionPlan) -> list[Group]:
    """What happens to how many channels: the shortened first, those that agree last."""
    rows = plan.items.order_by().values_list("part", "before", "after", "rule", "rule__name")
    order = {part.value: number for number, part in enumerate(Part)}
    found = sorted(rows.annotate(count=Count("pk")), key=lambda row: (order[row[0]], -row[5], row[1], row[3]))
    return [
        Group(part, periods.in_words(before) if before else "", periods.in_words(after), rule, name, count)
        for part, before, after, rule, name, count in found[:SHOWN_GROUPS]
    ]


def discard(*, plan_id: int, by: User | None, now: datetime) -> None:
    """Take a plan that nobody applied off the list. Raises NoSuchPlan, Unfit."""
    plan = get(plan_id=plan_id, action=Action.SET_RETENTION, by=by, now=now)
    with transaction.atomic():
        won = RetentionPlan.objects.filter(pk=plan.pk, state=State.PLANNED).update(
            state=State.DISCARDED, ended_at=now
        )
        if won != 1:
            raise Unfit("Only a plan that was not applied can be discarded.")
        audit.record(
            action=audit.Action.REMOVED,
            subject=subject(plan),
            details={"digest": plan.digest},
            by=by,
            now=now,
        )


def changes(plan: RetentionPlan) -> QuerySet[RetentionItem]:
    """The items that change something at Zoom."""
    return plan.items.filter(part__in=CHANGES)


def still(plan: RetentionPlan) -> list[tuple[RetentionItem, str]]:
    """Each change of a plan with what stands against it now, "" where it would be exactly the same.

    Worked out from the rules in force and the holds of this moment, and from what was last read at Zoom.
    """
    items = list(changes(plan).select_related("rule").order_by("place"))
    rules, held = standing.in_force(), covering.now()
    rows = {
        (row.account_id, row.channel_id): row
        for row in ChannelSetting.objects.filter(channel_id__in=[item.channel_id for item in items])
    }
    return [
        (item, _against(item, rows.get((item.account_id, item.channel_id)), rules, held)) for item in items
    ]


def digest(items: Iterable[RetentionItem]) -> str:
    """SHA-256 over what a plan says of each channel, in order, a line of JSON each."""
    found = hashlib.sha256()
    for item in items:
        said = [
            item.place,
            item.account_id,
            item.channel_id,
            item.part,
            item.before,
            item.after,
            item.rule_id,
        ]
        found.update(
            json.dumps([*said, item.matters], separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
        )
    return found.hexdigest()


def _item(place: int, row: ChannelSetting) -> RetentionItem:
    assert row.rule is not None
    judged = standing.judge(row, row.rule)
    part = _PARTS.get(judged.difference, Part.SHORTEN)
    if part is Part.SHORTEN and row.is_held:
        part = Part.HELD
    return RetentionItem(
        place=place,
        account_id=row.account_id,
        channel_id=row.channel_id,
        title=row.title,
        part=part,
        before=judged.current,
        after=row.rule.period,
        rule=row.rule,
        why=judged.why_not if part is Part.UNREADABLE else "",
        matters=row.matters,
        state=ItemState.WAITING if part in CHANGES else ItemState.LEFT,
    )


def _line(item: RetentionItem, names: dict[int, str]) -> ItemLine:
    why = item.why
    if item.part == Part.HELD:
        holders = covering.Holders(tuple(item.matters), len(item.matters) == 0)
        why = covering.in_words(holders, names=names)
    return ItemLine(
        item, periods.in_words(item.before) if item.before else "", periods.in_words(item.after), why
    )


def _against(
    item: RetentionItem,
    row: ChannelSetting | None,
    rules: standing.Rules,
    held: dict[covering.Place, covering.Holders],
) -> str:
    if (words := standing.overruled(row, item.rule_id, rules)) or row is None:
        return words
    current = standing.current_of(row)
    if current == "" or row.error:
        return "it cannot be read any more"
    if not periods.is_same(current, item.before):
        return f"it keeps {periods.in_words(current)} now"
    holders = held.get((item.account_id, item.channel_id), covering.NOBODY)
    return "it is held now" if item.part == Part.SHORTEN and holders.is_held else ""
