"""Figures that take long are counted behind the page: nobody waits for them, and nobody approves without."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from compliance import approvals
from compliance.approvals import figuring, kinds
from compliance.approvals.errors import Obstacle
from compliance.models import RequestCount
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import Shelf


class Counting:
    """How often the figures of the shelf were counted, and what stands in the way of it."""

    def __init__(self) -> None:
        self.times = 0
        self.trouble: list[Exception] = []

    def __call__(
        self, subject: str, parameters: Mapping[str, Any], now: datetime, step: Callable[[int, int], None]
    ) -> dict[str, int]:
        step(0, 2)
        if self.trouble:
            raise self.trouble.pop(0)
        self.times += 1
        return {"times counted": self.times}


@pytest.fixture
def counting(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The shelf's figures take long."""
    made = Counting()
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(count=made))
    return made


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every count takes longer than anybody should wait."""
    monkeypatch.setattr(figuring, "PATIENCE", timedelta(0))


def work(now: datetime = NOW) -> None:
    """What a worker does within a minute."""
    while approvals.count_next(clock=lambda: now):
        pass


def test_what_is_quick_is_there_when_it_is_asked(counting: Counting, shelf: Shelf, ines: User) -> None:
    """Beside the figures that are found at once."""
    asked = shelf.ask(ines)
    assert asked.figures == {"times counted": 1, "lists stand beside them": 0}
    assert RequestCount.objects.get().state == "counted"
    work()
    assert counting.times == 1


def test_what_is_slow_is_waited_for_by_whoever_approves(
    slow: None, counting: Counting, shelf: Shelf, ines: User, samir: User, client: Client
) -> None:
    """Asking takes no time; the page says what is awaited and shows the figures once a worker has counted."""
    asked = shelf.ask(ines)
    assert "times counted" not in asked.figures
    with pytest.raises(Obstacle, match="waiting to be counted"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
    RequestCount.objects.update(state="claimed", claimed_at=NOW, done=1, total=4)
    awaited, _ = approvals.awaited(request_id=asked.pk, by=samir, now=NOW)
    assert awaited is not None
    assert (awaited.done, awaited.total) == (1, 4)
    work(NOW + timedelta(minutes=11))  # the worker that had claimed it is gone
    seen = approvals.seen(request_id=asked.pk, by=samir, now=NOW + timedelta(minutes=12))
    assert seen.figures == {"times counted": 1}
    assert seen.awaited is None
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW + timedelta(minutes=12))


def test_a_day_later_they_are_counted_anew(counting: Counting, shelf: Shelf, ines: User, samir: User) -> None:
    """By a look at the request; until then nobody approves by what is old."""
    asked, later = shelf.ask(ines), NOW + timedelta(hours=25)
    with pytest.raises(Obstacle, match="counted anew"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=later)
    assert approvals.seen(request_id=asked.pk, by=samir, now=later).awaited is not None
    work(later)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=later)
    assert counting.times == 2


def test_a_request_of_an_older_release_is_counted_when_it_is_looked_at(
    shelf: Shelf, ines: User, samir: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no count of its own yet."""
    asked = shelf.ask(ines)
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(count=Counting()))
    with pytest.raises(Obstacle, match="counted anew"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
    approvals.seen(request_id=asked.pk, by=samir, now=NOW)
    work()
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)


def test_a_count_that_breaks_off_is_tried_again(
    slow: None, counting: Counting, shelf: Shelf, ines: User, samir: User
) -> None:
    """It says why meanwhile; what stands in the way of the deed is no error of counting."""
    asked = shelf.ask(ines)
    counting.trouble = [OSError("disk")]
    with pytest.raises(OSError, match="disk"):
        work()
    row = RequestCount.objects.get()
    assert (row.state, row.last_error) == ("due", "It broke off (OSError).")
    work(row.not_before)
    assert RequestCount.objects.get().figures == {"times counted": 1}
    counting.trouble = [Obstacle("The shelf is empty.")]
    later = NOW + timedelta(hours=30)
    approvals.seen(request_id=asked.pk, by=samir, now=later)
    work(later)
    assert RequestCount.objects.get().figures == {}
