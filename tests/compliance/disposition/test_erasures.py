"""Requests for erasure: taken, parked while a hold or a duty stands, let go by two people, complete when nothing is left."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction

from archive.models import Account, Message, Person, Revision, Session
from compliance.disposition import erasures, executing, gathering, looking
from compliance.disposition.erasures import Wanted
from compliance.models import AuditEvent, Disposition, Erasure, Hold, Matter, Told
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.conftest import As
from tests.compliance.disposition.test_disposing import LATER, approved, hold_session, run


@pytest.fixture
def olu(session: Session) -> Person:
    """Olu, who is outside, said one thing."""
    return Person.objects.get(display_name__startswith="Olu")


def wanted(person: Person, **changed: Any) -> Wanted:
    values: dict[str, Any] = {
        "account_id": person.account_id,
        "person_id": person.pk,
        "asked_by": "The person, by letter",
        "reason": "Article 17",
        "asked_on": date(2026, 11, 19),
    }
    return Wanted(**values | changed)


def look(row: Erasure, *, days: int) -> Erasure:
    """What the clock does every five minutes, so many days on."""
    looking.look_next(clock=lambda: NOW + timedelta(days=days))
    row.refresh_from_db()
    return row


def gather(row: Erasure, *, by: User) -> Disposition:
    begun = gathering.start_erasure(erasure_id=row.pk, by=by, now=LATER)
    gathering.carry_out_next(clock=lambda: LATER)
    begun.refresh_from_db()
    return begun


def test_what_nothing_keeps_can_go(olu: Person, mei: User) -> None:
    """Counted as soon as it is taken; rules that are no duty do not stand in its way."""
    world.keeping_rule()
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    assert (row.state, row.free, row.held, row.bound) == ("ready", 1, 0, 0)
    assert (
        AuditEvent.objects.get(action="saved", subject=f"erasure/{row.pk}").details["reason"] == "Article 17"
    )


def test_it_goes_by_a_disposition_and_is_complete(olu: Person, mei: User, ines: User) -> None:
    """Only what Olu said, by two people; then nothing is left, and Mei is told."""
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    begun = gather(row, by=mei)
    assert begun.messages == 1
    before = Revision.objects.count()
    approved(begun, by=mei, second=ines)
    run()
    begun.refresh_from_db()
    assert (begun.state, begun.destroyed) == ("done", 1)
    assert Revision.objects.count() == before - 1
    assert look(row, days=50).state == "completed"
    assert "is complete" in Told.objects.filter(person=mei).latest("pk").text


def test_a_hold_parks_it_and_its_end_lets_it_go_on(
    olu: Person, session: Session, mei: User, ines: User, as_person: As
) -> None:
    """It says that a matter holds it, by name only to whom may see it; when the hold ends, Mei is told."""
    hold_session(session)
    matter = Matter.objects.get()
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    assert (row.state, row.held, row.matters) == ("parked", 1, [matter.pk])
    page = as_person(mei).get(f"/disposition/erasures/{row.pk}/").content.decode()
    assert "Inquiry" not in page
    assert "1 matter you are no member of" in page
    with pytest.raises(gathering.Unfit, match="Nothing of it can go"):
        gathering.start_erasure(erasure_id=row.pk, by=mei, now=LATER)
    Hold.objects.update(released_at=NOW)
    assert look(row, days=1).state == "ready"
    assert "can go on" in Told.objects.filter(person=mei).latest("pk").text


def test_a_duty_parks_it_until_it_ends(olu: Person, mei: User) -> None:
    """A month from 2 November; the rule and the day are named, and a doubtful time never ends it."""
    duty = world.keeping_rule(amount=1, is_duty=True, name="Duty")
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    assert (row.state, row.bound, row.duties) == ("parked", 1, [duty.pk])
    assert row.bound_until is not None
    assert row.bound_until.date() == date(2026, 12, 2)
    assert look(row, days=11).state == "parked"
    assert look(row, days=30).state == "ready"


def test_a_duty_that_begins_after_the_approval_wins(olu: Person, mei: User, ines: User) -> None:
    """What two people decided waits for it all the same."""
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    begun = gather(row, by=mei)
    approved(begun, by=mei, second=ines)
    world.keeping_rule(amount=24, is_duty=True, name="Duty")
    run()
    begun.refresh_from_db()
    assert (begun.destroyed, begun.refused) == (0, 1)
    assert AuditEvent.objects.filter(details__why=executing.BOUND).count() == 1
    assert look(row, days=50).state == "parked"


def test_a_scope_narrows_it(account: Account, mei: User) -> None:
    """One session, and whole days."""
    ines = Person.objects.get(member_id="m-ines", account=account)
    said = Message.objects.filter(sender=ines)
    first = said.values_list("session_id", flat=True)[0]
    in_one = erasures.take(wanted=wanted(ines, session_id=first), by=mei, now=NOW)
    assert in_one.free == said.filter(session_id=first).count()
    none = erasures.take(wanted=wanted(ines, until=date(2026, 11, 1)), by=mei, now=NOW)
    assert (none.state, none.ending) == ("completed", looking.NOTHING_LEFT)
    day = erasures.take(
        wanted=wanted(ines, since=date(2026, 11, 2), until=date(2026, 11, 2)), by=mei, now=NOW
    )
    assert day.free == said.count()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"asked_by": " "}, "Say who asked"),
        ({"reason": ""}, "Give the reason"),
        ({"person_id": 10**9}, "Choose whose"),
        ({"since": date(2026, 2, 2), "until": date(2026, 2, 1)}, "before the first"),
        ({"asked_on": date(2027, 1, 1)}, "still to come"),
    ],
)
def test_what_is_no_request_is_refused_in_words(
    olu: Person, mei: User, changed: dict[str, Any], words: str
) -> None:
    """Nothing is taken down."""
    with pytest.raises(erasures.Unfit, match=words):
        erasures.take(wanted=wanted(olu, **changed), by=mei, now=NOW)
    assert Erasure.objects.count() == 0


def test_it_is_taken_and_withdrawn_on_its_pages(olu: Person, mei: User, as_person: As) -> None:
    """Find the person, write down who asked and why, look again, end it for a reason."""
    browser = as_person(mei)
    assert "Olu" in browser.get("/disposition/erasures/take/?find=olu").content.decode()
    form = {
        "account": olu.account_id,
        "person": olu.pk,
        "asked_by": "x",
        "asked_on": "2026-11-19",
        "reason": "y",
    }
    assert browser.post("/disposition/erasures/take/", {**form, "reason": ""}).status_code == 422
    address = browser.post("/disposition/erasures/take/", form)["Location"]
    assert "Put together 1 message" in browser.get(address).content.decode()
    assert browser.post(f"{address}look/").status_code == 302
    browser.post(f"{address}withdraw/", {"reason": "Taken back."})
    assert "Taken back." in browser.get(address).content.decode()
    assert "withdrawn" in browser.get("/disposition/erasures/").content.decode()


def test_what_was_asked_stays_as_it_was_asked(olu: Person, mei: User) -> None:
    """Nor can it be removed, nor be opened again."""
    row = erasures.take(wanted=wanted(olu), by=mei, now=NOW)
    for change in ({"reason": "z"}, {"person_id": 1}, {"asked_on": date(2026, 1, 1)}):
        with pytest.raises(Error), transaction.atomic():
            Erasure.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        Erasure.objects.filter(pk=row.pk).delete()
    erasures.withdraw(erasure_id=row.pk, reason="x", by=mei, now=NOW)
    with pytest.raises(Error), transaction.atomic():
        Erasure.objects.filter(pk=row.pk).update(state="ready", ended_at=None, ending="")


def test_who_may_not_is_refused(olu: Person, ravi: User, tomas: User) -> None:
    """Ravi may not look; Tomás looks and takes none."""
    with pytest.raises(PermissionDenied):
        erasures.page(by=ravi, now=NOW)
    assert erasures.page(by=tomas, now=NOW).total == 0
    with pytest.raises(PermissionDenied):
        erasures.take(wanted=wanted(olu), by=tomas, now=NOW)
