"""Who is in a channel and says nothing is known from its list of members, and so is who is in it no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from archive import completeness, footing, holding, taking_part
from archive.capture import lookouts
from archive.holding import Rule, Way
from archive.models import Lookout, Membership, Message, Observation, Person, SessionMember, Sighting
from archive.models import Session as Conversation
from archive.taking_part import Ground
from sandbox.people import Person as Somebody
from tests.archive.capture.conftest import Town, person

Kind = Lookout.Kind


class Office:
    """Mira has been in the channel since before Zoom's record of joins begins, and has never said a word."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.mira: Somebody = town.world.add_person(person("Mira"))
        town.world.join(self.channel, self.mira, at=town.ago(days=200))
        town.capture()

    @property
    def channel(self) -> Any:
        return self.town.world.channels[self.town.general.channel_id or ""]

    def look(self, *, hours: float = 0) -> None:
        """Read the lists of members that are due, although nobody is held."""
        self.town.world.clock.advance(seconds=hours * 3600)
        lookouts.plan(held={}, now=self.town.now())
        lookouts.read_due(clock=self.town.now, until=self.town.now() + timedelta(hours=1))

    def hear(self, text: str) -> Message:
        """Ines says something in the channel, and it is captured."""
        said = self.town.say(text)
        self.town.world.clock.advance(seconds=3600)
        self.town.capture()
        return Message.objects.get(zoom_id=said.id)

    @property
    def person(self) -> Person:
        return Person.objects.get(user_id=self.mira.id)

    def way(self, message: Message) -> Way | None:
        """How a hold on Mira holds a message."""
        rule = Rule(id=1, account=self.town.account.pk, person=self.person.pk)
        return holding.covering([message.pk], rules=[rule]).get(message.pk, {}).get(1)

    def grounds(self) -> list[Ground]:
        sessions = list(Conversation.objects.filter(name="general").values_list("pk", flat=True))
        return [one.ground for one in taking_part.within(sessions=sessions, people=[self.person.pk])]

    def steps(self) -> list[tuple[str, datetime, bool]]:
        rows = Membership.objects.filter(person=self.person).order_by("at", "pk")
        return list(rows.values_list("action", "at", "noticed"))


@pytest.fixture
def office(town: Town) -> Office:
    town.say("hello")
    return Office(town)


def test_what_a_silent_member_receives_is_held(office: Office) -> None:
    """No report names Mira; once the list of members was read, a hold on her covers what is said there."""
    message = office.hear("the numbers")
    assert not Person.objects.filter(user_id=office.mira.id).exists()
    office.look()
    assert office.grounds() == [Ground.NAMED]
    assert office.way(message) is Way.RECEIVED


def test_the_list_is_kept_as_evidence(office: Office, town: Town) -> None:
    """Each record in its bytes, once, and who was named in all, which is a new sighting only when it changed."""
    office.look()
    office.look(hours=7)
    kept = Observation.objects.filter(kind=Observation.Kind.MEMBER, subject=office.channel.id)
    assert kept.count() == 4
    (said,) = Sighting.objects.filter(lookout__kind=Kind.MEMBERS).values_list("said", flat=True)
    assert said["members"] == sorted(one.member_id for one in (town.ines, town.ravi, town.olu, office.mira))


def test_who_is_missing_in_the_list_has_left_by_then(office: Office, town: Town) -> None:
    """What is said before is held to the moment of looking, and nothing after; also when Zoom recorded no leave."""
    office.look()
    town.world.channels[office.channel.id].member_ids.remove(office.mira.id)
    between = office.hear("said after she left, before anybody looked")
    office.look(hours=7)
    after = office.hear("said after looking")
    (step,) = office.steps()
    assert (step[0], step[2]) == ("left", True)
    assert office.way(between) is Way.RECEIVED
    assert office.way(after) is None
    office.look(hours=7)
    assert len(office.steps()) == 1


def test_a_leave_that_zoom_records_later_takes_its_place(office: Office, town: Town) -> None:
    """Not both: between the two she would count as there, by a join that is missing."""
    office.look()
    town.world.leave(office.channel, office.mira)
    left_at = town.now()
    town.world.clock.advance(seconds=60)
    unseen = town.say("said after she left, before anybody looked")
    office.look(hours=7)
    assert [step[2] for step in office.steps()] == [True]
    town.capture()
    ((action, at, noticed),) = office.steps()
    assert (action, noticed) == ("left", False)
    assert abs(at - left_at) < timedelta(minutes=30), "not seven hours later, when somebody looked"
    assert office.way(Message.objects.get(zoom_id=unseen.id)) is None


def test_a_recorded_leave_is_not_noted_twice(office: Office, town: Town) -> None:
    """The list says the same again, later, and less exactly."""
    office.look()
    town.world.leave(office.channel, office.mira)
    town.world.clock.advance(seconds=3700)
    town.capture()
    office.look(hours=7)
    assert [step[2] for step in office.steps()] == [False]


def test_who_is_named_again_counts_as_never_gone(office: Office, town: Town) -> None:
    """A list that left somebody out, and names them again without a join, contradicts itself: all of it is held."""
    office.look()
    members = town.world.channels[office.channel.id].member_ids
    members.remove(office.mira.id)
    office.look(hours=7)
    between = office.hear("said while the list left her out")
    assert office.way(between) is None
    members.append(office.mira.id)
    office.look(hours=7)
    assert office.grounds() == [Ground.NO_JOINING, Ground.CONTRADICTED]
    assert office.way(between) is Way.RECEIVED


def test_half_a_list_makes_nobody_leave(office: Office, town: Town) -> None:
    """A read that broke off is an error of its row, and members stay who they were."""
    office.look()
    town.misbehave("error_500@listChannelMembers:every=1")
    office.look(hours=7)
    assert "500" in Lookout.objects.get(kind=Kind.MEMBERS).last_error
    assert office.steps() == []
    found = completeness.rosters()
    assert (found.channels, found.missing, found.titles) == (1, 1, ("general",))
    assert "500" in found.reason


def test_a_list_that_zoom_tells_nobody_is_said_to_be_unknown(office: Office, town: Town) -> None:
    """The app's own user may not see it, and nobody is known in whose place to ask: a gap with the channel's name."""
    town.world.own_user_id = town.olu.id
    office.look()
    assert Sighting.objects.get(lookout__kind=Kind.MEMBERS).said == {"refused": True}
    found = completeness.rosters()
    assert (found.missing, found.titles, found.reason) == (1, ("general",), "")
    assert footing.closed(account_id=town.account.pk) == {office.channel.id: "general"}


def test_a_channel_that_a_report_names_later_is_read_again_at_once(office: Office, town: Town) -> None:
    """The list was read while nothing had been said there, and could make nobody a member of its session."""
    quiet = town.world.open_channel("quiet", members=[town.ines, office.mira], type=3, at=town.ago(days=100))
    town.world.clock.advance(seconds=86_400)
    town.capture()
    office.look()
    assert not SessionMember.objects.filter(session__name="quiet").exists()
    town.world.say(town.world.sessions[quiet.session_id], town.ines, "first words", at=town.ago(hours=0))
    town.world.clock.advance(seconds=3600)
    town.capture()
    office.look()
    named = SessionMember.objects.filter(session__name="quiet").values_list("person__user_id", flat=True)
    assert set(named) == {town.ines.id, office.mira.id}
