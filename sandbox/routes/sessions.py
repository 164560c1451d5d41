"""Tag Chat Sessions: where somebody talked, and what they starred."""

from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, dates, keepsakes, pages, places, wire
from sandbox.asked import Asked, Paged
from sandbox.clock import day_end_ms, day_start_ms, iso
from sandbox.conversations import ONE_TO_ONE, Session
from sandbox.desk import Star
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.pages import START
from sandbox.people import Person
from sandbox.wire import Refusal

_TYPES = ("1:1", "groupchat")


class Target(Asked, frozen=True, kw_only=True):
    """A channel by its id, a contact by user id or member id."""

    target_id: str
    target_type: Literal["channel", "contact"]


class Order(Asked, frozen=True, kw_only=True):
    """What to do to which."""

    method: Literal["star", "unstar"]
    params: Target


class Listing(Paged, frozen=True, kw_only=True):
    """Which sessions."""

    type: str | None = None
    search_star: bool = False
    page_size: Annotated[int, Meta(ge=1, le=50)] = 10


async def star(call: Call) -> Response:
    """A channel or a contact is starred, or no longer."""
    places.check_writable(call, failed="Star/Unstar execution failed.")
    order = await asked.body(call, Order)
    person = places.user(call)
    target_id = _target(call, person, order.params)
    now = call.instance.clock.now_ms()
    if order.method == "star":
        keepsakes.star(call.world, by=person.id, kind=order.params.target_type, target_id=target_id, at=now)
    else:
        keepsakes.unstar(call.world, by=person.id, target_id=target_id, at=now)
    return Response(status_code=204)


async def listed(call: Call) -> Response:
    """Sessions somebody takes part in, that were active in a span of time or are starred."""
    person = places.user(call)
    wanted = asked.query(call, Listing)
    if wanted.type is not None and wanted.type not in _TYPES:
        raise Refusal(404, 1001, "Unknown session type.")
    return _starred(call, person, wanted) if wanted.search_star else _active(call, person, wanted)


def _active(call: Call, person: Person, wanted: Listing) -> Response:
    parameters = call.request.query_params
    now = call.instance.clock.now_ms()
    today = call.instance.clock.today()
    start, end = day_start_ms(today), day_end_ms(today) - 1000
    if call.query("from") is not None:
        start = dates.moment(parameters, "from")
    if call.query("to") is not None:
        end = dates.moment(parameters, "to")
    if end < start:
        raise Refusal(400, 300, "Invalid field: the from date must not be later than the to date.")
    place = call.place()
    rows = [
        one
        for one in call.world.sessions.values()
        if person.id in one.member_ids
        and one.deleted_at is None
        and wanted.type in (None, _type(one))
        and one.sent(after=(start, -1), before_ms=min(end + 1000, now + 1))
    ]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=_position)
    return wire.reply(
        {
            "from": iso(start),
            "to": iso(end),
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
            "sessions": [_session(call, person, one, now_ms=now) for one in page],
        }
    )


def _starred(call: Call, person: Person, wanted: Listing) -> Response:
    if person.id != call.world.own_user_id:
        raise Refusal(
            403,
            200,
            "No permission to see the user's sessions.",
        )
    if call.query("from") is not None or call.query("to") is not None:
        raise Refusal(400, 300, "Invalid field: from and to are not allowed with search_star.")
    place = call.place()
    kind = {None: None, "1:1": "contact", "groupchat": "channel"}[wanted.type]
    rows = [
        one
        for (person_id, _), one in call.world.desk.stars.items()
        if person_id == person.id and kind in (None, one.kind) and _is_there(call, person, one)
    ]
    rows.sort(key=lambda one: (one.at_ms, one.number))
    page, after = pages.cut(
        rows, place=place, count=wanted.page_size, key=lambda one: (one.at_ms, one.number)
    )
    return wire.reply(
        {
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
            "sessions": [_star(call, one) for one in page],
        }
    )


def _target(call: Call, person: Person, target: Target) -> str:
    """The channel's or the contact's own id."""
    if target.target_type == "contact":
        return call.world.person(target.target_id).id
    where = places.spot(call, person, to_contact=None, to_channel=target.target_id)
    if not where.is_member:
        raise Refusal(
            400,
            200,
            "No permission to see the user's channels.",
        )
    return target.target_id


def _is_there(call: Call, person: Person, star: Star) -> bool:
    if star.kind == "contact":
        return star.target_id in call.world.people
    channel = call.world.channels.get(star.target_id)
    return channel is not None and channel.deleted_at is None and person.id in channel.member_ids


def _type(session: Session) -> str:
    return "1:1" if session.type == ONE_TO_ONE else "groupchat"


def _position(session: Session) -> tuple[int, int]:
    """Sessions are listed by an order of their ids that fits into a page token."""
    return number(session.id) >> 2, 0


def _session(call: Call, person: Person, session: Session, *, now_ms: int) -> dict[str, object]:
    last = session.sent(after=START, before_ms=now_ms + 1)[-1]
    row: dict[str, object] = {"type": _type(session), "last_message_sent_time": iso(last.timestamp)}
    if session.type == ONE_TO_ONE:
        peer = next((one for one in session.member_ids if one != person.id), person.id)
        return row | _peer(call.world.people[peer])
    return {**row, "name": session.name, "channel_id": session.channel_id}


def _star(call: Call, star: Star) -> dict[str, object]:
    if star.kind == "contact":
        return {"type": "1:1", **_peer(call.world.people[star.target_id])}
    return {
        "type": "groupchat",
        "name": call.world.channels[star.target_id].name,
        "channel_id": star.target_id,
    }


def _peer(peer: Person) -> dict[str, object]:
    return {
        "name": peer.shown_email,
        "peer_contact_email": peer.shown_email,
        "peer_contact_user_id": peer.shown_id,
        "peer_contact_member_id": peer.member_id,
    }


ROUTES = [route("starUnstarChannelContact", star), route("getChatSessions", listed)]
