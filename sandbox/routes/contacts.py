"""Tag Contacts: the account's own people, searched by name or address, and the contacts of the app's user."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, contacts, pages, wire
from sandbox.asked import Asked, Paged
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.people import Person, as_contact, as_own_contact
from sandbox.wire import Refusal

_KINDS = frozenset(map(str, range(1, 9)))
_USER = "1"


class Mine(Paged, frozen=True, kw_only=True):
    """Which contacts of the app's user."""

    type: Literal["company", "external"] = "company"
    page_size: Annotated[int, Meta(ge=1, le=50)] = 10


class One(Asked, frozen=True, kw_only=True):
    """What to say of a contact."""

    query_presence_status: bool = False


class Search(Paged, frozen=True, kw_only=True):
    """Whom to look for; kinds of contact are parted by commas."""

    search_key: str
    query_presence_status: bool = False
    page_size: Annotated[int, Meta(ge=1, le=25)] = 1
    contact_types: str = _USER
    user_status: Literal["active", "inactive"] | None = None


async def mine(call: Call) -> Response:
    """The contacts of the app's user, inside the account or outside."""
    given = asked.query(call, Mine)
    user = call.world.person("me")
    of_type = contacts.external if given.type == "external" else contacts.company
    page, token = _page(call, of_type(call.world, user), given.page_size)
    return _listed([as_own_contact(one) for one in page], token, given.page_size)


async def one(call: Call) -> Response:
    """One contact of the app's user."""
    given = asked.query(call, One)
    found = contacts.find(call.world, call.world.person("me"), call.path("identifier"))
    return wire.reply({**as_own_contact(found), **_presence(call, found, given.query_presence_status)})


async def search(call: Call) -> Response:
    """People inside the account whose name or e-mail contains the search key."""
    given = asked.query(call, Search)
    kinds = set(asked.names(given.contact_types, parameter="contact_types", most=len(_KINDS)))
    if not kinds <= _KINDS:
        raise Refusal(400, 300, "Invalid field: contact_types must be between 1 and 8.")
    wanted = given.search_key.casefold()
    rows = [
        one
        for one in call.world.people.values()
        if _USER in kinds
        and not one.external
        and (wanted in one.display_name.casefold() or wanted in (one.email or "").casefold())
        and (given.user_status is None or one.active == (given.user_status == "active"))
    ]
    page, token = _page(call, rows, given.page_size)
    shown = [
        {
            **as_contact(one),
            **contacts.directory_group(call.world, one),
            **_presence(call, one, given.query_presence_status),
        }
        for one in page
    ]
    return _listed(shown, token, given.page_size)


def _page(call: Call, people: Sequence[Person], count: int) -> tuple[list[Person], str]:
    """One page of people, in an order of their ids that fits into a page token."""
    place = call.place()
    page, after = pages.cut(sorted(people, key=_position), place=place, count=count, key=_position)
    return page, call.next_token(place, after)


def _listed(rows: list[dict[str, object]], token: str, count: int) -> Response:
    return wire.reply({"contacts": rows, "next_page_token": token, "page_size": count})


def _presence(call: Call, person: Person, wanted: bool) -> dict[str, object]:
    return {"presence_status": contacts.presence(call.world, person)} if wanted else {}


def _position(person: Person) -> tuple[int, int]:
    return number(person.id) >> 2, 0


ROUTES = [
    route("getUserContacts", mine),
    route("getUserContact", one),
    route("searchCompanyContacts", search),
]
