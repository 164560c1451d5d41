"""The table of channels as the console shows it: filtered, sorted, a page at a time, and one channel with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from archive import channels
from archive.capture import lookouts
from archive.channels import Seen
from compliance import audit, matters, refusals
from compliance.hindrances import Absent
from compliance.models import ChannelSetting, RetentionItem
from compliance.permissions import Action
from compliance.retention import covering, periods, standing

PAGE_SIZE = 50
LAST_PLANS = 20
Difference = ChannelSetting.Difference


class NoSuchChannel(Absent):
    """There is no such channel."""


class Show(StrEnum):
    """Which channels."""

    EVERY = ""
    SHORTER = "shorter"
    LONGER = "longer"
    AGREES = "agrees"
    NO_RULE = "no_rule"
    UNKNOWN = "unknown"
    HELD = "held"
    DRIFTED = "drifted"


class Sort(StrEnum):
    """In which order: by name, or by Zoom's period, the shortest first and the unknown last."""

    NAME = "name"
    PERIOD = "period"


_SHOWS: Mapping[Show, Q] = {
    Show.EVERY: Q(),
    Show.HELD: Q(is_held=True),
    Show.DRIFTED: Q(drifted_at__isnull=False),
    **{show: Q(difference=show.value) for show in Show if show.value in Difference.values},
    Show.SHORTER: Q(difference=Difference.SHORTER, is_held=False),
}


@dataclass(frozen=True)
class Line:
    """A channel in the table: what it keeps and what our rule says, in words."""

    setting: ChannelSetting
    zoom: str
    ours: str
    why_not: str


@dataclass(frozen=True)
class Page:
    """A page of channels, how many there are in all, and where the next page begins (None: nowhere)."""

    lines: list[Line]
    total: int
    next: str | None


@dataclass(frozen=True)
class Detail:
    """One channel: its line, who holds it in words ("" for nobody), what it was, and the plans it was in."""

    line: Line
    held: str
    history: list[Seen]
    items: list[RetentionItem]


def page(
    *,
    show: Show = Show.EVERY,
    named: str = "",
    rule_id: int | None = None,
    sort: Sort = Sort.NAME,
    after: str = "",
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> Page:
    """A page of the channels that pass. Raises ValueError for an `after` that is no place of this order."""
    refusals.check(Action.SEE_RETENTION, subject="retention/channels", by=by, now=now)
    found = ChannelSetting.objects.filter(_SHOWS[show])
    words = " ".join(named.replace("\x00", "").split())
    if words:
        found = found.filter(
            Q(title__icontains=words) | Q(owner_name__icontains=words) | Q(space_name__icontains=words)
        )
    if rule_id is not None:
        found = found.filter(rule=rule_id)
    total = found.count()
    rows = list(_after(found.select_related("rule"), sort, after)[: limit + 1])
    following = _place(rows[limit - 1], sort) if len(rows) > limit else None
    return Page([_line(row) for row in rows[:limit]], total, following)


def counts() -> dict[str, int]:
    """How many channels each filter shows, and how many would get shorter and stay because they are held."""
    stays = Q(difference=Difference.SHORTER, is_held=True)
    shown = {show.value: Count("pk", filter=asked) for show, asked in _SHOWS.items() if show.value}
    return ChannelSetting.objects.aggregate(**shown, stays=Count("pk", filter=stays))


def one(*, setting_id: int, by: User | None, now: datetime) -> Detail:
    """One channel with what it was and what was planned for it. Raises NoSuchChannel."""
    refusals.check(Action.SEE_RETENTION, subject=f"retention/channel/{setting_id}", by=by, now=now)
    row = ChannelSetting.objects.select_related("rule", "applied_plan").filter(pk=setting_id).first()
    if row is None:
        raise NoSuchChannel
    items = RetentionItem.objects.filter(account_id=row.account_id, channel_id=row.channel_id)
    return Detail(
        line=_line(row),
        held=held_in_words(row, names=names_for(by)),
        history=channels.history(account_id=row.account_id, channel_id=row.channel_id),
        items=list(items.select_related("plan", "rule").order_by("-plan")[:LAST_PLANS]),
    )


def read_again(*, setting_id: int, by: User | None, now: datetime) -> None:
    """Have a channel read at Zoom at the next look, because a person asks. Raises NoSuchChannel."""
    refusals.check(Action.SEE_RETENTION, subject=f"retention/channel/{setting_id}", by=by, now=now)
    row = ChannelSetting.objects.filter(pk=setting_id).first()
    if row is None:
        raise NoSuchChannel
    with transaction.atomic():
        lookouts.read_soon(account_id=row.account_id, channel_ids=[row.channel_id], now=now)
        details = {"at": "Zoom", "channel": row.channel_id}
        audit.record(
            action=audit.Action.LOOKED, subject=f"retention/channel/{row.pk}", details=details, by=by, now=now
        )
        transaction.on_commit(_nudge, robust=True)  # a lost nudge is made up for by the next minutes


def _nudge() -> None:
    current_app.send_task("compliance.tasks.look_after_holds", expires=115)


def names_for(by: User | None) -> dict[int, str]:
    """The matters whose names the reader may know."""
    return dict(matters.of(by).values_list("pk", "name"))


def held_in_words(row: ChannelSetting, *, names: dict[int, str]) -> str:
    """Who holds a channel, as far as the reader may know; "" when nobody does."""
    if not row.is_held:
        return ""
    return covering.in_words(covering.Holders(tuple(row.matters), len(row.matters) == 0), names=names)


def _line(row: ChannelSetting) -> Line:
    judged = standing.judge(row, row.rule)
    zoom = periods.in_words(judged.current) if judged.current else ""
    return Line(row, zoom, "" if row.rule is None else periods.in_words(row.rule.period), judged.why_not)


def _after(found: QuerySet[ChannelSetting], sort: Sort, after: str) -> QuerySet[ChannelSetting]:
    value, mark, key = after.rpartition("~")
    if after and not (mark and key.isascii() and key.isdigit() and len(key) < 19 and "\x00" not in value):
        raise ValueError("Not a place in this list.")
    if sort is Sort.NAME:
        if after:
            found = found.filter(Q(sort_title__gt=value) | Q(sort_title=value, pk__gt=int(key)))
        return found.order_by("sort_title", "pk")
    if after and value == "":
        found = found.filter(days=None, pk__gt=int(key))
    elif after:
        beyond = Q(days__gt=int(value)) | Q(days=int(value), pk__gt=int(key)) | Q(days=None)
        found = found.filter(beyond)
    return found.order_by(F("days").asc(nulls_last=True), "pk")


def _place(row: ChannelSetting, sort: Sort) -> str:
    value = row.sort_title if sort is Sort.NAME else "" if row.days is None else str(row.days)
    return f"{value}~{row.pk}"
