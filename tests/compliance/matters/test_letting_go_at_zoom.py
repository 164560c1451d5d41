"""People let go while a pretend Zoom is being asked: nobody who stays is without a hold, nobody who goes is left in one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from archive.models import Person
from compliance import approvals, matters, opening, placing, releasing
from compliance.models import AuditEvent, Custodian, Matter, MatterMember, ZoomMatter
from compliance.permissions import Role
from tests.archive.capture.conftest import Town, data, hurry, person, town
from tests.compliance import cast
from tests.compliance.matters.test_placing import Clock, clock, opened, there

__all__ = ["clock", "data", "hurry", "town"]
State = ZoomMatter.State
TWO_DAYS = timedelta(days=2)


class Meanwhile:
    """A clock that lets something happen when it is looked at for the second time: after Zoom was asked."""

    def __init__(self, clock: Clock, do: Callable[[], None]) -> None:
        self.clock, self.do, self.looks = clock, do, 0

    def __call__(self) -> datetime:
        self.looks += 1
        if self.looks == 2:
            self.do()
        return self.clock()


@pytest.fixture
def officers(transactional_db: None) -> tuple[User, User]:
    """Ines, and Nora who decides what Ines asks for."""
    ines = cast.person(Role.COMPLIANCE_OFFICER)
    nora = User.objects.create_user("nora", "nora@example.test", cast.PASSWORD, first_name="Nora")
    nora.groups.add(*ines.groups.all())
    return ines, nora


@pytest.fixture
def matter(town: Town, officers: tuple[User, User]) -> Matter:
    """Ana, Bo and Cleo are to be held; Ines and Nora work on it."""
    for name in ("Ana", "Bo", "Cleo"):
        town.world.add_person(person(name))
    matter = opened(town, "ana@acme.example", "bo@acme.example", "cleo@acme.example")
    for user in officers:
        MatterMember.objects.create(matter=matter, user=user, added_at=town.now(), added_by_name="Ines")
    return matter


def let_go(matter: Matter, officers: tuple[User, User], *names: str, now: datetime) -> None:
    """Asked by one, approved by the other, cooled off and carried out: these people, or everybody."""
    ines, nora = officers
    if names:
        keys = Custodian.objects.filter(matter=matter, email__in=[f"{name}@acme.example" for name in names])
        asked = releasing.ask_drop(
            matter_id=matter.pk,
            custodian_ids=[one.pk for one in keys],
            reason="Not involved",
            by=ines,
            now=now,
        )
    else:
        asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=now)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=now)
    approvals.carry_out_due(clock=lambda: now + TWO_DAYS)
    asked.refresh_from_db()
    assert asked.state == "carried_out"


def work(clock: Clock) -> None:
    """Everything that is due two days and a while later."""
    clock.more += TWO_DAYS + timedelta(hours=2)
    placing.work(clock=clock)


def held_there(town: Town) -> list[list[str]]:
    """Who is held by each matter at Zoom."""
    emails = {one.id: one.email.partition("@")[0] for one in town.world.people.values()}
    return sorted(sorted(emails[one] for one in found.person_ids) for found in town.world.matters.values())


def test_who_stays_is_held_there_without_a_break(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """The matter with all three ends only once Zoom has taken the one with two."""
    placing.work(clock=clock)
    let_go(matter, officers, "bo", now=town.now())
    clock.more += TWO_DAYS
    assert placing.carry_out_next(clock=clock)
    assert held_there(town) == [["ana", "bo", "cleo"], ["ana", "cleo"]]
    work(clock)
    assert held_there(town) == [["ana", "cleo"]]
    assert [one.at_zoom for one in matters.held(matter)] == ["held", "held", "ended"]


def test_a_released_matter_ends_there(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """Nothing of it is left at Zoom, and until then the page says that it is."""
    placing.work(clock=clock)
    let_go(matter, officers, now=town.now())
    seen = matters.seen(matter_id=matter.pk, by=None, now=town.now())
    assert (seen.ending, seen.at_zoom) == (3, 0)
    work(clock)
    assert there(town) == []
    assert matters.seen(matter_id=matter.pk, by=None, now=town.now()).ending == 0


@pytest.mark.parametrize(("fault", "was_done"), [("cut_body", True), ("error_500", False)])
def test_whose_creation_was_unclear_is_looked_for_and_not_made(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User], fault: str, was_done: bool
) -> None:
    """Bo is dropped while nobody knows whether Zoom holds the three: nothing with Bo in it is made, or left."""
    town.misbehave(f"{fault}@addLegalHoldMatter:every=1")
    placing.work(clock=clock)
    town.behave()
    assert (len(there(town)) > 0) is was_done
    let_go(matter, officers, "bo", now=town.now())
    work(clock)
    assert held_there(town) == [["ana", "cleo"]]
    assert AuditEvent.objects.filter(action="released_at_zoom").exists() is was_done


def test_who_is_dropped_while_a_list_is_halved_is_in_no_half(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """Zoom refuses the list because of Cleo, who left; at that moment Bo is let go."""
    Person.objects.filter(email="cleo@acme.example").update(user_id="nobody")
    meanwhile = Meanwhile(clock, lambda: let_go(matter, officers, "bo", now=town.now()))
    placing.carry_out_next(clock=meanwhile)
    work(clock)
    assert held_there(town) == [["ana"]]
    assert [one.at_zoom for one in matters.held(matter)] == ["held", "refused", "ended"]


def test_a_hold_taken_while_it_is_let_go_ends(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """Zoom says yes just when two people have said that it is over."""
    placing.carry_out_next(clock=Meanwhile(clock, lambda: let_go(matter, officers, now=town.now())))
    assert ZoomMatter.objects.get().state == State.ENDING
    work(clock)
    assert there(town) == []


def test_who_cannot_be_held_anew_stays_in_the_old_one(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """Cleo left, so Zoom takes no new matter with her: the one that holds her goes on, and Bo's line says why."""
    placing.work(clock=clock)
    Person.objects.filter(email="cleo@acme.example").update(user_id="nobody")
    let_go(matter, officers, "bo", now=town.now())
    work(clock)
    assert ["ana", "bo", "cleo"] in held_there(town)
    bo = matters.held(matter)[-1]
    assert (bo.custodian.email, bo.at_zoom) == ("bo@acme.example", "ending")
    assert "whoever stays" in bo.reason


