"""Which deed is which events.

One deed can be several: a message in a channel is told by the older `chat_message.sent` and by
`team_chat.channel_message_posted`, its files by two more. A deed that is not here is none.

A deed done inside another is told by itself, unless the outer one says it better or is no news: someone brought
into a space enters its channels, but is told of as invited; what comes from another platform happened long ago
(`INSTEAD_OF`).
"""

from collections.abc import Callable, Iterable

from sandbox.webhooks.occasion import Fields
from sandbox.world import World

Told = Iterable[tuple[str, Fields]]
Cause = Callable[[World, Fields], Told]


def _say(world: World, fields: Fields) -> Told:
    where = {name: fields[name] for name in ("session_id", "by", "at", "text")}
    told = {**where, "message_id": fields["id"]}
    yield ("chat_message.sent" if fields["reply_to"] is None else "chat_message.replied"), told
    yield _by_place(world, fields, "message_posted"), told
    if fields["file_ids"]:
        yield from _files({**told, "file_ids": fields["file_ids"]})


def _edit(world: World, fields: Fields) -> Told:
    yield "chat_message.updated", fields
    yield _by_place(world, fields, "message_updated"), fields


def _delete(world: World, fields: Fields) -> Told:
    yield "chat_message.deleted", fields
    yield _by_place(world, fields, "message_deleted"), fields


def _react(world: World, fields: Fields) -> Told:
    yield _by_place(world, fields, "reaction_added"), fields


def _take_reaction_back(world: World, fields: Fields) -> Told:
    yield _by_place(world, fields, "reaction_removed"), fields


def _attach(world: World, fields: Fields) -> Told:
    message = world.message(str(fields["session_id"]), str(fields["message_id"]))
    yield from _files({**fields, "at": message.timestamp, "file_ids": [fields["file_id"]]})


def _files(told: Fields) -> Told:
    yield "team_chat.file_uploaded", told
    yield "team_chat.file_shared", told


def _delete_file(_: World, fields: Fields) -> Told:
    yield "team_chat.file_deleted", {**fields, "file_ids": [fields["file_id"]]}


def _delete_emoji(world: World, fields: Fields) -> Told:
    gone = world.deleted_emoji[str(fields["name"])]
    yield "team_chat.emoji_removed", {**fields, "file_id": gone.file_id}


def _starred(event: str) -> Cause:
    def cause(world: World, fields: Fields) -> Told:
        target = str(fields["target_id"])
        kind = "channel_ids" if target in world.channels else "people"
        yield event, {**fields, kind: [target]}

    return cause


def _create_channel(world: World, fields: Fields) -> Told:
    channel = next(reversed(world.channels.values()))  # the deed does not know the id it gave
    told = {"channel_id": channel.id, "by": channel.owner_id, "people": list(channel.member_ids)}
    yield "chat_channel.created", {**told, "at": fields["at"]}


def _invite(world: World, fields: Fields) -> Told:
    people = _moved(world, fields, joined=True)
    if people:
        yield "chat_channel.member_invited", {**fields, "people": people}
    for one in people:
        yield "team_chat.channel_invitation_created", {**fields, "contact": one, "people": [fields["by"]]}


def _remove(world: World, fields: Fields) -> Told:
    people = _moved(world, fields, joined=False)
    if people:
        yield "chat_channel.member_removed", {**fields, "people": people}


def _moved(world: World, fields: Fields, *, joined: bool) -> list[str]:
    """Who came or went by a deed: what it wrote last into the activity log, and still holds."""
    channel = world.channels[str(fields["channel_id"])]
    named = fields.get("person_ids")
    wanted = (channel.id, fields["at"], fields["by"], joined)
    people: dict[str, None] = {}
    for one in reversed(world.activities):
        if (one.channel_id, one.at_ms, one.operator_id, one.joined) != wanted:
            break
        people = dict.fromkeys(one.member_ids) | people
    return [
        one
        for one in people
        if (one in channel.member_ids) == joined and (not isinstance(named, list) or one in named)
    ]


def _by_place(world: World, fields: Fields, what: str) -> str:
    direct = world.sessions[str(fields["session_id"])].channel_id is None
    return f"team_chat.{'dm' if direct else 'channel'}_{what}"


def _told(event: str) -> Cause:
    """One event, told with the deed's own fields."""

    def cause(_: World, fields: Fields) -> Told:
        yield event, fields

    return cause


CAUSES: dict[str, Cause] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "attach": _attach,
    "join": _told("chat_channel.member_joined"),
    "leave": _told("chat_channel.member_left"),
    "set_retention": _told("chat_channel.updated"),
    "reactions.remove": _take_reaction_back,
    "pins.pin": _told("team_chat.channel_pin_added"),
    "pins.unpin": _told("team_chat.channel_pin_removed"),
    "keepsakes.bookmark": _told("team_chat.bookmark_added"),
    "keepsakes.remove_bookmark": _told("team_chat.bookmark_removed"),
    "keepsakes.star": _starred("team_chat.starred"),
    "keepsakes.unstar": _starred("team_chat.unstarred"),
    "custom_emoji.add": _told("team_chat.emoji_added"),
    "custom_emoji.delete": _delete_emoji,
    "attachments.delete": _delete_file,
    "channels.create": _create_channel,
    "channels.archive": _told("team_chat.channel_archived"),
    "channels.unarchive": _told("team_chat.channel_unarchived"),
    "channels.delete": _told("chat_channel.deleted"),
    "channel_settings.change": _told("chat_channel.updated"),
    "membership.invite": _invite,
    "membership.remove": _remove,
    "member_groups.add": _invite,
    "member_groups.remove": _remove,
}
INSTEAD_OF: dict[str, frozenset[str]] = {
    "backlog.say": frozenset({"say"}),
    "backlog.react": frozenset({"react"}),
    "migration.add_members": frozenset({"join"}),
    "spaces.add": frozenset({"join"}),
    "spaces.remove": frozenset({"join", "leave"}),
}
