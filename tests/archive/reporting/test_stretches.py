"""Days of a session as stretches that are alike: the same as day by day, however windows lie, and far fewer questions."""

import cProfile
import pstats
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.capture import spans
from archive.capture.spans import Span
from archive.completeness import proofs
from archive.completeness.proofs import DayState, Proof

BEGIN = date(2026, 3, 1)
DAYS = st.integers(-5, 45).map(lambda number: BEGIN + timedelta(days=number))
PERIOD = Span(BEGIN, BEGIN + timedelta(days=39))


@st.composite
def windows(draw: st.DrawFn) -> Proof:
    """A window somewhere about the period: read or not, wholly or to some hour, broken off or not."""
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Proof(
        first=first,
        last=last,
        whole_to=draw(st.none() | DAYS),
        hour=draw(st.sampled_from(["", "14:02"])),
        open_from=draw(st.none() | DAYS),
        open_as=draw(st.sampled_from([DayState.GAP, DayState.WAITING, DayState.LOST])),
        proves=draw(st.booleans()),
        reason=draw(st.sampled_from(["A pull broke off.", "Zoom said 500."])),
    )


@given(own=st.lists(windows(), max_size=5), lists=st.lists(windows(), max_size=3))
def test_stretches_are_the_days(own: list[Proof], lists: list[Proof]) -> None:
    """Each day is in one stretch, with its own state and reason; neighbours differ; the period is covered."""
    found = proofs.stretches_of_session(PERIOD, own, lists)
    assert [(day, *said) for span, *said in found for day in spans.each_day(span)] == proofs.each_of_session(
        PERIOD, own, lists
    )
    assert all(one[1:] != after[1:] for one, after in pairwise(found))


@given(own=st.lists(windows(), max_size=5), lists=st.lists(windows(), max_size=3))
def test_days_as_bits_are_the_days(own: list[Proof], lists: list[Proof]) -> None:
    """What is complete as a set of days is complete day by day, and nothing else is."""
    bits = proofs.complete_of_session(proofs.bits(PERIOD, own), proofs.bits(PERIOD, lists))
    by_day = proofs.each_of_session(PERIOD, own, lists)
    found = [bits >> number & 1 == 1 for number in range(len(by_day))]
    assert found == [state is DayState.COMPLETE for _, state, _ in by_day]
    assert bits >> len(by_day) == 0


def test_years_of_windows_cost_little() -> None:
    """Three years in months, read and swept: a session takes less than a tenth of what day by day takes."""
    years = Span(date(2023, 11, 1), date(2026, 10, 31))
    months = sorted({spans.month_of(day) for day in spans.each_day(years)}, key=lambda month: month.first)
    own = [
        Proof(month.first, month.last, month.last + spans.DAY, "", None, DayState.GAP, proves, "")
        for month in months
        for proves in (True, False)
    ]
    (only,), calls = counted(proofs.stretches_of_session, years, own, [])
    by_day, calls_by_day = counted(proofs.each_of_session, years, own, [])
    assert only == (years, DayState.COMPLETE, "")
    assert {(state, reason) for _, state, reason in by_day} == {(DayState.COMPLETE, "")}
    assert calls < calls_by_day / 10


def counted(work: Callable[..., Any], *given: object) -> tuple[Any, int]:
    """What it gives and how many calls it takes, which no other process can lengthen."""
    profile = cProfile.Profile()
    found = profile.runcall(work, *given)
    stats: Any = pstats.Stats(profile)
    return found, stats.total_calls
