"""One more condition, or one fewer, in a query as a person wrote it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.search import QueryError, parse, refining
from archive.search.query import And, Ast, From, Property

NOW = datetime(2026, 5, 20, tzinfo=UTC)


def parts(ast: Ast) -> tuple[Ast, ...]:
    return ast.parts if isinstance(ast, And) else (ast,)


def all_of(told: tuple[Ast, ...]) -> Ast:
    return told[0] if len(told) == 1 else And(told)


@pytest.mark.parametrize(
    ("query", "term", "narrowed"),
    [
        ("plain", "from:person/1", "plain from:person/1"),
        ("a AND b", "is:edited", "a AND b is:edited"),
        ("a OR b", "is:edited", "(a OR b) is:edited"),
        ("zone:Asia/Tokyo a OR b", "is:edited", "zone:Asia/Tokyo (a OR b) is:edited"),
        ("a is:edited", "is:edited", "a is:edited"),
        ("a during:2026", "during:2026-03", "a during:2026-03"),
        ("during:2026-03 AND a", "on:2026-03-04", "a on:2026-03-04"),
        ("a during:2026-03-02..2026-03-20", "during:2026-03", "a during:2026-03-02..2026-03-20 during:2026-03"),
        ("a after:2026", "during:2027", "a after:2026 during:2027"),
        ("NOT during:2026", "during:2026-03", "NOT during:2026 during:2026-03"),
        ("during:last-month", "on:2026-04-04", "on:2026-04-04"),
    ],
)  # fmt: skip
def test_a_condition_more(query: str, term: str, narrowed: str) -> None:
    """The query stays as written, but for dates of which the new ones are a part."""
    assert refining.taken_apart(query, now=NOW).narrowed(term) == narrowed


@pytest.mark.parametrize(
    ("query", "term", "rest"),
    [
        ("plain from:person/1", "from:person/1", "plain"),
        ("plain AND on:2026-03 AND b", "during:2026-03", "plain b"),
        ("zone:Asia/Tokyo on:2026-03 a w/5 b", "during:2026-03", "zone:Asia/Tokyo a w/5 b"),
        ("zone:Asia/Tokyo on:2026-03", "during:2026-03", ""),
        ("NOT from:(mira OR tom) lunch", "NOT from:(mira OR tom)", "lunch"),
        ("lunch NOT is:edited", "is:edited", "lunch NOT is:edited"),
        ("a OR is:edited", "is:edited", "a OR is:edited"),
    ],
)
def test_a_condition_fewer(query: str, term: str, rest: str) -> None:
    """However it is written; what only looks like it stays."""
    assert refining.taken_apart(query).without(term) == rest


def test_conditions_of_operators_are_known() -> None:
    """Those of words, and of groups of different things, are not theirs."""
    written = refining.taken_apart('a "b c" from:(mira OR tom) (is:edited OR x) NOT has:file')
    assert [condition.text for condition in written.conditions if condition.is_operator] == [
        "from:(mira OR tom)",
        "NOT has:file",
    ]
    assert refining.taken_apart("is:edited OR is:deleted").conditions[0].is_operator is False


words = st.sampled_from(
    [
        "a",
        "b",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        '"c d"',
        "from:x",
        "from:(x OR y)",
        "w/3",
        "zone:Asia/Tokyo",
        "on:2026-03",
    ]
)


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=9).map(" ".join))
def test_what_is_understood_is_narrowed_and_nothing_else(query: str) -> None:
    """The new query means the old one and the new condition; its conditions taken one by one mean the same again."""
    try:
        meant = parse(query)
    except QueryError:
        assume(False)
    written = refining.taken_apart(query)
    told = tuple(condition.ast for condition in written.conditions)
    assert all_of(told) == meant
    person = From("person/7", person_id=7)
    assert parse(written.narrowed("from:person/7")) in (
        all_of((*told, person)),
        all_of((*parts(meant), person)),
    )
    for condition in written.conditions:
        kept = tuple(ast for ast in told if ast != condition.ast)
        fewer = written.without(condition.text)
        assert (fewer == "") == (kept == ())
        assert fewer == "" or parse(fewer) == all_of(kept)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), "on:2026-03-01"),
        (date(2026, 12, 1), date(2026, 12, 31), "during:2026-12"),
        (date(2026, 1, 1), date(2026, 12, 31), "during:2026"),
        (date(2026, 1, 1), date(2027, 12, 31), "during:2026-01-01..2027-12-31"),
        (date(987, 1, 1), date(987, 12, 31), "during:0987"),
    ],
)
def test_days_are_written_as_shortly_as_can_be(first: date, last: date, written: str) -> None:
    """And mean the same days."""
    assert refining.of_days(first, last) == written
    sent = parse(written)
    assert (getattr(sent, "first", None), getattr(sent, "last", None)) == (first, last)


def test_every_property_can_be_asked_for() -> None:
    """By the operator that the language has for it."""
    for what in Property:
        assert getattr(parse(refining.of_property(what)), "property", None) is what
