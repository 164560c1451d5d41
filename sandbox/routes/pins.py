"""Tag Chat Messages, pins: the message pinned to a channel, and those that were."""

from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, pages, pins, places, wire
from sandbox.asked import Asked, Paged
from sandbox.clock import iso
from sandbox.conversations import Channel
from sandbox.desk import Pin
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.wire import Refusal


class Order(Asked, frozen=True, kw_only=True):
    """What to do to which message."""

    method: Literal["pin", "unpin"]
    message_id: str
    channel_id: str


class Listing(Paged, frozen=True, kw_only=True):
    """The current pin, or all there ever were."""

    page_size: Annotated[int, Meta(ge=1, le=50)] = 10
    include_history: bool = False


async def pin(call: Call) -> Response:
    """A message is pinned to its channel, in the place of another, or unpinned."""
    places.check_writable(call, failed="Perform operations on the message of channel failed.")
    order = await asked.body(call, Order)
    me = call.world.person("me")
    channel = _channel(call, order.channel_id, gone=400)
    _check_member(channel, me, "No permission to pin messages of the channel.")
    where = places.spot(call, me, to_contact=None, to_channel=channel.id)
    now = call.instance.clock.now_ms()
    if where.message(call, order.message_id) is None:
        raise Refusal(400, 5401, f"Message does not exist: {order.message_id}.")
    held = call.world.desk.pins.get(channel.id, {}).get(order.message_id)
    is_pinned = held is not None and held.is_current
    if order.method == "pin" and is_pinned:
        raise Refusal(400, 3216, f"This message has already been pinned: {order.message_id}.")
    if order.method == "unpin" and not is_pinned:
        raise Refusal(400, 3217, f"This message has not been pinned: {order.message_id}.")
    change = pins.pin if order.method == "pin" else pins.unpin
    change(call.world, channel_id=channel.id, message_id=order.message_id, by=me.id, at=now)
    return Response(status_code=204)


async def pinned(call: Call) -> Response:
    """What is pinned to a channel, the newest pin first."""
    wanted = asked.query(call, Listing)
    channel = _channel(call, call.path("channelId"), gone=404)
    _check_member(channel, call.world.person("me"), "No permission to see what is pinned to the channel.")
    place = call.place()
    rows = [
        one
        for one in call.world.desk.pins.get(channel.id, {}).values()
        if (one.is_current or wanted.include_history)
        and call.world.message(channel.session_id, one.message_id).deleted_at is None
    ]
    rows.sort(key=_newest_first)
    page, after = pages.cut(rows, place=place, count=wanted.page_size, key=_newest_first)
    return wire.reply(
        {
            "channel_id": channel.id,
            "messages": [_row(call, channel, one) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": wanted.page_size,
        }
    )


def _channel(call: Call, channel_id: str, *, gone: int) -> Channel:
    channel = call.world.channels.get(channel_id)
    if channel is None or channel.deleted_at is not None:
        raise Refusal(gone, 4130, f"Channel does not exist: {channel_id}.")
    return channel


def _check_member(channel: Channel, person: Person, sentence: str) -> None:
    if person.id not in channel.member_ids:
        raise Refusal(403, 200, sentence)


def _newest_first(pin: Pin) -> tuple[int, int]:
    return -pin.at_ms, -pin.number


def _row(call: Call, channel: Channel, pin: Pin) -> dict[str, object]:
    message = call.world.message(channel.session_id, pin.message_id)
    pinner = call.world.people[pin.person_id]
    return {
        "message_id": message.id,
        "message_timestamp": message.timestamp,
        "message": message.text,
        "pinner_user_id": pinner.shown_id,
        "pinner_member_id": pinner.member_id,
        "pinned_time": iso(pin.at_ms),
        "currently_pinned": pin.is_current,
        "pinned_by_external_user": pinner.external,
    }


ROUTES = [route("PerformMessageOfChannel", pin), route("listChannelPinnedMessages", pinned)]
