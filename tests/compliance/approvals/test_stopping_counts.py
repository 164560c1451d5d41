"""What is counted for a request can be stopped and begun anew; without figures nobody approves, stopped or not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from compliance import approvals
from compliance.approvals import figuring, kinds
from compliance.approvals.errors import NotThere, Obstacle
from compliance.models import AuditEvent, Request, RequestCount
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import Shelf
from tests.compliance.approvals.test_figuring import work
from tests.compliance.approvals.test_pages_of_approvals import post, text
from tests.compliance.conftest import As

pytestmark = pytest.mark.django_db


class Counting:
    """Counts two parts; what is to happen between them, happens once."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []

    def __call__(
        self, subject: str, parameters: Mapping[str, Any], now: datetime, step: Callable[[int, int], None]
    ) -> dict[str, int]:
        step(0, 2)
        if self.meanwhile:
            self.meanwhile.pop()()
        step(1, 2)
        return {"messages would go": 7}


@pytest.fixture
def counting(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The figures of the shelf take longer than anybody should wait; a worker tells of every step."""
    made = Counting()
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(count=made))
    monkeypatch.setattr(figuring, "PATIENCE", timedelta(0))
    monkeypatch.setattr(figuring.patience, "TOLD_EVERY", timedelta(0))
    return made


@pytest.fixture
def asked(counting: Counting, shelf: Shelf, ines: User, samir: User) -> Request:
    return shelf.ask(ines)


def stop(asked: Request, *, by: User) -> bool:
    return approvals.stop_counting(request_id=asked.pk, by=by, now=NOW)


def anew(asked: Request, *, by: User, now: datetime = NOW) -> bool:
    return approvals.count_anew(request_id=asked.pk, by=by, now=now)


def state() -> str:
    return RequestCount.objects.get().state


def test_who_may_approve_stops_it_and_a_worker_passes_it_by(asked: Request, samir: User) -> None:
    """It is in the trail with who did it; nobody approves, and a look at the page begins nothing."""
    assert stop(asked, by=samir)
    work()
    approvals.seen(request_id=asked.pk, by=samir, now=NOW + timedelta(days=2))
    work(NOW + timedelta(days=2))
    assert state() == "stopped"
    with pytest.raises(Obstacle, match="Counting the figures was stopped"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
    event = AuditEvent.objects.get(action="stopped")
    assert (event.subject, event.actor, event.details["what"]) == (
        f"request/{asked.pk}",
        samir,
        "counting its figures",
    )
    assert not stop(asked, by=samir)


def test_a_worker_that_is_at_it_notices_and_writes_nothing(
    asked: Request, counting: Counting, ines: User
) -> None:
    """Whoever asked stops it between two parts: neither how far it was nor figures are written."""
    counting.meanwhile = [lambda: stop(asked, by=ines)]
    work()
    row = RequestCount.objects.get()
    assert (row.state, row.figures, row.counted_at, row.done) == ("stopped", {}, None, 0)


def test_a_worker_that_breaks_off_after_it_was_stopped_leaves_it_stopped(
    asked: Request, counting: Counting, ines: User
) -> None:
    """Its failure is none of the count's any more."""

    def break_off() -> None:
        stop(asked, by=ines)
        raise OSError("disk")

    counting.meanwhile = [break_off]
    with pytest.raises(OSError, match="disk"):
        work()
    row = RequestCount.objects.get()
    assert (row.state, row.last_error) == ("stopped", "")


def test_it_is_begun_anew_and_then_approved(asked: Request, ines: User, samir: User) -> None:
    """From the beginning, by whoever asked or may approve; the trail says so."""
    stop(asked, by=ines)
    assert anew(asked, by=samir)
    assert not anew(asked, by=samir)
    work()
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
    assert AuditEvent.objects.filter(action="started", subject=f"request/{asked.pk}").count() == 1


def test_one_stopped_and_begun_anew_under_a_worker_is_counted_by_the_next(
    asked: Request, counting: Counting, ines: User
) -> None:
    """The first is fenced out, though the row is due again."""
    counting.meanwhile = [lambda: stop(asked, by=ines) and anew(asked, by=ines)]
    assert approvals.count_next(clock=lambda: NOW)
    assert state() == "due"
    work()
    assert RequestCount.objects.get().figures == {"messages would go": 7}


def test_figures_of_before_are_old_though_counting_again_was_stopped(
    asked: Request, ines: User, samir: User
) -> None:
    """They are shown, and nobody approves by them."""
    work()
    later = NOW + timedelta(hours=25)
    approvals.seen(request_id=asked.pk, by=samir, now=later)
    stop(asked, by=ines)
    seen = approvals.seen(request_id=asked.pk, by=samir, now=later)
    assert seen.figures == {"messages would go": 7}
    with pytest.raises(Obstacle, match="was stopped"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=later)


def test_what_failed_and_what_is_old_is_begun_anew_too(asked: Request, samir: User) -> None:
    """And what is known is not."""
    RequestCount.objects.update(state="failed", attempts=8, last_error="It broke off (OSError).")
    assert anew(asked, by=samir)
    row = RequestCount.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("due", 0, "")
    work()
    assert not anew(asked, by=samir)
    assert anew(asked, by=samir, now=NOW + timedelta(hours=25))


def test_nobody_else_stops_it(asked: Request, shelf: Shelf, tomas: User, ravi: User) -> None:
    """Tomás audits: he is refused, and that is in the trail. For Ravi there is no such request."""
    for deed in (stop, anew):
        with pytest.raises(PermissionDenied):
            deed(asked, by=tomas)
        with pytest.raises(NotThere):
            deed(asked, by=ravi)
    assert state() == "due"
    assert AuditEvent.objects.filter(action="refused", subject=f"request/{asked.pk}").count() == 2


def test_of_a_request_that_has_ended_nothing_is_stopped(asked: Request, ines: User, samir: User) -> None:
    """It says how it ended."""
    approvals.refuse(request_id=asked.pk, reason="Not now.", by=samir, now=NOW)
    for deed in (stop, anew):
        with pytest.raises(Obstacle, match=r"It was refused by Samir Haddad"):
            deed(asked, by=ines)


def test_the_page_stops_it_says_so_and_begins_it_anew(
    counting: Counting, shelf: Shelf, ines: User, samir: User, tomas: User, as_person: As
) -> None:
    """The button is for who may; the part that moves stands still once it is stopped."""
    asked = shelf.ask(ines, now=timezone.now())
    address, moving = f"/approvals/{asked.pk}/", f"/approvals/{asked.pk}/awaited/"
    theirs = as_person(tomas)
    for page in (address, moving):
        assert "Stop counting" not in text(theirs, page)
    assert theirs.post(f"{moving}stop/").status_code == 403
    client = as_person(samir)
    assert "Stop counting" in text(client, moving)
    html = post(client, asked, "awaited/stop")
    assert "It was stopped." in html
    assert "Counting the figures was stopped." in html
    assert "Nobody can approve it before." in html
    assert "stopped counting its figures" in html
    assert "Approve these" not in html
    assert "hx-get" not in text(client, moving)
    assert "Nothing is being counted." in post(client, asked, "awaited/stop")
    html = post(client, asked, "awaited/anew")
    assert "It is counted anew." in html
    assert "Stop counting" in html
    work(timezone.now())
    assert "Approve these 2 items" in text(client, address)
    assert "It is counted, or being counted." in post(client, asked, "awaited/anew")
