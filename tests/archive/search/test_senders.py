"""Finding what somebody said by any name they had, however many."""

from collections.abc import Callable

import pytest

from archive import search
from archive.models import Message
from archive.scope import EVERYTHING
from archive.search import senders
from tests.archive.search.talk import Talk

Find = Callable[..., list[Message]]


def test_the_terms_of_a_message_are_its_names_in_groups() -> None:
    """In an order of their own, so that the same names are the same term; what is empty is no name."""
    assert list(senders.terms(("b", "", "a"))) == list(senders.terms(("a", "b"))) == ["a\0b"]
    several = list(senders.terms(tuple(f"name {n:02}" for n in range(20))))
    assert [len(term.split("\0")) for term in several] == [8, 8, 4]
    assert list(senders.terms(("",))) == []


def test_words_of_a_name_or_an_address_find_what_somebody_said(talk: Talk, find: Find) -> None:
    """As words, beginnings, patterns and misspellings; no words run from a name into the address."""
    message = talk.say("one")
    talk.say("two", by="ravi")
    for query in (
        "from:ines",
        'from:"Inês Olsson"',
        "from:ols*",
        "from:olson~",
        "from:o*on",
        "from:ines@acme.example",
    ):
        assert find(query) == [message], query
    assert find('from:"olsson ines"') == []
    assert len(find("from:acme.example")) == 2


@pytest.mark.parametrize("query", ["from:acme.example", "NOT from:ravi", "from:(ines OR olu)"])
def test_a_new_state_of_the_index_knows_new_names(query: str, talk: Talk, find: Find) -> None:
    """Whoever said nothing before is found from their first message on."""
    talk.say("one")
    before = len(find(query))
    talk.meet("tom", "Tom Olu", email="tom@acme.example")
    talk.say("two", by="tom")
    assert len(find(query)) == before + 1
    assert search.messages("from:nobody", scope=EVERYTHING).count == 0
