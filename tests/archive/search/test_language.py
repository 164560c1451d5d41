"""The query language: what is understood, and how what is not is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import QueryError, explain, parse
from archive.search.query import And, Ast, From, Has, In, Match, Not, Or, Property, Sent, Words
from tests.archive.search import corpus

A, B, C = Words("a"), Words("b"), Words("c")


def reply(text: str) -> tuple[str, int, int]:
    """What is said to a query: its meaning, or why and where it is not understood."""
    try:
        return explain(parse(text)), 0, len(text)
    except QueryError as refused:
        return str(refused), refused.start, refused.end


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("NOT a b", And((Not(A), B))),
        ("NOT(a b)", Not(And((A, B)))),
        ("a and b", And((A, Words("and"), B))),
        ('"wire transfer"', Words("wire transfer", Match.PHRASE)),
        ("“wire transfer”", Words("wire transfer", Match.PHRASE)),
        ("complian*", Words("complian", Match.PREFIX)),
        ("東京*", Words("東京")),
        ("foo_bar.baz()", Words("foo_bar.baz()")),
        ("f(x)(y) g", And((Words("f(x)(y)"), Words("g")))),
        ("https://acme.example/a?b=c", Words("https://acme.example/a?b=c")),
        ("10:30", Words("10:30")),
        ("from:mira", From("mira")),
        ('FROM:"Mira Olsson"', From("Mira Olsson", Match.PHRASE)),
        ("from:person/12", From("person/12", person_id=12)),
        ("in:session/7", In("session/7", session_id=7)),
        ("in:#general", In("#general")),
        ("on:2026-02", Sent("on", date(2026, 2, 1), date(2026, 2, 28))),
        ("before:2026", Sent("before", date(2026, 1, 1), date(2026, 12, 31))),
        ("after:2026-12", Sent("after", date(2026, 12, 1), date(2026, 12, 31))),
        ("has:file is:Edited", And((Has(Property.FILE), Has(Property.EDITED)))),
    ],
)
def test_a_query_means_this(query: str, tree: Ast) -> None:
    """Words, phrases, prefixes, keywords, groups and operators."""
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "start", "end", "says"),
    [
        ("", 0, 0, "Nothing to look for"),
        ("a OR", 2, 4, "OR needs something after it"),
        ("AND b", 0, 3, "AND needs something before it"),
        ("a NOT", 2, 5, "NOT needs something after it"),
        ("a ()", 2, 3, "nothing in this group"),
        ("(a", 0, 1, "never closed"),
        ("a)", 1, 2, "closes nothing"),
        ('a "b', 2, 3, "never closed"),
        ("???", 0, 3, "no letter, digit or emoji"),
        ("a -b", 2, 4, "NOT b"),
        ("c*t", 0, 3, "only at the end of a word"),
        ("*", 0, 1, "no letter, digit or emoji"),
        ('"wire trans*"', 0, 13, "inside quotation marks"),
        ("form:mira", 0, 5, "mean from:"),
        ("from:", 0, 5, "needs a value"),
        ("is:edtied", 0, 9, "mean is:edited"),
        ("has:link", 0, 8, "has:file"),
        ("on:2026-02-30", 0, 13, "not a date"),
        ("on:2026/3/1", 0, 11, "mean on:2026-03-01"),
        ("on:yesterday", 0, 12, "a month as on:2026-03"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_way_out(
    query: str, start: int, end: int, says: str
) -> None:
    """An error says what, where, and what was probably meant."""
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert (refused.value.start, refused.value.end) == (start, end)
    assert says in str(refused.value)


@pytest.mark.parametrize("query", ["a " * 3_000, "(" * 100 + "a" + ")" * 100, "NOT " * 100 + "a", "a " * 201])
def test_a_query_without_measure_is_refused(query: str) -> None:
    """Length, depth and number of terms are bounded."""
    with pytest.raises(QueryError):
        parse(query)


@given(st.one_of(st.text(), st.lists(st.sampled_from(
    ["a", "AND", "OR", "NOT", "(", ")", '"', "*", "from:", "on:", "2026", ":", "-", " ", "\0", "\ud83d", "東", "“", "is:"]
)).map("".join)))  # fmt: skip
def test_any_text_gives_a_tree_or_a_plain_refusal(text: str) -> None:
    """The parser never fails in another way, and whatever it says can be stored and shown."""
    said, start, end = reply(text)
    assert 0 <= start <= end <= len(text)
    said.encode()
    assert "\0" not in said


def test_the_nasty_queries_are_refused_or_understood() -> None:
    """Whatever breaks other search boxes."""
    for text in corpus.torture("search_query", "message", "file_name", "display_name").values():
        assert reply(text)[0]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ship", "Messages containing “ship”"),
        ('"ship it" from:mira OR compl*',
         "Messages (containing the phrase “ship it” and from “mira”) or containing a word beginning with “compl”"),
        ("on:2026-03 NOT has:file", "Messages sent in March 2026 and without a file, days in UTC"),
        ("before:2026-03-05", "Messages sent before 5 March 2026, days in UTC"),
        ("NOT (a OR in:general)", "Messages not (containing “a” or in “general”)"),
        ("in:session/3 is:external", "Messages in session 3 and from someone outside the account"),
    ],
)  # fmt: skip
def test_a_query_is_said_back_in_words(query: str, words: str) -> None:
    """A person can check that it means what they meant."""
    assert explain(parse(query)) == words
