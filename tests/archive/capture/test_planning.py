"""What is planned as days go by."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from archive import completeness, ingest
from archive.capture import planning, spans, windows
from archive.capture.spans import Span
from archive.completeness import DayState
from archive.models import Account, Observation, Session, Window
from tests.archive.capture.conftest import Town


def plan(town: Town) -> int:
    return planning.plan(account=town.account, now=town.now())


def months(kind: Window.Kind) -> list[tuple[date, date]]:
    return list(Window.objects.filter(kind=kind).order_by("first_day").values_list("first_day", "last_day"))


def test_lists_cover_everything_the_reports_still_give(town: Town) -> None:
    """From the cliff to today, month by month, without a hole."""
    plan(town)
    planned = months(Window.Kind.SESSIONS)
    assert planned[0][0] == spans.cliff(town.now().date())
    assert planned[-1][1] == town.now().date()
    assert all(after[0] == before[1] + timedelta(days=1) for before, after in itertools.pairwise(planned))


def test_planning_twice_plans_nothing_more(town: Town) -> None:
    """Ticks are harmless."""
    due = plan(town)
    before = Window.objects.count()
    assert plan(town) == due
    assert Window.objects.count() == before


def test_a_new_month_gets_its_own_windows_and_the_old_one_its_end(town: Town) -> None:
    """Weeks without a tick leave no hole."""
    town.say("hello", days_ago=1)
    town.capture()
    town.world.clock.advance(seconds=45 * 86_400)
    plan(town)
    for kind in (Window.Kind.SESSIONS, Window.Kind.MODIFICATIONS):
        planned = months(kind)
        assert planned[-1][1] == town.now().date()
        assert all(b[0] == a[1] + timedelta(days=1) for a, b in itertools.pairwise(planned))


def test_days_that_fell_off_unread_are_a_gap_for_ever(town: Town) -> None:
    """They are cut off, named, and never asked for; the rest of the month still is."""
    plan(town)
    oldest = spans.cliff(town.now().date())
    while (cliff := spans.cliff(town.now().date())) < oldest + timedelta(days=3):
        town.world.clock.advance(
            seconds=86_400
        )  # three times, or more: at a short month's end the cliff rests
    plan(town)
    lost = [gap for gap in completeness.gaps() if gap.is_lost and gap.kind == "sessions"]
    assert {gap.code for gap in lost} == {windows.FELL_OFF}
    days = sorted(day for gap in lost for day in spans.each_day(Span(gap.first_day, gap.last_day)))
    assert days == list(spans.each_day(Span(oldest, cliff - timedelta(days=1))))
    assert Window.objects.get(kind="sessions", first_day=cliff).state == "due"


def test_days_that_fell_off_after_a_month_was_read_in_part_are_a_gap_for_ever(town: Town) -> None:
    """Read to today, then not for six months and ten days: what is proven stays, what is lost is named, the rest goes on.

    Left whole, the month would be closed as complete by its next pull, over days that nobody ever read.
    """
    town.say("old", days_ago=70)
    town.capture()
    month = Window.objects.get(kind="messages")
    first = month.first_day
    read_at = spans.begins_at(first + timedelta(days=10))
    of_month = Window.objects.filter(first_day=first, kind__in=["sessions", "messages", "modifications"])
    assert of_month.update(complete_through=read_at, not_before=town.now(), state="complete") == 3
    unsettled = spans.first_unsettled(read_at, settle_days=town.account.settle_days)
    while spans.cliff(town.now().date()) <= first + timedelta(days=18):
        ahead = completeness.cliff(now=town.now())
        is_near = unsettled < ahead.oldest_day + timedelta(days=14)
        assert ahead.first_day_at_risk == (max(unsettled, ahead.oldest_day) if is_near else None)
        assert ahead.windows == (2 if is_near else 0)
        town.world.clock.advance(seconds=86_400)
    plan(town)
    cliff = spans.cliff(town.now().date())
    for kind in ("sessions", "messages", "modifications"):
        kept, lost, rest = Window.objects.filter(
            kind=kind, first_day__range=(first, month.last_day)
        ).order_by("first_day")
        assert (kept.last_day, kept.state, kept.not_before) == (
            unsettled - timedelta(days=1),
            "complete",
            windows.NEVER,
        )
        assert (lost.first_day, lost.last_day, lost.state) == (unsettled, cliff - timedelta(days=1), "gap")
        assert (lost.not_before, lost.last_error_code) == (windows.NEVER, windows.FELL_OFF)
        assert (rest.first_day, rest.last_day, rest.state) == (cliff, month.last_day, "due")
    town.capture()
    days = completeness.calendar(Session.objects.get().pk, first, now=town.now())
    states = {one.day: one.state for one in days}
    assert {states[unsettled + timedelta(days=n)] for n in range((cliff - unsettled).days)} == {DayState.LOST}
    assert states[unsettled - timedelta(days=1)] == states[cliff] == DayState.COMPLETE


def test_what_falls_off_soon_is_counted_down(town: Town) -> None:
    """Unread days next to the cliff are at risk today."""
    plan(town)
    cliff = completeness.cliff(now=town.now())
    assert (cliff.windows, cliff.days_left) == (1 + int(cliff.oldest_day.day > 17), 0)
    town.capture()
    assert completeness.cliff(now=town.now()).windows == 0


def test_a_settled_month_is_never_due_again(town: Town) -> None:
    """Only the newest days are pulled again on the next day."""
    town.say("old", days_ago=70)
    town.capture()
    town.world.clock.advance(seconds=86_400)
    plan(town)
    assert not Window.objects.filter(kind="messages", state="due").exists()
    assert Window.objects.get(kind="messages").not_before == windows.NEVER


def test_the_sweep_asks_every_session_every_day(town: Town) -> None:
    """A quiet session's sweep is due again after midnight, for the days since the last one."""
    town.say("old", days_ago=70)
    town.capture()
    town.world.clock.advance(seconds=86_400)
    plan(town)
    assert Window.objects.filter(kind="modifications", state="due", pulls__gt=0).exists()


