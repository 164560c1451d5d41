"""Deciding: by somebody else, with the right, in time, on exactly what was asked for."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from compliance import approvals
from compliance.approvals import kinds
from compliance.models import AuditEvent, Request, Told
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import DAY, HOUR, Shelf

LATER = NOW + HOUR


def approve(asked: Request, by: User, **changed: object) -> Request:
    given = {"request_id": asked.pk, "digest": asked.digest, "by": by, "now": LATER} | changed
    return approvals.approve(**given)  # type: ignore[arg-type]


def state(asked: Request) -> str:
    return Request.objects.get(pk=asked.pk).state


def test_an_approved_request_cools_off(shelf: Shelf, ines: User, samir: User) -> None:
    """It says who approved it and when it runs, Ines is told, the trail has the digest, nothing is done yet."""
    asked = approve(shelf.ask(ines), samir)
    assert (asked.state, asked.approved_by_name) == ("approved", "Samir Haddad (samir)")
    assert asked.runs_at == LATER + 24 * HOUR
    assert Told.objects.get(person=ines).text.startswith("A request was approved by Samir Haddad (samir)")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.details["digest"]) == ("approved", asked.digest)
    assert shelf.names() == ["old", "older"]


@pytest.fixture
def two_needed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setitem(kinds._KINDS, "retire", shelf.kind(approvers=2))
    return shelf


def test_two_approve_what_needs_two(two_needed: Shelf, ines: User, samir: User, olga: User) -> None:
    """The first is noted and everybody hears of it; the second makes it cool off; both are in the row's words."""
    asked = two_needed.ask(ines)
    assert Told.objects.filter(text__contains="asks for 2 more people").count() == 2
    once = approve(asked, samir)
    assert (once.state, once.approved_by, once.runs_at) == ("asked", None, None)
    assert "has 1 of 2 approvals" in Told.objects.get(person=ines).text
    assert list(approvals.waiting_for(by=samir)) == []
    assert list(approvals.waiting_for(by=olga)) == [asked]
    twice = approve(asked, olga)
    assert (twice.state, twice.approved_by, twice.runs_at) == ("approved", olga, LATER + 24 * HOUR)
    events = AuditEvent.objects.filter(action="approved").order_by("pk")
    assert [(e.details["approval"], e.details["of"]) for e in events] == [(1, 2), (2, 2)]
    with pytest.raises(approvals.Obstacle, match=r"Samir Haddad \(samir\) and Olga Reyes \(olga\)"):
        approve(asked, olga)
    assert approvals.carry_out_due(clock=lambda: LATER + 25 * HOUR) == 1
    assert two_needed.names() == []


def test_nobody_counts_twice(two_needed: Shelf, ines: User, samir: User) -> None:
    """One person is one approval, however often they say it."""
    asked = two_needed.ask(ines)
    approve(asked, samir)
    with pytest.raises(approvals.Obstacle, match="You have approved it already"):
        approve(asked, samir)
    assert state(asked) == "asked"


def test_an_approver_who_changes_their_mind_refuses(two_needed: Shelf, ines: User, samir: User) -> None:
    """Their word does not bind them while it waits for another."""
    asked = two_needed.ask(ines)
    approve(asked, samir)
    approvals.refuse(request_id=asked.pk, reason="I looked again.", by=samir, now=LATER)
    assert state(asked) == "refused"


def test_the_first_approver_who_lost_the_right_counts_no_more(
    two_needed: Shelf, ines: User, samir: User, olga: User
) -> None:
    """Both must still be entitled when it runs."""
    asked = two_needed.ask(ines)
    approve(asked, samir)
    approve(asked, olga)
    samir.groups.clear()
    approvals.carry_out_due(clock=lambda: LATER + 25 * HOUR)
    assert (state(asked), two_needed.names()) == ("overtaken", ["old", "older"])


def test_nobody_decides_their_own(shelf: Shelf, ines: User) -> None:
    """Ines may approve such requests, but not this one; trying is an event."""
    asked = shelf.ask(ines)
    with pytest.raises(PermissionDenied, match="Somebody else has to decide it"):
        approve(asked, ines)
    assert AuditEvent.objects.latest("pk").details == {"wanted": "decide a request of their own"}
    with pytest.raises(PermissionDenied):
        approvals.refuse(request_id=asked.pk, reason="no", by=ines, now=LATER)
    assert state(asked) == "asked"


def test_who_has_not_the_right_is_refused(shelf: Shelf, ines: User, tomas: User) -> None:
    """Tomás audits: he sees the request and cannot decide it."""
    asked = shelf.ask(ines)
    with pytest.raises(PermissionDenied):
        approve(asked, tomas)
    assert (AuditEvent.objects.latest("pk").action, state(asked)) == ("refused", "asked")


def test_what_one_may_not_see_one_cannot_decide(shelf: Shelf, ines: User, samir: User) -> None:
    """Samir is no member there: for him there is no such request."""
    asked = shelf.ask(ines)
    shelf.only[samir.pk] = frozenset()
    for deed in (
        approve,
        lambda asked, by: approvals.refuse(request_id=asked.pk, reason="x", by=by, now=LATER),
    ):
        with pytest.raises(approvals.NotThere):
            deed(asked, samir)
    with pytest.raises(approvals.NotThere):
        approvals.withdraw(request_id=asked.pk, by=samir, now=LATER)
    assert list(approvals.waiting_for(by=samir)) == []


