"""The period a report is about: how an address says it, and what days it is."""

from datetime import UTC, date, datetime

import pytest

from compliance import periods
from compliance.periods import Period, Unit


@pytest.mark.parametrize(
    ("during", "first", "last", "unit", "name"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), Unit.MONTH, "November 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Unit.MONTH, "February 2024"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), Unit.QUARTER, "fourth quarter of 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), Unit.YEAR, "2026"),
        (
            "2026-11-03..2026-11-20",
            date(2026, 11, 3),
            date(2026, 11, 20),
            Unit.SPAN,
            "3 November 2026 to 20 November 2026",
        ),
        ("2026-11-03..2026-11-03", date(2026, 11, 3), date(2026, 11, 3), Unit.SPAN, "3 November 2026"),
    ],
)
def test_an_address_says_it_in_one_way(during: str, first: date, last: date, unit: Unit, name: str) -> None:
    """What is read from an address is written into the next one the same."""
    found = periods.read(during, zone="UTC")
    assert found == Period(first, last, "UTC")
    assert (found.unit, found.during, found.name) == (unit, during, name)


@pytest.mark.parametrize(
    "during",
    ["", "soon", "2026-13", "2026-00", "2026-Q5", "2026-11-20..2026-11-03", "1900", "0000", "1990..2026",
     "1990-01-01..2026-01-01", "2026-02-30", "9999-12", "２０２６"],
)  # fmt: skip
def test_what_means_no_days_is_no_period(during: str) -> None:
    """Nothing is guessed."""
    assert periods.read(during, zone="UTC") is None


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe"])
def test_a_zone_there_is_not_makes_no_period(zone: str) -> None:
    """Days are somebody's days."""
    assert periods.read("2026", zone=zone) is None


def test_a_zone_is_known_however_it_is_written() -> None:
    """Small letters will do."""
    found = periods.read("2026-11", zone="europe/berlin")
    assert found is not None
    assert found.zone == "Europe/Berlin"


def test_days_begin_and_end_at_midnight_there() -> None:
    """Also in the month in which the clocks are put back."""
    found = Period(date(2026, 10, 1), date(2026, 10, 31), "Europe/Berlin")
    assert found.begins_at == datetime(2026, 9, 30, 22, 0, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("during", "before", "after"),
    [
        ("2026-01", "2025-12", "2026-02"),
        ("2026-Q1", "2025-Q4", "2026-Q2"),
        ("2026", "2025", "2027"),
        ("2026-11-03..2026-11-05", "2026-10-31..2026-11-02", "2026-11-06..2026-11-08"),
    ],
)
def test_periods_of_a_kind_follow_each_other(during: str, before: str, after: str) -> None:
    """Without a day between them or in both."""
    found = periods.read(during, zone="Asia/Kathmandu")
    assert found is not None
    assert (found.before().during, found.after().during) == (before, after)
