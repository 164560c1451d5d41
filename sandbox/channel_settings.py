"""A channel's name, type and settings, and what one of them means for the others.

Who changed them and when (`by`, `at`) is for those who listen to what is done.
"""

from dataclasses import replace
from typing import Any

from sandbox import channel_rules as rules
from sandbox import spaces
from sandbox.channel_rules import Impossible
from sandbox.conversations import GROUP_CHAT, PRIVATE, PRIVATE_INSIDE, PUBLIC, Channel
from sandbox.deeds import deed
from sandbox.world import World

CERTAIN_MEMBERS = 3  # `posting_permissions`: owner, administrators and those named


@deed
def change(
    world: World,
    *,
    channel_id: str,
    name: str | None = None,
    type: int | None = None,
    settings: dict[str, Any],
    posting_member_ids: list[str] | None = None,
    by: str,  # noqa: ARG001
    at: int,  # noqa: ARG001
) -> None:
    """Give a channel another name, type or settings; what is None, or not among the settings, stays."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    if name is not None and name != channel.name:
        rules.check_name(world, name, but=channel)
    _check_type(world, channel, type)
    kind = channel.type if type is None else type
    rules.check_add_member_permissions(kind, settings.get("add_member_permissions"))
    rules.check_members(channel, posting_member_ids or ())
    if name is not None:
        channel.name = world.sessions[channel.session_id].name = name
    channel.type = kind
    channel.settings = replace(channel.settings, **settings)
    if kind not in (PRIVATE, PRIVATE_INSIDE):
        channel.settings.add_member_permissions = 1
    if posting_member_ids is not None:
        channel.settings.posting_member_ids = list(dict.fromkeys(posting_member_ids))
    if channel.settings.posting_permissions != CERTAIN_MEMBERS:
        channel.settings.posting_member_ids = []


def _check_type(world: World, channel: Channel, type: int | None) -> None:
    if type is None or type == channel.type:
        return
    rules.check_is_its_own(world, channel)
    if type in PUBLIC and spaces.of_channel(world, channel.id) is not None:
        raise Impossible("the channels of a shared space are private")
    if channel.type == GROUP_CHAT:
        raise Impossible("a group chat does not become a channel")
    if type == PRIVATE_INSIDE and any(world.people[one].external for one in channel.member_ids):
        raise Impossible("someone from outside is in the channel")
