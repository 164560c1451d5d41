"""Tag IM Groups: groups of the company directory, for paid accounts."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from sandbox import asked, im_groups, pages, wire
from sandbox.clock import iso
from sandbox.gate import Call, route
from sandbox.groups import ImGroup
from sandbox.identity import number
from sandbox.limits import Plan
from sandbox.pages import START, Place
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import Unknown

_LICENSED = 2


class Fields(asked.Asked, frozen=True, kw_only=True):
    """What there is to say of a group."""

    name: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    type: Literal["normal", "shared", "restricted"] | None = None
    search_by_account: bool | UnsetType = UNSET
    search_by_domain: bool | UnsetType = UNSET
    search_by_ma_account: bool | UnsetType = UNSET

    def searches(self) -> dict[str, bool]:
        """The flags that were named."""
        named = ("search_by_account", "search_by_domain", "search_by_ma_account")
        return {name: getattr(self, name) for name in named if getattr(self, name) is not UNSET}


class Listed(asked.Paged, frozen=True, kw_only=True):
    """Which page of members: by token or, the old way, by number."""

    page_size: Annotated[int, Meta(ge=1, le=300)] = 30
    page_number: Annotated[int, Meta(ge=1)] = 1


class Member(asked.Asked, frozen=True, kw_only=True):
    """Someone by user id or, without one, by e-mail."""

    id: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if self.id is None and self.email is None:
            raise ValueError("Expected an id or an email")


class NewMembers(asked.Asked, frozen=True, kw_only=True):
    """One to ten people."""

    members: Annotated[list[Member], Meta(min_length=1, max_length=10)]


async def listed(call: Call) -> Response:
    """Every group, in one reply."""
    _check_paid(call)
    rows = [_row(one) for one in call.world.im_groups.values()]
    return wire.reply({"total_records": len(rows), "groups": rows})


async def create(call: Call) -> Response:
    """A new group."""
    _check_paid(call, status=200)
    given = await asked.body(call, Fields)
    if given.name is None:
        raise Refusal(400, 300, "Invalid field: name is required.")
    _check_name(call, given.name)
    made = im_groups.create(
        call.world,
        name=given.name,
        type="normal" if given.type is None else given.type,
        searches=given.searches(),
    )
    row = _row(made)
    del row["type"]  # the reply to a creation has none
    return wire.reply(row, status=201)


async def get(call: Call) -> Response:
    """One group."""
    _check_paid(call)
    return wire.reply(_row(_group(call)))


async def update(call: Call) -> Response:
    """Name, type and searches."""
    _check_paid(call)
    given = await asked.body(call, Fields)
    group = _group(call)
    if given.name is not None:
        _check_name(call, given.name, besides=group)
    im_groups.update(
        call.world, group_id=group.id, name=given.name, type=given.type, searches=given.searches()
    )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """The end of a group."""
    _check_paid(call)
    im_groups.delete(call.world, group_id=_group(call).id)
    return Response(status_code=204)


async def members(call: Call) -> Response:
    """Everybody in a group; a token counts for more than a page number."""
    _check_paid(call, status=200)
    wanted = asked.query(call, Listed)
    people = [call.world.people[one] for one in _group(call).member_ids]
    rows = sorted(people, key=_position)
    place = call.place()
    skipped = sum(_position(one) <= place.after for one in rows)
    if place.is_first and wanted.page_number > 1:
        skipped = min((wanted.page_number - 1) * wanted.page_size, len(rows))
        after = START if skipped == 0 else _position(rows[skipped - 1])
        place = Place(after, START, is_first=False)
    page, after_page = pages.cut(rows, place=place, count=wanted.page_size, key=_position)
    return wire.reply(
        {
            "members": [_member(one) for one in page],
            "next_page_token": call.next_token(place, after_page),
            "page_count": -(-len(rows) // wanted.page_size),
            "page_number": -(-skipped // wanted.page_size) + 1,
            "page_size": wanted.page_size,
            "total_records": len(rows),
        }
    )


async def add(call: Call) -> Response:
    """People of the account come in."""
    _check_paid(call)
    given = await asked.body(call, NewMembers)
    group = _group(call)
    people = [_inside(call, one) for one in given.members]
    added = im_groups.add(call.world, group_id=group.id, person_ids=[one.id for one in people])
    return wire.reply({"ids": ",".join(added), "added_at": iso(call.instance.clock.now_ms())}, status=201)


async def remove(call: Call) -> Response:
    """Someone goes."""
    _check_paid(call)
    group = _group(call)
    person = call.world.person(call.path("memberId"))
    if person.id not in group.member_ids:
        raise Unknown(call.path("memberId"))
    im_groups.remove(call.world, group_id=group.id, person_id=person.id)
    return Response(status_code=204)


def _check_paid(call: Call, *, status: int = 400) -> None:
    """Two operations say it with status 200, as they are described."""
    if call.instance.limits.plan is Plan.FREE:
        raise Refusal(status, 200, "Only available for Paid account.")


def _check_name(call: Call, name: str, *, besides: ImGroup | None = None) -> None:
    if im_groups.named(call.world, name) not in (None, besides):
        raise Refusal(409, 4132, f"Group name {name} is already in use.")


def _group(call: Call) -> ImGroup:
    found = call.world.im_groups.get(call.path("groupId"))
    if found is None:
        raise Refusal(404, 4130, f"IM group does not exist: {call.path('groupId')}.")
    return found


def _inside(call: Call, named: Member) -> Person:
    wanted = named.email if named.id is None else named.id
    person = call.world.person("" if wanted is None else wanted)
    if person.external:
        raise Unknown(wanted)
    return person


def _position(person: Person) -> tuple[int, int]:
    return number(person.id) >> 2, 0


def _row(group: ImGroup) -> dict[str, object]:
    return {
        "id": group.id,
        "name": group.name,
        "total_members": len(group.member_ids),
        "search_by_account": group.search_by_account,
        "search_by_domain": group.search_by_domain,
        "search_by_ma_account": group.search_by_ma_account,
        "type": group.type,
    }


def _member(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "email": "" if person.email is None else person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "type": _LICENSED,
    }


ROUTES = [
    route("imGroups", listed),
    route("imGroupCreate", create),
    route("imGroup", get),
    route("imGroupUpdate", update),
    route("imGroupDelete", delete),
    route("imGroupMembers", members),
    route("imGroupMembersCreate", add),
    route("imGroupMembersDelete", remove),
]
