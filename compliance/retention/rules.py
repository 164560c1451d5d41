"""Rules of retention: written, looked over before they are, ended and replaced. A rule is never changed in place.

Each is one transaction with its event of the trail (subject `retention/rule/N`). A rule changes nothing at Zoom by
itself: what it would change is a plan (see plans), which somebody has to apply.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count

from compliance import audit, inert, refusals
from compliance.hindrances import Absent, Hindrance
from compliance.models import ChannelSetting, RetentionRule
from compliance.permissions import Action
from compliance.retention import conditions, periods, standing
from compliance.retention.conditions import Conditions

LONGEST_NAME = 200
LONGEST_REASON = 2_000
SHOWN = 100


class NoSuchRule(Absent):
    """There is no such rule."""


class Unfit(Hindrance):
    """Why a rule cannot be written, ended or replaced, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A rule that is to be written."""

    account_id: int
    name: str
    period: str
    reason: str
    conditions: Conditions


@dataclass(frozen=True)
class Line:
    """A rule in a list: its conditions in words, and for how many channels it holds now."""

    rule: RetentionRule
    covers: str
    period: str
    channels: int


@dataclass(frozen=True)
class Covered:
    """A channel that a rule covers: what it keeps, and `holds`, the rule that holds for it (None: this one)."""

    setting: ChannelSetting
    current: str
    difference: str
    holds: RetentionRule | None


@dataclass(frozen=True)
class Preview:
    """What a rule covers: the first channels, how many in all, and how many another rule keeps longer."""

    covered: list[Covered]
    total: int
    elsewhere: int
    in_words: str

    @property
    def beyond(self) -> int:
        """How many are not shown."""
        return self.total - len(self.covered)


def listed(*, by: User | None, now: datetime) -> tuple[list[Line], list[Line]]:
    """The rules in force and those that have ended, newest first."""
    refusals.check(Action.SEE_RETENTION, subject="retention/rules", by=by, now=now)
    counts = dict(ChannelSetting.objects.order_by().values_list("rule").annotate(count=Count("pk")))
    lines = [_line(rule, counts.get(rule.pk, 0)) for rule in RetentionRule.objects.order_by("-pk")]
    return [one for one in lines if one.rule.ended_at is None], [
        one for one in lines if one.rule.ended_at is not None
    ]


def get(*, rule_id: int, by: User | None, now: datetime) -> RetentionRule:
    """One rule, ended or not. Raises NoSuchRule."""
    refusals.check(Action.SEE_RETENTION, subject=f"retention/rule/{rule_id}", by=by, now=now)
    rule = RetentionRule.objects.select_related("replaces").filter(pk=rule_id).first()
    if rule is None:
        raise NoSuchRule
    return rule


def covered_by(rule: RetentionRule) -> Preview:
    """What a rule covers as things stand; of one that has ended, what it would cover."""
    rows = ChannelSetting.objects.filter(account_id=rule.account_id)
    others = [one for one in standing.in_force() if one[0].pk != rule.pk]
    return _preview(rule, conditions.of(rule.conditions), rows, others)


def preview(draft: Draft, *, replaces: RetentionRule | None = None) -> Preview:
    """What a rule would cover if it were written now. Raises Unfit."""
    draft = fit(draft)
    others = [one for one in standing.in_force() if replaces is None or one[0].pk != replaces.pk]
    rule = RetentionRule(pk=2**62, account_id=draft.account_id, name=draft.name, period=draft.period)
    return _preview(
        rule, draft.conditions, ChannelSetting.objects.filter(account_id=draft.account_id), others
    )


def write(*, draft: Draft, replaces: int | None = None, by: User | None, now: datetime) -> RetentionRule:
    """Write a rule, in the place of another where one is named, which then ends. Raises Unfit, NoSuchRule."""
    refusals.check(Action.SET_RETENTION, subject="retention/rules", by=by, now=now)
    draft = fit(draft)
    try:
        with transaction.atomic():
            before = None if replaces is None else _end(replaces, "Replaced by another rule.", by=by, now=now)
            rule = RetentionRule.objects.create(
                account_id=draft.account_id,
                name=draft.name,
                period=draft.period,
                reason=draft.reason,
                conditions=draft.conditions.as_data(),
                replaces=before,
                made_by=by,
                made_by_name=audit.name_of(by),
                made_at=now,
            )
            details = _details(rule) | {"reason": rule.reason, "replaces": replaces}
            _record(audit.Action.SAVED, rule, details, by=by, now=now)
    except IntegrityError as error:
        raise Unfit(
            f"A rule called “{draft.name}” is in force already. Replace it, or choose another name."
        ) from error
    standing.refresh(now=now)
    return rule


def end(*, rule_id: int, why: str, by: User | None, now: datetime) -> None:
    """End a rule; nothing changes at Zoom by it. Raises Unfit, NoSuchRule."""
    refusals.check(Action.SET_RETENTION, subject=f"retention/rule/{rule_id}", by=by, now=now)
    why = _sentence(why, "Say why the rule ends")
    with transaction.atomic():
        _end(rule_id, why, by=by, now=now)
    standing.refresh(now=now)


def fit(draft: Draft) -> Draft:
    """A draft without characters that could deceive. Raises Unfit for what no rule can be."""
    name = " ".join(inert.without_turning(draft.name).split())
    if name == "" or len(name) > LONGEST_NAME:
        raise Unfit(f"Give the rule a name of 1 to {LONGEST_NAME} characters.")
    period = draft.period.strip().lower()
    if not periods.is_period(period):
        raise Unfit("Zoom keeps messages for 1 to 90 days, 1 to 120 months or 1 to 10 years: 90d, 18m, 7y.")
    asked = draft.conditions
    least, most = asked.least_members, asked.most_members
    if least is not None and most is not None and least > most:
        raise Unfit("No channel has more members than the most and fewer than the least.")
    reason = _sentence(draft.reason, "Say why, and by which law")
    return Draft(account_id=draft.account_id, name=name, period=period, reason=reason, conditions=asked)


def _end(rule_id: int, why: str, *, by: User | None, now: datetime) -> RetentionRule:
    rule = RetentionRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NoSuchRule
    won = RetentionRule.objects.filter(pk=rule_id, ended_at=None).update(
        ended_at=now, ended_by=by, ended_by_name=audit.name_of(by), ended_why=why
    )
    if won != 1:
        raise Unfit(f"The rule “{rule.name}” has ended already.")
    _record(audit.Action.ENDED, rule, _details(rule) | {"why": why}, by=by, now=now)
    return rule


def _preview(
    rule: RetentionRule, asked: Conditions, rows: Iterable[ChannelSetting], others: standing.Rules
) -> Preview:
    found: list[Covered] = []
    total = elsewhere = 0
    for row in sorted(rows, key=lambda one: (one.sort_title, one.pk)):
        if row.reading == "gone" or not conditions.meets(row, asked):
            continue
        total += 1
        holding = conditions.winner(row, [*others, (rule, asked)])
        is_own = holding is None or holding.pk == rule.pk
        elsewhere += not is_own
        if len(found) < SHOWN:
            judged = standing.judge(row, rule)
            found.append(Covered(row, judged.current, judged.difference, None if is_own else holding))
    return Preview(found, total, elsewhere, conditions.in_words(asked))


def _line(rule: RetentionRule, channels: int) -> Line:
    return Line(
        rule, conditions.in_words(conditions.of(rule.conditions)), periods.in_words(rule.period), channels
    )


def _sentence(text: str, ask: str) -> str:
    text = inert.typed(text)
    if text == "" or len(text) > LONGEST_REASON:
        raise Unfit(f"{ask}, in 1 to {LONGEST_REASON:,} characters.")
    return text


def _details(rule: RetentionRule) -> dict[str, object]:
    covers = conditions.in_words(conditions.of(rule.conditions))
    return {"name": rule.name, "period": rule.period, "covers": covers, "account": rule.account_id}


def _record(
    action: audit.Action, rule: RetentionRule, details: dict[str, object], *, by: User | None, now: datetime
) -> None:
    audit.record(action=action, subject=f"retention/rule/{rule.pk}", details=details, by=by, now=now)
