"""What holds depend on at Zoom is read on schedule: changes are kept, and a failed read changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from archive import footing
from archive.capture import lookouts
from archive.capture.lookouts import Held
from archive.footing import Footing
from archive.models import Account, Channel, Lookout, Observation, Person, Session, Sighting
from sandbox import holds, spaces
from tests.archive.capture.conftest import Town

Kind = Lookout.Kind


class Guard:
    """Looks at the town for the sake of Ravi, who is held, unless told what else is."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.capture()
        self.ravi = Person.objects.get(email="ravi@acme.example")
        self.matter = self.place("Inquiry")
        self.held = Held(people=frozenset({self.ravi.pk}))

    def place(self, name: str) -> str:
        at = self.town.world.clock.now_ms()
        return holds.place(
            self.town.world, name=name, person_ids=[self.town.ravi.id], start=None, end=None, at=at
        )

    def look(self, *, hours: float = 0) -> int:
        """Plan and read what is due; later, when hours pass first."""
        self.town.world.clock.advance(seconds=hours * 3600)
        lookouts.plan(held={self.town.account.pk: self.held}, now=self.town.now())
        return lookouts.read_due(clock=self.town.now, until=self.town.now() + timedelta(hours=1))

    def said(self, kind: Kind) -> list[dict[str, Any]]:
        rows = Sighting.objects.filter(lookout__kind=kind).order_by("pk")
        return list(rows.values_list("said", flat=True))

    def footing(self) -> Footing:
        return footing.of({self.town.account.pk: self.held}, now=self.town.now())[self.town.account.pk]


@pytest.fixture
def guard(town: Town) -> Guard:
    town.say("hello", by=town.ravi)
    return Guard(town)


def channel(town: Town) -> Any:
    return town.world.channels[town.general.channel_id or ""]


def test_a_first_look_reads_everything_once(guard: Guard, town: Town) -> None:
    """The list of matters, the channel's retention, owner and members, Ravi in the directory, the spaces; then nothing is due."""
    assert guard.look() == 6
    assert guard.look() == 0
    (listed,) = guard.said(Kind.MATTERS)
    assert listed["matters"][guard.matter] == {
        "name": "Inquiry",
        "users": [[town.ravi.id, "ravi@acme.example"]],
    }
    assert guard.said(Kind.RETENTION) == [{"custom": False, "period": ""}]
    assert guard.said(Kind.OWNER) == [{"owner": town.ines.id, "name": "Ines"}]
    assert guard.said(Kind.CONTACT) == [{"status": "active"}]
    assert Observation.objects.filter(kind=Observation.Kind.ADMINISTRATOR).exists()


def test_the_list_is_read_once_a_quarter_of_an_hour(guard: Guard, town: Town) -> None:
    """However many matters there are, and however often somebody looks."""
    guard.look()
    before = town.asked("listLegalHoldMatters")
    for _ in range(6):
        guard.look(hours=0.05)
    assert town.asked("listLegalHoldMatters") == before + 1


def test_a_setting_changed_and_changed_back_leaves_three_sightings(guard: Guard, town: Town) -> None:
    """What it was in between is what a hold has to answer for."""
    guard.look()
    town.world.set_retention(channel(town), custom=True, period="3d")
    guard.look(hours=2)
    town.world.set_retention(channel(town), custom=False, period="1y")
    guard.look(hours=2)
    assert [one["period"] for one in guard.said(Kind.RETENTION)] == ["", "3d", ""]
    (place,) = guard.footing().places
    assert place.people == {guard.ravi.pk}
    assert place.title == "general"
    assert place.history[1].before_at == place.history[0].seen_at


