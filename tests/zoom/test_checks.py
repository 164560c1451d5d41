"""What breaks a bound is refused by name, before a request is spent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Literal

import pytest
from msgspec import Meta

from zoom import checks
from zoom.errors import InvalidParameter
from zoom.facts.rows import Given, Label, Operation, check_one_place, row


class Person(Given, frozen=True, kw_only=True):
    email: Annotated[str, Meta(min_length=3)]
    role: Literal["owner", "admin"] | None = None

    def __post_init__(self) -> None:
        if self.role == "owner" and self.email.startswith("bot@"):
            raise ValueError("email: a robot owns nothing")


class Query(Given, frozen=True, kw_only=True):
    to_contact: str | None = None
    to_channel: str | None = None
    size: Annotated[int, Meta(ge=1, le=50)] | None = None
    since: datetime | None = None
    ids: Annotated[list[str], Meta(max_length=2)] | None = None
    flag: bool | None = None

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)


class Body(Given, frozen=True, kw_only=True):
    people: Annotated[list[Person], Meta(min_length=1, max_length=2)]


OPERATION = row("do", "POST /things", Label.LIGHT, scopes="a", query=Query, body=Body)
PLACE = {"to_channel": "c"}


def refused(query: dict[str, object], body: dict[str, object] | None = None) -> tuple[str, str]:
    check, given = (checks.query, query) if body is None else (checks.body, body)
    with pytest.raises(InvalidParameter) as caught:
        check(OPERATION, given)
    assert str(caught.value) == f"do: {caught.value.parameter}: {caught.value.bound}"
    return caught.value.parameter, caught.value.bound


def test_a_query_is_written_as_zoom_reads_it() -> None:
    """UTC to the second, lists by commas, flags in words; what is None is left out."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    given = {**PLACE, "since": noon, "ids": ("a", "b"), "flag": True, "size": None}
    assert checks.query(OPERATION, given) == (
        ("to_channel", "c"),
        ("since", "2026-03-01T12:00:00Z"),
        ("ids", "a,b"),
        ("flag", "true"),
    )


def test_each_bound_is_named() -> None:
    """Range, count, type, choice, what is unknown, what is missing, what goes together."""
    assert refused({**PLACE, "size": 51}) == ("size", "at most 50")
    assert refused({**PLACE, "size": True}) == ("size", "Expected `int | null`, got `bool`")
    assert refused({**PLACE, "ids": ["a", "b", "c"]}) == ("ids", "at most 2 entries")
    assert refused({**PLACE, "colour": "red"}) == ("colour", "there is no such parameter")
    assert refused({}) == ("to_contact, to_channel", "name exactly one of them")
    assert refused({}, {}) == ("people", "it is required")
    assert refused({}, {"people": [{"email": "no"}]}) == ("people[0].email", "at least 3 characters")
    assert refused({}, {"people": [{"role": "owner"}]}) == ("people[0].email", "it is required")
    bad_role = {"people": [{"email": "a@b.test", "role": "king"}]}
    assert refused({}, bad_role) == ("people[0].role", "one of 'owner', 'admin'")


def test_what_goes_together_is_named_by_its_place() -> None:
    """A rule of an object inside the body names the whole way to the parameter."""
    bot = {"people": [{"email": "bot@b.test", "role": "owner"}]}
    assert refused({}, bot) == ("people[0].email", "a robot owns nothing")


def test_what_is_none_is_left_out_of_a_body_at_any_depth() -> None:
    """Nobody has to take it out beforehand; an empty list or text is something."""
    given = {"people": ({"email": "a@b.test", "role": None},), "notes": None}
    assert checks.body(OPERATION, given) == {"people": [{"email": "a@b.test"}]}


def test_what_a_query_cannot_carry_is_refused() -> None:
    """A moment without a zone would be guessed at, a comma would make two names of one."""
    assert refused({**PLACE, "since": datetime(2026, 3, 1)})[0] == "since"  # noqa: DTZ001
    assert refused({**PLACE, "ids": ["a,b"]}) == ("ids", "no comma within a name")


def test_half_a_character_in_a_body_is_refused() -> None:
    """JSON in UTF-8 cannot carry it."""
    with pytest.raises(InvalidParameter, match="people: text with half a surrogate pair"):
        checks.encoded(OPERATION, {"people": [{"email": "\ud83d@b"}]})


def test_an_operation_without_a_body_takes_none() -> None:
    """Nothing is sent that Zoom would ignore."""
    with pytest.raises(InvalidParameter, match="takes none"):
        checks.body(row("get", "GET /things", Label.LIGHT, scopes="a"), {"x": 1})


def test_dates_pass_as_dates() -> None:
    """Days are days, not text."""

    class Days(Given, frozen=True, kw_only=True):
        on: date

    operation: Operation = row("get", "GET /things", Label.LIGHT, scopes="a", query=Days)
    assert checks.query(operation, {"on": date(2026, 3, 1)}) == (("on", "2026-03-01"),)


class Later(Given, frozen=True, kw_only=True):
    at: datetime
    each: list[dict[str, datetime]] | None = None


LATER = row("later", "POST /things", Label.LIGHT, scopes="a", body=Later)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_body_carries_moments_as_a_query_does() -> None:
    """In UTC, to the second, however deep: Zoom refuses fractions and other zones."""
    athens = NOON.astimezone(timezone(timedelta(hours=2))).replace(microsecond=5)
    given = checks.body(LATER, {"at": athens, "each": ({"at": athens},)})
    assert given == {"at": "2026-03-01T12:00:00Z", "each": [{"at": "2026-03-01T12:00:00Z"}]}
    with pytest.raises(InvalidParameter, match="at: a moment needs a time zone"):
        checks.body(LATER, {"at": datetime(2026, 3, 1)})  # noqa: DTZ001


@pytest.mark.parametrize(
    ("seconds", "passes"), [(60, False), (60.9, False), (61, True), (90, True), (91, False)]
)
def test_a_moment_has_its_span(seconds: float, passes: bool) -> None:
    """Over the one bound, up to the other, as it is sent: without its fraction."""
    limits = {"over": timedelta(seconds=60), "within": timedelta(seconds=90), "bound": "later"}
    asked = {"now": NOON, **limits}
    checks.moment(LATER, "at", None, **asked)
    if passes:
        checks.moment(LATER, "at", NOON + timedelta(seconds=seconds), **asked)
    else:
        with pytest.raises(InvalidParameter, match="later: at: later"):
            checks.moment(LATER, "at", NOON + timedelta(seconds=seconds), **asked)
