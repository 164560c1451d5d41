"""Calls of the tag Chat Channels."""

from __future__ import annotations

from sandbox.conversations import Channel
from tests.conformance.scene import TODAY, Scene
from zoom.operations.channel_settings import Adding, ChannelSettings, Kind, MentioningAll, Posting


def _group(scene: Scene) -> str:
    """A group of the directory that is in general; its id."""
    made = scene.client.im_groups.create(name="Counsel")
    scene.client.im_groups.add_members(group_id=made.id or "", user_ids=[scene.ada.id])
    scene.client.channels.add_groups(channel_id=scene.general.id, group_ids=[made.id or ""])
    return made.id or ""


def _empty(scene: Scene, *, owner: str = "ines") -> Channel:
    person = scene.ines if owner == "ines" else scene.ravi
    return scene.world.open_channel("quiet", members=[person], type=3)


def archive(scene: Scene) -> None:
    """Into the attic and out of it."""
    for archived in (True, False):
        scene.client.channels.set_archived(channel_ids=[scene.general.id], archived=archived)


def create(scene: Scene) -> None:
    """A channel of the account's own, and one in a space."""
    settings = ChannelSettings(
        adding=Adding.ADMINISTRATORS,
        posting=Posting.EVERYONE,
        mentioning_all=MentioningAll.NOBODY,
        shows_past=False,
    )
    emails = [scene.ravi.email or ""]
    made = scene.client.channels.create(
        user_id="me", name="new", kind=Kind.PRIVATE_TO_ACCOUNT, settings=settings, emails=emails
    )
    assert made.id in scene.world.channels
    space = scene.client.spaces.create(name="Harbour")
    scene.client.channels.create(
        user_id="me",
        name="pier",
        kind=Kind.PRIVATE,
        space_id=space.space_id,
        space_channel_type="public_for_members",
    )


def update(scene: Scene) -> None:
    """Everything that can be changed."""
    settings = ChannelSettings(
        adding=Adding.EVERYONE,
        posting=Posting.DESIGNATED,
        mentioning_all=MentioningAll.ADMINISTRATORS,
        shows_past=True,
        posting_user_ids=[scene.ravi.id],
        posting_member_ids=[scene.ada.member_id],
    )
    scene.client.channels.update(
        channel_id=scene.general.id, name="hall", kind=Kind.PUBLIC_TO_ACCOUNT, settings=settings
    )
    assert scene.general.name == "hall"


def invite(scene: Scene) -> None:
    """Somebody who is not in it yet."""
    channel = _empty(scene)
    scene.client.channels.invite_members(channel_id=channel.id, emails=[scene.ravi.email or ""])
    assert scene.ravi.id in channel.member_ids


def add_groups(scene: Scene) -> None:
    """All of a group's people."""
    _group(scene)


def groups(scene: Scene) -> None:
    """One group."""
    _group(scene)
    scene.client.channels.groups(channel_id=scene.general.id)


def remove_group(scene: Scene) -> None:
    """It goes as it came."""
    scene.client.channels.remove_group(group_id=_group(scene), channel_id=scene.general.id)


def leave(scene: Scene) -> None:
    """A channel that is somebody else's."""
    channel = _empty(scene, owner="ravi")
    scene.client.channels.join(channel_id=channel.id)
    scene.client.channels.leave(channel_id=channel.id)
    assert scene.ines.id not in channel.member_ids


CALLS = {
    "listAllChannelActivityLogs": lambda scene: scene.client.channels.activities(
        channel_id=scene.general.id, start=TODAY, end=TODAY
    ),
    "PerformOperationsOnChannels": archive,
    "getChannels": lambda scene: scene.client.channels.list(user_id="me"),
    "createChannel": create,
    "getUserLevelChannel": lambda scene: scene.client.channels.get(channel_id=scene.general.id),
    "updateUserLevelChannel": update,
    "deleteUserLevelChannel": lambda scene: scene.client.channels.delete(channel_id=scene.general.id),
    "listUserLevelChannelMembers": lambda scene: scene.client.channels.members(channel_id=scene.general.id),
    "InviteUserLevelChannelMembers": invite,
    "batchRemoveChannelMembers": lambda scene: scene.client.channels.remove_members(
        channel_id=scene.general.id, member_ids=[scene.olu.member_id], user_ids=[scene.ravi.id]
    ),
    "removeAUserLevelChannelMember": lambda scene: scene.client.channels.remove_member(
        channel_id=scene.general.id, identifier=scene.ravi.id
    ),
    "listChannelMembersGroups": groups,
    "inviteChannelMembersGroups": add_groups,
    "removeAMemberGroup": remove_group,
    "joinChannel": lambda scene: scene.client.channels.join(channel_id=_empty(scene, owner="ravi").id),
    "leaveChannel": leave,
}
