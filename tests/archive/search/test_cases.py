"""Matters and custodians in queries: resolved to what is held, refused when not to be seen, within the scope."""

from collections.abc import Collection

import pytest

from archive import search
from archive.models import Message
from archive.scope import EVERYTHING, Piece, Pieces, Scope
from archive.search import spelled
from tests.archive.search.conftest import Find
from tests.archive.search.talk import Talk

NAMES = {1: "Inquiry 2026-114", 2: "Harbour", 30: "Nothing held"}
PEOPLE = {7: ("Inês Olsson", "ines@acme.example"), 8: ("Olu Ade", "")}


def known(talk: Talk) -> search.Known:
    """Matter 1 holds what Inês said, matter 2 the deal room; Olu is a custodian of the deal room."""
    ines, room = talk.people["ines"].pk, talk.sessions["deal room"].pk
    matters = {1: {Piece(sender=ines)}, 2: {Piece(session=room)}, 30: set()}
    custodians = {7: {Piece(sender=ines)}, 8: {Piece(session=room)}}

    def union(of: dict[int, set[Piece]], numbers: Collection[int]) -> Pieces:
        return Pieces.of(piece for number in numbers for piece in of[number])

    return search.Known(
        cases=search.Cases(
            matters=lambda: NAMES,
            custodians=lambda: PEOPLE,
            of_matters=lambda numbers: union(matters, numbers),
            of_custodians=lambda numbers: union(custodians, numbers),
        )
    )


@pytest.fixture
def said(talk: Talk, find: Find) -> list[Message]:
    """Inês and Ravi in general, Ravi and Ada in the deal room."""
    messages = [
        talk.say("a"), talk.say("b", by="ravi"), talk.say("a", by="ravi", where="deal room"),
        talk.say("b", by="ada", where="deal room"),
    ]  # fmt: skip
    find("a")
    return messages


def found(query: str, talk: Talk, scope: Scope = EVERYTHING) -> set[int]:
    answer = search.messages(query, scope=scope, known=known(talk))
    assert answer.count == len(answer.hits)
    return {hit.message_id for hit in answer.hits}


def test_a_matter_finds_what_it_holds(talk: Talk, said: list[Message]) -> None:
    """By number and by name, in groups, left out, and together with words."""
    one, two, three, four = (message.pk for message in said)
    assert found("matter:1", talk) == found('matter:"inquiry  2026-114"', talk) == {one}
    assert found("matter:harbour", talk) == {three, four}
    assert found("matter:(1 OR 2)", talk) == {one, three, four}
    assert found("a matter:2", talk) == {three}
    assert found("NOT matter:2", talk) == {one, two}
    assert found("matter:30", talk) == set()


def test_a_custodian_finds_what_is_held_because_of_them(talk: Talk, said: list[Message]) -> None:
    """By words of a name or an address; of two with one name, both."""
    one, _, three, four = (message.pk for message in said)
    assert found("custodian:olsson", talk) == found("custodian:ines@acme.example", talk) == {one}
    assert found("custodian:ol*", talk) == {one, three, four}
    assert found("custodian:olu b", talk) == {four}


def test_a_matter_reveals_nothing_outside_a_scope(talk: Talk, said: list[Message]) -> None:
    """Who may see one room sees of a matter what is in that room."""
    room = Scope(sessions=frozenset({said[0].session_id}))
    assert found("matter:(1 OR 2)", talk, room) == {said[0].pk}
    assert found("NOT matter:1", talk, room) == {said[1].pk}


@pytest.mark.parametrize(
    ("query", "why", "hint"),
    [
        ("a matter:9", "There is no matter “9”", "You may name"),
        ("matter:Harbor", "There is no matter “Harbor”", 'matter:"Harbour"'),
        ('matter:"1"', "There is no matter “1”", "You may name"),
        ("custodian:nobody", "Nobody called “nobody” is a custodian", "from:"),
    ],
)
def test_what_is_not_to_be_seen_is_refused(
    talk: Talk, said: list[Message], query: str, why: str, hint: str
) -> None:
    """With its place, and in the words in which something that does not exist is refused."""
    with pytest.raises(search.QueryError, match=why) as caught:
        search.messages(query, scope=EVERYTHING, known=known(talk))
    assert hint in caught.value.hint
    assert query[caught.value.start : caught.value.end] in query.split(" ")


def test_without_matters_none_can_be_named(talk: Talk, said: list[Message]) -> None:
    """Whoever hands none in has none."""
    with pytest.raises(search.QueryError) as caught:
        search.messages("matter:1", scope=EVERYTHING)
    assert caught.value.hint == "You are a member of no matter."


def test_they_are_said_back_in_words_and_kept() -> None:
    """In the explanation, and spelled out beside a saved search."""
    assert search.explain(search.parse("matter:1 a")) == "Messages held by matter 1 and containing “a”"
    told = search.explain(search.parse("matter:Harbour custodian:mira"))
    assert told == "Messages held by the matter “Harbour” and held because of “mira”"
    assert spelled.out(search.parse("matter:1")) == 'Matter(key="1", number=1)'
    assert spelled.out(search.parse('matter:"Very Big"')) == 'Matter(key="very big")'
