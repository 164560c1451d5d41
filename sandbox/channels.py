"""Channels as they begin and end: created, archived, brought back, deleted.

What was said in a channel stays whatever becomes of it: a deleted one is gone from the lists and goes on being
named by the reports. Who did it (`by`) is for those who listen to what is done.
"""

from typing import Any

from sandbox import channel_rules as rules
from sandbox import spaces
from sandbox.channel_rules import Impossible
from sandbox.conversations import GROUP_CHAT, PRIVATE, PRIVATE_INSIDE, Channel, ChannelSettings
from sandbox.deeds import deed
from sandbox.world import World


class AlreadyArchived(Impossible):
    """It is archived as it is."""


class NotArchived(Impossible):
    """There is nothing to bring back."""


class IsDefault(Impossible):
    """The default channel is never archived."""


@deed
def create(
    world: World,
    *,
    name: str,
    type: int,
    owner_id: str,
    member_ids: list[str],
    settings: dict[str, Any],
    space_id: str | None = None,
    space_channel_type: str = "private",
    at: int,
) -> Channel:
    """A new channel with its session, in a shared space or none; the owner is in it, and so are those named.

    `settings` are fields of `ChannelSettings`. A group chat without a name is called after its people.
    """
    if space_id is not None and type not in (PRIVATE, PRIVATE_INSIDE):
        raise Impossible("the channels of a shared space are private")
    people = [world.people[one] for one in dict.fromkeys([owner_id, *member_ids])]
    if type != GROUP_CHAT:
        rules.check_name(world, name)
    rules.check_add_member_permissions(type, settings.get("add_member_permissions"))
    rules.check_newcomers(world, type, (one.id for one in people[1:]), at=at)
    called = name if name.strip() else ", ".join(one.display_name for one in people)
    key = f"created {world.number()}"
    channel = world.open_channel(called, members=people, type=type, at=at, key=key)
    channel.settings = ChannelSettings(**settings)
    if space_id is not None:
        spaces.put(world, space=world.spaces[space_id], channel_id=channel.id, kind=space_channel_type)
    return channel


@deed
def archive(world: World, *, channel_id: str, by: str, at: int) -> None:  # noqa: ARG001
    """A channel is laid aside: it can be read, and nothing about it changes."""
    channel = world.channels[channel_id]
    if rules.is_default(world, channel):
        raise IsDefault(channel_id)
    if channel.archived_at is not None:
        raise AlreadyArchived(channel_id)
    channel.archived_at = at


@deed
def unarchive(world: World, *, channel_id: str, by: str, at: int) -> None:  # noqa: ARG001
    """A channel that was laid aside is used again."""
    channel = world.channels[channel_id]
    if rules.is_default(world, channel):
        raise IsDefault(channel_id)
    if channel.archived_at is None:
        raise NotArchived(channel_id)
    channel.archived_at = None


@deed
def delete(world: World, *, channel_id: str, by: str, at: int) -> None:  # noqa: ARG001
    """A channel is gone for good; the reports go on naming its session, as deleted."""
    channel = world.channels[channel_id]
    rules.check_is_its_own(world, channel)
    world.close_channel(channel, at=at)
