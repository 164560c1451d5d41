"""Carrying out: when it has cooled off, once, exactly what was approved, or not at all."""

import pytest
from django.contrib.auth.models import User

from compliance import approvals
from compliance.models import AuditEvent, Request, Told
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.approvals.shelf import DAY, HOUR, Shelf

RUNS = NOW + 24 * HOUR


@pytest.fixture
def approved(shelf: Shelf, ines: User, samir: User) -> Request:
    asked = shelf.ask(ines)
    return approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=NOW)


def run(after: object = RUNS) -> int:
    return approvals.carry_out_due(clock=lambda: after)  # type: ignore[arg-type, return-value]


def test_it_runs_when_it_has_cooled_off_and_once(
    approved: Request, shelf: Shelf, ines: User, samir: User
) -> None:
    """Not an hour before, and not again; both people are told."""
    assert (run(RUNS - HOUR), shelf.names()) == (0, ["old", "older"])
    assert (run(), run(), shelf.names()) == (1, 0, [])
    approved.refresh_from_db()
    assert (approved.state, approved.ended_at) == ("carried_out", RUNS)
    for person in (ines, samir):
        assert Told.objects.filter(person=person).latest("pk").text.startswith("A request was carried out:")


def test_the_trail_says_what_was_done_with_which_digest(approved: Request) -> None:
    """By the system, which is what carries out."""
    run()
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor_name) == ("carried_out", "the system")
    assert (event.details["digest"], event.details["did"]) == (approved.digest, {"gone": 2})


def test_what_changed_while_it_cooled_off_stops_it(approved: Request, shelf: Shelf) -> None:
    """The third search was in nobody's approval."""
    shelf.put("new")
    run()
    approved.refresh_from_db()
    assert (approved.state, shelf.names()) == ("overtaken", ["new", "old", "older"])
    assert "added: new" in approved.ending


@pytest.mark.parametrize("who", ["ines", "samir"])
@pytest.mark.parametrize("how", ["switched off", "without roles"])
def test_a_right_taken_away_meanwhile_is_taken_away(
    who: str, how: str, approved: Request, shelf: Shelf
) -> None:
    """The word of somebody who may no longer give it does not count."""
    person = User.objects.get(username=who)
    if how == "switched off":
        User.objects.filter(pk=person.pk).update(is_active=False)
    else:
        person.groups.clear()
    run()
    approved.refresh_from_db()
    assert (approved.state, shelf.names()) == ("overtaken", ["old", "older"])
    assert "may no longer do so" in approved.ending


@pytest.mark.parametrize("who", ["ines", "samir"])
def test_a_place_taken_away_meanwhile_is_taken_away(who: str, approved: Request, shelf: Shelf) -> None:
    """Whoever may not see the shelf any more has no say over it, though their role is what it was."""
    shelf.only[User.objects.get(username=who).pk] = frozenset({"shelf/2"})
    run()
    approved.refresh_from_db()
    assert (approved.state, shelf.names()) == ("overtaken", ["old", "older"])
    assert (
        approved.ending == f"Whoever {'asked for' if who == 'ines' else 'approved'} it may no longer do so."
    )


def test_what_stands_in_the_way_is_said_and_tried_again(approved: Request, shelf: Shelf) -> None:
    """Half a deed is none: what was done before it broke off is undone."""
    shelf.trouble.append(approvals.Obstacle("Somebody is reading them."))
    run()
    approved.refresh_from_db()
    assert (approved.state, approved.last_error, approved.attempts) == (
        "approved",
        "Somebody is reading them.",
        1,
    )
    assert shelf.names() == ["old", "older"]
    assert run() == 0
    assert (run(RUNS + 3 * HOUR), shelf.names()) == (1, [])


def test_what_breaks_off_is_recorded_and_raised(approved: Request, shelf: Shelf) -> None:
    """The error's words stay out of the row; its name is in it."""
    shelf.trouble.append(RuntimeError("words of strangers"))
    with pytest.raises(RuntimeError):
        run()
    approved.refresh_from_db()
    assert (approved.state, approved.last_error) == ("approved", "It broke off (RuntimeError).")


def test_after_enough_tries_it_has_failed(approved: Request, shelf: Shelf, ines: User) -> None:
    """In words, and both are told."""
    shelf.trouble += [approvals.Obstacle("Somebody is reading them.")] * 9
    for number in range(9):
        run(RUNS + number * DAY)
    approved.refresh_from_db()
    assert (approved.state, approved.ending, approved.attempts) == ("failed", "Somebody is reading them.", 8)
    assert Told.objects.filter(person=ines).latest("pk").text.startswith("A request failed")


def test_a_deed_that_cannot_be_recorded_is_not_done(approved: Request, shelf: Shelf) -> None:
    """The trail's disk is full: nothing is retired, and it is tried again."""
    world.fill_up_the_trail()
    with pytest.raises(Exception, match="the disk is full"):
        run()
    approved.refresh_from_db()
    assert (approved.state, shelf.names()) == ("approved", ["old", "older"])


def test_a_worker_that_died_is_followed_by_another(approved: Request, shelf: Shelf) -> None:
    """Its claim lapses; until then nobody takes it over."""
    Request.objects.update(claim="00000000-0000-0000-0000-000000000001", claimed_at=RUNS, attempts=1)
    assert (run(RUNS + HOUR / 4), shelf.names()) == (0, ["old", "older"])
    assert (run(RUNS + HOUR), shelf.names()) == (1, [])
    approved.refresh_from_db()
    assert approved.attempts == 2


def test_a_kind_that_is_not_known_does_nothing(
    approved: Request, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older release leaves alone what it does not understand."""
    monkeypatch.setattr(approvals.kinds, "_KINDS", {})
    run()
    approved.refresh_from_db()
    assert (approved.state, shelf.names()) == ("approved", ["old", "older"])
    assert "does not know requests of the kind" in approved.last_error
