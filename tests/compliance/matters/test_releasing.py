"""Ending holds takes two people, and at Zoom nobody who stays is without a hold for a moment."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client

from archive.models import Person
from compliance import approvals, matters, membership, opening, placing, releasing
from compliance.models import AuditEvent, Custodian, Hold, Matter, MatterMember, ZoomMatter
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.matters.conftest import NOW

State = ZoomMatter.State
LATER = NOW + timedelta(days=2)


@pytest.fixture
def nora(matter: Matter) -> User:
    """Nora, a second officer, and a member of the matter."""
    nora = User.objects.create_user("nora", "nora@example.test", cast.PASSWORD, first_name="Nora")
    nora.groups.add(*User.objects.get(username="ines").groups.all())
    MatterMember.objects.create(matter=matter, user=nora, added_at=NOW, added_by_name="Ines")
    return nora


def held_at_zoom(**columns: object) -> None:
    """Zoom has taken what was asked of it."""
    for row in ZoomMatter.objects.filter(state=State.DUE):
        ZoomMatter.objects.filter(pk=row.pk).update(
            state=State.HELD, zoom_id=f"z{row.pk}", created_at=NOW, attempts=1, **columns
        )


def carried_out(request_id: int, *, by: User) -> None:
    """Approved, cooled off and run."""
    request = approvals.seen(request_id=request_id, by=by, now=NOW).request
    approvals.approve(request_id=request_id, digest=request.digest, by=by, now=NOW)
    assert not Hold.objects.filter(released_at__isnull=False).exists()
    approvals.carry_out_due(clock=lambda: LATER)


def test_a_matter_is_released_by_two(matter: Matter, ines: User, nora: User) -> None:
    """Its holds end together, its custodians are dropped, and Zoom's matter is due to end."""
    held_at_zoom()
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    with pytest.raises(PermissionDenied):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=ines, now=NOW)
    carried_out(asked.pk, by=nora)
    matter.refresh_from_db()
    assert matter.state == Matter.State.RELEASED
    assert not Hold.objects.filter(released_at=None).exists()
    assert not Custodian.objects.filter(dropped_at=None).exists()
    assert ZoomMatter.objects.get().state == State.ENDING
    with pytest.raises(opening.Unfit, match="released"):
        opening.add(matter_id=matter.pk, person_ids=[1], by=ines, now=LATER)


def test_who_stays_is_held_anew_before_the_old_one_ends(matter: Matter, ines: User, nora: User) -> None:
    """Zoom's matter with Mira and Tom goes on until Zoom has taken one with Tom alone."""
    held_at_zoom()
    mira = Custodian.objects.get(name="Mira Lang")
    asked = releasing.ask_drop(
        matter_id=matter.pk, custodian_ids=[mira.pk], reason="Not involved", by=ines, now=NOW
    )
    carried_out(asked.pk, by=nora)
    old, new = ZoomMatter.objects.order_by("pk")
    assert (old.state, new.state) == (State.HELD, State.DUE)
    assert [one.name for one in new.custodians.all()] == ["Tom Berg"]
    held_at_zoom()
    placing.end_replaced(matter_id=matter.pk, now=LATER)
    old.refresh_from_db()
    assert old.state == State.ENDING
    assert Hold.objects.get(released_at=None).person_id == Custodian.objects.get(dropped_at=None).person_id
    assert AuditEvent.objects.get(action="dropped").details["custodians"] == ["Mira Lang"]


