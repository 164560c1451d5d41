"""Conversations held themselves: chosen on a page, placed by an officer, let go by two, and always said in words."""

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive import conversations
from archive.models import Person, Session
from compliance import approvals, foreseeing, holds, matters, opening, places, preserved, releasing, tallying
from compliance import timeline as timelines
from compliance.models import AuditEvent, Custodian, Hold, Matter, MatterMember, ZoomMatter
from compliance.places import Days
from tests.archive import scenes
from tests.archive.scenes import NOON, NOW
from tests.compliance import cast
from tests.compliance.conftest import As
from tests.compliance.holds.conftest import Office

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def draft(office: Office, **given: object) -> opening.Draft:
    """A matter that holds the channel itself, and nobody."""
    values: dict[str, object] = {
        "request_key": uuid.uuid4(), "account_id": office.account.pk, "name": "Inquiry", "reason": "Letter",
        "session_ids": [office.session.pk], **given,
    }  # fmt: skip
    return opening.Draft(**values)  # type: ignore[arg-type]


@pytest.fixture
def matter(office: Office, ines: User) -> Matter:
    """Ines' matter, in which Olu is held for what Olu said, and the channel itself from 2 November on."""
    wanted = draft(office, person_ids=[office.olu.pk], covers_received=False, since=date(2026, 11, 2))
    return opening.open_matter(wanted, by=ines, now=NOW)


@pytest.fixture
def nora(matter: Matter, ines: User) -> User:
    """Nora, a second officer of the matter."""
    nora = User.objects.create_user("nora", "nora@example.test", cast.PASSWORD, first_name="Nora")
    nora.groups.add(*ines.groups.all())
    MatterMember.objects.create(matter=matter, user=nora, added_at=NOW, added_by_name="Ines")
    return nora


def said(matter: Matter) -> list[str]:
    """The timeline in words, newest first."""
    return [one.words.line for one in timelines.page(matter_id=matter.pk, by=None, now=NOW).lines]


def another(office: Office, name: str) -> Session:
    """One more conversation of the account."""
    return Session.objects.create(
        account=office.account, zoom_id=name, name=name, type="Group", first_seen_at=NOW, last_seen_at=NOW
    )


def carried_out(request_id: int, *, by: User) -> None:
    request = approvals.seen(request_id=request_id, by=by, now=NOW).request
    approvals.approve(request_id=request_id, digest=request.digest, by=by, now=NOW)
    approvals.carry_out_due(clock=lambda: LATER)


def test_what_anybody_says_in_a_held_conversation_cannot_go(office: Office, ines: User) -> None:
    """Ravi is no custodian, and nobody is known to be a member; what was said before the first day may go."""
    early = office.say(NOON - timedelta(days=3))
    during = office.say(NOON)
    made = opening.open_matter(draft(office, since=date(2026, 11, 2)), by=ines, now=NOW)
    assert holds.may_go([early.pk, during.pk]) == {early.pk}
    assert not Custodian.objects.filter(matter=made).exists()
    assert not ZoomMatter.objects.exists()


def test_the_trail_says_what_was_held_in_words(matter: Matter, ines: User, office: Office) -> None:
    """The event that opened the matter names the conversation and its days; so does the one that added another."""
    opened = AuditEvent.objects.get(action="opened")
    hold = Hold.objects.get(session_id=office.session.pk)
    assert opened.details["conversations"] == [
        {"hold": hold.pk, "session": office.session.pk, "name": "general", "since": "2026-11-02"}
    ]
    other = another(office, "random")
    days = Days(date(2026, 11, 1), date(2026, 11, 3))
    places.hold(matter_id=matter.pk, session_ids=[other.pk], days=days, by=ines, now=NOW)
    assert said(matter) == [
        "held the conversation “random” (from 2026-11-01 to 2026-11-03) from then on",
        "opened the matter and held Olu Ade, and the conversation “general” (from 2026-11-02)",
    ]
    placed = Hold.objects.get(session_id=other.pk)
    assert (placed.since, placed.until) == days.bounds
    assert placed.until is not None
    assert placed.until.isoformat() == "2026-11-04T00:00:00+00:00"


def test_a_conversation_is_held_once_for_the_same_days(matter: Matter, ines: User, office: Office) -> None:
    """For other days it is one more rule; the days that are held already are left as they are."""
    key = [office.session.pk]
    with pytest.raises(places.Unfit, match="for these days in this matter already"):
        places.hold(matter_id=matter.pk, session_ids=key, by=ines, now=NOW)
    places.hold(matter_id=matter.pk, session_ids=key, days=Days(), by=ines, now=NOW)
    assert places.held(matter).count() == 2


