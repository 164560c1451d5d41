"""Tag Chat Messages, what is said and done: sent now or later, edited, deleted, reacted to, marked as read."""

import re
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, dates, drafts, keepsakes, messaging, places, reactions, wire, wording
from sandbox.asked import Asked
from sandbox.clock import MS_PER_DAY
from sandbox.conversations import Channel, Message
from sandbox.gate import Call, route
from sandbox.messaging import Letter
from sandbox.people import Person
from sandbox.places import Spot
from sandbox.routes.messages import found
from sandbox.wire import Refusal
from sandbox.wording import FileIds, Formatting, Mention, NewCard

SOONEST_MS = 30 * 60 * 1000
LATEST_MS = 180 * MS_PER_DAY
_FAILED = "Message sending failed."
_EMOJI = re.compile(r"U\+[0-9A-F]{4,8}(?:[ ,_-]?U\+[0-9A-F]{4,8})*", re.ASCII)


class Addressed(Asked, frozen=True, kw_only=True):
    """Where a message is: one of the two."""

    to_contact: str | None = None
    to_channel: str | None = None


class Said(Addressed, frozen=True, kw_only=True):
    """A message to be sent."""

    message: Annotated[str, Meta(max_length=1024)]
    at_items: list[Mention] | None = None
    rich_text: list[Formatting] | None = None
    file_ids: FileIds = []
    reply_main_message_id: str | None = None
    interactive_cards: Annotated[list[NewCard], Meta(max_length=wording.MOST_CARDS)] = []
    scheduled_time: str | None = None


class Card(Asked, frozen=True, kw_only=True):
    """A card the message has, or a new one; the former wins."""

    card_id: str | None = None
    card_json: str | None = None


class Reworded(Addressed, frozen=True, kw_only=True):
    """What is to change about a message."""

    message: str | None = None
    file_ids: FileIds | None = None
    interactive_cards: Annotated[list[Card], Meta(max_length=wording.MOST_CARDS)] | None = None


class Reaction(Addressed, frozen=True, kw_only=True):
    """A reaction to add or take back: a code point, or one of the account's own emoji."""

    action: Literal["add", "remove"]
    emoji: str | None = None
    custom_emoji: bool = False
    custom_emoji_id: str | None = None


class Mark(Addressed, frozen=True, kw_only=True):
    """Read or unread."""

    action: Literal["read", "unread"]
    timestamp: int | None = None


async def send(call: Call) -> Response:
    """A message to a channel or a contact, now or at a moment to come."""
    places.check_writable(call)
    said = await asked.body(call, Said)
    where = addressed(call, said)
    check_channel(where.channel, where.person)
    places.check_writable(call, where)
    letter: Letter = {
        "by": where.person.id,
        "channel_id": where.channel_id,
        "contact_id": where.contact_id,
        "text": said.message,
        "file_ids": wording.files(call, said.file_ids, code=5301, sentence=_FAILED),
        "reply_to": main_of(call, where, said.reply_main_message_id),
        "rich_text": wording.formatting(said.rich_text),
        "at_items": wording.mentions(call.world, said.at_items),
        "cards": [wording.card(one.card_json, code=5405) for one in said.interactive_cards],
    }
    now = call.instance.clock.now_ms()
    if said.scheduled_time is None:
        return wire.reply({"id": messaging.send(call.world, **letter, at=now).id}, status=201)
    due_at = _due_at(call, said.scheduled_time)
    return wire.reply({"id": drafts.schedule(call.world, **letter, due_at=due_at, at=now).id}, status=201)


async def edit(call: Call) -> Response:
    """Another wording, other files or other cards, by the one who sent it."""
    places.check_writable(call)
    changes = await asked.body(call, Reworded)
    where = addressed(call, changes)
    message = _own(call, where)
    if changes.message is None and changes.file_ids is None and changes.interactive_cards is None:
        raise Refusal(400, 300, "Invalid parameter: message.")
    if changes.file_ids:
        if not message.file_ids:
            raise Refusal(
                400,
                300,
                "A message sent without files gets none later.",
            )
        wording.files(call, changes.file_ids, code=5404)
    messaging.edit(
        call.world,
        session_id=message.session_id,
        message_id=message.id,
        at=call.instance.clock.now_ms(),
        text=changes.message,
        file_ids=changes.file_ids,
        cards=None if changes.interactive_cards is None else _cards(message, changes.interactive_cards),
    )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """A message taken back by the one who sent it."""
    places.check_writable(call)
    message = _own(call, addressed(call, asked.query(call, Addressed)))
    call.world.delete(message)
    return Response(status_code=204)