def test_somebody_added_meanwhile_overtakes_a_release(
    matter: Matter, people: list[Person], ines: User, nora: User
) -> None:
    """What was approved is not what would happen: nobody is let go."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    opening.add(matter_id=matter.pk, person_ids=[people[3].pk], by=ines, now=NOW)
    approvals.carry_out_due(clock=lambda: LATER)
    asked.refresh_from_db()
    assert asked.state == "overtaken"
    assert Hold.objects.filter(released_at=None).count() == 3


@pytest.mark.parametrize("who", ["ines", "nora"])
def test_whoever_is_taken_off_the_matter_releases_nothing_of_it(
    who: str, matter: Matter, ines: User, nora: User
) -> None:
    """While it cools off, whoever asked or whoever approved leaves the matter: nobody is let go."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    gone, stays = (ines, nora) if who == "ines" else (nora, ines)
    membership.remove(matter_id=matter.pk, user_id=gone.pk, by=stays, now=NOW)
    approvals.carry_out_due(clock=lambda: LATER)
    asked.refresh_from_db()
    assert asked.state == "overtaken"
    assert "may no longer do so" in asked.ending
    assert not Hold.objects.filter(released_at__isnull=False).exists()


def test_everybody_dropped_is_a_release(matter: Matter, ines: User) -> None:
    """It is asked for by that name, so that nobody releases a matter unawares."""
    everybody = list(Custodian.objects.values_list("pk", flat=True))
    with pytest.raises(approvals.Obstacle, match="Release it instead"):
        releasing.ask_drop(matter_id=matter.pk, custodian_ids=everybody, reason="x", by=ines, now=NOW)


def test_only_members_approve(matter: Matter, ines: User) -> None:
    """To another officer the request does not exist."""
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    outsider = User.objects.create_user("olga", "", cast.PASSWORD)
    outsider.groups.add(*ines.groups.all())
    with pytest.raises(approvals.NotThere):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=outsider, now=NOW)


def test_members_come_and_go_but_the_last_officer(matter: Matter, ines: User, ravi: User) -> None:
    """Ravi sees the matter while he is a member; Ines cannot leave it alone."""
    membership.add(matter_id=matter.pk, user_id=ravi.pk, by=ines, now=NOW)
    assert matters.get(matter_id=matter.pk, by=ravi) == matter
    membership.remove(matter_id=matter.pk, user_id=ravi.pk, by=ines, now=NOW)
    with pytest.raises(matters.NoSuchMatter):
        matters.get(matter_id=matter.pk, by=ravi)
    with pytest.raises(membership.Unfit, match="needs a compliance officer"):
        membership.remove(matter_id=matter.pk, user_id=ines.pk, by=ines, now=NOW)
    ada = cast.person(Role.ADMINISTRATOR)
    with pytest.raises(membership.Unfit, match="whose role"):
        membership.add(matter_id=matter.pk, user_id=ada.pk, by=ines, now=NOW)


def test_a_matter_without_an_officer_is_taken_up(matter: Matter, ines: User) -> None:
    """With a reason, by an officer, and only then."""
    olga = User.objects.create_user("olga", "", cast.PASSWORD)
    olga.groups.add(*ines.groups.all())
    with pytest.raises(matters.NoSuchMatter):
        membership.join(matter_id=matter.pk, reason="curious", by=olga, now=NOW)
    User.objects.filter(pk=ines.pk).update(is_active=False)
    assert membership.orphans(by=olga) == [matter]
    membership.join(matter_id=matter.pk, reason="Ines left", by=olga, now=NOW)
    assert matters.get(matter_id=matter.pk, by=olga) == matter
    assert membership.orphans(by=olga) == []


def test_the_pages_ask_and_tell(client: Client, matter: Matter, ines: User, nora: User) -> None:
    """A release is asked for on one page, seen on the other, and stands in the timeline."""
    client.force_login(ines)
    sent = client.post(f"/matters/{matter.pk}/release/ask/", {"do": "release", "reason": "Settled"})
    assert sent["Location"].startswith("/approvals/")
    assert "Release the matter" in client.get(f"/matters/{matter.pk}/release/").content.decode()
    client.force_login(nora)
    seen = client.get(sent["Location"]).content.decode()
    assert "Messages become destroyable" in seen
    assert (
        "asked for a second person: Release" in client.get(f"/matters/{matter.pk}/timeline/").content.decode()
    )
    assert "Nora" in client.get(f"/matters/{matter.pk}/members/").content.decode()