def test_a_channel_held_itself_is_looked_at_whoever_is_in_it(guard: Guard, town: Town) -> None:
    """Hourly though nobody is held, in the place of its owner once known; one-to-one talk has nothing to look at."""
    there = Session.objects.get(name="general")
    talk = Session.objects.create(
        account=town.account, zoom_id="t", type="1:1", channel_id="t", first_seen_at=town.now(), last_seen_at=town.now()
    )  # fmt: skip
    guard.held = Held(sessions=frozenset({there.pk, talk.pk}))
    guard.look()
    rows = Lookout.objects.filter(for_holds=True).exclude(kind=Kind.MATTERS)
    assert set(rows.values_list("kind", "subject")) == {
        (kind, there.channel_id) for kind in (Kind.RETENTION, Kind.OWNER, Kind.MEMBERS)
    }
    town.world.set_retention(channel(town), custom=True, period="90d")
    guard.look(hours=1.1)
    (place,) = guard.footing().places
    assert (place.held, place.people) == ({there.pk}, frozenset())
    assert rows.get(kind=Kind.OWNER).through == town.ines.id
    guard.held = Held()
    guard.look()
    assert not Lookout.objects.filter(kind=Kind.RETENTION, for_holds=True).exists()
    assert guard.footing().places == ()


def test_what_is_gone_at_zoom_is_an_answer(guard: Guard, town: Town) -> None:
    """A matter that is deleted and a channel that is deleted are seen at the next read."""
    guard.look()
    town.world.end_matter(town.world.matters[guard.matter])
    town.world.close_channel(channel(town), at=town.world.clock.now_ms())
    guard.look(hours=2)
    assert guard.said(Kind.MATTERS)[-1] == {"matters": {}}
    assert guard.said(Kind.RETENTION)[-1] == {"gone": True}
    assert guard.said(Kind.OWNER)[-1] == {"gone": True}


def test_a_list_that_breaks_off_says_nothing(guard: Guard, town: Town) -> None:
    """Half a list would make matters look deleted; a failed read changes nothing but its own error and its age."""
    for number in range(120):
        guard.place(f"Another {number}")
    guard.look()
    read_at = Lookout.objects.get(kind=Kind.MATTERS).read_at
    town.misbehave("error_500@listLegalHoldMatters:every=1")
    guard.look(hours=2)
    row = Lookout.objects.get(kind=Kind.MATTERS)
    assert (row.read_at, row.state) == (read_at, Lookout.State.DUE)
    assert "500" in row.last_error
    assert len(guard.said(Kind.MATTERS)) == 1
    (unread,) = guard.footing().unread
    assert (unread.kind, unread.last_read_at) == ("matters", read_at)
    town.behave()
    guard.look(hours=1)
    assert guard.footing().unread == ()


def test_a_scope_withdrawn_is_said_and_nothing_is_taken_for_gone(guard: Guard, town: Town) -> None:
    """Reading fails with Zoom's own words, and what was last known stays known."""
    guard.look()
    town.sandbox.instance.tokens.scopes = frozenset({"report_chat:read:admin"})
    town.sandbox.instance.tokens.revoke()
    guard.look(hours=2)
    assert guard.matter in guard.said(Kind.MATTERS)[-1]["matters"]
    assert "chat_history_legal_hold" in Lookout.objects.get(kind=Kind.MATTERS).last_error


def test_who_left_a_channel_may_not_see_its_owner(guard: Guard, town: Town) -> None:
    """The app’s own user is asked then; that Zoom does not tell it either is an answer, counted as such."""
    guard.look()
    town.world.leave(channel(town), town.ravi)
    guard.look(hours=2)
    assert len(guard.said(Kind.OWNER)) == 1
    town.world.own_user_id = town.olu.id
    guard.look(hours=2)
    assert guard.said(Kind.OWNER)[-1] == {"refused": True}
    assert Lookout.objects.get(kind=Kind.OWNER).last_error == ""
    told = {one.label: one.untold for one in footing.readings(account_id=town.account.pk)}
    assert told["owner of a channel"] == 1


def test_what_nobody_needs_any_more_rests(guard: Guard, town: Town) -> None:
    """Its sightings stay, and it is taken up again when somebody is held again; channels are read on for whoever may be."""
    guard.look()
    lookouts.plan(held={}, now=town.now())
    awake = Lookout.objects.exclude(state=Lookout.State.RESTING)
    assert set(awake.values_list("kind", "for_holds")) == {
        (Kind.MEMBERS, True), (Kind.RETENTION, False), (Kind.OWNER, False), (Kind.SPACES, False),
    }  # fmt: skip
    assert guard.look(hours=0.1) == 4
    assert len(guard.said(Kind.MATTERS)) == 1


