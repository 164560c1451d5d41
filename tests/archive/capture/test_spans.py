"""Days, months and the cliff."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive.capture import spans
from archive.capture.spans import Span


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        (date(2026, 11, 23), date(2026, 5, 23)),
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2026, 3, 15), date(2025, 9, 15)),
    ],
)
def test_the_cliff_is_six_calendar_months_back(today: date, oldest: date) -> None:
    """A day the older month does not have becomes its last day."""
    assert spans.cliff(today) == oldest


def test_months_cover_the_span_without_a_hole() -> None:
    """The first and the last month are cut, the others whole."""
    cut = list(spans.months(Span(date(2026, 5, 23), date(2026, 7, 4))))
    assert cut == [
        Span(date(2026, 5, 23), date(2026, 5, 31)),
        Span(date(2026, 6, 1), date(2026, 6, 30)),
        Span(date(2026, 7, 1), date(2026, 7, 4)),
    ]


def test_activity_spans_are_the_same_on_any_day() -> None:
    """Three days on a fixed grid: the same day lies in the same span whenever one asks."""
    early = list(spans.activity_spans(Span(date(2026, 5, 1), date(2026, 6, 1))))
    late = list(spans.activity_spans(Span(date(2026, 5, 12), date(2026, 6, 20))))
    assert all((span.last - span.first).days <= 2 for span in early + late)
    assert set(early[5:-1]) <= set(late)


@pytest.mark.parametrize(("settle_days", "first"), [(0, 23), (1, 23), (2, 22), (7, 17)])
def test_a_day_settles_at_its_age(settle_days: int, first: int) -> None:
    """Today never settles; with two days, yesterday does not either."""
    pulled_at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert spans.first_unsettled(pulled_at, settle_days=settle_days) == date(2026, 11, first)


def test_a_span_cannot_end_before_it_begins() -> None:
    """A mistake is refused where it is made."""
    with pytest.raises(ValueError, match="must not end"):
        Span(date(2026, 5, 2), date(2026, 5, 2) - timedelta(days=1))
