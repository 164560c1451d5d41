"""A matter is renamed: here at once, at Zoom by a job, and found by every name it had."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.test import Client

from archive import search
from archive.models import Account, Person
from compliance import demonstration, matters, naming, opening, placing, renaming
from compliance.models import AuditEvent, FormerName, Matter, MatterMember, Told, ZoomMatter, ZoomRename
from tests.archive.capture.conftest import Town, data, hurry, person, town
from tests.compliance.matters.conftest import NOW, draft
from tests.compliance.matters.test_placing import Clock, clock, opened

__all__ = ["clock", "data", "hurry", "person", "town"]
pytestmark = pytest.mark.django_db
OLD, NEW = "Inquiry 2026-114", "SEC inquiry 2026-114"


def rename(matter: Matter, by: User | None, name: str = NEW) -> Matter:
    return renaming.rename(matter_id=matter.pk, name=name, reason="The SEC wrote", by=by, now=NOW)


def test_the_old_name_is_kept_and_found(matter: Matter, ines: User) -> None:
    """With who changed it and why; the list, and a query, find the matter by either."""
    rename(matter, ines)
    kept = FormerName.objects.get()
    assert (kept.name, kept.renamed_by, kept.reason) == (OLD, ines, "The SEC wrote")
    for named in (NEW, "inquiry 2026"):
        assert [one.matter.name for one in matters.page(named=named, by=ines, now=NOW).lines] == [NEW]
    assert matters.page(named="another", by=ines, now=NOW).total == 0
    cases = naming.known(ines).cases
    assert cases.former() == {OLD: matter.pk}
    assert search.parse(f'matter:"{OLD}"', now=NOW) is not None
    event = AuditEvent.objects.get(action="renamed")
    assert (event.actor, event.details["from"], event.details["to"]) == (ines, OLD, NEW)


def test_what_zoom_was_not_asked_for_yet_is_asked_for_under_the_new_name(matter: Matter, ines: User) -> None:
    """With its mark as before; there is nothing to rename."""
    mark = ZoomMatter.objects.get().name.removeprefix(OLD)
    rename(matter, ines)
    assert ZoomMatter.objects.get().name == NEW + mark
    assert not ZoomRename.objects.exists()


@pytest.mark.parametrize(
    ("name", "why", "says"),
    [
        ("", "x", "1 to 100"),
        ("x" * 101, "x", "1 to 100"),
        (f"  {OLD} ", "x", "called so already"),
        (NEW, " ", "Say why"),
        ("Other", "x", "There is, or was"),
        ("Older", "x", "There is, or was"),
    ],
)
def test_what_is_no_name_is_refused(
    matter: Matter, account: Account, people: list[Person], ines: User, name: str, why: str, says: str
) -> None:
    """Nothing changes, and the sentence says why; a name that another matter had is not free."""
    other = opening.open_matter(draft(account, people[:1], name="Older"), by=ines, now=NOW)
    renaming.rename(matter_id=other.pk, name="Other", reason="x", by=ines, now=NOW)
    with pytest.raises(renaming.Unfit, match=says):
        renaming.rename(matter_id=matter.pk, name=name, reason=why, by=ines, now=NOW)
    assert Matter.objects.get(pk=matter.pk).name == OLD
    with pytest.raises(opening.Unfit, match="There is, or was"):
        opening.open_matter(
            draft(account, people[:1], name="Older", request_key=uuid.uuid4()), by=ines, now=NOW
        )


def test_only_who_may_change_it_renames_it(matter: Matter, ravi: User, ines: User) -> None:
    """A reviewer may not, even as a member; to others it is not there; a released one keeps its name."""
    with pytest.raises(matters.NoSuchMatter):
        rename(matter, ravi)
    MatterMember.objects.create(matter=matter, user=ravi, added_at=NOW, added_by_name="Ines")
    with pytest.raises(PermissionDenied, match="change matters"):
        rename(matter, ravi)
    Matter.objects.update(state="released", released_at=NOW)
    with pytest.raises(renaming.Unfit, match="was released"):
        rename(matter, ines)


def test_the_page_renames_and_says_what_it_was_called(matter: Matter, ines: User, client: Client) -> None:
    """What was written stays when it does not fit; afterwards the matter's page names both."""
    client.force_login(ines)
    address = f"/matters/{matter.pk}/rename/"
    said = client.post(address, {"name": OLD, "reason": "The SEC wrote"}).content.decode()
    assert "called so already" in said
    assert "The SEC wrote</textarea>" in said
    assert client.post(address, {"name": NEW, "reason": "The SEC wrote"}).status_code == 302
    said = client.get(f"/matters/{matter.pk}/").content.decode()
    assert f"“{OLD}” until" in said
    assert client.get("/matters/?name=2026-114").content.decode().count("rowlink") == 1
    assert "is, or was, called so" in client.get("/matters/?name=nothing").content.decode()


