"""Who took part when: every line of the table in docs/holds.md as a scene."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from archive import taking_part
from archive.models import Account, Channel, Membership, Message, Person, Session, SessionMember
from archive.taking_part import Ground
from tests.archive.holds import worlds
from tests.archive.holds.worlds import DAWN

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (DAWN + timedelta(days=n) for n in range(1, 6))


@dataclass
class Channels:
    """One channel, its session, and Olu, of whom the scenes tell."""

    account: Account
    session: Session
    channel: Channel
    olu: Person

    def step(self, action: str, at: datetime) -> None:
        Membership.objects.create(channel=self.channel, person=self.olu, action=action, at=at)

    def olu_says(self, at: datetime) -> None:
        Message.objects.create(session=self.session, zoom_id=str(at), sent_at=at, sender=self.olu)

    def olu_is_named(self, *, at: datetime) -> None:
        SessionMember.objects.create(session=self.session, person=self.olu, first_seen_at=at, last_seen_at=at)

    def stretches(self) -> list[tuple[datetime | None, datetime | None, Ground]]:
        found = taking_part.within(sessions=[self.session.pk], people=[self.olu.pk])
        return [(stretch.since, stretch.until, stretch.ground) for stretch in found]


@pytest.fixture
def general() -> Channels:
    """A channel nobody has joined yet."""
    account = worlds.account("acme")
    session = Session.objects.create(
        account=account, zoom_id="s", type="Group", channel_id="c", first_seen_at=DAWN, last_seen_at=DAWN
    )
    channel = Channel.objects.create(account=account, zoom_id="c", last_seen_at=DAWN)
    return Channels(account, session, channel, Person.objects.create(account=account, member_id="m-olu"))


def test_of_whom_nothing_is_recorded_never_took_part(general: Channels) -> None:
    """Not a stretch of being away either."""
    assert general.stretches() == []


def test_whoever_is_named_and_never_joined_was_always_there(general: Channels) -> None:
    """There is no record of when, so it counts as always."""
    general.olu_is_named(at=TUESDAY)
    assert general.stretches() == [(None, None, Ground.NAMED)]


def test_whoever_spoke_and_is_in_no_list_was_always_there(general: Channels) -> None:
    """Speaking proves being there, since when is not known."""
    general.olu_says(TUESDAY)
    assert general.stretches() == [(None, None, Ground.SPOKE)]


def test_joining_and_leaving_are_a_stretch(general: Channels) -> None:
    """Nothing before the join and nothing after the leave."""
    general.step("joined", MONDAY)
    general.step("left", WEDNESDAY)
    assert general.stretches() == [
        (None, MONDAY, Ground.AWAY),
        (MONDAY, WEDNESDAY, Ground.RECORDED),
        (WEDNESDAY, None, Ground.AWAY),
    ]


def test_who_leaves_first_was_there_before(general: Channels) -> None:
    """The join is older than the record."""
    general.step("left", WEDNESDAY)
    assert general.stretches() == [(None, WEDNESDAY, Ground.NO_JOINING), (WEDNESDAY, None, Ground.AWAY)]


def test_who_joins_twice_was_there_in_between(general: Channels) -> None:
    """A leave is missing, and when it was is not known."""
    general.step("joined", MONDAY)
    general.step("joined", THURSDAY)
    assert general.stretches()[1:] == [
        (MONDAY, THURSDAY, Ground.NO_LEAVING),
        (THURSDAY, None, Ground.RECORDED),
    ]


def test_who_leaves_twice_was_there_in_between(general: Channels) -> None:
    """A join is missing, and when it was is not known."""
    general.step("left", MONDAY)
    general.step("left", THURSDAY)
    assert general.stretches()[1:] == [(MONDAY, THURSDAY, Ground.NO_JOINING), (THURSDAY, None, Ground.AWAY)]


def test_leaving_and_joining_in_one_moment_interrupts_nothing(general: Channels) -> None:
    """There until then, and there from then on."""
    general.step("left", TUESDAY)
    general.step("joined", TUESDAY)
    assert general.stretches() == [(None, TUESDAY, Ground.NO_JOINING), (TUESDAY, None, Ground.RECORDED)]


@pytest.mark.parametrize("proof", ["said", "named"])
def test_proof_of_being_there_outweighs_the_records(general: Channels, proof: str) -> None:
    """Who spoke, or was named, after leaving and before joining again has a join and a leave missing."""
    general.step("left", MONDAY)
    general.step("joined", FRIDAY)
    if proof == "said":
        general.olu_says(WEDNESDAY)
    else:
        general.olu_is_named(at=WEDNESDAY)
    assert general.stretches()[1] == (MONDAY, FRIDAY, Ground.CONTRADICTED)


def test_speaking_at_the_moment_of_leaving_proves_nothing_more(general: Channels) -> None:
    """The moment itself belongs to the stretch that ends with it."""
    general.step("left", MONDAY)
    general.olu_says(MONDAY)
    assert general.stretches()[-1] == (MONDAY, None, Ground.AWAY)


def test_both_of_a_direct_conversation_are_always_there(general: Channels) -> None:
    """Nobody joins or leaves it, whatever a channel of the same id would say."""
    general.step("left", MONDAY)
    general.olu_is_named(at=TUESDAY)
    Session.objects.update(type="1:1")
    assert general.stretches() == [(None, None, Ground.NAMED)]


def test_channels_of_another_account_are_others(general: Channels) -> None:
    """Ids of channels are Zoom's and may be the same in two accounts."""
    other = Channel.objects.create(account=worlds.account("other"), zoom_id="c", last_seen_at=DAWN)
    Membership.objects.create(channel=other, person=general.olu, action="joined", at=MONDAY)
    assert general.stretches() == []
