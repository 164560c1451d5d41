"""The query language: what is understood, and how what is not is refused."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import QueryError, explain, parse
from archive.search.query import (
    And,
    Ast,
    File,
    From,
    Has,
    In,
    Kind,
    Match,
    Near,
    Not,
    Or,
    Property,
    Sent,
    To,
    Type,
    With,
    Words,
)
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
        ("has:reply is:reply", And((Has(Property.REPLIES), Has(Property.REPLY)))),
        ("is:internal", Not(Has(Property.EXTERNAL))),
        ("c*t", Words("c*t", Match.WILDCARD)),
        ("col?r", Words("col?r", Match.WILDCARD)),
        ("really?", Words("really?")),
        ("name~", Words("name", Match.FUZZY, 1)),
        ("names~2", Words("names", Match.FUZZY, 2)),
        ('"wire transfer"~5', Near((Words("wire"),), (Words("transfer"),), 5)),
        ("wire w/5 transfer", Near((Words("wire"),), (Words("transfer"),), 4)),
        ('(a OR "b c") W/2 d*', Near((A, Words("b c", Match.PHRASE)), (Words("d", Match.PREFIX),), 1)),
        ("from:(mira OR tom~)", Or((From("mira"), From("tom", Match.FUZZY, edits=1)))),
        ('in:("a b" NOT c)', And((In("a b", Match.PHRASE), Not(In("c"))))),
        ("to:mira with:person/3", And((To("mira"), With("person/3", person_id=3)))),
        ("session:7 type:1:1", And((In("7", session_id=7), Kind(Type.DIRECT)))),
        ("file:invoice*", File(Words("invoice", Match.PREFIX))),
        ("during:2026-01..2026-02-03", Sent("on", date(2026, 1, 1), date(2026, 2, 3))),
        ("zone:asia/tokyo on:2026", Sent("on", date(2026, 1, 1), date(2026, 12, 31), "Asia/Tokyo")),
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
        ("*", 0, 1, "no letter, digit or emoji"),
        ('"wire trans*"', 0, 13, "inside quotation marks"),
        ("form:mira", 0, 5, "mean from:"),
        ("from:", 0, 5, "needs a value"),
        ("is:edtied", 0, 9, "mean is:edited"),
        ("has:lnik", 0, 8, "has:link"),
        ("*a", 0, 2, "at least 2 letters"),
        ("東*京", 0, 3, "one word of letters and digits only"),
        ("a/b*c", 0, 5, "one word of letters and digits only"),
        ("ab~1", 0, 4, "too short"),
        ("name~3", 0, 6, "At most 2 letters"),
        ("john.doe~1", 0, 10, "one word of letters and digits only"),
        ("w/5 a", 0, 3, "w/5 needs something before it"),
        ("a w/5", 2, 5, "w/5 needs something after it"),
        ("a w/51 b", 2, 6, "at most 50 words apart"),
        ("a w/0 b", 2, 5, "cannot stand in one place"),
        ("a w/5 from:b", 2, 5, "stands between words"),
        ("a w/2 b w/2 c", 0, 11, "can be read in two ways"),
        ('"a b c"~5', 0, 9, "a phrase of two words"),
        ('from:"a b"~5', 0, 12, "after a phrase of the text only"),
        ("from:(a in:b)", 8, 12, "cannot stand in the group"),
        ("from:()", 5, 6, "nothing in this group"),
        ("zone:Mars on:2026", 0, 9, "is no time zone"),
        ("zone:UTC zone:UTC on:2026", 9, 17, "one time zone"),
        ("type:dm", 0, 7, "type:group"),
        ("file:*.pdf", 0, 10, "Write file:pdf"),
        ("on:2026-03-02..2026-03-01", 0, 25, "not a date"),
        ("on:2026-02-30", 0, 13, "not a date"),
        ("on:2026/3/1", 0, 11, "mean on:2026-03-01"),
        ("on:yesterday", 0, 12, "counts from today"),
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


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("form:mira", "from:mira"),
        ("a is:edtied", "a is:edited"),
        ("is:(edtied OR bot)", "is:(edited OR bot)"),
        ("on:2026/3/1", "on:2026-03-01"),
        ("on:(2026/3/1)", "on:(2026-03-01)"),
        ("zone:Europe/Amsterdm on:2026", "zone:Europe/Amsterdam on:2026"),
        ("a -b", "a NOT b"),
        ("a)", "a"),
        ("(a", "(a)"),
        ('a "b', 'a "b"'),
        ("a OR", "a or"),
        ("AND b", "and b"),
        ("a w/5", 'a "w/5"'),
        ("a w/0 b", "a w/1 b"),
        ("a w/500 b", "a w/50 b"),
        ('"a b"~500', '"a b"~50'),
        ('from:"a b"~5', 'from:"a b"'),
        ("file:*.pdf", "file:pdf"),
        ("names~9", "names~2"),
        ("name~9", "name~1"),
        ("name~0", "name~1"),
    ],
)
def test_what_was_probably_meant_is_a_query(query: str, meant: str) -> None:
    """A correction is offered where there is one, and it is understood."""
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.corrected(query) == meant
    parse(meant)


@pytest.mark.parametrize("query", ["???", "from:", "zone:Mars on:2026", "is:nonsense", "a w/2 b w/2 c", ""])
def test_nothing_is_offered_where_nothing_is_clear(query: str) -> None:
    """A correction is no guess."""
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.corrected(query) is None


@pytest.mark.parametrize("query", ["a " * 3_000, "(" * 100 + "a" + ")" * 100, "NOT " * 100 + "a", "a " * 201])
def test_a_query_without_measure_is_refused(query: str) -> None:
    """Length, depth and number of terms are bounded."""
    with pytest.raises(QueryError):
        parse(query)


@given(st.one_of(st.text(), st.lists(st.sampled_from(
    ["a", "AND", "OR", "NOT", "(", ")", '"', "*", "from:", "on:", "2026", ":", "-", "w/2", "~1", "~", "?", "..", "zone:", "today",
     " ", "\0", "\ud83d", "東", "“", "is:"]
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
        ("col?r OR name~", "Messages containing a word like “col?r” or containing “name” or a word that differs from it by one letter"),
        ('"wire transfer"~1', "Messages containing “wire” at most one word away from “transfer”, in either order"),
        ("file:invoice* to:mira", "Messages with a file whose name has a word beginning with “invoice” and to “mira”"),
        ("zone:Europe/Rome during:2026-01..2026-02-03",
         "Messages sent from 1 January 2026 to 3 February 2026, days in Europe/Rome"),
        ("NOT has:reply type:1:1", "Messages that nobody replied to and in a conversation of two"),
    ],
)  # fmt: skip
def test_a_query_is_said_back_in_words(query: str, words: str) -> None:
    """A person can check that it means what they meant."""
    assert explain(parse(query)) == words


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("today", date(2026, 3, 4), date(2026, 3, 4)),
        ("yesterday", date(2026, 3, 3), date(2026, 3, 3)),
        ("30d", date(2026, 2, 2), date(2026, 2, 2)),
        ("1M", date(2026, 2, 4), date(2026, 2, 4)),
        ("last-week", date(2026, 2, 23), date(2026, 3, 1)),
        ("this-month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31)),
        ("7d..today", date(2026, 2, 25), date(2026, 3, 4)),
    ],
)
def test_days_can_be_counted_from_today(written: str, first: date, last: date) -> None:
    """Today is what it is in the zone that the query names: here it is past midnight in Tokyo already."""
    late = datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert parse(f"zone:Asia/Tokyo during:{written}", now=late) == Sent("on", first, last, "Asia/Tokyo")


@pytest.mark.parametrize("written", ["9999y", "9999-12-31", "0001", "0000", "9999w..today"])
def test_days_beyond_the_calendar_are_refused_or_harmless(written: str) -> None:
    """No date can make anything fail later."""
    with contextlib.suppress(QueryError):
        sent = parse(f"on:{written}", now=datetime(2026, 3, 3, tzinfo=UTC))
        assert isinstance(sent, Sent)
        sent.span()