def test_only_what_was_seen_is_approved(shelf: Shelf, ines: User, samir: User) -> None:
    """The page sends back the digest it showed."""
    asked = shelf.ask(ines)
    with pytest.raises(approvals.Obstacle, match="Look at it again"):
        approve(asked, samir, digest="0" * 64)
    assert state(asked) == "asked"


def test_what_changed_since_is_not_approved(shelf: Shelf, ines: User, samir: User) -> None:
    """Not a third search, nor one fewer: the request ends, and says what differs."""
    asked = shelf.ask(ines)
    shelf.put("new")
    with pytest.raises(approvals.Obstacle, match=r"added: new; changed: saved searches go: 2 → 3"):
        approve(asked, samir)
    ended = Request.objects.get(pk=asked.pk)
    assert (ended.state, ended.approved_by) == ("overtaken", None)
    assert "added: new" in ended.ending
    assert Told.objects.get(person=ines).text.startswith("A request was overtaken")
    assert AuditEvent.objects.latest("pk").details["state"] == "overtaken"


def test_what_is_not_there_any_more_is_not_approved(shelf: Shelf, ines: User, samir: User) -> None:
    """In the kind's own words."""
    asked = shelf.ask(ines, begins="old")
    approved = approve(asked, samir)
    approvals.carry_out_due(clock=lambda: approved.runs_at or NOW)
    again = Request.objects.filter(pk=asked.pk).get()
    with pytest.raises(approvals.Obstacle, match="It was carried out on"):
        approve(again, samir)


def test_numbers_that_move_by_themselves_do_not_matter(shelf: Shelf, ines: User, samir: User) -> None:
    """Figures are shown and not bound."""
    asked = shelf.ask(ines)
    Request.objects.filter(pk=asked.pk).update(attempts=0)
    assert approve(asked, samir).state == "approved"


def test_a_request_expires(shelf: Shelf, ines: User, samir: User) -> None:
    """A day too late it cannot be approved, and says so from then on."""
    asked = shelf.ask(ines)
    with pytest.raises(approvals.Obstacle, match="It has expired"):
        approve(asked, samir, now=NOW + 7 * DAY)
    assert state(asked) == "expired"
    with pytest.raises(approvals.Obstacle, match="It expired on 27"):
        approve(asked, samir, now=NOW + 7 * DAY)


def test_what_nobody_decides_expires_by_itself(shelf: Shelf, ines: User) -> None:
    """Beat comes round, and Ines is told."""
    asked = shelf.ask(ines)
    assert approvals.carry_out_due(clock=lambda: NOW + 7 * DAY - HOUR) == 0
    assert approvals.carry_out_due(clock=lambda: NOW + 7 * DAY) == 1
    assert state(asked) == "expired"
    assert Told.objects.get(person=ines).text.startswith("A request expired")


def test_a_refusal_has_a_reason(shelf: Shelf, ines: User, samir: User) -> None:
    """And is final."""
    asked = shelf.ask(ines)
    with pytest.raises(approvals.Obstacle, match="Say why"):
        approvals.refuse(request_id=asked.pk, reason=" ", by=samir, now=LATER)
    approvals.refuse(request_id=asked.pk, reason="They are still needed.", by=samir, now=LATER)
    with pytest.raises(
        approvals.Obstacle, match=r"refused by Samir Haddad \(samir\) on .* They are still needed."
    ):
        approve(asked, samir)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.details["words"]) == ("turned_down", "They are still needed.")


def test_until_it_runs_it_can_be_withdrawn(shelf: Shelf, ines: User, samir: User) -> None:
    """By Ines at any time, and nothing is done."""
    asked = approve(shelf.ask(ines), samir)
    approvals.withdraw(request_id=asked.pk, by=ines, now=LATER)
    assert approvals.carry_out_due(clock=lambda: NOW + 9 * DAY) == 0
    assert (state(asked), shelf.names()) == ("withdrawn", ["old", "older"])
    assert Told.objects.filter(person=samir).latest("pk").text.startswith("A request was withdrawn by Ines")


def test_who_could_approve_can_stop_it_while_it_cools_off(
    shelf: Shelf, ines: User, samir: User, tomas: User
) -> None:
    """Before that they refuse it; Tomás can do neither."""
    asked = shelf.ask(ines)
    with pytest.raises(approvals.Obstacle, match="Refuse it instead"):
        approvals.withdraw(request_id=asked.pk, by=samir, now=LATER)
    approve(asked, samir)
    with pytest.raises(PermissionDenied):
        approvals.withdraw(request_id=asked.pk, by=tomas, now=LATER)
    approvals.withdraw(request_id=asked.pk, by=samir, reason="A mistake of mine.", now=LATER)
    assert Request.objects.get().ending == "A mistake of mine."


@pytest.mark.parametrize(
    "deed",
    [
        lambda key, by: approvals.approve(request_id=key, digest="0", by=by, now=LATER),
        lambda key, by: approvals.refuse(request_id=key, reason="x", by=by, now=LATER),
        lambda key, by: approvals.withdraw(request_id=key, by=by, now=LATER),
        lambda key, by: approvals.seen(request_id=key, by=by, now=LATER),
    ],
)
def test_what_is_not_there_is_not_there(
    deed: Callable[[int, User], object], shelf: Shelf, ines: User
) -> None:
    """Whatever one wants with it."""
    with pytest.raises(approvals.NotThere):
        deed(999, ines)
