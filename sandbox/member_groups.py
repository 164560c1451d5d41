"""Groups of the company directory that were added to a channel.

A group brings the people in it who were not members already. When it is removed, those it brought leave with
it, unless another group of the channel has them too.
"""

from sandbox import channel_rules as rules
from sandbox import membership
from sandbox.conversations import Channel
from sandbox.deeds import deed
from sandbox.groups import ImGroup
from sandbox.world import World


@deed
def add(world: World, *, channel_id: str, group_ids: list[str], by: str, at: int) -> None:
    """Add groups to a channel, and whom they bring; a group that is there already stays as it is."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    groups = [world.im_groups[one] for one in dict.fromkeys(group_ids) if one not in channel.groups]
    for group in groups:
        new = [one for one in group.member_ids if one not in channel.member_ids]
        membership.bring_in(world, channel, new, by=by, at=at)
        channel.groups[group.id] = new


@deed
def remove(world: World, *, channel_id: str, group_id: str, by: str, at: int) -> None:
    """Take a group out of a channel, and with it those who came by it alone."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    leaving = []
    for person_id in channel.groups.pop(group_id):
        other = next((one for one in of(world, channel) if person_id in one.member_ids), None)
        if other is None:
            leaving.append(person_id)
        else:
            channel.groups[other.id].append(person_id)
    membership.take_out(world, channel, leaving, by=by, at=at)


def of(world: World, channel: Channel) -> list[ImGroup]:
    """The groups in a channel that the directory still knows, in the order they were added."""
    return [world.im_groups[one] for one in channel.groups if one in world.im_groups]
