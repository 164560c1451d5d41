"""How Acme Instruments is sorted: a directory group for each department, shared spaces for those who work together.

Built when everything else stands, so that no id of anything else depends on it.
"""

from typing import NamedTuple

from sandbox import im_groups, spaces
from sandbox.acme.cast import STAFF
from sandbox.people import Person
from sandbox.space import PUBLIC
from sandbox.world import World

_TYPES = {"Leadership": "restricted", "Legal": "restricted", "Support": "shared"}


class Gathering(NamedTuple):
    """One shared space: people by key, channels by name; who may bring strangers is the service's number."""

    name: str
    description: str
    owner: str
    admins: str
    members: str
    private: str
    public: str
    strangers: int


SPACES = (
    Gathering(
        "Finance and audit",
        "Closing the books, and the people who look at them.",
        "desmond",
        "colette nadezhda",
        "tobias bruno wen fiona anand quentin",
        "revenue-recognition accounts-payable audit-2026",
        "finance quarter-close",
        0,
    ),
    Gathering(
        "Suppliers",
        "Castings, customs and contracts, with our partners at Norvik.",
        "pieter",
        "ingrid",
        "sunita ruslan farah ilya quentin olu greta",
        "norvik-castings contracts",
        "supply-chain",
        3,
    ),
)


def sort(world: World, *, people: dict[str, Person], at: int) -> None:
    """Groups and spaces, all made at one moment."""
    for department in dict.fromkeys(role.department for role in STAFF):
        members = [people[role.key].id for role in STAFF if role.department == department]
        group = im_groups.create(world, name=department, type=_TYPES.get(department, "normal"), searches={})
        im_groups.add(world, group_id=group.id, person_ids=members)
    for gathering in SPACES:
        _gather(world, gathering, people, at)


def _gather(world: World, gathering: Gathering, people: dict[str, Person], at: int) -> None:
    roles = {people[gathering.owner].id: "owner"}
    roles |= {people[key].id: "admin" for key in gathering.admins.split()}
    roles |= {people[key].id: "member" for key in gathering.members.split()}
    owner_id = people[gathering.owner].id
    space = spaces.create(
        world,
        by=owner_id,
        name=gathering.name,
        description=gathering.description,
        roles=roles,
        settings={"allow_to_add_external_users": gathering.strangers},
        at=at,
    )
    by_name = {channel.name: channel.id for channel in world.channels.values()}
    private = [by_name[name] for name in gathering.private.split()]
    spaces.move_in(world, space_id=space.id, by=owner_id, channel_ids=private, at=at)
    for name in gathering.public.split():
        spaces.put(world, space=space, channel_id=by_name[name], kind=PUBLIC)
