"""What the page of a message says, with rules and holds as rows, equals what independent oracles work out."""

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from archive.fates import Verdict
from archive.holding import Rule as HoldRule
from archive.keeping import Rule
from archive.models import Page
from compliance import holds
from compliance.disposition import paths
from compliance.models import Hold, KeepingRule, Matter
from tests.archive.holds import oracle as held_oracle
from tests.archive.keeping import oracle, worlds
from tests.archive.keeping.test_against_oracle import all_due, page, verdict_of

__all__ = ["page"]

ACCOUNTS, ROUNDS, AT_ONCE = 4, 20, 25


def in_force(rules: list[Rule], *, number: int) -> list[Rule]:
    """The same rules as rows, and nothing else in force; as the archive takes them."""
    KeepingRule.objects.filter(ended_at=None).update(ended_at=worlds.FIRST, ended_by_name="Mei", ending="x")
    KeepingRule.objects.bulk_create(
        KeepingRule(
            account_id=one.account, name=f"{number}-{n}", reason="r", law="l", named=one.named, session_id=one.session,
            kinds=None if one.kinds is None else sorted(kind.value for kind in one.kinds),
            amount=None if one.period is None else one.period.months or one.period.days,
            unit="months" if one.period is not None and one.period.months else "days",
            made_by_name="Mei", made_at=worlds.FIRST,
        )
        for n, one in enumerate(rules)
    )  # fmt: skip
    rows = KeepingRule.objects.filter(ended_at=None).order_by("pk")
    return [
        Rule(id=row.pk, account=one.account, kinds=one.kinds, named=one.named, session=one.session, period=one.period)
        for row, one in zip(rows, rules, strict=True)
    ]  # fmt: skip


def standing(rules: list[HoldRule], matter_of: dict[int, Matter]) -> None:
    """The same holds as rows, and nothing else in force."""
    Hold.objects.filter(released_at=None).update(released_at=worlds.FIRST)
    Hold.objects.bulk_create(
        Hold(
            matter=matter_of[one.account], account_id=one.account, person_id=one.person, session_id=one.session,
            covers_received=one.covers_received, since=one.since, until=one.until, placed_at=worlds.FIRST,
            placed_by_name="Ines",
        )
        for one in rules
    )  # fmt: skip


def said_of(
    one: held_oracle.Utterance, facts: oracle.Facts, rules: list[Rule], *, by: User, now: datetime
) -> Verdict:
    """What the page says, by which rule and when; compared with the oracles and with what the engine destroys by."""
    is_held = holds.of_message(message_id=one.id, by=by, now=now).matters > 0
    path = paths.of_message(message_id=one.id, is_held=is_held, destroyed_under=None, by=by, now=now)
    assert path is not None
    assert path.fate.due_at == oracle.due_at(one, facts, rules)
    about = {rule.id for rule in rules if oracle.may_be_about(one, facts, rule)}
    assert {step.rule.pk for step in path.about} == about
    due = [found for found in all_due(one.talk.id, rules, now) if found.message_id == one.id]
    assert (path.verdict in (Verdict.DUE, Verdict.HELD)) == (len(due) == 1)
    if due:
        assert path.decisive is not None
        assert path.decisive.rule.pk == due[0].rule_id
        assert path.about[0] is path.decisive
    return path.verdict


def test_the_page_of_a_message_says_what_the_oracles_say(page: Page, ines: User) -> None:
    """500 combinations of rules, holds and dates, often at the moment at which something becomes due."""
    chance, verdicts = random.Random(29), Counter[Verdict]()
    accounts = [worlds.generated(number, page, chance)[0] for number in range(ACCOUNTS)]
    every = [pair for said in accounts for pair in said]
    matter_of = {
        account: Matter.objects.create(
            account_id=account, name=f"Inquiry {account}", reason="r", request_key=uuid.uuid4(), opened_by_name="Ines",
            opened_at=worlds.FIRST,
        )
        for account in {one.talk.account for one, _ in every}
    }  # fmt: skip
    for number in range(ROUNDS):
        drawn = [rule for n, said in enumerate(accounts) for rule in worlds.rules(n, said, chance)]
        rules = in_force(drawn, number=number)
        held_by = [hold for n, said in enumerate(accounts) for hold in worlds.holds(n, said, chance)]
        standing(held_by, matter_of)
        ends = [end for one, facts in every if (end := oracle.due_at(one, facts, rules)) is not None]
        now = worlds.moment(chance) + timedelta(days=chance.randrange(400))
        if ends and chance.random() < 0.6:
            now = chance.choice(ends)
        for one, facts in chance.sample(every, AT_ONCE):
            verdict = said_of(one, facts, rules, by=ines, now=now)
            assert verdict is verdict_of(one, facts, rules, held_by, now)
            verdicts[verdict] += 1
    assert verdicts.total() == ROUNDS * AT_ONCE
    kept_or_due = (Verdict.DUE, Verdict.HELD, Verdict.NOT_YET, Verdict.FOR_GOOD, Verdict.DOUBTFUL)
    assert min(verdicts[one] for one in kept_or_due) > 10, verdicts
