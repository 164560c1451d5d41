"""Tag Shared Spaces: the spaces and their channels; their people are in `space_members`.

The app acts with an administrator's role, so that it may change every space; moving channels alone is done as
one of the space's own people, since there is no administrator's scope for it.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from sandbox import asked, pages, spaces, wire
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.routes import space_members
from sandbox.routes.space_members import Identifier, Listed, address, introduced, known, me, now
from sandbox.space import Space
from sandbox.wire import Refusal


class OfUser(Listed, frozen=True, kw_only=True):
    """Whose spaces; everybody's when nobody is named."""

    user_id: str | None = None


class Settings(asked.Asked, frozen=True, kw_only=True):
    """Who may do what."""

    allow_to_add_external_users: Literal[0, 1, 2, 3] | UnsetType = UNSET
    add_member_permissions: Literal[1, 2] | UnsetType = UNSET
    create_channels_permission: Literal[1, 2] | UnsetType = UNSET

    def given(self) -> dict[str, int]:
        """Those that were named."""
        named = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in named.items() if value is not UNSET}


class NewMember(asked.Asked, frozen=True, kw_only=True):
    """Someone to begin with."""

    identifier: Identifier
    role: Literal["admin", "member", "owner"] = "member"


class New(asked.Asked, frozen=True, kw_only=True):
    """A space to make."""

    space_name: Annotated[str, Meta(min_length=1)]
    space_desc: str = ""
    space_members: Annotated[list[NewMember], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    space_settings: Settings = Settings()


class Changed(asked.Asked, frozen=True, kw_only=True):
    """What of a space is to be otherwise."""

    space_name: Annotated[str, Meta(min_length=1)] | None = None
    space_desc: str | None = None
    space_settings: Settings | None = None


class Moved(asked.Asked, frozen=True, kw_only=True):
    """Which channels go which way."""

    channel_ids: Annotated[list[str], Meta(min_length=1, max_length=50)]
    move_direction: Literal["move_into", "move_out"]


async def listed(call: Call) -> Response:
    """Every space, or those that someone is in."""
    wanted = asked.query(call, OfUser)
    rows = list(call.world.spaces.values())
    if wanted.user_id is not None:
        person = call.world.person(wanted.user_id)
        rows = [one for one in rows if person.id in one.members]
    place = call.place()
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=lambda one: (one.number, 0))
    return wire.reply(
        {
            "shared_spaces": [{**_row(one), "space_owner": _owner(call, one)} for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
        }
    )


async def create(call: Call) -> Response:
    """A new space; the app's user owns it unless another owner is named."""
    given = await asked.body(call, New)
    members = [] if given.space_members is UNSET else given.space_members
    people = [(call.world.person(one.identifier), one.role) for one in members]
    if len({person.id for person, role in people if role == "owner"}) > 1:
        raise Refusal(403, 5603, "A shared space has one owner.")
    settings = given.space_settings.given()
    is_closed = settings.get("allow_to_add_external_users", 0) == 0
    if any(person.external and (is_closed or role == "owner") for person, role in people):
        raise Refusal(403, 200, "No permission to make a shared space.")
    _check_name(call, given.space_name)
    roles: dict[str, str] = {}
    for person, role in people:
        roles[person.id] = role if roles.get(person.id) != "owner" else "owner"
    made = spaces.create(
        call.world,
        by=me(call),
        name=given.space_name,
        description=given.space_desc,
        roles=roles,
        settings=settings,
        at=now(call),
    )
    inside = [call.world.people[one] for one in made.members]
    return wire.reply(
        {
            **_row(made),
            "channel_id": made.general_id,
            "space_members": [{"identifier": _id(one), "role": made.role(one.id)} for one in inside],
            "space_settings": made.settings.row(),
        },
        status=201,
    )


async def get(call: Call) -> Response:
    """One space with its settings."""
    space = known(call)
    owner = _owner(call, space)
    owner["display_name "] = owner.pop("display_name")  # as the service spells it here
    return wire.reply({**_row(space), "owner": owner, "space_settings": space.settings.row()})


async def update(call: Call) -> Response:
    """Name, description, settings."""
    empty = Refusal(400, 4719, "Share space settings request body missing.")
    if (await call.request.body()).strip() == b"":
        raise empty
    given = await asked.body(call, Changed)
    space = known(call)
    settings = {} if given.space_settings is None else given.space_settings.given()
    if given.space_name is None and given.space_desc is None and given.space_settings is None:
        raise empty
    if given.space_name is not None:
        _check_name(call, given.space_name, besides=space)
    spaces.update(
        call.world,
        space_id=space.id,
        by=me(call),
        at=now(call),
        name=given.space_name,
        description=given.space_desc,
        settings=settings,
    )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """The end of a space, not of its channels."""
    spaces.end(call.world, space_id=known(call).id, by=me(call), at=now(call))
    return Response(status_code=204)


async def channels(call: Call) -> Response:
    """The channels of a space, in the order they came."""
    wanted = asked.query(call, Listed)
    space = known(call)
    kept = [(call.world.channels[one], standing) for one, standing in space.channels.items()]
    rows = [
        (
            standing.number,
            {
                "channel_id": channel.id,
                "channel_name": channel.name,
                "space_channel_type": standing.kind,
                "member_count": len(channel.member_ids),
            },
        )
        for channel, standing in kept
        if channel.deleted_at is None
    ]
    place = call.place()
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=lambda row: (row[0], 0))
    return wire.reply(
        {
            "channels": [row for _, row in page],
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
        }
    )


async def move(call: Call) -> Response:
    """Channels go into or out of a space, each for itself."""
    given = await asked.body(call, Moved)
    space = call.world.spaces.get(call.path("spaceId"))
    if space is None:
        raise Refusal(404, 300, f"Shared space does not exist: {call.path('spaceId')}.")
    _check_may_move(call, space)
    verb = spaces.move_in if given.move_direction == "move_into" else spaces.move_out
    channel_ids = list(dict.fromkeys(given.channel_ids))
    done = verb(call.world, space_id=space.id, by=me(call), channel_ids=channel_ids, at=now(call))
    moved = [{"channel_id": one, "is_moved": one in done} for one in channel_ids]
    return wire.reply({"space_id": space.id, "move_direction": given.move_direction, "channels": moved})


def _row(space: Space) -> dict[str, object]:
    return {"space_id": space.id, "space_name": space.name, "space_desc": space.description}


def _owner(call: Call, space: Space) -> dict[str, object]:
    person = call.world.people[space.owner_id]
    return {**introduced(person), "email": address(person), "display_name": person.display_name}


def _id(person: Person) -> str:
    return person.member_id if person.external else person.id


def _check_may_move(call: Call, space: Space) -> None:
    mine = me(call)
    is_in = mine in space.members
    for_chiefs = space.settings.create_channels_permission == 2
    if not is_in or (for_chiefs and space.role(mine) == "member"):
        refused = "No permission to see the shared space."
        raise Refusal(403, 200, refused)


def _check_name(call: Call, name: str, *, besides: Space | None = None) -> None:
    if spaces.named(call.world, name) not in (None, besides):
        raise Refusal(400, 5603, "Another space has this name.")


ROUTES = [
    route("listSharedSpaces", listed),
    route("createSpace", create),
    route("getASharedSpace", get),
    route("updateSharedSpaceSettings", update),
    route("deleteSpace", delete),
    route("listSharedSpaceChannels", channels),
    route("updateSharedSpaceChannels", move),
    *space_members.ROUTES,
]
