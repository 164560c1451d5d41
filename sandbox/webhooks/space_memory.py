"""What the subscriber was last told of the shared spaces, to tell what a deed changed about one.

An event of edited settings has the former ones too, and of several people that were to come or go only some did:
neither is said by the deed. So the spaces are compared with what they were after the deed before.
"""

from dataclasses import dataclass

from sandbox.space import Settings, Space
from sandbox.webhooks.causes import Cause, Told
from sandbox.webhooks.occasion import Fields
from sandbox.world import World

_WHO = {1: "by_any_member", 2: "by_owner_and_admins"}
_OUTSIDE = {0: "disabled", 1: "by_any_member", 2: "by_same_org", 3: "by_owner_and_admins"}


@dataclass(slots=True, frozen=True)
class _Seen:
    """A space as it was."""

    settings: Fields
    member_ids: tuple[str, ...]


class SpaceMemory:
    """The spaces of a world as they were after the last deed."""

    def __init__(self, world: World) -> None:
        self._seen = {one.id: _photograph(one) for one in world.spaces.values()}

    def causes(self) -> dict[str, Cause]:
        """The deeds on spaces, and how each is told."""
        changes = dict.fromkeys(("spaces.update", "spaces.add", "spaces.remove"), self._changed)
        return {"spaces.create": self._created, **changes}

    def _created(self, world: World, fields: Fields) -> Told:
        yield from self._compared(next(reversed(world.spaces.values())), fields)

    def _changed(self, world: World, fields: Fields) -> Told:
        yield from self._compared(world.spaces[str(fields["space_id"])], fields)

    def _compared(self, space: Space, fields: Fields) -> Told:
        space_id = space.id
        old, new = self._seen.get(space_id), _photograph(space)
        self._seen[space_id] = new
        told = {"by": fields["by"], "at": fields["at"], "space_id": space_id, "space_name": space.name}
        if old is not None and old.settings != new.settings:
            settings = {"old_settings": old.settings, "new_settings": new.settings}
            yield "team_chat.shared_spaces_edited", {**told, **settings}
        before = (fields["by"],) if old is None else old.member_ids
        come = [one for one in new.member_ids if one not in before]
        if come:
            roles = {one: space.role(one) for one in come}
            yield "team_chat.shared_spaces_member_invited", {**told, "people": come, "roles": roles}
        gone = [one for one in before if one not in new.member_ids and old is not None]
        if fields["by"] in gone:
            yield "team_chat.shared_spaces_member_left", told
        removed = [one for one in gone if one != fields["by"]]
        if removed:
            yield "team_chat.shared_spaces_member_removed", {**told, "people": removed}


def _photograph(space: Space) -> _Seen:
    option = _option(space.settings)
    return _Seen({"name": space.name, "desc": space.description, "option": option}, tuple(space.members))


def _option(settings: Settings) -> Fields:
    return {
        "add_new_members": _WHO[settings.add_member_permissions],
        "add_new_channels": _WHO[settings.create_channels_permission],
        "add_external_users": _OUTSIDE[settings.allow_to_add_external_users],
    }
