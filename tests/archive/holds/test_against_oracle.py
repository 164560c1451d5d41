"""10,000 generated combinations of holds, memberships and dates, each answered as the slow oracle answers it."""

import random
from collections import Counter

import pytest

from archive import explaining, holding, taking_part
from tests.archive.holds import oracle, worlds

pytestmark = pytest.mark.django_db


def test_every_rule_holds_what_the_oracle_holds() -> None:
    """100 accounts × 100 rules, asked all at once, so that no rule may reach into another account either."""
    chance = random.Random(5)
    talks, rules = [], []
    for number in range(100):
        made, over = worlds.generated(number, chance)
        talks += made
        rules += over
    said = [one for talk in talks for one in talk.said]
    held = holding.covering([one.id for one in said], rules=rules)
    assert holding.held([one.id for one in said], rules=rules) == held.keys()
    by_account: dict[int, list[holding.Rule]] = {}
    for rule in rules:
        by_account.setdefault(rule.account, []).append(rule)
    answers: Counter[bool] = Counter()
    for one in said:
        for rule in by_account[one.talk.account]:
            expected = oracle.is_held(one, rule)
            assert (rule.id in held.get(one.id, {})) == expected, (one, rule)
            answers[expected] += 1
        assert {rule_id // 1_000 for rule_id in held.get(one.id, {})} <= {held_by(one, by_account)}
    assert len(rules) == 10_000
    assert min(answers.values()) > 30_000, "both answers are asked for often"


def held_by(one: oracle.Utterance, by_account: dict[int, list[holding.Rule]]) -> int:
    """The number of the world a message is in, as its rules carry it."""
    return by_account[one.talk.account][0].id // 1_000


def test_every_ground_occurs_and_the_two_ways_of_asking_agree() -> None:
    """Of all sessions or of some, the stretches are the same, and none of the grounds is left untested."""
    chance = random.Random(7)
    grounds: Counter[taking_part.Ground] = Counter()
    for number in range(25):
        talks, rules = worlds.generated(number, chance)
        people = {rule.person for rule in rules if rule.person is not None}
        found = taking_part.anywhere(people=people)
        assert found == taking_part.within(sessions=[talk.id for talk in talks], people=people)
        grounds.update(stretch.ground for stretch in found)
    assert set(grounds) == set(taking_part.Ground)


def test_the_explanation_says_what_the_rule_does() -> None:
    """For every message and rule of ten accounts, and in the same way."""
    chance = random.Random(9)
    seen: set[object] = set()
    for number in range(10):
        talks, rules = worlds.generated(number, chance)
        said = [one.id for talk in talks for one in talk.said]
        held = holding.covering(said, rules=rules)
        for message_id in said:
            decisions = explaining.explain(message_id, rules=rules)
            assert {d.rule.id: d.way for d in decisions if d.way is not None} == held.get(message_id, {})
            assert all((d.way is None) != (d.obstacle is None) for d in decisions)
            seen |= {d.way or d.obstacle for d in decisions}
    assert seen == {*holding.Way, *explaining.Obstacle}


def test_few_rules_for_many_hold_the_same() -> None:
    """Rules that differ in their times only are joined where these meet, and nothing is held more or less for it."""
    chance = random.Random(11)
    for number in range(20):
        talks, rules = worlds.generated(number, chance)
        said = [one.id for talk in talks for one in talk.said]
        some = chance.sample(rules, 12)
        assert len(holding.together(rules)) < len(rules)
        assert holding.held(said, rules=some) == holding.covering(said, rules=some).keys()
