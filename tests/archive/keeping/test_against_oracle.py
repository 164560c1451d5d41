"""10,000 generated combinations of rules, holds and dates: the engine, the explanation and a slow oracle agree."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from archive import fates, holding, keeping
from archive.fates import Verdict
from archive.keeping import Period, Rule
from archive.models import Page
from tests.archive.holds import oracle as held_oracle
from tests.archive.keeping import oracle, worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db: None) -> Page:
    return Page.objects.create(
        pull=1, number=1, operation="x", request="x", status=200, body_sha256=b"0" * 32, body_bytes=2,
        received_at=worlds.FIRST, salt=b"0" * 16,
    )  # fmt: skip


def all_due(session_id: int, rules: list[Rule], now: datetime) -> list[keeping.Due]:
    """Read on three at a time, so that each page begins where the one before ended."""
    found: list[keeping.Due] = []
    while batch := keeping.due(
        session_id=session_id, rules=rules, now=now, after=found[-1] if found else None, limit=3
    ):
        found += batch
    return found


def verdict_of(
    said: held_oracle.Utterance,
    facts: oracle.Facts,
    rules: list[Rule],
    holds: list[holding.Rule],
    now: datetime,
) -> Verdict:
    """What follows, by the oracles alone."""
    if oracle.due_at(said, facts, rules) is None:
        undoubted = held_oracle.Utterance(said.id, said.talk, said.sender, said.at)
        is_for_good = oracle.due_at(undoubted, facts, rules) is None
        return Verdict.FOR_GOOD if is_for_good else Verdict.DOUBTFUL
    if (oracle.due_at(said, facts, rules) or now) > now:
        return Verdict.NOT_YET
    return Verdict.HELD if any(held_oracle.is_held(said, hold) for hold in holds) else Verdict.DUE


def test_ten_thousand_combinations(page: Page) -> None:
    """50 accounts with 205 sets of rules and holds each, all at once, so that none may reach into another account either.

    Every message is asked for each time, often at the very moment at which something becomes due; what is read page by
    page, and explained, is all of five accounts. So 10,000 messages and more are explained, each under its own rules,
    holds and date.
    """
    chance = random.Random(17)
    accounts = [worlds.generated(number, page, chance)[0] for number in range(50)]
    verdicts: Counter[Verdict] = Counter()
    for _ in range(205):
        drawn = [worlds.rules(number, said, chance) for number, said in enumerate(accounts)]
        rules = [rule for theirs in drawn for rule in theirs]
        holds = [worlds.holds(number, said, chance) for number, said in enumerate(accounts)]
        ends = {
            one.id: oracle.due_at(one, facts, theirs)
            for said, theirs in zip(accounts, drawn, strict=True)
            for one, facts in said
        }
        now = worlds.moment(chance) + timedelta(days=chance.randrange(400))
        if chance.random() < 0.6:
            now = chance.choice([end for end in ends.values() if end is not None])
        expected = {key: end for key, end in ends.items() if end is not None and end <= now}
        assert keeping.still_due(ends, rules=rules, now=now) == expected.keys()
        counted = {(c.session_id, c.rule_id): c.messages for c in keeping.counts(rules=rules, now=now)}
        assert sum(counted.values()) == len(expected)
        held = holding.held(ends, rules=[hold for theirs in holds for hold in theirs])
        looked_at = chance.sample(range(len(accounts)), 5)
        over_them = [hold for number in looked_at for hold in holds[number]]
        for said in (accounts[number] for number in looked_at):
            governed = agree(said, rules, expected, counted, now)
            for one, facts in said:
                assert (one.id in held) == any(held_oracle.is_held(one, hold) for hold in over_them)
                verdict = explained(one, facts, rules, over_them, now, by_rule=governed.get(one.id))
                assert (verdict is Verdict.DUE) == (one.id in expected and one.id not in held)
                verdicts[verdict] += 1
    assert verdicts.total() >= 10_000
    asked_elsewhere = (Verdict.GONE, Verdict.IN_A_ZIP)  # see test_zips_against_oracle.py
    assert min(verdicts[one] for one in Verdict if one not in asked_elsewhere) > 50, verdicts


def agree(
    said: list[worlds.Said],
    rules: list[Rule],
    expected: dict[int, datetime],
    counted: dict[tuple[int, int], int],
    now: datetime,
) -> dict[int, int]:
    """What is read of one account page by page is what is due there, and what was counted; by which rule each is."""
    found = [one for session in {one.talk.id for one, _ in said} for one in all_due(session, rules, now)]
    theirs = {one.id for one, _ in said} & expected.keys()
    assert {one.message_id: one.due_at for one in found} == {key: expected[key] for key in theirs}
    assert len(found) == len(theirs)
    where = {one.id: one.talk.id for one, _ in said}
    governed = Counter((where[one.message_id], one.rule_id) for one in found)
    assert {key: number for key, number in counted.items() if key[0] in where.values()} == governed
    return {one.message_id: one.rule_id for one in found}


def explained(
    one: held_oracle.Utterance,
    facts: oracle.Facts,
    rules: list[Rule],
    holds: list[holding.Rule],
    now: datetime,
    *,
    by_rule: int | None,
) -> Verdict:
    """The path of decisions leads where the oracles say, by the rule the engine says (None: not due); its verdict."""
    fate = fates.explain(one.id, rules=rules, holds=holds, now=now)
    assert fate is not None
    due_at = oracle.due_at(one, facts, rules)
    assert fate.due_at == due_at
    assert fate.verdict is verdict_of(one, facts, rules, holds, now)
    assert (len(fate.holds) > 0) == any(held_oracle.is_held(one, hold) for hold in holds)
    for looked in fate.looked:
        assert (looked.apart is None) == oracle.may_be_about(one, facts, looked.rule)
    assert (by_rule is not None) == (due_at is not None and due_at <= now)
    if by_rule is not None:
        assert fate.governing is not None
        assert fate.governing.rule.id == by_rule
    return fate.verdict


def test_what_does_not_weaken_lets_nothing_go_sooner(page: Page) -> None:
    """For 1,000 changes of rules: said not to weaken, nothing is due earlier; and it is said of both kinds."""
    chance = random.Random(19)
    said: list[worlds.Said] = []
    for number in range(5):
        said += worlds.generated(number, page, chance)[0]
    answers: Counter[bool] = Counter()
    for number in range(1_000):
        before = worlds.rules(1, said, chance)
        after = [rule for rule in before if chance.random() < 0.6]
        after += worlds.rules(2, said, chance)[: chance.randrange(2)]
        if number % 3 == 0 and before:
            kept = chance.choice(before)
            after = [rule for rule in before if rule is not kept]
            after.append(
                Rule(id=9_000, account=kept.account, kinds=kept.kinds, named=kept.named, session=kept.session,
                     period=chance.choice(worlds.PERIODS))
            )  # fmt: skip
        weaker = keeping.weakens(before=before, after=after)
        answers[weaker] += 1
        if weaker:
            continue
        for one, facts in said:
            was, is_now = oracle.due_at(one, facts, before), oracle.due_at(one, facts, after)
            assert is_now is None or (was is not None and was <= is_now), (before, after)
    assert min(answers.values()) > 150, answers


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (Period(months=12), Period(days=365), False),
        (Period(days=372), Period(months=12), True),
        (Period(days=366), Period(months=12), False),
        (Period(months=13), Period(days=365), True),
        (Period(months=3), Period(months=3), True),
        (Period(days=30), Period(days=31), False),
    ],
)
def test_a_period_is_longer_only_when_it_is_from_every_day(one: Period, other: Period, answer: bool) -> None:
    """Months and days are compared at their worst."""
    assert one.is_never_shorter_than(other) is answer


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("Board 2024", "board*", True),
        ("the board", "board*", False),
        ("ab", "a*b*b", False),
        ("abb", "a*b*b", True),
        ("ÉTÉ", "été", True),
        ("a", "a*a", False),
        ("50% off", "50%*", True),
        ("505 off", "50%*", False),
        ("anything", "", True),
        ("", "*", True),
    ],
)
def test_a_name_fits_its_pattern(name: str, pattern: str, fits: bool) -> None:
    """A star stands for anything, everything else for itself, whatever its case."""
    assert keeping.is_named(name, pattern) is fits
