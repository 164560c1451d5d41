"""Queries that would look for too much are refused, and the refusal says which of their words it is."""

from collections.abc import Callable

import pytest

from archive import search
from archive.scope import EVERYTHING
from tests.archive.search.talk import Talk

MANY = " ".join(f"xx.aa.zq{number:05}" for number in range(25_000))


def refused(query: str) -> tuple[str, str]:
    """The sentence with which a query is refused, and the part of it that is named."""
    with pytest.raises(search.QueryError) as caught:
        search.messages(query, scope=EVERYTHING)
    return caught.value.message, query[caught.value.start : caught.value.end]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("xx.aa.zq*", "xx.aa.zq*"),
        ("budget OR NOT (xx.aa.b* OR xx.aa.zq* OR harbour)", "xx.aa.zq*"),
        ("from:ines xx.aa.zq*", "xx.aa.zq*"),
        ("budget OR file:plan OR (zq* w/3 harbour)", "zq* w/3 harbour"),
    ],
)
def test_words_that_begin_too_many_others_are_named(
    talk: Talk, index: Callable[[], None], query: str, named: str
) -> None:
    """By themselves, in a group, beside others that begin fewer."""
    talk.say(MANY)
    talk.say("harbour budget aa.bb")
    index()
    assert refused(query) == ("Too many different words begin like this.", named)


def test_words_that_may_stand_too_far_apart_are_named(talk: Talk, index: Callable[[], None]) -> None:
    """Both sides, without the parentheses around them."""
    talk.say("harbour")
    index()
    several = " OR ".join("abcdefghij")
    assert refused(f"budget ({several}) w/50 harbour NOT pier") == (
        "Too many words may stand too far apart.",
        f"{several}) w/50 harbour",
    )


def test_where_words_were_typed_does_not_tell_queries_apart() -> None:
    """Trees that ask for the same are equal, and spelled alike."""
    for one, other in (("a  b", "a b"), ("( x ) w/3 y", "x w/3 y"), ('"a b"~3 c', '"a b"~3   c')):
        assert search.parse(one) == search.parse(other)
        assert search.spelled.out(search.parse(one)) == search.spelled.out(search.parse(other))