async def react(call: Call) -> Response:
    """An emoji added to a message, or taken back."""
    places.check_writable(call)
    wanted = await asked.body(call, Reaction)
    where = addressed(call, wanted)
    places.check_writable(call, where, failed="Only members of the conversation can do this.")
    message = found(call, where, code=300, status=400)
    name, person, at = _emoji(call, wanted), where.person, call.instance.clock.now_ms()
    if wanted.action == "add":
        call.world.react(message, person, name, at=at)
    else:
        reactions.remove(
            call.world,
            session_id=message.session_id,
            message_id=message.id,
            by=person.id,
            emoji=name,
            at=at,
        )
    return Response(status_code=204)


async def mark(call: Call) -> Response:
    """A message looks read, or unread again."""
    places.check_writable(call)
    wanted = await asked.body(call, Mark)
    where = addressed(call, wanted)
    places.check_writable(call, where, failed="Only members of the conversation can do this.")
    message = found(call, where, code=300, status=400)
    keepsakes.mark(
        call.world,
        by=where.person.id,
        session_id=message.session_id,
        message_id=message.id,
        as_=wanted.action,
        at=call.instance.clock.now_ms(),
    )
    return Response(status_code=204)


def addressed(call: Call, given: Addressed) -> Spot:
    """Where the person of the path means."""
    return places.spot(call, places.user(call), to_contact=given.to_contact, to_channel=given.to_channel)


def check_channel(channel: Channel | None, person: Person) -> None:
    """An archived channel is only read, and another says who of its members may post."""
    if channel is None:
        return
    if channel.archived_at is not None:
        raise Refusal(400, 5420, "Can not send message to an archived channel.")
    if not channel.may_post(person.id):
        raise Refusal(400, 5301, _FAILED)


def main_of(call: Call, where: Spot, message_id: str | None) -> str | None:
    """The main message to reply to; refuses one that is itself a reply, or not there."""
    if message_id is None:
        return None
    message = where.message(call, message_id)
    if message is None or message.reply_to is not None:
        raise Refusal(400, 5402, "This only supports replies to a main message.")
    return message.id


def _due_at(call: Call, text: str) -> int:
    now, due_at = call.instance.clock.now_ms(), dates.stamp(text)
    if due_at is None or not SOONEST_MS < due_at - now <= LATEST_MS:
        raise Refusal(
            400,
            300,
            "Invalid field: send_time is more than 30 minutes and at most 180 days from now.",
        )
    return due_at


def _own(call: Call, where: Spot) -> Message:
    places.check_readable(call, where)
    message = found(call, where, code=300, status=400)
    if message.sender_id != where.person.id:
        raise Refusal(400, 200, "A message is changed by its sender alone.")
    return message


def _cards(message: Message, wanted: list[Card]) -> list[dict[str, object]]:
    known = {one["card_id"] for one in message.cards or []}
    cards: list[dict[str, object]] = []
    for one in wanted:
        if one.card_id is None:
            cards.append({"card_json": wording.card(one.card_json, code=5045)})
        elif one.card_id in known:
            cards.append({"card_id": one.card_id})
        else:
            raise Refusal(400, 5046, f"Interactive Cards does not exist: {one.card_id}.")
    return cards


def _emoji(call: Call, wanted: Reaction) -> str:
    if wanted.custom_emoji:
        named = (one for one in call.world.emoji.values() if one.file_id == wanted.custom_emoji_id)
        own = next(named, None)
        if own is None:
            raise Refusal(400, 300, "Invalid parameter: custom_emoji_id.")
        return own.name
    emoji = (wanted.emoji or "").upper()
    if _EMOJI.fullmatch(emoji) is None:
        raise Refusal(400, 300, "Invalid parameter: emoji.")
    return emoji


ROUTES = [
    route("sendaChatMessage", send),
    route("editMessage", edit),
    route("deleteChatMessage", delete),
    route("reactMessage", react),
    route("markMessage", mark),
]
