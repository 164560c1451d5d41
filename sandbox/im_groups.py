"""What administrators do to groups of the company directory: make, change and delete them, fill and empty them.

A group's name is its own within the account. Deleting a group harms nobody in it.
"""

from sandbox import identity
from sandbox.deeds import deed
from sandbox.groups import ImGroup
from sandbox.world import World


def named(world: World, name: str) -> ImGroup | None:
    """The group of a name."""
    return next((one for one in world.im_groups.values() if one.name == name), None)


@deed
def create(world: World, *, name: str, type: str, searches: dict[str, bool]) -> ImGroup:
    """A new group without members; `searches` are flags by name."""
    group_id = identity.short(world.seed, "im group", world.number())
    group = ImGroup(group_id, name, type)
    _let_search(group, searches)
    world.im_groups[group_id] = group
    return group


@deed
def update(
    world: World,
    *,
    group_id: str,
    name: str | None = None,
    type: str | None = None,
    searches: dict[str, bool],
) -> None:
    """Another name, type or search; what is not given stays."""
    group = world.im_groups[group_id]
    group.name = group.name if name is None else name
    group.type = group.type if type is None else type
    _let_search(group, searches)


@deed
def delete(world: World, *, group_id: str) -> None:
    """The group is no more."""
    del world.im_groups[group_id]


@deed
def add(world: World, *, group_id: str, person_ids: list[str]) -> list[str]:
    """People come in; those who were not in it before are named."""
    members = world.im_groups[group_id].member_ids
    added = [one for one in dict.fromkeys(person_ids) if one not in members]
    members += added
    return added


@deed
def remove(world: World, *, group_id: str, person_id: str) -> None:
    """Someone goes."""
    world.im_groups[group_id].member_ids.remove(person_id)


def _let_search(group: ImGroup, searches: dict[str, bool]) -> None:
    """Take over the flags that are named."""
    group.search_by_account = searches.get("search_by_account", group.search_by_account)
    group.search_by_domain = searches.get("search_by_domain", group.search_by_domain)
    group.search_by_ma_account = searches.get("search_by_ma_account", group.search_by_ma_account)
