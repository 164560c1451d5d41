"""Calls of the tag Chat Channels (Account-level)."""

from __future__ import annotations

from tests.conformance.scene import TODAY, Scene
from zoom.operations.channel_settings import Adding, ChannelSettings, Kind, MentioningAll, Posting


def _of(scene: Scene) -> dict[str, str]:
    return {"user_id": scene.ines.id, "channel_id": scene.general.id}


def search(scene: Scene) -> None:
    """By words, a user's own too, and by the whole name; the second page's token goes into the body."""
    for n in range(25):
        scene.world.open_channel(f"general {n}", members=[scene.ines], type=3)
    everywhere = {"keywords": ["general"], "include_archived": True}
    found = list(scene.client.account_channels.search(within="all", **everywhere))
    assert [len(page.records) for page in found] == [20, 6]
    joined = scene.client.account_channels.search(within="user_joined", user_id=scene.ines.id, **everywhere)
    assert len(list(joined)) == 1
    (page,) = scene.client.account_channels.search(within="public", exact_name="general")
    assert len(page.records) == 1


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
    scene.client.account_channels.update(
        **_of(scene), name="hall", kind=Kind.PUBLIC_TO_ACCOUNT, settings=settings
    )
    assert scene.general.name == "hall"


def invite(scene: Scene) -> None:
    """Somebody who is not in it yet."""
    channel = scene.world.open_channel("quiet", members=[scene.ines], type=2)
    added = scene.client.account_channels.invite_members(
        user_id=scene.ines.id, channel_id=channel.id, emails=[scene.ravi.email or ""]
    )
    assert scene.ravi.id in channel.member_ids
    assert added.added_at is not None


def promote(scene: Scene) -> None:
    """By e-mail and by member id."""
    promoted = {"emails": [scene.ravi.email or ""], "member_ids": [scene.ada.member_id]}
    scene.client.account_channels.promote(**_of(scene), **promoted)
    assert set(scene.general.admin_ids) == {scene.ravi.id, scene.ada.id}


def demote(scene: Scene) -> None:
    """Both, each by one kind of id."""
    promote(scene)
    scene.client.account_channels.demote(
        **_of(scene), admin_ids=[scene.ravi.member_id], user_ids=[scene.ada.id]
    )
    assert scene.general.admin_ids == []


def set_retention(scene: Scene) -> None:
    """Half a year, and then the account's own rule again."""
    channel_id = scene.general.id
    scene.client.account_channels.set_retention(channel_id=channel_id, enabled=True, period="6m")
    assert scene.general.retention_period == "6m"
    scene.client.account_channels.set_retention(channel_id=channel_id, enabled=False)


CALLS = {
    "getAccountChannels": lambda scene: scene.client.account_channels.list(),
    "searchChannels": search,
    "getChannel": lambda scene: scene.client.account_channels.get(**_of(scene)),
    "updateChannel": update,
    "deleteChannel": lambda scene: scene.client.account_channels.delete(**_of(scene)),
    "batchDeleteChannelsAccountLevel": lambda scene: scene.client.account_channels.delete_many(
        user_id=scene.ines.id, channel_ids=[scene.general.id, scene.project.id]
    ),
    "listChannelMembers": lambda scene: scene.client.account_channels.members(**_of(scene)),
    "inviteChannelMembers": invite,
    "batchRemoveUserChannelMembers": lambda scene: scene.client.account_channels.remove_members(
        **_of(scene), identifiers=[scene.ravi.id, scene.olu.member_id]
    ),
    "removeAChannelMember": lambda scene: scene.client.account_channels.remove_member(
        **_of(scene), identifier=scene.ravi.email
    ),
    "listChannelAdministrators": lambda scene: scene.client.account_channels.administrators(**_of(scene)),
    "promoteChannelMembersAsAdmin": promote,
    "batchDemoteChannelAdministrators": demote,
    "listChannelActivityLogs": lambda scene: scene.client.account_channels.activities(
        channel_id=scene.general.id, start=TODAY, end=TODAY
    ),
    "getChannelRetention": lambda scene: scene.client.account_channels.retention(channel_id=scene.general.id),
    "updateChannelRetention": set_retention,
}
