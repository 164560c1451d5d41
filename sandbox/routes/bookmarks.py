"""Tag Chat Messages, bookmarks: what the app's own user wants to find again, oldest bookmark first."""

from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, keepsakes, pages, places, wire
from sandbox.asked import Asked, Paged
from sandbox.conversations import ONE_TO_ONE, Message
from sandbox.desk import Bookmark
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.wire import Refusal

_ONE = (300, "Name to_contact or to_channel.")


class Named(Asked, frozen=True, kw_only=True):
    """The message a bookmark is for."""

    message_id: str


class Order(Asked, frozen=True, kw_only=True):
    """What to do, and where the message is."""

    action: Literal["add_bookmark", "remove_bookmark"]
    to_contact: str | None = None
    to_channel: str | None = None


class Listing(Paged, frozen=True, kw_only=True):
    """Everywhere, or in one conversation."""

    to_contact: str | None = None
    to_channel: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] = 10


async def change(call: Call) -> Response:
    """A bookmark is set, or taken away."""
    places.check_writable(call)
    message_id = asked.query(call, Named).message_id
    order = await asked.body(call, Order)
    me = call.world.person("me")
    where = places.spot(call, me, to_contact=order.to_contact, to_channel=order.to_channel, neither=_ONE)
    now = call.instance.clock.now_ms()
    message = where.message(call, message_id) if where.is_member else None
    if message is None:
        raise Refusal(404, 5401, f"Message does not exist: {message_id}.")
    done = keepsakes.bookmark if order.action == "add_bookmark" else keepsakes.remove_bookmark
    done(call.world, by=me.id, session_id=message.session_id, message_id=message.id, at=now)
    return Response(status_code=204)


async def listed(call: Call) -> Response:
    """The bookmarks of all conversations, or of one."""
    wanted = asked.query(call, Listing)
    me = call.world.person("me")
    place = call.place()
    only = _only(call, me, wanted)
    rows = [
        one
        for (person_id, session_id, _), one in call.world.desk.bookmarks.items()
        if person_id == me.id
        and (only is None or session_id in only)
        and call.world.message(session_id, one.message_id).deleted_at is None
    ]
    rows.sort(key=_position)
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=_position)
    return wire.reply(
        {
            "bookmarks": [_row(call, me, one) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
        }
    )


def _only(call: Call, me: Person, wanted: Listing) -> set[str] | None:
    """The session asked for; None means every one, no session at all an empty set."""
    if wanted.to_contact is None and wanted.to_channel is None:
        return None
    where = places.spot(call, me, to_contact=wanted.to_contact, to_channel=wanted.to_channel, neither=_ONE)
    return set() if where.session is None else {where.session.id}


def _position(bookmark: Bookmark) -> tuple[int, int]:
    return bookmark.at_ms, bookmark.number


def _row(call: Call, me: Person, bookmark: Bookmark) -> dict[str, object]:
    message = call.world.message(bookmark.session_id, bookmark.message_id)
    row: dict[str, object] = {
        **_whereabouts(call, me, message),
        "message": message.text,
        "message_id": message.id,
        "message_timestamp": message.timestamp,
        "is_sent_by_user": message.sender_id == me.id,
    }
    if message.reply_to is not None:
        row["reply_main_message_id"], row["reply_main_message_timestamp"] = message.reply_to
    return row


def _whereabouts(call: Call, me: Person, message: Message) -> dict[str, object]:
    session = call.world.sessions[message.session_id]
    if session.type == ONE_TO_ONE:
        peer = call.world.people[next((one for one in session.member_ids if one != me.id), me.id)]
        return {
            "peer_contact_name": peer.display_name,
            "peer_contact_user_id": peer.shown_id,
            "peer_contact_member_id": peer.member_id,
        }
    sender = call.world.people[message.sender_id]
    return {
        "channel_id": session.channel_id,
        "channel_name": session.name,
        "sender_user_id": sender.shown_id,
        "sender_member_id": sender.member_id,
        "sender_display_name": sender.display_name,
    }


ROUTES = [route("fetchBookmarks", listed), route("addOrRemoveABookmark", change)]
