"""Who is in a channel, and as what: invited, joined, removed, left; administrators made and unmade.

Every coming and going is in the activity log, under the name of whoever caused it, and the session has the
members its channel has. Nobody takes the owner out, and the owner does not walk away.
"""

from collections.abc import Iterable

from sandbox import channel_rules as rules
from sandbox import spaces
from sandbox.channel_rules import Impossible
from sandbox.conversations import Activity, Channel
from sandbox.deeds import deed
from sandbox.space import PUBLIC
from sandbox.world import World

_LOGGED_AT_ONCE = 100


@deed
def invite(world: World, *, channel_id: str, person_ids: list[str], by: str, at: int) -> list[str]:
    """Bring people into a channel; returns who is new, the others stay as they were."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    new = [one for one in dict.fromkeys(person_ids) if one not in channel.member_ids]
    rules.check_newcomers(world, channel.type, new, at=at)
    bring_in(world, channel, new, by=by, at=at)
    return new


@deed
def join(world: World, *, channel_id: str, person_id: str, at: int) -> None:
    """Someone enters a channel unasked: a public one, or one that is open to the people of their space."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    if not channel.is_public and not _is_open_to(world, channel, person_id):
        raise Impossible("one has to be invited to a private channel")
    if person_id in channel.member_ids:
        raise Impossible("already in the channel")
    world.join(channel, world.people[person_id], at=at)


@deed
def leave(world: World, *, channel_id: str, person_id: str, at: int) -> None:
    """Someone goes of their own accord."""
    channel = world.channels[channel_id]
    rules.check_is_its_own(world, channel)
    _check_can_go(channel, [person_id])
    world.leave(channel, world.people[person_id], at=at)


@deed
def remove(world: World, *, channel_id: str, person_ids: list[str], by: str, at: int) -> None:
    """Take people out of a channel: all of them or, when one cannot be, none."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    _check_can_go(channel, person_ids)
    take_out(world, channel, list(dict.fromkeys(person_ids)), by=by, at=at)


@deed
def promote(world: World, *, channel_id: str, person_ids: list[str]) -> list[str]:
    """Make members administrators; returns who was not one before."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    rules.check_members(channel, person_ids)
    new = [one for one in dict.fromkeys(person_ids) if channel.role(one) == "member"]
    channel.admin_ids += new
    return new


@deed
def demote(world: World, *, channel_id: str, person_ids: list[str]) -> None:
    """Make administrators members again: all of them or, when one is none, nobody."""
    channel = world.channels[channel_id]
    rules.check_is_open(channel)
    rules.check_is_its_own(world, channel)
    if any(channel.role(one) != "admin" for one in person_ids):
        raise Impossible("someone named is not an administrator")
    channel.admin_ids = [one for one in channel.admin_ids if one not in person_ids]


def bring_in(world: World, channel: Channel, person_ids: list[str], *, by: str, at: int) -> None:
    """Put people into a channel who are not in it; only from within a deed."""
    channel.member_ids += person_ids
    _log(world, channel, person_ids, by=by, joined=True, at=at)


def take_out(world: World, channel: Channel, person_ids: list[str], *, by: str, at: int) -> None:
    """Take people out of a channel who are in it; only from within a deed."""
    channel.forget(person_ids)
    _log(world, channel, person_ids, by=by, joined=False, at=at)


def _check_can_go(channel: Channel, person_ids: Iterable[str]) -> None:
    rules.check_members(channel, person_ids)
    if channel.owner_id in person_ids:
        raise Impossible("the owner cannot be taken out")


def _is_open_to(world: World, channel: Channel, person_id: str) -> bool:
    space = spaces.of_channel(world, channel.id)
    return space is not None and person_id in space.members and space.channels[channel.id].kind == PUBLIC


def _log(world: World, channel: Channel, person_ids: list[str], *, by: str, joined: bool, at: int) -> None:
    """The session follows its channel; a line of the log names a hundred people at most."""
    world.sessions[channel.session_id].member_ids = list(channel.member_ids)
    for start in range(0, len(person_ids), _LOGGED_AT_ONCE):
        some = person_ids[start : start + _LOGGED_AT_ONCE]
        world.activities.append(Activity(channel.id, at, world.number(), by, joined, some))
