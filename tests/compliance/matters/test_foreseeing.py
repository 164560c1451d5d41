"""What becomes destroyable is shown before it is asked for, asked for with it, and told afterwards."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client

from archive.models import Person
from compliance import approvals, foreseeing, matters, releasing
from compliance.models import AuditEvent, Custodian, Matter, ZoomMatter
from compliance.permissions import Role
from tests.archive.disposition import zips
from tests.archive.scenes import NOON, NOW
from tests.compliance import cast
from tests.compliance.holds.conftest import Office, office

__all__ = ["office"]
LATER = NOW + timedelta(days=2)


@pytest.fixture
def ines(db: None) -> User:
    """Ines, a compliance officer."""
    return cast.person(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def nora(ines: User) -> User:
    """Nora, a second officer."""
    nora = User.objects.create_user("nora", "nora@example.test", cast.PASSWORD, first_name="Nora")
    nora.groups.add(*ines.groups.all())
    return nora


@pytest.fixture
def matter(office: Office, ines: User, nora: User) -> Matter:
    """Olu heard three messages before they left, and is held."""
    for hours in (1, 2, 3):
        office.say(NOON - timedelta(hours=hours))
    office.step("left", NOON)
    office.say(NOON + timedelta(hours=1))
    matter = office.open_matter()
    office.hold(matter)
    for user in (ines, nora):
        office.let_in(matter, user)
    return matter


def test_a_release_is_foreseen_session_by_session(matter: Matter, office: Office, ines: User) -> None:
    """Three messages of the four: the last was said after Olu left. The look is in the trail, and nothing else."""
    seen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    assert (seen.lost.messages, seen.people, seen.is_release, seen.beyond) == (3, ["Olu Ade"], True, 0)
    [(part, title)] = seen.parts
    assert (part.session_id, part.messages, title) == (office.session.pk, 3, "general")
    assert [event.action for event in AuditEvent.objects.filter(subject=f"matter/{matter.pk}")] == ["looked"]


def test_what_another_matter_holds_is_not_let_go(matter: Matter, office: Office, ines: User) -> None:
    """Two of the three are held by another matter from eleven on."""
    office.hold(office.open_matter("Other"), since=NOON - timedelta(hours=2))
    seen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    assert seen.lost.messages == 1


def test_only_who_may_ask_foresees(matter: Matter, office: Office, ines: User) -> None:
    """Ravi reviews the matter; Olga is an officer elsewhere."""
    ravi = cast.person(Role.REVIEWER)
    office.let_in(matter, ravi)
    with pytest.raises(PermissionDenied):
        foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ravi, now=NOW)
    olga = User.objects.create_user("olga")
    olga.groups.add(*ines.groups.all())
    with pytest.raises(matters.NoSuchMatter):
        foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=olga, now=NOW)


def test_the_page_shows_it_and_keeps_what_was_written(client: Client, matter: Matter, ines: User) -> None:
    """Shown before anything is asked; a request that cannot be made loses neither the reason nor the ticks."""
    client.force_login(ines)
    address, olu = f"/matters/{matter.pk}/release/ask/", Custodian.objects.get().pk
    said = client.post(address, {"do": "foresee-release", "reason": "Settled"}).content.decode()
    assert "<strong>3 messages</strong>" in said
    assert "Settled</textarea>" in said
    said = client.post(address, {"do": "drop", "reason": "Settled", "custodian": olu}).content.decode()
    assert "Release it instead" in said
    assert f'value="{olu}" checked' in said
    assert "Settled</textarea>" in said
    for do in ("drop", "foresee-drop"):
        said = client.post(address, {"do": do, "reason": "Settled"}).content.decode()
        assert "Tick the custodians" in said


def test_what_was_let_go_is_told_afterwards(client: Client, matter: Matter, ines: User, nora: User) -> None:
    """On the request for the second person, in the trail with its digest, and on the released matter's page."""
    foreseen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    assert asked.figures["messages become destroyable"] == 3
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    approvals.carry_out_due(clock=lambda: LATER)
    lost = AuditEvent.objects.get(action="released").details["destroyable"]
    assert (lost["messages"], lost["sha256"]) == (3, foreseen.lost.sha256)
    client.force_login(ines)
    said = client.get(f"/matters/{matter.pk}/").content.decode()
    assert "<strong>3 messages</strong> and 0 files in 1 session became destroyable by it" in said


@pytest.fixture
def zipped(matter: Matter, office: Office) -> int:
    """Zoom made one zip for the matter, and it is here; how many bytes it has."""
    ZoomMatter.objects.create(
        matter=matter, name="At Zoom", zoom_id="zm-1", state="held", not_before=NOW, asked_at=NOW, created_at=NOW
    )  # fmt: skip
    content = zips.packed([("s1", "m1", "words")])
    zips.bring(office.account, content)
    return len(content)


def test_the_zips_that_a_release_lets_go_are_listed(
    client: Client, matter: Matter, zipped: int, ines: User, nora: User
) -> None:
    """Before it is asked for, for the second person, in the trail, and on the released matter's page."""
    seen = foreseeing.foresee(matter_id=matter.pk, custodian_ids=None, by=ines, now=NOW)
    assert (seen.zips.zips, seen.zips.bytes) == (1, zipped)
    client.force_login(ines)
    said = client.get(f"/matters/{matter.pk}/release/?count={seen.count.pk}").content.decode()
    assert "<strong>its 1 zip from Zoom</strong>" in said
    asked = releasing.ask_release(matter_id=matter.pk, reason="Settled", by=ines, now=NOW)
    assert asked.figures["zips from Zoom no longer kept by this matter"] == 1
    assert asked.figures["bytes in those zips, which go where no other hold covers them"] == zipped
    second = approvals.seen(request_id=asked.pk, by=nora, now=NOW)
    assert second.figures == asked.figures
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=nora, now=NOW)
    approvals.carry_out_due(clock=lambda: LATER)
    lost = AuditEvent.objects.get(action="released").details["destroyable"]
    assert (lost["zips"], lost["zip_bytes"]) == (1, zipped)
    assert "and 1 zip of" in client.get(f"/matters/{matter.pk}/").content.decode()
    assert (
        "no longer kept for it: 1 zip from Zoom"
        in client.get(f"/matters/{matter.pk}/timeline/").content.decode()
    )


def test_no_zip_is_let_go_by_dropping_somebody(
    client: Client, matter: Matter, office: Office, zipped: int, ines: User
) -> None:
    """The matter goes on, and so its zips stay, whoever is dropped: the page says so, the request counts none."""
    mira = Person.objects.create(account=office.account, member_id="m-mira", display_name="Mira Lang")
    other = Custodian.objects.create(
        matter=matter, person_id=mira.pk, name="Mira Lang", added_at=NOON, added_by_name="Ines"
    )
    client.force_login(ines)
    given = {"do": "foresee-drop", "custodian": other.pk, "reason": "x"}
    said = client.post(f"/matters/{matter.pk}/release/ask/", given).content.decode()
    assert "The matter’s 1 zip from Zoom" in said
    assert "no longer kept" not in said.split('id="foreseen"')[1].split("</section>")[0]
    asked = releasing.ask_drop(matter_id=matter.pk, custodian_ids=[other.pk], reason="x", by=ines, now=NOW)
    assert not any("zips" in words for words in asked.figures)