def placed(town: Town, clock: Clock) -> Matter:
    """A matter that Zoom holds."""
    matter = opened(town, town.ines.email)
    placing.work(clock=clock)
    return matter


def called(town: Town) -> list[str]:
    return [one.name for one in town.world.matters.values()]


def test_zoom_is_renamed_and_read_back(town: Town, clock: Clock) -> None:
    """By a job, once; whoever asked is told, and the trail says so."""
    matter = placed(town, clock)
    ines = User.objects.create(username="ines")
    ines.groups.add(Group.objects.get(name="Compliance officer"))
    MatterMember.objects.create(matter=matter, user=ines, added_at=NOW, added_by_name="x")
    before = called(town)[0]
    rename(matter, ines)
    assert called(town) == [before]
    assert renaming.work(clock=clock) == 1
    row = ZoomMatter.objects.get()
    assert called(town) == [row.name] == [before.replace("Inquiry", NEW)]
    assert ZoomRename.objects.get().state == "done"
    assert AuditEvent.objects.get(action="renamed_at_zoom").details["from"] == before
    assert Told.objects.get(person=ines).text == f"{NEW}: Zoom calls it so now, too."
    assert renaming.work(clock=clock) == 0


@pytest.mark.parametrize(
    "fault", ["error_500@updateLegalHoldMatter:every=1", "bad_gateway@listLegalHoldMatters:every=1"]
)
def test_what_could_not_be_done_or_read_back_is_asked_again(town: Town, clock: Clock, fault: str) -> None:
    """It is due later, says why, and ends renamed."""
    matter = placed(town, clock)
    rename(matter, None)
    town.misbehave(fault)
    renaming.work(clock=clock)
    job = ZoomRename.objects.get()
    assert (job.state, job.attempts) == ("due", 1)
    assert job.last_error != ""
    town.behave()
    clock.more += timedelta(minutes=2)
    renaming.work(clock=clock)
    assert called(town) == [ZoomMatter.objects.get().name]
    assert called(town)[0].startswith(NEW)


def test_a_matter_that_is_gone_is_said_and_can_be_asked_for_again(town: Town, clock: Clock) -> None:
    """Zoom knows it no more: refused, in words; asked again it is tried anew."""
    matter = placed(town, clock)
    rename(matter, None)
    town.world.matters.clear()
    renaming.work(clock=clock)
    job = ZoomRename.objects.get()
    assert (job.state, "does not know" in job.last_error) == ("refused", True)
    assert renaming.ask_again(matter_id=matter.pk, by=None, now=NOW) == 1
    assert ZoomRename.objects.get().state == "due"
    ZoomRename.objects.update(state="done")
    with pytest.raises(renaming.Unfit):
        renaming.ask_again(matter_id=matter.pk, by=None, now=NOW)


def test_renamed_while_zoom_is_asked_it_ends_with_the_newest_name(town: Town, clock: Clock) -> None:
    """A worker that asked for the older name does not say that it is done."""
    matter = placed(town, clock)
    rename(matter, None)
    claim = uuid.uuid4()
    ZoomRename.objects.update(state="asking", claim=claim, claimed_at=clock())
    rename(matter, None, "Newest")
    row = ZoomRename.objects.get()
    assert (row.state, row.claim) == ("asking", claim)
    row.name = "what the worker asked for"
    assert not renaming._update(row, state="done")
    assert renaming.work(clock=clock) == 1
    assert called(town)[0].startswith("Newest [HF")


def test_renamed_while_zoom_creates_it_follows_when_it_is_there(town: Town, clock: Clock) -> None:
    """The name by which a lost creation is found stays until it was found."""
    matter = opened(town, town.ines.email)
    town.misbehave("cut_body@addLegalHoldMatter:nth=1")
    placing.work(clock=clock)
    before = ZoomMatter.objects.get().name
    rename(matter, None)
    assert ZoomMatter.objects.get().name == before
    clock.more += timedelta(minutes=2)
    placing.work(clock=clock)
    assert called(town) == [before]
    renaming.work(clock=clock)
    assert called(town)[0].startswith(NEW)


def test_what_ends_at_zoom_is_not_renamed(town: Town, clock: Clock) -> None:
    """Its hold ends, and Zoom is not asked for its name any more."""
    matter = placed(town, clock)
    rename(matter, None)
    ZoomMatter.objects.update(state="ending")
    renaming.work(clock=clock)
    assert ZoomRename.objects.get().state == "not_wanted"


def test_the_demo_knows_its_matter_by_the_name_it_had(
    matter: Matter, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started again after somebody renamed it, it opens no second one, and does not stop at the name that is taken."""
    monkeypatch.setattr(demonstration, "MATTER", matter.name)
    rename(matter, ines)
    assert demonstration.open_matter(now=NOW)
    assert Matter.objects.count() == 1
