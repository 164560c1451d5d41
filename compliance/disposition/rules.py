"""Rules of how long the archive keeps what: made, ended, replaced, never changed in place.

A change after which anything can go sooner, today or later, is a request that a second person approves; one that only
keeps longer is made at once. Which it is, archive.keeping.weakens says, by what the rules can be about. A first rule
always takes two people: until then everything was kept for good.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import candidates, directory, keeping
from archive.keeping import Kind
from compliance import approvals, audit, inert, refusals
from compliance import keeping as standing
from compliance.approvals import Item, ItemSet, Obstacle
from compliance.hindrances import Absent, Hindrance
from compliance.models import KeepingRule, Request
from compliance.permissions import Action

REQUEST = "change-keeping"
LONGEST = {"name": 100, "law": 300, "reason": 4_000, "named": 200}
AT_ONCE = 25
"""Sessions counted by one statement, so that a page sees how far it is."""
MOST = {KeepingRule.Unit.MONTHS: 1_200, KeepingRule.Unit.DAYS: 36_500}


class NoSuchRule(Absent):
    """There is no such rule."""


class Unfit(Hindrance):
    """Why a rule cannot be made or ended as it was asked, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A rule as somebody wrote it; `kinds=None` any kind, `amount=None` for good."""

    account_id: int
    name: str
    reason: str
    law: str
    kinds: tuple[str, ...] | None = None
    named: str = ""
    session_id: int | None = None
    amount: int | None
    unit: str = KeepingRule.Unit.MONTHS
    is_duty: bool = False


@dataclass(frozen=True)
class Line:
    """A rule among the others, with what it is about in words."""

    rule: KeepingRule
    about: str


@dataclass(frozen=True)
class Changed:
    """What became of a change: a rule that is in force, or a request that waits; neither where a rule only ended."""

    rule: KeepingRule | None
    request: Request | None


def every(*, with_ended: bool = False, by: User | None, now: datetime) -> list[Line]:
    """The rules in force by name, or also those that ended, newest last."""
    refusals.check(Action.SEE_DISPOSITION, subject="keeping", by=by, now=now)
    rows = KeepingRule.objects.all() if with_ended else standing.in_force()
    return in_lines(sorted(rows, key=lambda row: (row.ended_at is not None, row.name.casefold(), row.pk)))


def seen(*, rule_id: int, by: User | None, now: datetime) -> Line:
    """One rule, in force or ended. Raises NoSuchRule."""
    refusals.check(Action.SEE_DISPOSITION, subject=f"rule/{rule_id}", by=by, now=now)
    return in_lines([get(rule_id)])[0]


def change(*, draft: Draft | None, ends: int | None = None, reason: str, by: User, now: datetime) -> Changed:
    """Make a rule, end one, or put one in another's place: at once, or as a request where something could go sooner.

    `reason` is why it changes. Raises NoSuchRule, Unfit, approvals.Obstacle.
    """
    refusals.check(Action.SET_KEEPING, subject="keeping", by=by, now=now)
    why = approvals_reason(reason)
    with transaction.atomic():
        standing.hold(standing.ALONE)
        new, old = None if draft is None else _fit(draft), None if ends is None else get(ends)
        before, after = _before_and_after(new, old)
        if not standing.weakens(before=before, after=after):
            return Changed(_apply(new, old, why=why, by=by, name=audit.name_of(by), now=now), None)
    account_id = new.account_id if new is not None else old.account_id if old is not None else 0
    parameters = {"ends": ends, "rule": None if new is None else _as_data(new)}
    asked = approvals.ask(
        kind=REQUEST, subject=f"keeping/{account_id}", parameters=parameters, reason=why, by=by, now=now
    )
    return Changed(None, asked)


def needs_two(*, draft: Draft | None, ends: int | None = None) -> bool:
    """Whether a change takes a second person. Raises NoSuchRule, Unfit."""
    new, old = None if draft is None else _fit(draft), None if ends is None else get(ends)
    before, after = _before_and_after(new, old)
    return standing.weakens(before=before, after=after)


def get(rule_id: int) -> KeepingRule:
    """A rule. Raises NoSuchRule."""
    row = KeepingRule.objects.select_related("replaced_by").filter(pk=rule_id).first()
    if row is None:
        raise NoSuchRule
    return row


def in_lines(rows: list[KeepingRule]) -> list[Line]:
    """Rules with what they are about, in a constant number of queries."""
    titles = directory.titles({row.session_id for row in rows if row.session_id is not None})
    accounts = dict(candidates.accounts())
    return [Line(row, _about(row, titles, accounts)) for row in rows]


def lasting(row: KeepingRule) -> str:
    """A rule's period in words."""
    if row.amount is None:
        return "for good"
    if row.unit == KeepingRule.Unit.MONTHS and row.amount % 12 == 0:
        years = row.amount // 12
        return f"{years:,} year{'' if years == 1 else 's'}"
    one = "month" if row.unit == KeepingRule.Unit.MONTHS else "day"
    return f"{row.amount:,} {one}{'' if row.amount == 1 else 's'}"


