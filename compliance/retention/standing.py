"""How every channel stands: worked out from what was read at Zoom, the rules in force and the holds, and kept as rows.

`refresh` runs by the clock, after rules change and before a plan is made. It alone finds drift: a channel that was set
from here, read back, and was since then read otherwise. That is an event of the trail and a line to everybody who may
set retention; it is over when the channel is read as it was set, or is set anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from archive import channels
from archive.channels import Channel, Reading
from compliance import audit, permissions, told
from compliance.models import ChannelSetting, RetentionRule
from compliance.permissions import Action
from compliance.retention import conditions, covering, periods
from compliance.retention.conditions import Conditions

Difference = ChannelSetting.Difference
Rules = list[tuple[RetentionRule, Conditions]]
_LOCK = 5214000606
_KEYS = ("account_id", "channel_id")
_COLUMNS = (
    "session_id", "title", "sort_title", "kind", "members", "owner_id", "owner_name", "space_id", "space_name",
    "reading", "period", "days", "read_at", "error", "rule_id", "difference", "matters", "is_held", "drifted_at",
)  # fmt: skip
UNTOLD = {
    Reading.UNREAD: "It was not read at Zoom yet.",
    Reading.REFUSED: "Zoom tells no retention of it: it is a group chat, is archived, or the app may not see it.",
    Reading.GONE: "Zoom does not know it any more.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule against a setting: what the channel keeps ("" when it cannot be read), and what that comes to."""

    current: str
    difference: ChannelSetting.Difference
    why_not: str


def in_force(*, lock: bool = False) -> Rules:
    """The rules that have not ended, with what they ask for; with `lock` none is written or ended in the transaction.

    The lock is on the table (SHARE): rows locked one by one could not keep out a new rule that keeps longer.
    """
    if lock:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "A lock on the rules needs a transaction to last for."
            )
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE compliance_retentionrule IN SHARE MODE")
    return [(rule, conditions.of(rule.conditions)) for rule in RetentionRule.objects.filter(ended_at=None)]


def overruled(row: ChannelSetting | None, rule_id: int, rules: Rules) -> str:
    """Why a rule does not hold for a channel any more, "" when it still does; None for a channel nobody knows."""
    if row is None or row.reading == Reading.GONE:
        return "Zoom does not know it any more"
    winner = conditions.winner(row, rules)
    if winner is None:
        return "no rule covers it any more"
    return "" if winner.pk == rule_id else f"another rule holds for it now, “{winner.name}”"


def refresh(*, now: datetime) -> int:
    """Work out anew how every channel stands; how many were found to have drifted since the last time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        rules, held = in_force(), covering.now()
        known = {(row.account_id, row.channel_id): row for row in ChannelSetting.objects.select_for_update()}
        added, changed, drifted = [], [], []
        seen = channels.every()
        for channel in seen:
            place = (channel.account_id, channel.channel_id)
            row = known.get(place) or ChannelSetting(account_id=place[0], channel_id=place[1])
            before = _values(row)
            _bring_up(row, channel, rules, held.get(place, covering.NOBODY), now=now)
            if row.drifted_at is not None and before["drifted_at"] is None:
                drifted.append(row)
            if row._state.adding:
                added.append(row)
            elif _values(row) != before:
                changed.append(row)
        there = {(one.account_id, one.channel_id) for one in seen}
        changed += _left_behind(row for place, row in known.items() if place not in there)
        ChannelSetting.objects.bulk_create(added)
        ChannelSetting.objects.bulk_update(changed, _COLUMNS, batch_size=1000)
        _tell(drifted, now=now)
    return len(drifted)


def is_behind(known: channels.Known) -> bool:
    """Whether channels were found, or read for the first time, since it was worked out: a newcomer waits for no clock."""
    settings = ChannelSetting.objects.all()
    if settings.count() < known.channels:
        return True
    return settings.exclude(reading=Reading.UNREAD).count() < known.read


def judge(row: ChannelSetting, rule: RetentionRule | None) -> Judged:
    """What a rule would change of a setting as it was last read."""
    current = current_of(row)
    why_not = row.error or UNTOLD.get(Reading(row.reading), "")
    if rule is None:
        return Judged(current, Difference.NO_RULE, why_not)
    if current == "" or row.error:
        return Judged(current, Difference.UNKNOWN, why_not or "Zoom gave no good answer.")
    if periods.is_same(current, rule.period):
        return Judged(current, Difference.AGREES, "")
    shorter = periods.may_shorten(current, rule.period)
    return Judged(current, Difference.SHORTER if shorter else Difference.LONGER, "")


def current_of(row: ChannelSetting) -> str:
    """The channel's own period, `account` where it follows the account's rule, "" where nobody knows."""
    if row.reading == Reading.PERIOD:
        return row.period
    return periods.ACCOUNT if row.reading == Reading.ACCOUNT else ""


def _bring_up(
    row: ChannelSetting, channel: Channel, rules: Rules, holders: covering.Holders, *, now: datetime
) -> None:
    row.session_id, row.title = channel.session_id, channel.title
    row.sort_title = channel.title.casefold()[:200]
    row.kind, row.members = channel.kind.value, channel.members
    row.owner_id, row.owner_name = channel.owner_id, channel.owner_name
    row.space_id, row.space_name = channel.space_id, channel.space_name
    row.error = channel.error
    if row.applied_at is None or (channel.read_at is not None and channel.read_at > row.applied_at):
        row.reading, row.period, row.read_at = channel.reading.value, channel.period, channel.read_at
    else:  # what was read back after the change is newer than what the lookout has read
        row.reading, row.period, row.read_at = Reading.PERIOD.value, row.applied, row.applied_at
    row.days = periods.days(row.period)
    row.rule = conditions.winner(row, rules)
    row.matters, row.is_held = list(holders.matters), holders.is_held
    row.difference = judge(row, row.rule).difference
    current = current_of(row)
    if row.applied == "" or (current != "" and periods.is_same(current, row.applied)):
        row.drifted_at = None
    elif current != "" and row.drifted_at is None:
        row.drifted_at = now


def _left_behind(rows: Iterable[ChannelSetting]) -> list[ChannelSetting]:
    """Channels of an account that is not connected any more: nobody can say how they stand."""
    found = [row for row in rows if row.difference != Difference.UNKNOWN or row.error == ""]
    for row in found:
        row.difference, row.error = Difference.UNKNOWN, "The account is not connected any more."
    return found


def _values(row: ChannelSetting) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS}


def _tell(drifted: list[ChannelSetting], *, now: datetime) -> None:
    if not drifted:
        return
    first = drifted[0]
    only = f"“{first.title}” no longer keeps what was applied" if len(drifted) == 1 else ""
    text = only or f"{len(drifted):,} channels no longer keep what was applied"
    link = f"/retention/channels/{first.pk}/" if only else "/retention/?show=drifted"
    for person in permissions.holders(Action.SET_RETENTION):
        told.tell(person=person, text=f"Retention at Zoom: {text}", link=link, now=now)
    for row in drifted:
        details = {
            "channel": row.channel_id,
            "title": row.title,
            "applied": row.applied,
            "plan": row.applied_plan_id,
            "read": current_of(row),
            "read_at": None if row.read_at is None else row.read_at.isoformat(),
        }
        audit.record(
            action=audit.Action.DRIFTED,
            subject=f"retention/channel/{row.pk}",
            details=details,
            by=None,
            now=now,
        )