def test_sweeps_of_old_days_begin_the_night_after(town: Town) -> None:
    """They are planned, not due, and not counted as gaps before their time."""
    town.say("old", days_ago=70)
    town.capture()
    waiting = Window.objects.filter(kind="modifications", pulls=0)
    assert waiting.exists()
    assert all(window.not_before > town.now() for window in waiting)
    assert town.is_complete()


@pytest.mark.parametrize("settle_days", [0, 2, 30])
def test_any_settling_time_leaves_no_hole(town: Town, settle_days: int) -> None:
    """Sweeps meet without a gap or an overlap."""
    Account.objects.update(settle_days=settle_days)
    town.account.refresh_from_db()
    town.say("old", days_ago=70)
    town.capture()
    planned = months(Window.Kind.MODIFICATIONS)
    assert all(b[0] == a[1] + timedelta(days=1) for a, b in itertools.pairwise(planned))


def test_the_first_night_loses_no_day_at_the_cliff(town: Town) -> None:
    """The sweep of the day that falls off Zoom's reports at midnight does not wait for midnight."""
    town.say("hello", days_ago=20)
    town.capture()
    town.world.clock.advance(seconds=25 * 3600)
    town.capture()
    assert completeness.gaps(limit=5) == []
    assert town.is_complete()


@pytest.mark.django_db(transaction=True)
def test_while_windows_are_planned_what_refers_to_them_is_stored(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the log by then: a plan that kept it waiting while it waits for a window itself would end one of them."""
    plan(town)
    make_due, stored = planning._make_due, list[int]()

    def store() -> None:
        with closing(connection):
            connection.cursor().execute("SET lock_timeout = '60s'")
            seen = ingest.observation(
                account=town.account, kind=Observation.Kind.MATTER, subject="m", raw=b"{}", now=town.now()
            )
        stored.append(seen.observation_id)

    def meanwhile(*given: Any, **named: Any) -> None:
        make_due(*given, **named)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(store).result()

    monkeypatch.setattr(planning, "_make_due", meanwhile)
    plan(town)
    assert len(stored) == 1
