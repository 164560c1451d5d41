"""A stretch of a session as a page, and charts as numbers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive import completeness, transcript
from archive.completeness import DayState
from archive.models import Window
from compliance import balance, charts, reading
from compliance.reading import DayRule, Entry, Tear
from tests.archive import scenes
from tests.compliance import world

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def read(window: Window, *, at: int | None = None) -> list[reading.Item]:
    assert window.session_id is not None
    stretch = transcript.between(window.session_id, now=scenes.NOW)
    assert stretch is not None
    return reading.page(stretch, at=at, zone=BERLIN)


def test_a_reply_stands_under_what_it_answers() -> None:
    """As people saw it, though something else was said in between."""
    window = scenes.conversation()
    world.captured(
        window,
        [
            scenes.said("question", id="q"),
            scenes.said("something else", id="x", minute=1),
            scenes.said("answer", id="a", minute=2, reply_main_message_id="q"),
        ],
    )
    entries = [item for item in read(window) if isinstance(item, Entry)]
    assert [entry.said.text for entry in entries] == ["question", "something else"]
    assert [reply.said.text for reply in entries[0].replies] == ["answer"]


def test_a_reply_to_what_is_not_on_the_page_stands_in_its_own_place() -> None:
    """It is not left out because its main message is missing."""
    window = scenes.conversation()
    world.captured(window, [scenes.said("answer", id="a", reply_main_message_id="never captured")])
    assert [item.said.text for item in read(window) if isinstance(item, Entry)] == ["answer"]


def test_replies_that_answer_each_other_are_all_shown() -> None:
    """A circle of replies is no thread, and loses nobody."""
    window = scenes.conversation()
    world.captured(
        window,
        [
            scenes.said("one", id="a", reply_main_message_id="b"),
            scenes.said("two", id="b", minute=1, reply_main_message_id="a"),
            scenes.said("self", id="c", minute=2, reply_main_message_id="c"),
        ],
    )
    assert sorted(item.said.text for item in read(window) if isinstance(item, Entry)) == [
        "one",
        "self",
        "two",
    ]


def test_days_are_the_readers_own() -> None:
    """Half past eleven at night in UTC is tomorrow in Berlin."""
    window = scenes.conversation()
    world.captured(window, [scenes.said("late", id="a", minute=11 * 60 + 30)])
    assert [item.day for item in read(window) if isinstance(item, DayRule)] == [date(2026, 11, 3)]


def test_one_breath_needs_one_person_one_name_and_little_time() -> None:
    """A name is repeated when somebody else, or some time, comes between."""
    window = scenes.conversation()
    world.captured(
        window,
        [
            scenes.said("one", id="a"),
            scenes.said("two", id="b", minute=1),
            scenes.said("three", id="c", minute=30),
            scenes.said("four", id="d", minute=31, by=scenes.RAVI),
        ],
    )
    assert [item.continues for item in read(window) if isinstance(item, Entry)] == [False, True, False, False]


def test_neighbouring_gaps_with_one_reason_are_one_tear() -> None:
    """Days that broke off together are one torn place."""
    days = [
        completeness.Day(date(2026, 11, n), state, None, None, None, None, None, None, reason)
        for n, state, reason in [
            (1, DayState.COMPLETE, ""), (2, DayState.GAP, "500"), (3, DayState.GAP, "500"), (4, DayState.GAP, "429"),
        ]
    ]  # fmt: skip
    stretch = transcript.Transcript(
        session_id=1, messages=(), steps=(), days=tuple(days), earlier=None, later=None
    )
    tears = [item for item in reading.page(stretch, at=None, zone=BERLIN) if isinstance(item, Tear)]
    assert [(tear.first.day, tear.last.day) for tear in tears] == [(2, 3), (4, 4)]


def test_a_months_account_is_summed_and_unknown_days_are_one_line() -> None:
    """What nobody asked about is neither a zero nor a page of lines; quiet proven days are left out."""
    days = [
        completeness.Day(
            date(2026, 11, 1), DayState.UNKNOWN, None, None, None, None, None, None, "Nobody asked."
        ),
        completeness.Day(
            date(2026, 11, 2), DayState.UNKNOWN, None, None, None, None, None, None, "Nobody asked."
        ),
        completeness.Day(date(2026, 11, 3), DayState.COMPLETE, 0, 0, 0, 0, 0, 0, ""),
        completeness.Day(date(2026, 11, 4), DayState.COMPLETE, 5, 3, 2, 0, 0, 0, ""),
    ]
    account = balance.month(date(2026, 11, 1), days)
    assert (account.offered, account.archived, account.duplicate, account.open_days) == (5, 3, 2, 2)
    assert [(line.first.day, line.last.day) for line in account.lines] == [(4, 4), (1, 2)]


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 2), (2, 2), (3, 4), (10, 10), (11, 20), (221, 300), (401, 500), (1000, 1000)]
)
def test_a_ceiling_has_whole_halves(value: int, ceiling: int) -> None:
    """The grid's labels are whole numbers."""
    assert charts.nice_ceiling(value) == ceiling