def test_what_cannot_be_held_is_said(matter: Matter, ines: User, ravi: User, office: Office) -> None:
    """No conversation, one that is not there, days the wrong way round, a matter of others."""
    for keys, days, words in (
        ([], None, "at least one conversation"),
        ([10**9], None, "not known"),
        ([office.session.pk], Days(date(2026, 2, 2), date(2026, 2, 1)), "before the first"),
    ):
        with pytest.raises(places.Unfit, match=words):
            places.hold(matter_id=matter.pk, session_ids=keys, days=days, by=ines, now=NOW)
    with pytest.raises(matters.NoSuchMatter):
        places.hold(matter_id=matter.pk, session_ids=[office.session.pk], by=ravi, now=NOW)
    for wrong in ({"session_ids": []}, {"session_ids": [10**9]}):
        with pytest.raises(opening.Unfit):
            opening.open_matter(draft(office, name="Another", **wrong), by=ines, now=NOW)
    assert Matter.objects.count() == 1


def test_what_was_looked_over_is_what_is_placed(office: Office) -> None:
    """Another conversation, or other days of it, is another draft."""
    one = draft(office)
    others = [
        draft(office, request_key=one.request_key, **changed)
        for changed in ({"session_ids": []}, {"session_days": Days()}, {"session_days": Days(NOW.date())})
    ]
    assert len({wanted.digest for wanted in (one, *others)}) == 4
    assert [place.title for place in opening.preview(one).places] == ["general"]


def test_what_is_held_for_the_place_is_counted(matter: Matter, office: Office, ines: User) -> None:
    """By nobody, for it is nobody's."""
    office.say(NOON)
    tallying.plan(now=NOW)
    while tallying.count_next(clock=lambda: NOW):
        pass
    seen = preserved.seen(matter_id=matter.pk, by=ines, now=NOW)
    assert seen.count is not None
    assert seen.nobody is not None
    assert (seen.count.messages, seen.nobody.figures.messages) == (1, 1)


def test_a_conversation_is_dropped_by_two(matter: Matter, office: Office, ines: User, nora: User) -> None:
    """What only the place held becomes destroyable, as it was shown before; the custodian stays held."""
    theirs, others = office.say(NOON, by=scenes.OLU), office.say(NOON)
    hold = places.held(matter).get()
    seen = foreseeing.foresee(matter_id=matter.pk, hold_ids=[hold.pk], by=ines, now=NOW)
    assert seen.lost is not None
    assert (seen.places, seen.people, seen.is_release, seen.lost.messages) == (["general"], [], False, 1)
    asked = releasing.ask_drop_places(
        matter_id=matter.pk, hold_ids=[hold.pk], reason="Not needed", by=ines, now=NOW
    )
    assert asked.title == "Drop 1 conversation from “Inquiry”"
    assert asked.items[0]["words"] == "The conversation “general”, from 2026-11-02"
    assert asked.counts == {"conversations no longer held themselves": 1, "holds end": 1}
    carried_out(asked.pk, by=nora)
    assert not places.held(matter).exists()
    assert holds.may_go([theirs.pk, others.pk]) == {others.pk}
    assert Custodian.objects.get(matter=matter).dropped_at is None
    dropped = AuditEvent.objects.get(action="dropped").details
    assert (dropped["custodians"], dropped["destroyable"]["messages"]) == ([], 1)
    assert any(
        line.startswith("dropped the conversation “general” (from 2026-11-02); what is")
        for line in said(matter)
    )


def test_one_held_meanwhile_does_not_end_with_it(
    matter: Matter, office: Office, ines: User, nora: User
) -> None:
    """Bound to the approval is which holds end; what is asked twice is not there any more."""
    hold = places.held(matter).get()
    asked = releasing.ask_drop_places(matter_id=matter.pk, hold_ids=[hold.pk], reason="x", by=ines, now=NOW)
    places.hold(matter_id=matter.pk, session_ids=[office.session.pk], days=Days(), by=ines, now=NOW)
    carried_out(asked.pk, by=nora)
    assert places.held(matter).get().since is None
    with pytest.raises(approvals.Obstacle, match="not held in this matter any more"):
        releasing.ask_drop_places(matter_id=matter.pk, hold_ids=[hold.pk], reason="x", by=ines, now=NOW)


