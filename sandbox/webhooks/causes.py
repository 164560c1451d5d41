"""Which deed is which events.

One deed can be several: a message in a channel is told by the older `chat_message.sent` and by
`team_chat.channel_message_posted`, its files by two more. A deed that is not here is none. What a deed calls by
another name than an event is renamed in its line.

A deed done inside another is told by itself, unless the outer one says it better: someone put out of a channel
leaves it too, but is only told of as removed (`INSTEAD_OF`).
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


def _attach(world: World, fields: Fields) -> Told:
    message = world.message(str(fields["session_id"]), str(fields["message_id"]))
    yield from _files({**fields, "at": message.timestamp, "file_ids": [fields["file_id"]]})


def _files(told: Fields) -> Told:
    yield "team_chat.file_uploaded", told
    yield "team_chat.file_shared", told


def _by_place(world: World, fields: Fields, what: str) -> str:
    direct = world.sessions[str(fields["session_id"])].channel_id is None
    return f"team_chat.{'dm' if direct else 'channel'}_{what}"


def _told(event: str, **renamed: str) -> Cause:
    """One event, told with the deed's own fields and some of them under the event's names."""

    def cause(_: World, fields: Fields) -> Told:
        yield event, {**fields, **{ours: fields.get(theirs) for ours, theirs in renamed.items()}}

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
}
INSTEAD_OF: dict[str, frozenset[str]] = {}
