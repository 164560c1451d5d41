"""Names of sessions and people: the database leaves out only those that cannot have the words."""

import pytest

from archive import bulk
from archive.search import called, participants, sessions
from archive.search.query import In, Match, With, Words
from tests.archive.search.talk import Talk

NAMES = (
    "Deal Room", "deal-room", "DEAL  ROOM", "ＤＥＡＬ room", "déal room", "Ideal rooms", "deal_room", "de%al room",
    "Straße 12", "STRASSE 12", "ınternal", "Internal", "İnternal", "ﬁnance", "Finance", "合同审批", "dea\u200bl room",
    "john.doe@acme.example", "x" * 150, "\\deal\\room", "",
)  # fmt: skip
WORDS = (
    Words("deal"), Words("deal room", Match.PHRASE), Words("dea", Match.PREFIX), Words("Strasse"), Words("internal"),
    Words("Internal"), Words("finance"), Words("ﬁnance"), Words("合同"), Words("doe@acme", Match.PHRASE), Words("x" * 150),
    Words("x" * 120, Match.PREFIX), Words("d*l", Match.WILDCARD), Words("deel", Match.FUZZY, 1), Words("deal_room"),
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=lambda words: f"{words.text[:12]}-{words.match.value}")
def test_no_name_that_has_the_words_is_left_out(talk: Talk, words: Words) -> None:
    """Whatever letters a name is written in, the answer is that of reading every name."""
    opened = [talk.open(name, zoom_id=f"z{n}") for n, name in enumerate(NAMES)]
    for n, name in enumerate(NAMES):
        talk.meet(f"p{n}", name, email="" if name else "nobody@acme.example")
    expected = {one.pk for one in opened if called.is_called(one.name, words)}
    asked = In(words.text, words.match, edits=words.edits)
    assert sessions.named(asked) & {one.pk for one in opened} == expected
    people = participants.named(With(words.text, words.match, edits=words.edits))
    assert {person.display_name for person in talk.people.values() if person.pk in people} >= {
        one.name for one in opened if one.pk in expected
    }


def test_names_that_cannot_have_the_words_are_not_read(talk: Talk) -> None:
    """Ravi's two sessions are called otherwise, and nothing of them leaves the database."""
    talk.open("budget 2026", zoom_id="b")
    may_be, values = called.likely("name", Words("Budget"))
    assert bulk.run("SELECT name FROM archive_session WHERE " + may_be, values) == [("budget 2026",)]


@pytest.mark.parametrize(
    "index",
    ["session_words", "session_name_words", "channel_words", "person_words", "person_email_words",
     "person_name_words", "person_address_words"],
)  # fmt: skip
def test_whole_words_are_looked_up_in_an_index(db: None, index: str) -> None:
    """The condition is, to the letter, what the index is of."""
    ((table, column),) = bulk.run(
        "SELECT i.indrelid::regclass::text, a.attname FROM pg_index i JOIN pg_depend d ON d.objid = i.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid"
        " WHERE i.indexrelid = %b::text::regclass AND d.refobjsubid > 0",
        [index],
    )
    may_be, values = called.likely(f"n.{column}", Words("deal room", Match.PHRASE))
    bulk.run("SET LOCAL enable_seqscan = off")
    plan = bulk.run(f"EXPLAIN SELECT n.id FROM {table} n WHERE {may_be}", values)
    assert sum(f"Index Scan on {index}" in line for (line,) in plan) == 2
