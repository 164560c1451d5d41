"""Webhooks of channels, from the deeds that make, change and end them and move their people."""

import pytest

from sandbox import channel_settings, channels, im_groups, member_groups, membership
from sandbox.deeds import DEEDS
from sandbox.webhooks.causes import CAUSES, INSTEAD_OF
from sandbox.webhooks.space_memory import SpaceMemory
from tests.sandbox.conftest import Cast, Client
from tests.sandbox.subscriber import Subscriber
from tests.sandbox.test_webhook_deeds import Scene

OWN_VERBS = {"say", "edit", "delete", "react", "attach", "join", "leave", "set_retention"}


@pytest.fixture
def scene(cast: Cast, client: Client, subscriber: Subscriber) -> Scene:
    """The cast's world with a subscriber; Ines does things."""
    return Scene(cast, client, subscriber)


def test_every_cause_is_a_deed(cast: Cast) -> None:
    """Of the world or one of its own; a name that changed would never be told."""
    named = {*CAUSES, *INSTEAD_OF, *SpaceMemory(cast.world).causes(), *(set().union(*INSTEAD_OF.values()))}
    assert named - set(DEEDS) - OWN_VERBS == set()


def test_a_channel_from_its_beginning_to_its_end(scene: Scene, cast: Cast) -> None:
    """Created with its members, changed, laid aside, brought back, deleted."""
    made = channels.create(
        cast.world,
        name="new",
        type=1,
        owner_id=cast.ines.id,
        member_ids=[cast.ravi.id],
        settings={},
        at=scene.doer["at"],
    )
    where = {**scene.doer, "channel_id": made.id}
    channel_settings.change(cast.world, **where, name="newer", settings={})
    channels.archive(cast.world, **where)
    channels.unarchive(cast.world, **where)
    channels.delete(cast.world, **where)
    told = scene.told()
    assert list(told) == [
        "chat_channel.created",
        "chat_channel.updated",
        "channel_archived",
        "channel_unarchived",
        "chat_channel.deleted",
    ]
    assert [one["id"] for one in told["chat_channel.created"]["members"]] == [cast.ines.id, cast.ravi.id]
    assert told["chat_channel.updated"]["name"] == "newer"
    assert {one["id"] for one in told.values()} == {made.id}


def test_who_is_brought_in_is_invited_and_who_is_put_out_removed(scene: Scene, cast: Cast) -> None:
    """Only those who were not in it before; neither has joined or left of their own accord."""
    membership.remove(cast.world, **scene.here, person_ids=[cast.ravi.id])
    told = scene.told()
    assert list(told) == ["chat_channel.member_removed"]
    assert [one["display_name"] for one in told["chat_channel.member_removed"]["members"]] == ["Ravi"]
    membership.invite(cast.world, **scene.here, person_ids=[cast.ravi.id, cast.olu.id])
    told = scene.told()
    assert list(told) == ["chat_channel.member_invited", "channel_invitation_created"]
    assert [one["display_name"] for one in told["chat_channel.member_invited"]["members"]] == ["Ravi"]
    assert told["channel_invitation_created"]["invitee"]["display_name"] == "Ravi"
    assert told["channel_invitation_created"]["inviters"][0]["user_id"] == cast.ines.id
    membership.invite(cast.world, **scene.here, person_ids=[cast.olu.id])
    assert scene.told() == {}


def test_a_group_brings_its_people(scene: Scene, cast: Cast) -> None:
    """And takes them with it."""
    group = im_groups.create(cast.world, name="castings", type="normal", searches={})
    membership.remove(cast.world, **scene.here, person_ids=[cast.ravi.id])
    im_groups.add(cast.world, group_id=group.id, person_ids=[cast.ravi.id])
    scene.told()
    member_groups.add(cast.world, **scene.here, group_ids=[group.id])
    assert [one["display_name"] for one in scene.told()["chat_channel.member_invited"]["members"]] == ["Ravi"]
    member_groups.remove(cast.world, **scene.here, group_id=group.id)
    assert [one["display_name"] for one in scene.told()["chat_channel.member_removed"]["members"]] == ["Ravi"]


def test_who_comes_and_goes_unasked(scene: Scene, cast: Cast) -> None:
    """Is told once, as the world's own verbs are."""
    moved = {"channel_id": cast.channel.id, "person_id": cast.ravi.id, "at": scene.doer["at"]}
    membership.leave(cast.world, **moved)
    membership.join(cast.world, **moved)
    assert list(scene.told()) == ["chat_channel.member_left", "chat_channel.member_joined"]
