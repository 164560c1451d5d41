"""Periods are compared by what is surely so."""

import pytest

from compliance.retention import periods


@pytest.mark.parametrize("text", ["1d", "90d", "1m", "120m", "1y", "10y"])
def test_what_zoom_takes(text: str) -> None:
    """The bounds of each unit."""
    assert periods.is_period(text)


@pytest.mark.parametrize("text", ["", "0d", "91d", "121m", "11y", "7", "y", "-1y", "07y", "7 y", "7Y", "٧y"])
def test_what_zoom_does_not_take(text: str) -> None:
    """Whatever else."""
    assert not periods.is_period(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2y", "1y"),
        ("12m", "11m"),
        ("1m", "30d"),
        ("3m", "90d"),
        ("account", "10y"),
        ("1y", "account"),
        ("x", "1y"),
    ],
)
def test_what_may_shorten(before: str, after: str) -> None:
    """From what nobody knows, everything may; a month may have 31 days."""
    assert periods.may_shorten(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [("1y", "2y"), ("12m", "1y"), ("1y", "12m"), ("31d", "2m"), ("28d", "1m"), ("2m", "62d")],
)
def test_what_surely_does_not_shorten(before: str, after: str) -> None:
    """As long, or longer whatever the months are."""
    assert not periods.may_shorten(before, after)


def test_the_same_is_the_same_by_months() -> None:
    """A year is twelve months; thirty days are not surely a month."""
    assert periods.is_same("12m", "1y")
    assert periods.is_same("30d", "30d")
    assert not periods.is_same("30d", "1m")
    assert not periods.is_same("account", "10y")


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("1y", "1 year"),
        ("7y", "7 years"),
        ("30d", "30 days"),
        ("account", "the account’s own rule"),
        ("", "unknown"),
    ],
)
def test_how_they_are_said(period: str, words: str) -> None:
    """In words, the unknown as unknown."""
    assert periods.in_words(period) == words
