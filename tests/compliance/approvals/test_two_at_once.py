"""Two connections at the same moment: one outcome, whichever comes first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection

from compliance import approvals
from compliance.models import AuditEvent, Request, SavedSearch
from compliance.permissions import Role
from tests.archive.scenes import NOW
from tests.compliance import cast
from tests.compliance.approvals.shelf import HOUR, Shelf

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12
RUNS = NOW + 24 * HOUR
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Do deeds at the same moment, each with a connection of its own; what each gave, or why it was not done."""
    ready = Barrier(len(deeds))

    def do(deed: Deed) -> object:
        try:
            connection.ensure_connection()
            ready.wait(120)
            return deed()
        except (approvals.Obstacle, PermissionDenied) as obstacle:
            return obstacle
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def approving(asked: Request, by: User) -> Deed:
    return lambda: approvals.approve(request_id=asked.pk, digest=asked.digest, by=by, now=NOW)


def refusing(asked: Request, by: User) -> Deed:
    return lambda: approvals.refuse(request_id=asked.pk, reason="no", by=by, now=NOW)


def withdrawing(asked: Request, by: User) -> Deed:
    return lambda: approvals.withdraw(request_id=asked.pk, by=by, now=RUNS)


def carrying_out() -> object:
    return approvals.carry_out_due(clock=lambda: RUNS)


def again(shelf: Shelf) -> Iterator[int]:
    """Over and over, with the shelf as it was."""
    for number in range(ROUNDS):
        SavedSearch.objects.update(removed_at=None)
        yield number


def events(asked: Request, action: str) -> int:
    return AuditEvent.objects.filter(subject=f"request/{asked.pk}", action=action).count()


def test_two_approve_at_once(transactional_db: None, shelf: Shelf, ines: User, samir: User) -> None:
    """One of them has; the other is told so."""
    lena = cast.person(Role.ADMINISTRATOR)
    lena.groups.set(samir.groups.all())
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        outcomes = at_once(approving(asked, samir), approving(asked, lena))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Obstacle", "Request"]
        assert events(asked, "approved") == 1


def test_approving_and_withdrawing_at_once(shelf: Shelf, ines: User, samir: User) -> None:
    """However it falls, it ends withdrawn, and is never carried out."""
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        at_once(approving(asked, samir), withdrawing(asked, ines))
        asked.refresh_from_db()
        assert (asked.state, events(asked, "withdrew")) == ("withdrawn", 1)
        assert events(asked, "approved") == (asked.approved_by is not None)
    assert approvals.carry_out_due(clock=lambda: RUNS) == 0


def test_approving_and_refusing_at_once(shelf: Shelf, ines: User, samir: User) -> None:
    """One of the two."""
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        at_once(approving(asked, samir), refusing(asked, samir))
        asked.refresh_from_db()
        assert asked.state in ("approved", "refused")
        assert events(asked, "approved") + events(asked, "turned_down") == 1


def test_two_workers_carry_out_at_once(shelf: Shelf, ines: User, samir: User) -> None:
    """It is done once, and recorded once."""
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
        at_once(carrying_out, carrying_out, carrying_out)
        asked.refresh_from_db()
        assert (asked.state, asked.attempts, events(asked, "carried_out")) == ("carried_out", 1, 1)
        assert shelf.names() == []


def test_withdrawing_while_it_is_carried_out(shelf: Shelf, ines: User, samir: User) -> None:
    """It is done or it is withdrawn, never both, and what one is told is what is."""
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
        _, told = at_once(carrying_out, withdrawing(asked, ines))
        asked.refresh_from_db()
        is_done = shelf.names() == []
        assert asked.state == ("carried_out" if is_done else "withdrawn")
        assert isinstance(told, approvals.Obstacle) == is_done


def test_what_is_added_at_the_last_moment(shelf: Shelf, ines: User, samir: User) -> None:
    """A search put on the shelf while it is cleared stops the clearing, or stays: it never goes unapproved."""
    for number in again(shelf):
        asked = shelf.ask(ines, round=number)
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)
        at_once(carrying_out, partial(shelf.put, f"new {number}"))
        asked.refresh_from_db()
        assert SavedSearch.objects.get(name=f"new {number}").removed_at is None
        assert asked.state in ("carried_out", "overtaken")