def test_nobody_releases_a_matter_unawares(matter: Matter, office: Office, ines: User) -> None:
    """The last custodian may be dropped while the conversation stays; the last of all is a release."""
    olu = Custodian.objects.get(matter=matter)
    hold = places.held(matter).get()
    releasing.ask_drop(matter_id=matter.pk, custodian_ids=[olu.pk], reason="x", by=ines, now=NOW)
    alone = opening.open_matter(draft(office, name="Alone"), by=ines, now=NOW)
    theirs = [one.pk for one in places.held(alone)]
    with pytest.raises(approvals.Obstacle, match="Release it instead"):
        releasing.ask_drop_places(matter_id=alone.pk, hold_ids=theirs, reason="x", by=ines, now=NOW)
    with pytest.raises(foreseeing.Unfit, match="releasing it"):
        foreseeing.foresee(matter_id=alone.pk, hold_ids=theirs, by=ines, now=NOW)
    with pytest.raises(approvals.Obstacle, match="not held in this matter"):
        releasing.ask_drop_places(matter_id=alone.pk, hold_ids=[hold.pk], reason="x", by=ines, now=NOW)
    asked = releasing.ask_release(matter_id=alone.pk, reason="x", by=ines, now=NOW)
    assert [item["words"] for item in asked.items] == ["The conversation “general”, at any time"]


def test_conversations_are_chosen_looked_over_and_held(
    office: Office, ines: User, as_person: As, account_fields: dict[str, object]
) -> None:
    """Found by name, by who is in them, and not at all; shown once more with what Zoom does not do; then held."""
    page = as_person(ines)
    key = office.session.pk

    def sent(**given: object) -> str:
        return page.post("/matters/open/", account_fields | given).content.decode()

    assert f'name="session" value="{key}"' in sent(do="find-places", place_named="gener")
    assert "No conversation is called “nothing”" in sent(do="find-places", place_named="nothing")
    found = page.get(f"/matters/conversations/?place_named=gener&account={office.account.pk}")
    assert f'value="{key}"' in found.content.decode()
    kept = page.get(f"/matters/conversations/?place_named=x&account={office.account.pk}&session={key}")
    assert f'value="{key}" id="found-session-{key}" checked>' in kept.content.decode()
    assert "No conversation is called “x”" in kept.content.decode()
    assert "No conversation is chosen." in sent(do="find-places", place_named="x")
    shown = sent(do="preview", session=key)
    assert "Open the matter and hold 1 conversation" in shown
    assert "Zoom’s legal hold knows people, not conversations." in shown.split('id="preview"')[1]
    looked = shown.split('name="seen" value="')[1].split('"')[0]
    changed = sent(do="place", session=key, seen=looked, own_days="on", place_since="2026-11-01")
    assert "changed since you looked" in changed
    sent(do="place", session=key, seen=looked)
    made = Matter.objects.get()
    assert places.held(made).get().session_name == "general"
    summary = page.get(f"/matters/{made.pk}/").content.decode()
    assert "anybody said in <strong>1 conversation</strong>" in summary
    assert "nobody is a custodian" in summary
    assert "held here only" in page.get("/matters/").content.decode()


@pytest.fixture
def account_fields(office: Office) -> dict[str, object]:
    """The form for a new matter, filled in but for what is held."""
    return {"request_key": str(uuid.uuid4()), "account": office.account.pk, "name": "Inquiry", "reason": "Letter",
            "covers_received": "on", "at_zoom": "on"}  # fmt: skip


def test_more_are_held_and_listed_and_asked_to_be_dropped(
    matter: Matter, office: Office, ines: User, as_person: As
) -> None:
    """The page lists each with its days, since when and by whom; dropping leads to a request."""
    page, address = as_person(ines), f"/matters/{matter.pk}/conversations/"
    other = another(office, "random")
    assert f'value="{other.pk}" checked' in page.get(f"{address}?session={other.pk}").content.decode()
    answer = page.post(f"{address}add/", {"do": "place"}).content.decode()
    assert "Choose at least one conversation." in answer
    body = {"do": "place", "session": other.pk, "own_days": "on", "place_until": "2026-11-03"}
    assert page.post(f"{address}add/", body)["Location"] == address
    listed = page.get(address).content.decode()
    assert "2 holds on conversations" in listed
    assert "until 3 Nov 2026" in listed
    assert "since 2 Nov 2026" in listed
    hold = places.held(matter).get(session_id=other.pk)
    release = f"/matters/{matter.pk}/release/ask/"
    seen = page.post(release, {"do": "foresee-places", "hold": hold.pk}).content.decode()
    assert "If 1 conversation were dropped" in seen
    assert f'name="hold" value="{hold.pk}" checked' in seen
    asked = page.post(release, {"do": "drop-places", "hold": hold.pk, "reason": "Not needed"})
    assert asked["Location"].startswith("/approvals/")
    assert "Drop 1 conversation from" in page.get(asked["Location"]).content.decode()


