"""Channels and people brought here from another platform, and the record of which became which.

The API never hears the ids of the other platform: the migration app keeps them, and the service only answers
look-ups. So whatever is migrated is given an id of a workspace elsewhere here, drawn from the seed; `record` tells
of others. What is refused is refused whole, before anything changed.
"""

from collections.abc import Iterable, Sequence

from sandbox import identity
from sandbox.conversations import Channel
from sandbox.deeds import deed
from sandbox.migrated import Workspace
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import World

_OF_ONE_ACCOUNT = 2  # the type of a private channel that only the account's own people may enter


def workspace_id(world: World) -> str:
    """The workspace elsewhere that the migrated came from, unless `record` said otherwise."""
    return "T" + identity.hexadecimal(5, world.seed, "workspace").upper()


@deed
def make_channel(
    world: World,
    *,
    owner_id: str,
    name: str,
    type: int,
    member_ids: list[str],
    admin_ids: list[str],
    created_at: int,
    at: int,
) -> str:
    """A channel as it was, with its session; its id. `member_ids` leave out the owner, `admin_ids` are some of them."""
    people = [world.people[one] for one in (owner_id, *member_ids)]
    if (
        created_at > at
        or not _may_enter(type, people, already=())
        or _is_here(world, owner_id, name, created_at)
    ):
        raise Refusal(400, 5301, "Request to migrate a channel failed.")
    key = f"migrated {world.number()}"
    channel = world.open_channel(name, members=people, type=type, at=created_at, key=key)
    channel.admin_ids.extend(admin_ids)
    world.migrated.session_ids.add(channel.session_id)
    _workspace(world).channels[_origin(world, "C", channel.id)] = channel.id
    know(world, people)
    return channel.id


@deed
def add_members(
    world: World, *, channel_id: str, member_ids: list[str], admin_ids: list[str], at: int
) -> None:
    """People enter a migrated channel; `admin_ids` are some of them."""
    channel = world.channels[channel_id]
    people = [world.people[one] for one in member_ids]
    if not _may_enter(channel.type, people, already=channel.member_ids):
        raise Refusal(400, 5301, "These people cannot enter the migrated channel.")
    for person in people:
        world.join(channel, person, at=at)
    channel.admin_ids.extend(admin_ids)
    know(world, people)


@deed
def record(world: World, *, team_id: str, channels: dict[str, str], people: dict[str, str]) -> None:
    """What the migration app knows: ids of a workspace elsewhere, each with the id here."""
    kept = world.migrated.workspaces.setdefault(team_id, Workspace())
    kept.channels.update(channels)
    kept.people.update(people)
    sessions = (world.channels[one].session_id for one in channels.values())
    world.migrated.session_ids.update(sessions)


def know(world: World, people: Iterable[Person]) -> None:
    """Whoever takes part in what was migrated can be found by an id elsewhere. Only for deeds."""
    kept = _workspace(world).people
    for person in people:
        if not person.external:
            kept[_origin(world, "U", person.id)] = person.id


def _workspace(world: World) -> Workspace:
    return world.migrated.workspaces.setdefault(workspace_id(world), Workspace())


def _origin(world: World, kind: str, id: str) -> str:
    return kind + identity.hexadecimal(5, world.seed, "origin", id).upper()


def _may_enter(type: int, people: Sequence[Person], *, already: Sequence[str]) -> bool:
    """Whether each is named once, none is in already, and the channel's kind lets them in."""
    ids = {one.id for one in people}
    if len(ids) < len(people) or not ids.isdisjoint(already):
        return False
    return type != _OF_ONE_ACCOUNT or not any(one.external for one in people)


def _is_here(world: World, owner_id: str, name: str, created_at: int) -> bool:
    """Whether this very channel was migrated before and is still there."""
    return any(
        _names(channel) == (owner_id, name, created_at)
        for channel in world.channels.values()
        if channel.session_id in world.migrated.session_ids and channel.deleted_at is None
    )


def _names(channel: Channel) -> tuple[str, str, int]:
    return channel.owner_id, channel.name, channel.created_at