def approvals_reason(reason: str) -> str:
    """A reason as a request takes it. Raises Unfit."""
    text = inert.typed(reason)
    if text == "" or len(text) > 2_000:
        raise Unfit("Say why, in 1 to 2,000 characters.")
    return text


def _about(row: KeepingRule, titles: Mapping[int, str], accounts: Mapping[int, str]) -> str:
    account = accounts.get(row.account_id, "")
    if row.session_id is not None:
        return f"the session “{titles.get(row.session_id, f'session {row.session_id}')}”"
    kinds = (
        "every session"
        if row.kinds is None
        else _listed([kind.label for kind in KeepingRule.Kind if kind.value in row.kinds])
    )
    named = "" if row.named == "" else f" named “{row.named}”"
    return f"{kinds}{named}" + (f" of {account}" if len(accounts) > 1 else "")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _fit(draft: Draft) -> KeepingRule:
    """The draft as a row that is not saved. Raises Unfit."""
    texts = {key: inert.typed(getattr(draft, key)) for key in LONGEST}
    for key, words in (("name", "a name"), ("law", "the law, order or policy"), ("reason", "the reason")):
        if texts[key] == "":
            raise Unfit(f"Give {words}.")
    for key, most in LONGEST.items():
        if len(texts[key]) > most:
            raise Unfit(f"The {key} has at most {most:,} characters.")
    unit = KeepingRule.Unit(draft.unit)
    if draft.amount is not None and not 1 <= draft.amount <= MOST[unit]:
        raise Unfit(f"Give 1 to {MOST[unit]:,} {unit.label}.")
    if draft.account_id not in dict(candidates.accounts()):
        raise Unfit("Choose an account.")
    if draft.session_id is not None:
        there = keeping.places(accounts=[draft.account_id], sessions=[draft.session_id])
        if len(there) == 0:
            raise Unfit("There is no such session in this account.")
    kinds = None if draft.kinds is None else sorted({Kind(kind).value for kind in draft.kinds})
    if kinds is not None and len(kinds) == 0:
        raise Unfit("Tick at least one kind of session, or any kind.")
    return KeepingRule(
        account_id=draft.account_id, kinds=kinds, session_id=draft.session_id, amount=draft.amount, unit=unit,
        is_duty=draft.is_duty, **texts,
    )  # fmt: skip


def _before_and_after(
    new: KeepingRule | None, old: KeepingRule | None
) -> tuple[list[KeepingRule], list[KeepingRule]]:
    """The rules of the account in force, and as they would be. Raises Unfit."""
    if new is None and old is None:
        raise Unfit("Nothing was to be changed.")
    if old is not None and old.ended_at is not None:
        raise Unfit(f"“{old.name}” has ended already.")
    if new is not None and old is not None and new.account_id != old.account_id:
        raise Unfit("A rule is replaced by one of the same account.")
    account_id = new.account_id if new is not None else old.account_id if old is not None else 0
    before = list(standing.in_force().filter(account_id=account_id))
    after = [row for row in before if old is None or row.pk != old.pk]
    if new is not None:
        if any(row.name == new.name for row in after):
            raise Unfit(f"There is a rule “{new.name}” already. Give another name, or replace that one.")
        after.append(new)
    return before, after


def _apply(
    new: KeepingRule | None,
    old: KeepingRule | None,
    *,
    why: str,
    by: User | None,
    name: str,
    approved_by: str = "",
    now: datetime,
) -> KeepingRule | None:
    """End one and make the other, with their events, in the caller's transaction, which has the table to itself."""
    if old is not None:
        old.ended_at, old.ended_by_name, old.ending = now, name, why
        old.save(update_fields=["ended_at", "ended_by_name", "ending"])
    if new is not None:
        new.made_by, new.made_by_name, new.made_at, new.approved_by_name = by, name, now, approved_by
        new.save(force_insert=True)
        if old is not None:
            KeepingRule.objects.filter(pk=old.pk).update(replaced_by=new)
    if old is not None:
        details = {"why": why, "replaced_by": None if new is None else new.pk, "approved_by": approved_by}
        audit.record(
            action=audit.Action.ENDED,
            subject=f"rule/{old.pk}",
            details=_as_data(old) | details,
            by=by,
            now=now,
        )
    if new is not None:
        details = {"why": why, "replaces": None if old is None else old.pk, "approved_by": approved_by}
        audit.record(
            action=audit.Action.SAVED,
            subject=f"rule/{new.pk}",
            details=_as_data(new) | details,
            by=by,
            now=now,
        )
    return new


