"""Messages sent and edited through the API, as deeds.

Whoever calls has checked that it may be done. Sending to a contact opens the talk of the two if there is none.
An edit keeps what the earlier wordings carried, so that a report of them shows it still.
"""

from typing import TypedDict

from sandbox import identity
from sandbox.conversations import Message, Session, Version
from sandbox.deeds import deed
from sandbox.world import World

Rows = list[dict[str, object]]


class Letter(TypedDict):
    """A message as it was handed in: by whom, to which channel or contact, and all it is to carry."""

    by: str
    channel_id: str | None
    contact_id: str | None
    text: str
    file_ids: list[str]
    reply_to: str | None
    rich_text: Rows | None
    at_items: Rows | None
    cards: list[str]


@deed
def send(
    world: World,
    *,
    by: str,
    text: str,
    at: int,
    channel_id: str | None = None,
    contact_id: str | None = None,
    file_ids: list[str],
    reply_to: str | None,
    rich_text: Rows | None = None,
    at_items: Rows | None = None,
    cards: list[str],
) -> Message:
    """Someone says something in a channel or to a contact; `cards` are the JSON of each."""
    session = _conversation(world, by=by, channel_id=channel_id, contact_id=contact_id)
    main = None if reply_to is None else world.message(session.id, reply_to)
    files = [world.files[one] for one in file_ids]
    message = world.say(session, world.people[by], text, at=at, files=files, reply_to=main)
    message.rich_text, message.at_items = rich_text, at_items
    message.cards = [_card(world, message, one) for one in cards] or None
    return message


@deed
def edit(
    world: World,
    *,
    session_id: str,
    message_id: str,
    at: int,
    text: str | None,
    file_ids: list[str] | None,
    cards: Rows | None,
) -> None:
    """The sender changes a message; what is None stays. A card is one it has (`card_id`) or a new `card_json`."""
    message = world.message(session_id, message_id)
    for version in message.versions:
        version.carried = message.carried_by(version)
    if text is not None and text != message.text:
        message.rich_text = message.at_items = None  # their positions were those of the old text
    if file_ids is not None:
        message.file_ids = list(file_ids)
    if cards is not None:
        message.cards = [_kept_or_new(world, message, one) for one in cards] or None
    world.edit(message, message.text if text is None else text, at=at)


def _conversation(world: World, *, by: str, channel_id: str | None, contact_id: str | None) -> Session:
    if channel_id is not None:
        return world.sessions[world.channels[channel_id].session_id]
    return world.open_talk(world.people[by], world.person(contact_id or ""))


def _kept_or_new(world: World, message: Message, card: dict[str, object]) -> dict[str, object]:
    wanted = card.get("card_id")
    if wanted is None:
        return _card(world, message, str(card["card_json"]))
    kept = [one for version in message.versions for one in _cards(message, version)]
    return next(one for one in kept if one["card_id"] == wanted)


def _cards(message: Message, version: Version) -> Rows:
    return message.carried_by(version).cards or []


def _card(world: World, message: Message, text: str) -> dict[str, object]:
    card_id = identity.short(world.seed, "card", message.id, world.number())
    return {"card_id": card_id, "card_json": text}
