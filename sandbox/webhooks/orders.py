"""An event on order: what the order leaves out is chosen from the world, always the same way.

So that every one of the 54 can be had, also those that no verb of the API causes. Only people, channels,
messages and files that exist are chosen; where the world has none, Unknown says what is missing.
"""

from collections.abc import Callable, Iterator

import msgspec

from sandbox import identity
from sandbox.conversations import Channel, Message
from sandbox.people import Person
from sandbox.webhooks.occasion import Fields, Occasion
from sandbox.webhooks.table import EVENTS, Need
from sandbox.world import Unknown, World

_BY_CONTACT = frozenset(
    {
        "team_chat.channel_invitation_accepted",
        "team_chat.channel_invitation_rejected",
        "team_chat.channel_join_requested",
    }
)
_BY_MEMBER = frozenset({"chat_channel.member_joined", "chat_channel.member_left"})
_BY_LISTENER = frozenset(
    {"team_chat.file_downloaded", "team_chat.bookmark_added", "team_chat.bookmark_removed"}
)


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An event by name, and what it is to tell of; people by user id, member id or e-mail."""

    event: str
    at: int | None = None
    by: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    channel_id: str | None = None
    contact: str | None = None
    people: list[str] | None = None
    file_ids: list[str] | None = None
    channel_ids: list[str] | None = None
    text: str | None = None
    emoji: str | None = None
    name: str | None = None
    file_id: str | None = None
    type: str | None = None
    role: str | None = None
    invited_at: int | None = None
    space_id: str | None = None
    space_name: str | None = None
    new_settings: dict[str, object] | None = None
    old_settings: dict[str, object] | None = None


def occasion(world: World, order: Order, *, account_id: str) -> Occasion:
    """What the ordered event tells of; Unknown for an event or a thing that does not exist."""
    event = EVENTS.get(order.event)
    if event is None:
        raise Unknown(order.event)
    given: Fields = msgspec.to_builtins(order)
    fields = {name: value for name, value in given.items() if value is not None and name != "event"}
    for need in event.needs:
        _FILL[need](world, fields)
    if "by" not in fields:
        by = _actor(world, order.event, fields, event.needs)
        if by is not None:
            fields["by"] = by
    return Occasion(world, account_id, fields)


# -- who does it -----------------------------------------------------------------------------------------


def _actor(world: World, name: str, fields: Fields, needs: tuple[Need, ...]) -> str | None:
    """Who does such a thing; None leaves it to the message's sender or the app's own user."""
    if name in _BY_CONTACT:
        return str(fields["contact"])
    if name in _BY_LISTENER or Need.REACTION in needs:
        found = Occasion(world, "", fields)
        others = [one for one in found.session.member_ids if one != found.message.sender_id]
        return others[0] if others else None
    if Need.CHANNEL in needs:
        channel = _channel(world, fields)
        return channel.member_ids[-1] if name in _BY_MEMBER else channel.owner_id
    return None


# -- what it is done to ----------------------------------------------------------------------------------


def _messages(world: World, fields: Fields) -> Iterator[Message]:
    """What has been said, the newest first within a conversation; only where the order says, if it does."""
    session_id, channel_id = fields.get("session_id"), fields.get("channel_id")
    for session in world.sessions.values():
        if session_id not in (None, session.id) or channel_id not in (None, session.channel_id):
            continue
        yield from (one for one in reversed(session.messages) if one.deleted_at is None)


def _message_where(suits: Callable[[World, Message], bool], what: Need) -> Callable[[World, Fields], None]:
    def fill(world: World, fields: Fields) -> None:
        if "message_id" in fields:
            if "session_id" not in fields and "channel_id" not in fields:
                raise Unknown("session_id")
            return
        found = next((one for one in _messages(world, fields) if suits(world, one)), None)
        if found is None:
            raise Unknown(what.value)
        fields["session_id"], fields["message_id"] = found.session_id, found.id

    return fill


def _in_channel(world: World, message: Message) -> bool:
    return world.sessions[message.session_id].channel_id is not None


def _channel(world: World, fields: Fields) -> Channel:
    found = world.channels.get(str(fields["channel_id"]))
    if found is None:
        raise Unknown(fields["channel_id"])
    return found


def _fill_channel(world: World, fields: Fields) -> None:
    if "channel_id" in fields:
        return
    found = next((one for one in world.channels.values() if one.deleted_at is None and one.member_ids), None)
    if found is None:
        raise Unknown(Need.CHANNEL.value)
    fields["channel_id"] = found.id


def _fill_members(world: World, fields: Fields) -> None:
    if "people" in fields:
        return
    if "channel_id" in fields:
        channel = _channel(world, fields)
        fields["people"] = [one for one in channel.member_ids if one != channel.owner_id][:2]
    else:
        fields["people"] = [_somebody_else(world).id]


def _fill_contact(world: World, fields: Fields) -> None:
    """A guest, or a colleague who is not in the channel."""
    if "contact" in fields:
        return
    inside = set(_channel(world, fields).member_ids)
    outside = [one for one in world.people.values() if not one.bot and one.id not in inside]
    outside.sort(key=lambda one: not one.external)
    fields["contact"] = outside[0].id if outside else _somebody_else(world).id


def _fill_inviters(world: World, fields: Fields) -> None:
    fields.setdefault("people", [_channel(world, fields).owner_id])


def _fill_apps(world: World, fields: Fields) -> None:
    bots = [one.id for one in world.people.values() if one.bot]
    fields.setdefault("people", bots[:1])


def _fill_reaction(_: World, fields: Fields) -> None:
    fields.setdefault("emoji", "U+1F44D")


def _fill_emoji(world: World, fields: Fields) -> None:
    name = str(fields.setdefault("name", next(iter(world.emoji), "ship-it")))
    known = world.emoji.get(name)
    file_id = identity.short(world.seed, "emoji", name) if known is None else known.file_id
    fields.setdefault("file_id", file_id)


def _fill_space(world: World, fields: Fields) -> None:
    """A space of the world, or where it has none one by name alone."""
    known = world.spaces.get(str(fields["space_id"])) if "space_id" in fields else None
    if known is None and "space_id" not in fields:
        known = next(iter(world.spaces.values()), None)
    fields.setdefault("space_name", "Projects" if known is None else known.name)
    usual = identity.hexadecimal(16, world.seed, "space", fields["space_name"]) if known is None else known.id
    fields.setdefault("space_id", usual)


def _fill_stars(world: World, fields: Fields) -> None:
    if "people" in fields or "channel_ids" in fields:
        return
    fields["channel_ids"] = [one.id for one in world.channels.values() if one.deleted_at is None][:1]
    fields["people"] = [_somebody_else(world).id]


def _somebody_else(world: World) -> Person:
    """Anyone but the app's own user."""
    found = next((one for one in world.people.values() if one.id != world.own_user_id and not one.bot), None)
    if found is None:
        raise Unknown(Need.CONTACT.value)
    return found


_FILL: dict[Need, Callable[[World, Fields], None]] = {
    Need.MESSAGE: _message_where(lambda _world, _message: True, Need.MESSAGE),
    Need.CHANNEL_MESSAGE: _message_where(_in_channel, Need.CHANNEL_MESSAGE),
    Need.DIRECT_MESSAGE: _message_where(lambda world, one: not _in_channel(world, one), Need.DIRECT_MESSAGE),
    Need.REPLY: _message_where(lambda _, one: one.reply_to is not None, Need.REPLY),
    Need.FILE_MESSAGE: _message_where(
        lambda world, one: any(id in world.files for id in one.file_ids), Need.FILE_MESSAGE
    ),
    Need.CHANNEL: _fill_channel,
    Need.MEMBERS: _fill_members,
    Need.CONTACT: _fill_contact,
    Need.INVITERS: _fill_inviters,
    Need.APPS: _fill_apps,
    Need.REACTION: _fill_reaction,
    Need.EMOJI: _fill_emoji,
    Need.SPACE: _fill_space,
    Need.STARS: _fill_stars,
}