def _as_data(row: KeepingRule) -> dict[str, Any]:
    return {
        "account_id": row.account_id,
        "name": row.name,
        "reason": row.reason,
        "law": row.law,
        "kinds": row.kinds,
        "named": row.named,
        "session_id": row.session_id,
        "amount": row.amount,
        "unit": str(row.unit),
        "is_duty": row.is_duty,
    }


def _of(parameters: Mapping[str, Any]) -> tuple[KeepingRule | None, KeepingRule | None]:
    """The new rule and the one that ends, as a request has them. Raises Obstacle."""
    given, ends = parameters["rule"], parameters["ends"]
    try:
        new = None
        if given is not None:
            kinds = None if given["kinds"] is None else tuple(given["kinds"])
            new = _fit(Draft(**{**given, "kinds": kinds}))
        return new, None if ends is None else get(ends)
    except Unfit as unfit:
        raise Obstacle(str(unfit)) from unfit


def _find(subject: str, parameters: Mapping[str, Any], now: datetime) -> ItemSet:  # noqa: ARG001
    new, old = _of(parameters)
    try:
        _before_and_after(new, old)
    except Unfit as unfit:
        raise Obstacle(str(unfit)) from unfit
    items = []
    if old is not None:
        line = in_lines([old])[0]
        words = f"“{old.name}” ends: {line.about} kept {lasting(old)}"
        items.append(Item(f"rule/{old.pk}", words, _as_data(old)))
    if new is not None:
        line = in_lines([new])[0]
        words = f"“{new.name}” begins: {line.about} kept {lasting(new)}"
        items.append(Item("rule/new", words, _as_data(new)))
    title = f"Keep by the rule “{new.name}”" if new is not None else "End a rule of retention"
    if new is not None and old is not None:
        title = f"Replace the rule “{old.name}”"
    elif old is not None:
        title = f"End the rule “{old.name}”"
    return ItemSet(title, items)


def _count(
    subject: str,  # noqa: ARG001
    parameters: Mapping[str, Any],
    now: datetime,
    step: Callable[[int, int], None],
) -> dict[str, int]:
    """How much is due under the rules as they are, and as they would be; some sessions a statement."""
    try:
        before, after = _before_and_after(*_of(parameters))
    except Unfit as unfit:
        raise Obstacle(str(unfit)) from unfit
    numbered = [replace(rule, id=number) for number, rule in enumerate(standing.read(after), 1)]
    would = list(
        keeping.counts(
            rules=numbered, now=now, at_once=AT_ONCE, step=lambda done, total: step(done, 2 * total)
        )
    )
    as_it_is = keeping.counts(
        rules=standing.read(before),
        now=now,
        at_once=AT_ONCE,
        step=lambda done, total: step(total + done, 2 * total),
    )
    due = sum(one.messages for one in as_it_is)
    return {
        "messages would be due": sum(one.messages for one in would),
        "messages are due as it is": due,
        "sessions in which something would be due": len({one.session_id for one in would}),
    }


def _lock(_: str) -> None:
    standing.hold(standing.ALONE)


def _carry_out(request: Request, now: datetime) -> Mapping[str, Any]:
    new, old = _of(request.parameters)
    made = _apply(
        new, old, why=request.reason, by=request.asked_by, name=request.asked_by_name,
        approved_by=request.approved_by_name, now=now,
    )  # fmt: skip
    return {"made": None if made is None else made.pk, "ended": None if old is None else old.pk}


KIND = approvals.Kind(
    key=REQUEST,
    name="Keep something for a shorter time",
    ask=Action.SET_KEEPING,
    approve=Action.APPROVE_KEEPING,
    find=_find,
    lock=_lock,
    carry_out=_carry_out,
    count=_count,
    link=lambda _: "/disposition/rules/",
    means="Some messages become due sooner. Nothing is destroyed by it: what is due goes only by a disposition, which "
    "takes two people again, and never while a hold covers it.",
)
