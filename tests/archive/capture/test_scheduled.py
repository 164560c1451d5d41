"""Capture by the clock: ticks plan, nudges work, and repeating either harms nothing."""

from datetime import timedelta
from threading import Event

import pytest

from archive import completeness, tasks
from archive.capture import fetching, files, scheduled
from archive.models import Account, Attachment, DayCount, Message, Run, Window, WindowClosure
from archive.schedule import BEAT
from sandbox.world import World
from tests.archive.capture.conftest import Town, counts


def tick(town: Town) -> list[int]:
    return scheduled.plan(now=town.now())


def test_a_tick_and_its_nudges_capture_everything(town: Town) -> None:
    """Sessions first, then what they named, then files, all by tasks."""
    town.say("hello", days_ago=40, file=b"minutes")
    for _ in range(2):
        for account_id in tick(town):
            tasks.pull_windows(account_id)
            tasks.fetch_files(account_id)
    assert counts() == (1, 1)
    assert Attachment.objects.get().state == "stored"
    assert town.is_complete()


def test_a_nudge_for_an_account_put_to_rest_does_nothing(town: Town) -> None:
    """Late messages of the broker meet an inactive account."""
    assert tick(town) == [town.account.pk]
    Account.objects.update(is_active=False)
    tasks.pull_windows(town.account.pk)
    assert tick(town) == []
    assert not WindowClosure.objects.exists()


def test_a_run_begins_and_ends(town: Town) -> None:
    """The first is a backfill; it is finished when nothing of it waits any more."""
    tick(town)
    assert [run.kind for run in completeness.runs(now=town.now())] == ["backfill"]
    assert completeness.current_run(now=town.now()) is not None
    for _ in range(2):
        tasks.pull_windows(town.account.pk)
        tick(town)
    assert completeness.runs(now=town.now())[0].finished_at is not None
    assert completeness.current_run(now=town.now()) is None
    assert Run.objects.count() == 1


def test_a_run_counts_only_what_it_read_itself(town: Town) -> None:
    """Windows that wait to be read again still carry the figures of their last pull."""
    town.say("hello")
    town.capture()
    scheduled.plan(now=town.now(), at_once=True)
    run = completeness.current_run(now=town.now())
    assert run is not None
    assert (run.done, run.records) == (0, 0)


def test_a_run_keeps_its_own_figures(town: Town) -> None:
    """What it read is not taken from it by the runs that read the same windows again."""
    town.say("hello")
    town.capture()
    first = completeness.runs(now=town.now())[0]
    town.world.clock.advance(seconds=3600)
    town.capture()
    assert completeness.runs(now=town.now())[-1] == first


def test_a_run_with_nothing_left_is_not_under_way(town: Town) -> None:
    """Its row is finished by the next tick only; the summary says at once that all is read, and what comes later."""
    town.say("hello", days_ago=40)
    tick(town)
    tasks.pull_windows(town.account.pk)
    assert completeness.runs(now=town.now())[0].left == 0
    assert completeness.current_run(now=town.now()) is None
    tick(town)
    tasks.pull_windows(town.account.pk)
    ahead = completeness.summary(now=town.now()).ahead
    assert (ahead.now, ahead.later > 0) == (0, True)
    assert ahead.later_from is not None
    assert ahead.later_from > town.now()


def test_beat_names_tasks_that_exist() -> None:
    """Every entry of the schedule is a task of ours."""
    assert {entry["task"] for entry in BEAT.values()} <= {f"archive.tasks.{name}" for name in dir(tasks)}


def test_a_quiet_minute_asks_nothing(town: Town) -> None:
    """What is complete and fresh is not asked again before its time."""
    town.capture()
    asked = dict(town.sandbox.instance.requests)
    town.world.clock.advance(seconds=60)
    assert tick(town) == []
    assert town.sandbox.instance.requests == asked


def test_a_new_message_is_here_within_the_quarter_hour(town: Town) -> None:
    """The list of sessions says who spoke; only they are asked."""
    town.say("early", days_ago=0.02)
    town.capture()
    town.say("late")
    town.world.clock.advance(seconds=15 * 60)
    tick(town)
    worker = scheduled.worker(town.account.pk, clock=town.now, stop=Event(), work_for=timedelta(minutes=1))
    assert worker is not None
    worker.windows()
    assert Message.objects.count() == 2


def test_a_day_that_went_back_to_zero_says_so(town: Town) -> None:
    """When Zoom does not offer any more what it offered before, the day's account is zero and the archive keeps it."""
    town.say("short-lived")
    town.capture()
    _forget(town.world)
    town.capture()
    assert Message.objects.count() == 1
    assert DayCount.objects.get().offered == 0
    newest = WindowClosure.objects.filter(window__kind="messages").order_by("-id")[0]
    assert next(iter(newest.account["days"].values()))["offered"] == 0


def test_a_session_zoom_has_forgotten_is_no_gap_for_ever(town: Town) -> None:
    """Quiet for longer than the reports reach, and unknown to Zoom by now: nothing in it can have changed."""
    town.say("long ago", days_ago=170)
    town.capture()
    town.world.clock.advance(seconds=40 * 86_400)
    _forget(town.world)
    town.world.sessions.clear()
    town.capture()
    swept = Window.objects.filter(kind="modifications", pulls__gt=0).order_by("-first_day")[0]
    assert swept.state == "complete"
    assert "no longer knows" in WindowClosure.objects.filter(window=swept).order_by("-id")[0].reason


@pytest.mark.parametrize(("tries", "again"), [(1, True), (fetching.LAST_TRY, False)])
def test_what_is_gone_is_asked_for_daily_for_a_week(town: Town, tries: int, again: bool) -> None:
    """Then it counts as gone for good, and no longer as missing."""
    town.say("see attached", days_ago=9, file=b"minutes")
    town.misbehave("file_vanished:p=1")
    town.capture()
    Attachment.objects.update(attempts=tries - 1, state="due", not_before=town.now())
    tasks.fetch_files(town.account.pk)
    town.world.clock.advance(seconds=86_400)
    fetching.make_due(files.rows(town.account), now=town.now(), at_once=False)
    assert (Attachment.objects.get().state == "due") is again


def _forget(world: World) -> None:
    """Zoom's own retention has taken every message."""
    for session in world.sessions.values():
        session.messages.clear()
