"""A finding ends with words, and only where it may; what comes back is new and leads to the old."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from compliance import audit, health, matters
from compliance.models import Finding, MatterMember, ZoomMatter
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.health.conftest import Case


def test_missing_stays_red_until_it_is_back_and_somebody_wrote(case: Case) -> None:
    """Words alone do not bring a matter back; placed again, it is over."""
    case.vanish()
    (row,) = case.look()
    case.deal(row)
    assert case.look() == [row]
    health.place_again(matter_id=case.matter.pk, finding_id=row.pk, by=case.ines, now=case.now)
    assert case.look() == []
    row.refresh_from_db()
    assert row.cleared_at is not None
    assert case.mark().words == "hold healthy"


def test_whom_zoom_no_longer_holds_is_nowhere_said_to_be_held_there(case: Case, client: Client) -> None:
    """Neither on the summary, nor among the custodians, nor in the list of matters, until they are placed again."""
    case.confirm()
    client.force_login(case.ines)
    pages = {name: f"/matters/{case.matter.pk}/{name}" for name in ("", "custodians/")} | {
        "list": "/matters/"
    }
    before = {name: client.get(address).content.decode() for name, address in pages.items()}
    assert not any("missing there" in said for said in before.values())
    case.vanish()
    (finding,) = case.look()
    after = {name: client.get(address).content.decode() for name, address in pages.items()}
    assert all("missing there" in said for said in after.values())
    assert case.placed.zoom_id[:8] not in after["custodians/"]
    health.place_again(matter_id=case.matter.pk, finding_id=finding.pk, by=case.ines, now=case.now)
    assert "being placed" in client.get(pages["custodians/"]).content.decode()


def test_what_went_away_by_itself_still_waits_for_words(case: Case) -> None:
    """A setting that was changed and changed back is not healed without anybody having looked."""
    case.town.world.set_retention(case.channel, custom=True, period="3d")
    case.look(hours=1.1)
    case.town.world.set_retention(case.channel, custom=False, period="1y")
    (row,) = case.look(hours=1.1)
    assert row.cleared_at is not None
    assert case.mark().state == "alarm"
    case.deal(row)
    assert case.red() == []
    assert len(case.events(audit.Action.CLEARED)) == 1


def test_a_change_that_cannot_be_undone_ends_with_words(case: Case) -> None:
    """Another owner is accepted in writing, is not found again, and stays in view."""
    case.channel.owner_id = case.town.ravi.id
    (row,) = case.look(hours=1.1)
    case.deal(row, words="The new owner was told about the hold on 3 November.")
    assert case.look(hours=1.1) == []
    page = health.page(matter_id=case.matter.pk, by=case.ines, now=case.now)
    assert [line.row.pk for line in page.accepted] == [row.pk]
    assert page.mark.words == "hold healthy, 1 accepted in writing"


def test_what_comes_back_is_new_and_leads_to_the_old(case: Case) -> None:
    """Both are there, in order."""
    case.channel.owner_id = case.town.ravi.id
    (first,) = case.look(hours=1.1)
    case.deal(first)
    case.channel.owner_id = case.town.ines.id
    case.look(hours=1.1)
    case.channel.owner_id = case.town.ravi.id
    (second,) = case.look(hours=1.1)
    assert (second.before_id, second.pk != first.pk) == (first.pk, True)


@pytest.mark.parametrize("words", ["", "done", "dealt with", "xxxxxxxxxxxxxxxxxxxx", "  ok   ok  ok "])
def test_a_word_is_no_sentence(case: Case, words: str) -> None:
    """What was done has to be written so that somebody else understands it."""
    case.vanish()
    (row,) = case.look()
    with pytest.raises(health.Unfit, match="at least a sentence"):
        case.deal(row, words=words)
    assert case.red() == [row]


def test_words_are_in_the_trail(case: Case) -> None:
    """Who, what, when, and on which finding."""
    case.vanish()
    (row,) = case.look()
    case.deal(row)
    (event,) = case.events(audit.Action.DEALT_WITH)
    assert (event["finding"], event["reason"]) == (row.pk, "Asked Zoom’s administrators about it.")


def test_the_same_in_other_matters_of_mine(case: Case) -> None:
    """What concerns the whole account is written about once, in those matters that the person may change."""
    other, foreign = case.open("Another"), case.open("Foreign")
    case.hold(other)
    case.hold(foreign)
    MatterMember.objects.filter(matter=foreign).update(removed_at=case.now, removed_by_name="Ines")
    case.look(hours=25)
    (row,) = [one for one in case.red() if one.kind == "behind" and one.matter_id == case.matter.pk]
    assert case.deal(row, everywhere=True) == 2
    open_still = Finding.objects.filter(kind="behind", dealt_with_at=None)
    assert [one.matter_id for one in open_still] == [foreign.pk]


def test_placed_again_with_whom_is_still_held(case: Case) -> None:
    """A new job with the same custodians; the old row says what became of it, and asking twice places once."""
    case.vanish()
    (row,) = case.look()
    placed = health.place_again(matter_id=case.matter.pk, finding_id=row.pk, by=case.ines, now=case.now)
    assert list(placed.custodians.all()) == [case.custodian]
    assert placed.state == ZoomMatter.State.DUE
    case.placed.refresh_from_db()
    assert case.placed.state == ZoomMatter.State.DELETED
    with pytest.raises(health.Unfit, match="already"):
        health.place_again(matter_id=case.matter.pk, finding_id=row.pk, by=case.ines, now=case.now)


def test_only_who_may_change_the_matter(case: Case) -> None:
    """Ravi reviews and may look; to Tomás, no member, there is no such matter."""
    case.vanish()
    (row,) = case.look()
    ravi, tomas = cast.person(Role.REVIEWER), cast.person(Role.AUDITOR)
    MatterMember.objects.create(matter=case.matter, user=ravi, added_at=case.now, added_by_name="Ines")
    assert health.page(matter_id=case.matter.pk, by=ravi, now=case.now).may_change is False
    with pytest.raises(PermissionDenied, match="change matters"):
        health.deal(
            matter_id=case.matter.pk, finding_ids=[row.pk], words="I asked the owner.", by=ravi, now=case.now
        )
    with pytest.raises(matters.NoSuchMatter):
        health.page(matter_id=case.matter.pk, by=tomas, now=case.now)


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {}},
        {"words_suffice": True},
        {"dealt_with_at": None, "dealt_with_words": "", "dealt_with_by_name": "", "dealt_with_by": None},
        {"dealt_with_words": "Something else was done about it."},
        {"cleared_at": None},
        {"first_seen_at": None},
    ],
)
def test_the_database_refuses_to_rewrite_a_finding(case: Case, change: dict[str, object]) -> None:
    """What was found, when it ended and what was written stay."""
    case.town.world.set_retention(case.channel, custom=True, period="3d")
    case.look(hours=1.1)
    case.town.world.set_retention(case.channel, custom=False, period="1y")
    (row,) = case.look(hours=1.1)
    case.deal(row)
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.all()._raw_delete(Finding.objects.db)
