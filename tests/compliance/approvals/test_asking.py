"""Asking: what a request says, who may ask, who is told, and what cannot be asked."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from compliance import approvals
from compliance.approvals import items, kinds
from compliance.models import AuditEvent, Request, Told
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import DAY, HOUR, SUBJECT, Shelf


def test_a_request_says_exactly_what_it_is_about(shelf: Shelf, ines: User) -> None:
    """Each item, their numbers, a digest over both, why, who, until when."""
    asked = Request.objects.get(pk=shelf.ask(ines).pk)
    assert asked.state == "asked"
    assert [item["words"] for item in asked.items] == ["old", "older"]
    assert (asked.counts, asked.figures) == ({"saved searches go": 2}, {"lists stand beside them": 0})
    assert (asked.reason, asked.asked_by_name) == ("Nobody runs them.", "Ines Moreau (ines)")
    assert asked.expires_at == NOW + 7 * DAY
    assert asked.digest == items.digest(
        kind="retire", subject=SUBJECT, parameters={}, items=asked.items, counts=asked.counts
    )


def test_asking_is_in_the_trail_with_the_digest(shelf: Shelf, ines: User) -> None:
    """And so in the log."""
    asked = shelf.ask(ines)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject, event.actor) == ("asked", f"request/{asked.pk}", ines)
    assert (event.details["digest"], event.details["of"]) == (asked.digest, SUBJECT)
    assert event.details["reason"] == "Nobody runs them."


def test_who_can_decide_is_told_and_nobody_else(
    shelf: Shelf, ines: User, samir: User, ravi: User, tomas: User
) -> None:
    """Samir can; Ines asked, Ravi reviews, Tomás only looks."""
    asked = shelf.ask(ines)
    line = Told.objects.get()
    assert (line.person, line.link) == (samir, f"/approvals/{asked.pk}/")
    assert line.text == "Ines Moreau (ines) asks for a second person: Retire what stands on the shelf"
    assert list(approvals.waiting_for(by=samir)) == [asked]
    for person in (ines, ravi, tomas):
        assert list(approvals.waiting_for(by=person)) == []
    assert list(approvals.pending(subject=SUBJECT)) == [asked]


def test_who_may_not_ask_is_refused_and_recorded(shelf: Shelf, ada: User) -> None:
    """Ada administers; the attempt is in the trail."""
    with pytest.raises(PermissionDenied):
        shelf.ask(ada)
    assert AuditEvent.objects.latest("pk").action == "refused"
    assert not Request.objects.exists()


def test_of_what_one_may_not_see_nothing_can_be_asked(shelf: Shelf, ines: User) -> None:
    """The kind says whose subjects they are."""
    shelf.only[ines.pk] = frozenset({"shelf/2"})
    with pytest.raises(approvals.NotThere):
        shelf.ask(ines)


def test_the_same_is_not_asked_twice(shelf: Shelf, ines: User, samir: User) -> None:
    """While one waits; something smaller may be asked for beside it."""
    first = shelf.ask(ines)
    with pytest.raises(approvals.Obstacle, match="asked for already"):
        shelf.ask(samir)
    shelf.ask(samir, begins="older")
    approvals.withdraw(request_id=first.pk, by=ines, now=NOW)
    shelf.ask(samir)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2_001])
def test_a_reason_is_needed(reason: str, shelf: Shelf, ines: User) -> None:
    """Whoever decides has to know why."""
    with pytest.raises(approvals.Obstacle, match="Say why"):
        approvals.ask(kind="retire", subject=SUBJECT, parameters={}, reason=reason, by=ines, now=NOW)


def test_nothing_to_do_is_nothing_to_ask_for(shelf: Shelf, ines: User) -> None:
    """In the kind's own words."""
    with pytest.raises(approvals.Obstacle, match="The shelf is empty"):
        shelf.ask(ines, begins="no such")


def test_terms_are_the_kinds_own_unless_the_settings_say_otherwise(shelf: Shelf, settings: Any) -> None:
    """Days to decide in, hours to cool off."""
    assert kinds.terms(shelf.kind()) == kinds.Terms(7 * DAY, 24 * HOUR, 1)
    settings.HOLDFAST_APPROVAL_TERMS = {"retire": "14d/0h"}
    assert kinds.terms(shelf.kind(approvers=3)) == kinds.Terms(14 * DAY, 0 * HOUR, 3)
    settings.HOLDFAST_APPROVAL_TERMS = {"retire": "14d/0h/2p"}
    assert kinds.terms(shelf.kind()) == kinds.Terms(14 * DAY, 0 * HOUR, 2)


@pytest.mark.parametrize(
    "wrong", ["7/24", "7d", "0d/24h", "-1d/24h", "soon", "7d/24h/0p", "7d/24h/2", "7d/24h/10p"]
)
def test_terms_that_make_no_sense_are_named_at_the_start(wrong: str, shelf: Shelf, settings: Any) -> None:
    """Rather than taken for something else."""
    settings.HOLDFAST_APPROVAL_TERMS = {"other": wrong}
    with pytest.raises(ImproperlyConfigured, match="should read other=7d/24h"):
        approvals.register(shelf.kind(key="other"))
    with pytest.raises(ImproperlyConfigured, match="speaks of other; the kinds are retire"):
        approvals.check_terms()


def test_two_kinds_cannot_have_one_key(shelf: Shelf) -> None:
    """The second would take the first one's requests."""
    with pytest.raises(ImproperlyConfigured, match="Two kinds"):
        approvals.register(shelf.kind())


def test_kinds_that_share_their_members_ask_for_them_once(shelf: Shelf, samir: User) -> None:
    """Every page counts what waits, so ten kinds about matters cost no more than one."""
    asked: list[int] = []

    def subjects(person: User) -> frozenset[str]:
        asked.append(person.pk)
        return frozenset({SUBJECT})

    for number in range(10):
        approvals.register(shelf.kind(key=f"kind-{number}", subjects=subjects))
    assert approvals.waiting_for(by=samir).count() == 0
    assert asked == [samir.pk]
    assert approvals.number_waiting(by=samir) == 0
    assert asked == [samir.pk]  # nothing waits


def test_the_number_on_every_page_is_of_what_waits(
    shelf: Shelf, ines: User, samir: User, ravi: User, tomas: User
) -> None:
    """For everybody, of kinds about everything and about what only some may see."""
    seen = {ines.pk: frozenset({SUBJECT}), samir.pk: frozenset({SUBJECT})}
    approvals.register(
        shelf.kind(key="of-some", subjects=lambda person: seen.get(person.pk, frozenset[str]()))
    )
    numbers = []
    for asker, kind in ((ines, "retire"), (samir, "of-some"), (ines, "of-some")):
        approvals.ask(
            kind=kind, subject=SUBJECT, parameters={"round": len(numbers)}, reason="So.", by=asker, now=NOW
        )
        for person in (ines, samir, ravi, tomas):
            assert approvals.number_waiting(by=person) == approvals.waiting_for(by=person).count()
        numbers.append((approvals.number_waiting(by=ines), approvals.number_waiting(by=samir)))
    assert numbers == [(0, 1), (1, 1), (1, 2)]
    seen[samir.pk] = frozenset({"shelf/elsewhere"})
    assert approvals.number_waiting(by=samir) == approvals.waiting_for(by=samir).count() == 1