def test_every_channel_is_read_whether_somebody_is_held_or_not(guard: Guard, town: Town) -> None:
    """Hourly for a hold, otherwise four times a day, and nothing of it makes a hold look unread."""
    lookouts.plan(held={}, now=town.now())
    hour = timedelta(hours=1)
    assert lookouts.read_due(clock=town.now, until=town.now() + hour) == 4
    assert guard.said(Kind.RETENTION) == [{"custom": False, "period": ""}]
    town.world.clock.advance(seconds=2 * 3600)
    assert lookouts.read_due(clock=town.now, until=town.now() + hour) == 0
    town.world.clock.advance(seconds=5 * 3600)
    assert lookouts.read_due(clock=town.now, until=town.now() + hour) == 4
    nobody = footing.of({town.account.pk: Held()}, now=town.now() + timedelta(days=9))
    assert {one.kind for one in nobody[town.account.pk].unread} == {Kind.MEMBERS}


def test_the_rest_is_read_at_a_pace_of_its_own(guard: Guard, town: Town) -> None:
    """With so many channels that four times a day is too often, each waits longer: one request in two seconds."""
    Channel.objects.bulk_create(
        Channel(account=town.account, zoom_id=f"c{n}", name=f"c{n}", last_seen_at=town.now())
        for n in range(6000)
    )
    lookouts.plan(held={}, now=town.now())
    Lookout.objects.exclude(kind=Kind.SPACES).update(not_before=town.now() + timedelta(hours=1))
    began = town.now()
    lookouts.read_due(clock=town.now, until=began + timedelta(minutes=1))
    row = Lookout.objects.get(kind=Kind.SPACES)
    assert row.not_before - began > timedelta(seconds=2 * 12_000)


def test_the_channels_of_a_space_are_known(guard: Guard, town: Town) -> None:
    """So that a rule can name the space."""
    made = spaces.create(
        town.world, by=town.ines.id, name="Lisbon", description="", roles={}, settings={},
        at=town.world.clock.now_ms(),
    )  # fmt: skip
    guard.look()
    (said,) = guard.said(Kind.SPACES)
    assert said["spaces"][made.id] == {"name": "Lisbon", "channels": [made.general_id]}


def test_a_channel_is_read_soon_when_asked(guard: Guard, town: Town) -> None:
    """Its retention and its owner, and nothing else."""
    guard.look()
    ids = {"account_id": town.account.pk, "now": town.now()}
    assert lookouts.read_soon(channel_ids=[town.general.channel_id or ""], **ids) == 2
    assert lookouts.read_soon(channel_ids=["other"], **ids) == 0
    assert lookouts.read_due(clock=town.now, until=town.now() + timedelta(hours=1)) == 2


def test_a_sighting_is_never_changed(guard: Guard) -> None:
    """The application may only add; the database refuses the rest, to its owner too (by a trigger)."""
    guard.look()
    with pytest.raises(DatabaseError, match="archive_sighting"), transaction.atomic():
        Sighting.objects.update(said={})


def test_a_worker_that_died_is_followed(guard: Guard, town: Town) -> None:
    """Its row is free after a while, and whatever it still says does not count."""
    guard.look()
    Lookout.objects.filter(kind=Kind.OWNER).update(
        state=Lookout.State.CLAIMED, claimed_at=town.now(), claim="6f8b1a52-2f35-4f25-9c2b-6d1c37d0c0a1"
    )
    guard.look(hours=2)
    assert Lookout.objects.get(kind=Kind.OWNER).state == Lookout.State.DUE


def test_an_account_put_to_rest_is_not_asked(guard: Guard, town: Town) -> None:
    """Nothing is read there, and what was read grows old, which is said."""
    guard.look()
    Account.objects.update(is_active=False)
    assert guard.look(hours=30) == 0
    assert {one.kind for one in guard.footing().unread} == set(Kind.values) - {Kind.SPACES}
