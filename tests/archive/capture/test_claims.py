"""Workers that die, hang or meet: every window is closed by exactly one of them, and none is lost."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from archive.capture import claims, failures, windows
from archive.capture.tally import Tally
from archive.models import Leaf, Message, Window, WindowClosure
from tests.archive.capture.conftest import Town, counts
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def window(town: Town) -> Window:
    """One window that is due."""
    return Window.objects.create(
        account=town.account,
        kind=Window.Kind.SESSIONS,
        first_day=town.now().date(),
        last_day=town.now().date(),
        not_before=town.now(),
    )


def claim(town: Town) -> windows.Claim | None:
    return windows.claim(account=town.account, kinds=[Window.Kind.SESSIONS], now=town.now())


def test_a_window_is_claimed_by_one_worker(town: Town, window: Window) -> None:
    """The second finds nothing due."""
    assert claim(town) is not None
    assert claim(town) is None


def test_closing_is_evidence_with_a_leaf(town: Town, window: Window) -> None:
    """The account of a closed window is in the log."""
    held = claim(town)
    assert held is not None
    windows.close(held, Tally(held.span), now=town.now(), again_at=windows.NEVER)
    closure = WindowClosure.objects.get(window=window)
    assert closure.state == "complete"
    assert Leaf.objects.filter(kind=Leaf.Kind.WINDOW, subject_id=closure.pk).count() == 1


def test_a_worker_that_lost_its_claim_closes_nothing(town: Town, window: Window) -> None:
    """After a hang longer than the lease another worker has it, and the first is refused."""
    slow = claim(town)
    assert slow is not None
    town.world.clock.advance(seconds=claims.LEASE.total_seconds() + 1)
    assert windows.free_abandoned(account=town.account, now=town.now()) == 1
    assert claim(town) is not None
    with pytest.raises(windows.ClaimLost):
        windows.close(slow, Tally(slow.span), now=town.now(), again_at=windows.NEVER)
    assert not WindowClosure.objects.exists()


def test_a_living_worker_keeps_its_claim(town: Town, window: Window) -> None:
    """Nobody frees a window whose worker's session lives."""
    assert claim(town) is not None
    assert windows.free_abandoned(account=town.account, now=town.now()) == 0


def test_a_dead_workers_window_is_free_at_once(town: Town, window: Window) -> None:
    """When the worker's session is gone its windows are due again without waiting for the lease."""
    worker = threading.Thread(target=lambda: (claim(town), connection.close()))
    worker.start()
    worker.join()
    wait_until(lambda: not claims.held(claims.Job.WINDOW))
    assert windows.free_abandoned(account=town.account, now=town.now()) == 1
    window.refresh_from_db()
    assert window.state == Window.State.DUE


def test_two_captures_at_once_equal_one(town: Town) -> None:
    """They share the work and store nothing twice."""
    for number in range(30):
        town.say(f"number {number}", days_ago=5 * number)
    both = [threading.Thread(target=lambda: (town.capture(), connection.close())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert counts() == (30, 30)
    assert town.is_complete()


def _busy(town: Town, number: int = 600) -> None:
    for each in range(number):
        town.say(f"number {each}", days_ago=160 * each / number)


def _kill_a_capture(environment: dict[str, str], *, once: Callable[[], bool]) -> None:
    """Begin one, kill it, and wait until Postgres has noticed."""
    argv = [sys.executable, "manage.py", "capture"]
    process = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: once() or process.poll() is not None, seconds=120)
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: not any(map(claims.held, claims.Job)))


@pytest.mark.system
def test_a_killed_capture_is_taken_up_where_it_was(town: Town, product_environment: dict[str, str]) -> None:
    """Killed with -9 in the middle, the next capture brings the rest and nothing twice."""
    town.world.clock.advance(seconds=(datetime.now(UTC) - town.now()).total_seconds())  # that of the program
    _busy(town)
    _kill_a_capture(product_environment, once=lambda: town.asked() > 0)
    _kill_a_capture(product_environment, once=lambda: counts() > (0, 0))
    assert counts() > (0, 0)
    town.capture()
    assert counts() == (600, 600)
    assert town.is_complete()


def test_the_longest_wait_is_bounded(town: Town) -> None:
    """Whatever fails again and again is tried again within the hour."""

    failure = failures.of(RuntimeError("odd"), failures=50, now=town.now())
    assert failure.not_before - town.now() <= timedelta(hours=1)
    assert failure.code == "internal"
    assert Message.objects.count() == 0
