"""What Zoom describes beside messages is kept as observed, and the directory learns from it."""

import json

import pytest

from archive import ingest
from archive.models import Channel, Leaf, Membership, Observation, Person, Unreadable
from tests.archive.scenes import NOON, NOW, account, conversation, page, said

pytestmark = pytest.mark.django_db
AT = int(NOON.timestamp() * 1000)


def raw(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_a_state_is_observed_once() -> None:
    """Seen again it is found, not doubled; another state is another observation."""
    held_by = account()
    seen = [
        ingest.observation(
            account=held_by, kind=Observation.Kind.FILE, subject="f1", raw=raw(digest=d), now=NOW
        )
        for d in ("aa", "aa", "bb")
    ]
    assert [s.is_new for s in seen] == [True, False, True]
    assert seen[0].observation_id == seen[1].observation_id != seen[2].observation_id
    assert Leaf.objects.filter(kind=Leaf.Kind.OBSERVATION).count() == 2


def test_channels_and_their_retention_are_known() -> None:
    """The newest name, and what Zoom keeps for how long."""
    held_by = account()
    ingest.observation(
        account=held_by,
        kind=Observation.Kind.CHANNEL,
        subject="c1",
        raw=raw(id="c1", name="legal", type=1),
        now=NOW,
    )
    kept = {"enable_custom_retention": True, "retention_period": "6m"}
    ingest.observation(
        account=held_by, kind=Observation.Kind.RETENTION, subject="c1", raw=raw(cloud_retention=kept), now=NOW
    )
    channel = Channel.objects.get()
    assert (channel.name, channel.type, channel.retention, channel.retention_read_at) == (
        "legal",
        1,
        kept,
        NOW,
    )


def test_joins_and_leaves_become_steps() -> None:
    """Who could see a channel when, and who brought them in; told twice, kept once."""
    held_by = account()
    ines = {"member_id": "m-ines", "user_id": "u-ines", "display_name": "Ines"}
    olu = {"member_id": "m-olu", "user_id": "", "display_name": "Olu"}
    step = raw(
        channel_id="c1",
        activity_timestamp=AT,
        operator=ines,
        members={"member_status": "join", "member_list": [olu, ines]},
    )
    for _ in range(2):
        ingest.observation(account=held_by, kind=Observation.Kind.ACTIVITY, subject="c1", raw=step, now=NOW)
    assert Membership.objects.filter(action="joined", at=NOON, operator__user_id="u-ines").count() == 2
    assert set(Person.objects.values_list("display_name", flat=True)) == {"Ines", "Olu"}


def test_a_contact_is_the_person_who_speaks() -> None:
    """Member id, user id and address come together in one person, with their place in the company."""
    window = conversation()
    ingest.message_page(page([said("hi", id="a")]), window=window, pull=1, now=NOW)
    contact = raw(
        id="u-ines", member_id="m-ines", email="ines@example.com", display_name="Ines B.", dept="Legal"
    )
    ingest.observation(
        account=window.account, kind=Observation.Kind.CONTACT, subject="u-ines", raw=contact, now=NOW
    )
    ines = Person.objects.get()
    assert (ines.user_id, ines.department, ines.display_name) == ("u-ines", "Legal", "Ines B.")


@pytest.mark.parametrize(
    "broken", [b"7", b"{}", b'{"members":5}', b'{"activity_timestamp":"x","members":{}}']
)
def test_an_odd_record_is_evidence_and_teaches_nothing(broken: bytes) -> None:
    """Whatever Zoom sends is kept; the directory takes only what it understands."""
    held_by = account()
    for kind in (Observation.Kind.ACTIVITY, Observation.Kind.CHANNEL, Observation.Kind.CONTACT):
        ingest.observation(account=held_by, kind=kind, subject="c1", raw=broken, now=NOW)
    assert Observation.objects.count() == 3
    assert Membership.objects.count() == 0


def test_a_reply_of_an_unexpected_shape_is_kept() -> None:
    """The bytes and the reason, with a leaf."""
    window = conversation()
    ingest.unreadable(raw=b"<html>", reason="A web page instead of \x00 records.", now=NOW, window=window)
    kept = Unreadable.objects.get()
    assert (bytes(kept.raw), kept.reason) == (b"<html>", "A web page instead of ␀ records.")
    assert Leaf.objects.get().kind == Leaf.Kind.UNREADABLE