def test_whom_zoom_refused_is_asked_for_again(
    town: Town, clock: Clock, matter: Matter, officers: tuple[User, User]
) -> None:
    """Once the directory knows Cleo's new id she is held there too; with nobody refused there is nothing to ask."""
    Person.objects.filter(email="cleo@acme.example").update(user_id="nobody")
    placing.work(clock=clock)
    assert (
        matters.seen(matter_id=matter.pk, by=None, now=town.now()).refused[0].custodian.name
        == "cleo@acme.example"
    )
    Person.objects.filter(email="cleo@acme.example").update(user_id=person("Cleo").id)
    asked = opening.ask_zoom_again(matter_id=matter.pk, by=officers[0], now=town.now())
    assert [one.email for one in asked] == ["cleo@acme.example"]
    work(clock)
    assert sorted(name for held in held_there(town) for name in held) == ["ana", "bo", "cleo"]
    with pytest.raises(opening.Unfit, match="refused nobody"):
        opening.ask_zoom_again(matter_id=matter.pk, by=officers[0], now=town.now())


def test_who_is_no_user_any_more_is_not_asked_for(town: Town, clock: Clock, matter: Matter) -> None:
    """The directory says that Bo is outside now: the others are held, and Zoom is never asked for nobody."""
    Person.objects.filter(email="bo@acme.example").update(is_external=True)
    placing.work(clock=clock)
    assert sorted(name for held in held_there(town) for name in held) == ["ana", "cleo"]
    refused = AuditEvent.objects.get(action="refused")
    assert refused.details["custodians"] == ["bo@acme.example"]