def test_a_conversation_is_held_from_its_own_page(
    matter: Matter, office: Office, ines: User, ravi: User, as_person: As
) -> None:
    """It leads to the matters that are open, and to a new one, with the conversation ticked there."""
    page, key = as_person(ines), office.session.pk
    assert f'href="/sessions/{key}/hold/"' in page.get(f"/sessions/{key}/").content.decode()
    said = page.get(f"/sessions/{key}/hold/").content.decode()
    assert f'href="/matters/{matter.pk}/conversations/?session={key}#add"' in said
    new = f"/matters/open/?session={key}&amp;account={office.account.pk}"
    assert f'href="{new}"' in said
    assert f'value="{key}" checked' in page.get(new.replace("&amp;", "&")).content.decode()
    for address in ("/matters/open/", new.replace("&amp;", "&")):
        field = page.get(address).content.decode().split('name="account"')[1].split(">")[0]
        assert f'value="{office.account.pk}"' in field
    assert page.get("/sessions/99999999/hold/").status_code == 404
    Matter.objects.filter(pk=matter.pk).update(state="released", released_at=NOW)
    assert "no open matter" in page.get(f"/sessions/{key}/hold/").content.decode()
    assert as_person(ravi).get(f"/sessions/{key}/hold/").status_code == 403


def test_who_may_not_does_not(matter: Matter, office: Office, ravi: User, client: Client) -> None:
    """To Ravi the page does not exist; as a member he looks, and holds nothing."""
    client.force_login(ravi)
    address = f"/matters/{matter.pk}/conversations/"
    assert client.get(address).status_code == 404
    MatterMember.objects.create(matter=matter, user=ravi, added_at=NOW, added_by_name="Ines")
    assert "Hold the ticked" not in client.get(address).content.decode()
    assert client.post(f"{address}add/", {"do": "place", "session": office.session.pk}).status_code == 403


def test_the_page_asks_little(
    matter: Matter,
    office: Office,
    ines: User,
    as_person: As,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many conversations are held; the rest are on further pages."""
    made = Session.objects.bulk_create(
        Session(account=office.account, zoom_id=f"n{n}", name=f"n {n:03}", type="Group", first_seen_at=NOW, last_seen_at=NOW)
        for n in range(120)
    )  # fmt: skip
    places.hold(matter_id=matter.pk, session_ids=[one.pk for one in made], by=ines, now=NOW)
    page, address = as_person(ines), f"/matters/{matter.pk}/conversations/"
    page.get(address)
    with django_assert_max_num_queries(18):
        first = page.get(address).content.decode()
    assert "121 holds on conversations" in first
    older = first.split("?before=")[1].split('"')[0]
    assert "n 050" in page.get(f"{address}?before={older}").content.decode()
    with django_assert_max_num_queries(24):
        page.get(f"/matters/{matter.pk}/release/")


def test_a_one_to_one_is_found_by_who_is_in_it(office: Office) -> None:
    """It has no name; every word must be in the name or address of somebody in it."""
    mira = Person.objects.create(account=office.account, email="mira@acme.example", display_name="Mira Lang")
    pair = Session.objects.create(
        account=office.account, zoom_id="pair", type="1:1", first_seen_at=NOW, last_seen_at=NOW
    )
    for person in (mira, office.olu):
        pair.sessionmember_set.create(person=person, first_seen_at=NOW, last_seen_at=NOW)
    found = conversations.named("olu mira", account_id=office.account.pk)
    assert [(one.title, one.kind) for one in found] == [("Mira Lang, Olu Ade", "one to one")]
    assert conversations.named("olu general", account_id=office.account.pk) == []
    every = conversations.named("", account_id=office.account.pk)
    assert [one.title for one in every] == ["general", "Mira Lang, Olu Ade"]
