"""What rules hold as a union of pieces, beside what they hold."""

import random

import pytest

from archive import held_pieces, holding
from archive.holding import Rule
from archive.scope import Piece
from tests.archive.holds import worlds

pytestmark = pytest.mark.django_db


def test_the_pieces_are_what_is_held_but_for_what_is_doubtful() -> None:
    """For every rule of five accounts and for all rules of an account together."""
    chance = random.Random(3)
    inside = outside = 0
    for number in range(5):
        talks, rules = worlds.generated(number, chance)
        said = [one for talk in talks for one in talk.said]
        for some in [*([rule] for rule in rules), rules[:5]]:
            pieces = held_pieces.of(some)
            held = holding.covering([one.id for one in said], rules=some)
            for one in said:
                is_inside = pieces.admits(sender=one.sender, session=one.talk.id, at=one.at)
                if is_inside or not (one.is_doubtful or one.sender is None):
                    assert is_inside == (one.id in held), (one, some)
                inside, outside = inside + is_inside, outside + (not is_inside)
    assert min(inside, outside) > 1_000


def test_everything_of_the_only_account_is_one_piece() -> None:
    """And of one among two it is a piece a session, so that nothing of the other is in it."""
    chance = random.Random(4)
    talks, rules = worlds.generated(0, chance)
    everything = Rule(id=1, account=rules[0].account)
    assert held_pieces.of([everything]).pieces == {Piece()}
    worlds.account("another")
    assert held_pieces.of([everything]).pieces == {Piece(session=talk.id) for talk in talks}


def test_no_rule_is_no_piece() -> None:
    """Nothing held is nothing seen, not everything."""
    assert held_pieces.of([]).pieces == frozenset()