def test_every_day_on_which_something_was_said_has_its_own_tear() -> None:
    """Whoever arrives by a link in the middle sees it too."""
    window = scenes.conversation()
    world.captured(window, [scenes.said(f"day {n}", id=f"{n}", minute=n * 24 * 60) for n in (0, 3)])
    window.state, window.complete_through, window.last_error = Window.State.GAP, None, "500"
    window.save()
    tears = [(item.first.day, item.last.day) for item in read(window) if isinstance(item, Tear)]
    assert tears == [(2, 4), (5, 5)]


def test_bars_begin_at_zero_and_holes_are_joined() -> None:
    """Heights are in proportion; neighbouring unproven days are one hole."""
    first = date(2026, 11, 1)
    counts = [(first + timedelta(days=n), n * 100) for n in range(5)]
    chart = charts.by_day(counts, open_days={first + timedelta(days=3): 2, first + timedelta(days=4): 1})
    assert [bar.height for bar in chart.bars] == [0, 37.5, 75, 112.5, 150]
    assert [(hole.first.day, hole.last.day) for hole in chart.holes] == [(4, 5)]
    assert chart.open_days == 2


@pytest.mark.parametrize(
    ("days", "bars", "unit"),
    [(1, 1, "day"), (186, 186, "day"), (187, 7, "month"), (5_000, 165, "month"), (9_000, 26, "year")],
)
def test_a_long_time_has_longer_bars(days: int, bars: int, unit: str) -> None:
    """Days, months, years; whatever the length, every hit is in one bar and few bars are labelled."""
    first = date(2001, 6, 1)
    counts = {first + timedelta(days=n): 1 for n in range(days)}
    last = max(counts)
    chart = charts.over_time(
        counts, first=first, last=last, open_days={last: 1}, address=lambda begin, end: f"{begin}..{end}"
    )
    assert (len(chart.bars), chart.unit, chart.total, chart.open_days) == (bars, unit, days, 1)
    assert 1 <= len(chart.ticks) <= charts.MOST_TICKS
    assert chart.bars[-1].is_hole
    assert chart.bars[0].address == f"{chart.bars[0].first}..{chart.bars[0].last}"


def test_the_end_of_the_calendar_can_be_drawn() -> None:
    """Whatever clock a message was sent by."""
    for first in (date(1, 1, 1), date(9999, 12, 1)):
        chart = charts.over_time(
            {first: 1, date(9999, 12, 31): 1},
            first=first,
            last=date(9999, 12, 31),
            open_days={},
            address=lambda *_: "",
        )
        assert chart.total == 2


def test_open_days_are_those_no_window_proves() -> None:
    """A window proven to the nineteenth leaves the days from then on open."""
    window = scenes.conversation()
    window.complete_through = datetime(2026, 11, 18, 12, tzinfo=UTC)
    window.save()
    found = completeness.open_days(date(2026, 11, 1), date(2026, 11, 30), now=scenes.NOW)
    assert found == {date(2026, 11, day): 1 for day in (18, 19, 20)}
