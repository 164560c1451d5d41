"""Mention groups: members of a channel who can be called by one name.

A channel has at most twenty, each of at most a hundred members; names are unique in a channel. Whether a request
keeps to that is for whoever asks to look at first (`names_of`, `MOST_GROUPS`, `MOST_MEMBERS`).
"""

from sandbox import identity
from sandbox.conversations import Channel, MentionGroup
from sandbox.deeds import deed
from sandbox.world import World

MOST_GROUPS = 20
MOST_MEMBERS = 100


@deed
def create(world: World, *, channel_id: str, name: str, description: str, person_ids: list[str]) -> str:
    """A new mention group; returns its id."""
    made = identity.hexadecimal(16, world.seed, "mention group", channel_id, world.number())
    group = MentionGroup(made, name, description, list(dict.fromkeys(person_ids)))
    world.channels[channel_id].mention_groups[made] = group
    return made


@deed
def describe(
    world: World,
    *,
    channel_id: str,
    group_id: str,
    name: str | None = None,
    description: str | None = None,
) -> None:
    """Give a mention group another name or description; None leaves what there is."""
    group = world.channels[channel_id].mention_groups[group_id]
    if name is not None:
        group.name = name
    if description is not None:
        group.description = description


@deed
def delete(world: World, *, channel_id: str, group_id: str) -> None:
    """A mention group is no more; its members stay in the channel."""
    del world.channels[channel_id].mention_groups[group_id]


@deed
def add_members(world: World, *, channel_id: str, group_id: str, person_ids: list[str]) -> None:
    """Members of the channel can be called by this name too."""
    world.channels[channel_id].mention_groups[group_id].member_ids += dict.fromkeys(person_ids)


@deed
def remove_members(world: World, *, channel_id: str, group_id: str, person_ids: list[str]) -> None:
    """Members of the channel can no longer be called by this name."""
    group = world.channels[channel_id].mention_groups[group_id]
    group.member_ids = [one for one in group.member_ids if one not in person_ids]


def names_of(channel: Channel, *, but: MentionGroup | None = None) -> set[str]:
    """The names that are taken in a channel."""
    return {one.name for one in channel.mention_groups.values() if one is not but}
