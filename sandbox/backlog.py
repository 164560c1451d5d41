"""What was said on another platform, said here again with its own moments; and what it got there.

Messages come in bundles of which a part can be replies to others of the same bundle. A bundle is checked as a
whole before the first message is said, so that a refused one has left nothing.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from sandbox import contacts, migration, talks
from sandbox.conversations import ONE_TO_ONE, Message, Session
from sandbox.deeds import deed
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import World

_EMOJI = re.compile(r"\+?U\+?[0-9A-Fa-f]{1,6}( U\+[0-9A-Fa-f]{1,6})*", re.ASCII)
_Key = tuple[str, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a bundle, in ids of this world; `main_id` or `main_at` name what it replies to."""

    sender_id: str
    at_ms: int
    text: str
    channel_id: str | None = None
    contact_id: str | None = None
    file_ids: list[str] = []
    main_id: str | None = None
    main_at: int | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it replies to something."""
        return self.main_id is not None or self.main_at is not None


class Reacted(msgspec.Struct, frozen=True, kw_only=True):
    """One emoji on one message, and who chose it."""

    session_id: str
    message_id: str
    emoji: str
    person_ids: list[str]


@deed
def say(world: World, *, messages: list[dict[str, object]], at: int) -> list[str]:
    """Everything of a bundle, main messages before replies; the ids in the order of the bundle."""
    bundle = msgspec.convert(messages, list[Said])
    _check(world, bundle, now_ms=at)
    ids: dict[int, str] = {}
    by_moment: dict[tuple[str, int], Message] = {}
    for index in sorted(range(len(bundle)), key=lambda one: bundle[one].is_reply):
        one = bundle[index]
        session, sender = _session(world, one), world.people[one.sender_id]
        main = None
        if one.main_id is not None:
            main = _main(session, one)
        elif one.main_at is not None:
            main = by_moment[session.id, one.main_at]
        files = [world.files[file_id] for file_id in one.file_ids]
        said = world.say(session, sender, one.text, at=one.at_ms, files=files, reply_to=main)
        by_moment[session.id, said.timestamp] = said
        ids[index] = said.id
        world.migrated.session_ids.add(session.id)
        migration.know(world, [sender])
    return [ids[index] for index in range(len(bundle))]


@deed
def react(world: World, *, reactions: list[dict[str, object]], at: int) -> None:
    """People chose emoji; one who had chosen the same already makes the whole of it fail."""
    given = msgspec.convert(reactions, list[Reacted])
    taken: set[tuple[str, str, str, str]] = set()
    for one in given:
        message = world.message(one.session_id, one.message_id)
        for person_id in one.person_ids:
            choice = (one.session_id, one.message_id, one.emoji, person_id)
            if choice in taken or person_id in message.reactions.get(one.emoji, ()):
                raise Refusal(400, 5301, "Request to add emoji reactions failed.")
            taken.add(choice)
    for one in given:
        message = world.message(one.session_id, one.message_id)
        for person_id in one.person_ids:
            world.react(message, world.people[person_id], one.emoji, at=at)
            migration.know(world, [world.people[person_id]])


def emoji(text: str) -> str:
    """An emoji as reports write it, from either spelling that the service takes (`U+1F400`, `+U1F400`)."""
    if _EMOJI.fullmatch(text) is None:
        raise Refusal(400, 5301, "Request to add emoji reactions failed.")
    return "U+" + text.lstrip("+U").upper()


def message(sessions: Sequence[Session], *, id: str, at_ms: int) -> Message:
    """The message of an id and a moment in one of these sessions; deleted ones are not there."""
    for session in sessions:
        for one in session.sent(after=(at_ms, -1), before_ms=at_ms + 1):
            if one.id == id and one.deleted_at is None:
                return one
    raise Refusal(400, 5401, f"Message does not exist: {at_ms}.")


def talks_of(world: World, person: Person) -> list[Session]:
    """Every 1:1 session of somebody."""
    return [one for one in world.sessions.values() if one.type == ONE_TO_ONE and person.id in one.member_ids]


def _check(world: World, bundle: Sequence[Said], *, now_ms: int) -> None:
    """Refuse what has no place, no moment of its own, files that are not there or no main message."""
    for one in bundle:
        _check_place(world, one)
    moments = [(_key(one), one.at_ms) for one in bundle]
    mains = {(_key(one), one.at_ms) for one in bundle if not one.is_reply}
    good = len(set(moments)) == len(moments) and all(
        one.at_ms <= now_ms
        and not _is_taken(_there(world, one), one.at_ms)
        and all(_is_there(world, file_id) for file_id in one.file_ids)
        for one in bundle
    )
    if not good or not all(_has_main(world, one, mains) for one in bundle if one.is_reply):
        raise Refusal(400, 5301, "Request to add messages failed.")


def _check_place(world: World, one: Said) -> None:
    sender = world.people[one.sender_id]
    if one.channel_id is None:
        allowed = contacts.are_known(world, sender, world.people[one.contact_id or ""])
    else:
        channel = world.channels[one.channel_id]
        allowed = sender.id in channel.member_ids and channel.session_id in world.migrated.session_ids
    if not allowed:
        raise Refusal(403, 403, "No permission to access this channel or contact.")


def _key(one: Said) -> _Key:
    """The conversation of a message, also when its session is not open yet."""
    return (
        (one.channel_id,)
        if one.channel_id is not None
        else tuple(sorted((one.sender_id, one.contact_id or "")))
    )


def _there(world: World, one: Said) -> Session | None:
    if one.channel_id is not None:
        return world.sessions[world.channels[one.channel_id].session_id]
    return talks.found(world, world.people[one.sender_id], world.people[one.contact_id or ""])


def _session(world: World, one: Said) -> Session:
    """The same, opened if need be."""
    session = _there(world, one)
    if session is None:
        return talks.between(world, world.people[one.sender_id], world.people[one.contact_id or ""])
    return session


def _is_taken(session: Session | None, at_ms: int) -> bool:
    return session is not None and len(session.sent(after=(at_ms, -1), before_ms=at_ms + 1)) > 0


def _has_main(world: World, one: Said, mains: set[tuple[_Key, int]]) -> bool:
    """Whether what it replies to was said before it: here already, or by this bundle."""
    if one.main_id is None:
        return one.main_at is not None and one.main_at < one.at_ms and (_key(one), one.main_at) in mains
    session = _there(world, one)
    return session is not None and _main(session, one) is not None


def _main(session: Session, one: Said) -> Message | None:
    """What it replies to, when that is here already and named by its id."""
    earlier: Iterator[Message] = (
        said
        for said in session.messages
        if said.id == one.main_id and said.timestamp < one.at_ms and one.main_at in (None, said.timestamp)
    )
    return next((said for said in earlier if said.reply_to is None and said.deleted_at is None), None)


def _is_there(world: World, file_id: str) -> bool:
    stored = world.files.get(file_id)
    return stored is not None and stored.deleted_at is None
