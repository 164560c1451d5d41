"""Scopes: what may be seen can only be narrowed, and a union admits what any of its pieces does."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.scope import EVERYTHING, NOTHING, Piece, Pieces, Scope

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACES = list(
    itertools.product((None, 1, 2, 3), (1, 2, 3), (NOON + timedelta(hours=h) for h in range(-1, 5)))
)

ids = st.none() | st.integers(1, 3)
moments = st.none() | st.integers(0, 4).map(lambda hours: NOON + timedelta(hours=hours))
pieces = st.builds(Piece, sender=ids, session=ids, since=moments, until=moments)
unions = st.builds(Pieces, st.frozensets(pieces, max_size=5))
some = st.none() | st.frozensets(st.integers(1, 3))
scopes = st.builds(
    Scope, people=some, sessions=some, since=moments, until=moments, within=st.frozensets(unions, max_size=2)
)


@given(one=scopes, other=scopes)
def test_two_scopes_meet_in_what_both_admit(one: Scope, other: Scope) -> None:
    """Nothing is gained by narrowing, whichever way round, and nothing that both allow is lost."""
    for sender, session, at in PLACES:
        both = one.admits(sender=sender, session=session, at=at) and other.admits(
            sender=sender, session=session, at=at
        )
        assert one.narrowed(other).admits(sender=sender, session=session, at=at) == both
        assert other.narrowed(one).admits(sender=sender, session=session, at=at) == both


@given(one=unions, other=unions, scope=scopes)
def test_unions_join_and_are_narrowed(one: Pieces, other: Pieces, scope: Scope) -> None:
    """Joined, they admit what either does; narrowed by a scope, what both do."""
    for sender, session, at in PLACES:
        first, second = (u.admits(sender=sender, session=session, at=at) for u in (one, other))
        assert one.joined(other).admits(sender=sender, session=session, at=at) == (first or second)
        within = scope.admits(sender=sender, session=session, at=at)
        assert one.narrowed(scope).admits(sender=sender, session=session, at=at) == (first and within)


def test_no_pieces_are_nothing_and_a_piece_without_limits_is_everything() -> None:
    """None and the empty set are never confused."""
    for sender, session, at in PLACES:
        assert EVERYTHING.narrowed(Pieces.of([Piece()]).narrowed(EVERYTHING)).admits(
            sender=sender, session=session, at=at
        )
        assert not Pieces.of([]).admits(sender=sender, session=session, at=at)
        assert not NOTHING.admits(sender=sender, session=session, at=at)


def test_a_piece_of_someone_has_nothing_of_an_unknown_sender() -> None:
    """Who is not known is not the custodian."""
    assert not Piece(sender=1).admits(sender=None, session=1, at=NOON)
    assert Piece(session=1).admits(sender=None, session=1, at=NOON)
