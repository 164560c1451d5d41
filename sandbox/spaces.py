"""What people do to shared spaces: make and end them, come and go, rise and fall, move channels.

A space begins with a general channel whose members are the space's own at every moment; it cannot be moved out.
A channel is in one space at most. Only private channels can be moved into one. Ending a space ends none of its
channels: they go on as private channels outside, and nothing said in them is lost. Who is removed from a space
leaves its general channel and those open to all its members, and stays in private ones.

Of several people or channels each is taken or refused for itself; a deed says which were taken.
"""

from sandbox import identity
from sandbox.conversations import Channel
from sandbox.deeds import deed
from sandbox.space import GENERAL, PRIVATE, Kept, Space
from sandbox.world import World

_PRIVATE_TYPES = frozenset({1, 2})


def named(world: World, name: str) -> Space | None:
    """The space of a name."""
    return next((one for one in world.spaces.values() if one.name == name), None)


def of_channel(world: World, channel_id: str) -> Space | None:
    """The space that a channel is in."""
    return next((one for one in world.spaces.values() if channel_id in one.channels), None)


@deed
def create(
    world: World,
    *,
    by: str,
    name: str,
    description: str,
    roles: dict[str, str],
    settings: dict[str, int],
    at: int,
) -> Space:
    """A new space with its general channel; whoever makes it owns it when `roles` names no owner."""
    owner_id = next((one for one, role in roles.items() if role == "owner"), by)
    people = [world.people[one] for one in dict.fromkeys((owner_id, *roles))]
    number = world.number()
    space_id = identity.hexadecimal(16, world.seed, "space", number)
    general = world.open_channel("General", members=people, type=2, at=at, key=f"general of {space_id}")
    space = Space(space_id, number, name, description, owner_id, general.id, by, at)
    space.settings.change(settings)
    space.admin_ids = [one for one, role in roles.items() if role == "admin" and one != owner_id]
    space.members = {person.id: world.number() for person in people}
    world.spaces[space_id] = space
    put(world, space=space, channel_id=general.id, kind=GENERAL)
    _mirror(world, space)
    return space


@deed
def update(
    world: World,
    *,
    space_id: str,
    by: str,
    name: str | None = None,
    description: str | None = None,
    settings: dict[str, int],
    at: int,
) -> None:
    """Another name, another description, other settings; what is not given stays."""
    space = world.spaces[space_id]
    space.name = space.name if name is None else name
    space.description = space.description if description is None else description
    space.settings.change(settings)
    space.changed(by=by, at=at)
    _mirror(world, space)


@deed
def end(world: World, *, space_id: str, by: str, at: int) -> None:
    """The space is gone, its channels are private channels like any other."""
    world.spaces[space_id].changed(by=by, at=at)
    del world.spaces[space_id]


# -- people ----------------------------------------------------------------------------------------


@deed
def add(world: World, *, space_id: str, by: str, person_ids: list[str], at: int) -> list[str]:
    """People come in; strangers to the account only where the space lets them."""
    space = world.spaces[space_id]
    taken = [one for one in person_ids if one not in space.members and _may_come(world, space, one)]
    for one in taken:
        space.members[one] = world.number()
        world.join(world.channels[space.general_id], world.people[one], at=at)
    space.changed(by=by, at=at)
    _mirror(world, space)
    return taken


@deed
def remove(world: World, *, space_id: str, by: str, person_ids: list[str], at: int) -> list[str]:
    """People go; the owner stays."""
    space = world.spaces[space_id]
    taken = [one for one in person_ids if one in space.members and one != space.owner_id]
    for one in taken:
        del space.members[one]
        space.admin_ids = [admin for admin in space.admin_ids if admin != one]
        for channel_id, kept in space.channels.items():
            if kept.kind != PRIVATE:
                _leave(world, world.channels[channel_id], one, heir=space.owner_id, at=at)
    space.changed(by=by, at=at)
    _mirror(world, space)
    return taken


@deed
def promote(world: World, *, space_id: str, by: str, person_ids: list[str], at: int) -> list[str]:
    """Members become administrators."""
    space = world.spaces[space_id]
    taken = [one for one in person_ids if one in space.members and space.role(one) == "member"]
    space.admin_ids += taken
    space.changed(by=by, at=at)
    _mirror(world, space)
    return taken


@deed
def demote(world: World, *, space_id: str, by: str, person_ids: list[str], at: int) -> list[str]:
    """Administrators become members."""
    space = world.spaces[space_id]
    taken = [one for one in person_ids if one in space.admin_ids]
    space.admin_ids = [one for one in space.admin_ids if one not in taken]
    space.changed(by=by, at=at)
    _mirror(world, space)
    return taken


def can_own(world: World, space: Space, person_id: str) -> bool:
    """Whether the space can be handed to someone: another member, of the account itself."""
    is_other = person_id in space.members and person_id != space.owner_id
    return is_other and not world.people[person_id].external


@deed
def hand_over(world: World, *, space_id: str, by: str, person_id: str, at: int) -> None:
    """Another owner; the one before is a member from now on."""
    space = world.spaces[space_id]
    space.owner_id = person_id
    space.admin_ids = [one for one in space.admin_ids if one != person_id]
    space.changed(by=by, at=at)
    _mirror(world, space)


# -- channels --------------------------------------------------------------------------------------


def put(world: World, *, space: Space, channel_id: str, kind: str) -> None:
    """A channel's place in a space; part of a deed."""
    space.channels[channel_id] = Kept(world.number(), kind)


@deed
def move_in(world: World, *, space_id: str, by: str, channel_ids: list[str], at: int) -> list[str]:
    """Private channels come in, each from outside every space."""
    space = world.spaces[space_id]
    taken = [one for one in channel_ids if _is_free(world, one)]
    for one in taken:
        put(world, space=space, channel_id=one, kind=PRIVATE)
    space.changed(by=by, at=at)
    return taken


@deed
def move_out(world: World, *, space_id: str, by: str, channel_ids: list[str], at: int) -> list[str]:
    """Channels go out, all but the general one."""
    space = world.spaces[space_id]
    taken = [one for one in channel_ids if one in space.channels and one != space.general_id]
    for one in taken:
        del space.channels[one]
    space.changed(by=by, at=at)
    return taken


# -- inside ----------------------------------------------------------------------------------------


def _may_come(world: World, space: Space, person_id: str) -> bool:
    return space.settings.allow_to_add_external_users != 0 or not world.people[person_id].external


def _is_free(world: World, channel_id: str) -> bool:
    channel = world.channels.get(channel_id)
    if channel is None or channel.deleted_at is not None or channel.type not in _PRIVATE_TYPES:
        return False
    return of_channel(world, channel_id) is None


def _leave(world: World, channel: Channel, person_id: str, *, heir: str, at: int) -> None:
    """Someone leaves a channel; one without its owner goes to the space's."""
    if person_id not in channel.member_ids:
        return
    if channel.owner_id == person_id:
        if heir not in channel.member_ids:
            world.join(channel, world.people[heir], at=at)
        channel.owner_id = heir
    channel.admin_ids = [one for one in channel.admin_ids if one not in (person_id, channel.owner_id)]
    world.leave(channel, world.people[person_id], at=at)


def _mirror(world: World, space: Space) -> None:
    """The general channel has the owner and the administrators of its space."""
    general = world.channels[space.general_id]
    general.owner_id, general.admin_ids = space.owner_id, list(space.admin_ids)
    with_guests = any(world.people[one].external for one in space.members)
    is_open = space.settings.allow_to_add_external_users != 0 or with_guests
    general.type = 1 if is_open else 2
