"""Groups of the directory in a channel, a part of the tag Chat Channels."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, channel_access, channel_rules, member_groups, wire
from sandbox.clock import iso
from sandbox.conversations import Channel
from sandbox.gate import Call
from sandbox.groups import ImGroup
from sandbox.wire import Refusal

_ADDING = "Chat is switched off for these groups."
_REMOVING = "Unable to remove the member group from the channel."


class Wanted(asked.Asked, frozen=True, kw_only=True):
    """A group by its id."""

    group_id: str


class Added(asked.Asked, frozen=True, kw_only=True):
    """Groups to add to a channel, up to five."""

    groups: Annotated[list[Wanted], Meta(min_length=1, max_length=5)]


async def groups(call: Call) -> Response:
    """Every group in a channel."""
    channel = channel_access.known(call, code=5306)
    found = member_groups.of(call.world, channel)
    return wire.reply({"groups": [_row(one) for one in found], "channel_id": channel.id})


async def add(call: Call) -> Response:
    """Add groups to a channel; everybody in them is then a member."""
    channel = _open(call, otherwise=_ADDING)
    wanted = [one.group_id for one in (await asked.body(call, Added)).groups]
    unknown = [one for one in wanted if one not in call.world.im_groups]
    if unknown:
        raise Refusal(404, 4130, f"Groups do not exist: {', '.join(unknown)}.")
    now, actor = call.instance.clock.now_ms(), channel_access.actor(call)
    member_groups.add(call.world, channel_id=channel.id, group_ids=wanted, by=actor.id, at=now)
    added = [call.world.im_groups[one] for one in dict.fromkeys(wanted)]
    return wire.reply({"added_at": iso(now), "groups": [_row(one) for one in added]}, status=201)


async def remove(call: Call) -> Response:
    """Take a group out of a channel, and with it those who came by it alone."""
    channel = _open(call, otherwise=_REMOVING)
    group_id = call.path("groupId")
    if group_id not in channel.groups:
        raise Refusal(400, 300, "The group is not in the channel.")
    now, actor = call.instance.clock.now_ms(), channel_access.actor(call)
    member_groups.remove(call.world, channel_id=channel.id, group_id=group_id, by=actor.id, at=now)
    return Response(status_code=204)


def _open(call: Call, *, otherwise: str) -> Channel:
    channel_access.check_can_change(call, otherwise=otherwise)
    channel = channel_access.known(call, code=5306)
    if channel.archived_at is not None:
        raise Refusal(403, 200, "Not allowed on an archived channel.")
    if channel_rules.is_default(call.world, channel):
        raise Refusal(400, 300, otherwise)
    return channel


def _row(group: ImGroup) -> dict[str, object]:
    return {"group_id": group.id, "group_name": group.name}
