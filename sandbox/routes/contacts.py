"""Tag Contacts: the account's own people, searched by name or address."""

from starlette.responses import Response

from sandbox import pages, wire
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.people import Person, as_contact
from sandbox.wire import Refusal


async def search(call: Call) -> Response:
    """People inside the account whose name or e-mail contains the search key."""
    key = call.query("search_key")
    if key is None:
        raise Refusal(400, 300, "Invalid field: search_key is required.")
    status = call.query("user_status")
    if status not in (None, "active", "inactive"):
        raise Refusal(400, 300, "Invalid field: user_status must be active or inactive.")
    count = pages.size(call.request.query_params, maximum=25, default=1)
    place = call.place()
    wanted = key.casefold()
    rows = [
        one
        for one in call.world.people.values()
        if not one.external
        and (wanted in one.display_name.casefold() or wanted in (one.email or "").casefold())
        and (status is None or one.active == (status == "active"))
    ]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=count, key=_position)
    presence = {"presence_status": "Available"} if call.flag("query_presence_status") else {}
    return wire.reply(
        {
            "contacts": [{**as_contact(one), **presence} for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
        }
    )


def _position(person: Person) -> tuple[int, int]:
    return number(person.id) >> 2, 0


ROUTES = [route("searchCompanyContacts", search)]
