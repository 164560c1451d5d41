"""Tag Shared Spaces: the people of a space, who they are and who they become.

Of several people each is taken or refused for itself, and the reply says so; only a name that nobody has refuses
the whole request.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, pages, spaces, wire
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.space import Space
from sandbox.wire import Refusal
from sandbox.world import Unknown

Identifier = Annotated[str, Meta(min_length=1)]


class Listed(asked.Paged, frozen=True, kw_only=True):
    """A page of a list; the service names no largest size."""

    page_size: Annotated[int, Meta(ge=1)] = 30


class Members(Listed, frozen=True, kw_only=True):
    """Which members."""

    role: Literal["all", "member", "owner", "admin"] = "all"
    status: Literal["all", "active", "inactive"] = "all"


class Named(asked.Asked, frozen=True, kw_only=True):
    """Someone."""

    identifier: Identifier


class People(asked.Asked, frozen=True, kw_only=True):
    """One to twenty people, each once."""

    members: Annotated[list[Named], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        if len({one.identifier for one in self.members}) < len(self.members):
            raise ValueError("Expected unique entries - at `$.members`")


class Gone(asked.Asked, frozen=True, kw_only=True):
    """People parted by commas."""

    identifiers: str


async def members(call: Call) -> Response:
    """Everybody in a space, or those of a role or status, in the order they came."""
    wanted = asked.query(call, Members)
    space = known(call)
    people = [(call.world.people[one], number) for one, number in space.members.items()]
    rows = [
        (number, _full(one, space))
        for one, number in people
        if wanted.role in ("all", space.role(one.id)) and wanted.status in ("all", _status(one))
    ]
    place = call.place()
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=lambda row: (row[0], 0))
    return wire.reply(
        {
            "members": [row for _, row in page],
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
        }
    )


async def add(call: Call) -> Response:
    """People come in; who already is in, or may not, counts as unsuccessful."""
    identifiers = await _named(call)
    space, people = known(call), _found(call, identifiers)
    done = spaces.add(call.world, space_id=space.id, by=me(call), person_ids=_ids(people), at=now(call))
    return _outcome(people, done, status=201)


async def remove(call: Call) -> Response:
    """People go; the owner cannot."""
    space, identifiers = known(call), _listed(call)
    people = _found(call, identifiers, refused=lambda one: (1001, f"User does not exist: {one}."))
    done = spaces.remove(call.world, space_id=space.id, by=me(call), person_ids=_ids(people), at=now(call))
    return _outcome(people, done, status=200)


async def promote(call: Call) -> Response:
    """Members become administrators."""
    failed = "These members cannot become administrators of the space."
    identifiers = await _named(call)
    space, people = known(call), _found(call, identifiers, refused=lambda _: (5301, failed))
    done = spaces.promote(call.world, space_id=space.id, by=me(call), person_ids=_ids(people), at=now(call))
    return _outcome(people, done, status=201)


async def demote(call: Call) -> Response:
    """Administrators become members."""
    failed = "Request to demote shared space administrators failed."
    space, identifiers = known(call), _listed(call)
    people = _found(call, identifiers, refused=lambda _: (5301, failed))
    done = spaces.demote(call.world, space_id=space.id, by=me(call), person_ids=_ids(people), at=now(call))
    return _outcome(people, done, status=200)


async def hand_over(call: Call) -> Response:
    """Another owner, out of the members of the account."""
    failed = "Request to transfer shared space ownership failed."
    space, identifier = known(call), asked.query(call, Named).identifier
    (person,) = _found(call, [identifier], refused=lambda _: (5301, failed))
    if not spaces.can_own(call.world, space, person.id):
        raise Refusal(400, 5301, failed)
    spaces.hand_over(call.world, space_id=space.id, by=me(call), person_id=person.id, at=now(call))
    return Response(status_code=204)


def me(call: Call) -> str:
    """The app's own user, who does what is asked."""
    return call.world.person("me").id


def now(call: Call) -> int:
    """The moment of the request."""
    return call.instance.clock.now_ms()


def known(call: Call) -> Space:
    """The space that the path names."""
    found = call.world.spaces.get(call.path("spaceId"))
    if found is None:
        raise Refusal(404, 5407, "Shared space does not exist.")
    return found


def introduced(person: Person) -> dict[str, object]:
    """Someone as every list of a space shows them."""
    return {
        "user_id": person.shown_id,
        "member_id": person.member_id,
        "is_external_user": person.external,
    }


def _full(person: Person, space: Space) -> dict[str, object]:
    return {
        **introduced(person),
        "email": address(person),
        "display_name": person.display_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "role": space.role(person.id),
        "status": _status(person),
    }


def address(person: Person) -> str:
    """The e-mail as it is shown, empty where there is none."""
    return "" if person.shown_email is None else person.shown_email


def _status(person: Person) -> str:
    return "active" if person.active else "inactive"


def _outcome(people: list[Person], done: list[str], *, status: int) -> Response:
    users = [
        {**introduced(one), "operation_status": "successful" if one.id in done else "unsuccessful"}
        for one in people
    ]
    counts = {
        "successful_operations_count": len(done),
        "unsuccessful_operations_count": len(people) - len(done),
    }
    return wire.reply({**counts, "users": users}, status=status)


async def _named(call: Call) -> list[str]:
    return [one.identifier for one in (await asked.body(call, People)).members]


def _listed(call: Call) -> list[str]:
    return asked.names(asked.query(call, Gone).identifiers, parameter="identifiers", most=20)


def _ids(people: list[Person]) -> list[str]:
    return [one.id for one in people]


def _found(
    call: Call, identifiers: list[str], *, refused: Callable[[str], tuple[int, str]] | None = None
) -> list[Person]:
    """The people of these ids, each once; `refused` words what to say of an unknown one instead of 404."""
    found: dict[str, Person] = {}
    for identifier in identifiers:
        try:
            person = call.world.person(identifier)
        except Unknown as unknown:
            if refused is None:
                raise
            raise Refusal(400, *refused(identifier)) from unknown
        found[person.id] = person
    return list(found.values())


ROUTES = [
    route("listSharedSpaceMembers", members),
    route("addSpaceMembers", add),
    route("deleteSpaceMembers", remove),
    route("promoteSpaceMembers", promote),
    route("demoteSpaceAdmins", demote),
    route("transferSpaceOwner", hand_over),
]
