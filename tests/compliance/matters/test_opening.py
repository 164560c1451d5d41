"""Opening a matter: what is placed, all at once, and what is refused."""

import pytest
from celery import Celery
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoCaptureOnCommitCallbacks

from archive import candidates
from archive.models import Account, Person
from compliance import matters, opening
from compliance.models import AuditEvent, Custodian, Hold, Matter, ZoomMatter
from tests.compliance.matters.conftest import NOW, draft


def test_everything_is_placed_at_once(account: Account, people: list[Person], ines: User) -> None:
    """Custodians, holds that run to the end of the last day, a matter wanted at Zoom, and one event that names them."""
    wanted = draft(account, [people[0], people[3]], since=NOW.date(), until=NOW.date())
    matter = opening.open_matter(wanted, by=ines, now=NOW)
    assert matters.get(matter_id=matter.pk, by=ines) == matter
    assert sorted(Custodian.objects.values_list("name", flat=True)) == ["Mira Lang", "Olu"]
    hold = Hold.objects.get(person_id=people[0].pk)
    assert (hold.since.isoformat(), hold.until.isoformat()) == (  # type: ignore[union-attr]
        "2026-03-02T00:00:00+00:00",
        "2026-03-03T00:00:00+00:00",
    )
    assert [one.person_id for one in ZoomMatter.objects.get().custodians.all()] == [people[0].pk]
    event = AuditEvent.objects.get(action="opened")
    assert event.subject == f"matter/{matter.pk}"
    assert event.details["here_alone"] == ["Olu"]


def test_the_same_form_opens_one_matter(account: Account, people: list[Person], ines: User) -> None:
    """Sent twice, the second answer is the first one's matter."""
    wanted = draft(account, people[:1])
    assert opening.open_matter(wanted, by=ines, now=NOW) == opening.open_matter(wanted, by=ines, now=NOW)
    assert (Matter.objects.count(), Hold.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"person_ids": []}, "at least one"),
        ({"person_ids": [10**9]}, "not known"),
        ({"name": " "}, "name of 1 to 100"),
        ({"reason": " "}, "why"),
        ({"since": NOW.date().replace(day=3), "until": NOW.date()}, "before the first"),
    ],
)
def test_what_cannot_be_placed_is_said(
    account: Account, people: list[Person], ines: User, columns: dict[str, object], words: str
) -> None:
    """And nothing of it is placed."""
    with pytest.raises(opening.Unfit, match=words):
        opening.open_matter(draft(account, people, **columns), by=ines, now=NOW)
    assert not Matter.objects.exists()
    assert not Custodian.objects.exists()


def test_a_name_is_used_once(matter: Matter, account: Account, people: list[Person], ines: User) -> None:
    """Two matters of one name could be taken for each other."""
    with pytest.raises(opening.Unfit, match="already"):
        opening.open_matter(draft(account, people), by=ines, now=NOW)


def test_twenty_one_people_are_two_matters_at_zoom(account: Account, ines: User) -> None:
    """Zoom takes twenty in one."""
    crowd = [
        Person.objects.create(account=account, user_id=f"u{number}", display_name=f"P{number:02}")
        for number in range(21)
    ]
    opening.open_matter(draft(account, crowd), by=ines, now=NOW)
    assert [one.custodians.count() for one in ZoomMatter.objects.all()] == [20, 1]
    assert len(set(ZoomMatter.objects.values_list("name", flat=True))) == 2


def test_a_person_is_added_once(matter: Matter, people: list[Person], ines: User) -> None:
    """Those who are held already stay as they are; a new matter at Zoom is wanted for the new ones alone."""
    opening.add(matter_id=matter.pk, person_ids=[people[0].pk, people[2].pk], by=ines, now=NOW)
    assert Custodian.objects.filter(matter=matter).count() == 3
    assert [one.custodians.count() for one in ZoomMatter.objects.all()] == [2, 1]
    with pytest.raises(opening.Unfit, match="already"):
        opening.add(matter_id=matter.pk, person_ids=[people[0].pk], by=ines, now=NOW)


def test_a_reviewer_opens_nothing(account: Account, people: list[Person], ravi: User) -> None:
    """The refusal is in the trail."""
    with pytest.raises(PermissionDenied, match="open matters"):
        opening.open_matter(draft(account, people), by=ravi, now=NOW)
    assert AuditEvent.objects.get(action="refused").actor == ravi


def test_a_matter_of_others_does_not_exist(matter: Matter, people: list[Person], ravi: User) -> None:
    """Neither to look at nor to add to."""
    with pytest.raises(matters.NoSuchMatter):
        opening.add(matter_id=matter.pk, person_ids=[people[2].pk], by=ravi, now=NOW)
    with pytest.raises(matters.NoSuchMatter):
        matters.seen(matter_id=matter.pk, by=ravi, now=NOW)


def test_a_pasted_list_loses_nothing(account: Account, people: list[Person]) -> None:
    """Each line is somebody, nobody, or several people."""
    lines = [
        "tom@acme.example",
        "Mira Lang",
        "Olu Else <olu@else.example>",
        "Nobody",
        "",
        "MIRA2@ACME.EXAMPLE",
    ]
    roll = candidates.called(lines, account_id=account.pk)
    assert {one.email for one in roll.found} == {"tom@acme.example", "olu@else.example", "mira2@acme.example"}
    assert (roll.unknown, roll.ambiguous) == (("Nobody",), ("Mira Lang",))


def test_whoever_has_to_act_is_woken(
    account: Account,
    people: list[Person],
    ines: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Zoom is asked, health looks, custodians are told and figures are counted at once, not at the next minute."""
    woken: list[str] = []
    monkeypatch.setattr(Celery, "send_task", lambda _, name, **__: woken.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        opening.open_matter(draft(account, people[:1]), by=ines, now=NOW)
    assert {name.removeprefix("compliance.tasks.") for name in woken} == {
        "place_holds",
        "plan_lookouts",
        "look_after_holds",
        "send_notices",
        "count_preserved",
    }
