"""A world from a folder of gzipped NDJSON: users, sessions and messages that somebody collected.

The times are moved into the last six months: the span of the corpus is fitted between 170 days ago and a
quarter of an hour ago, keeping the order; equal times stay equal, and a corpus that fits is only shifted.
Edits and deletions are moved with their messages. Files get bytes made from their id, as many as their size
says (64 KiB when it does not say), computed as they are read.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from sandbox.clock import MS_PER_DAY, Clock
from sandbox.conversations import GROUP, ONE_TO_ONE, Channel, Session
from sandbox.files import Patterned, StoredFile
from sandbox.people import Person
from sandbox.world import World

SPAN_MS = 170 * MS_PER_DAY
SETTLED_MS = 15 * 60 * 1000
Line = TypeVar("Line")


class User(msgspec.Struct):
    """A line of `users`."""

    id: str
    display_name: str
    member_id: str
    email: str | None = None
    is_external: bool = False


class CorpusSession(msgspec.Struct):
    """A line of `sessions`."""

    id: str
    type: str
    member_ids: list[str]
    channel_id: str | None = None
    name: str = ""
    has_external_member: bool | None = None
    status: str = "active"


class Wording(msgspec.Struct):
    """An earlier wording of a message."""

    message: str
    timestamp: int


class Reaction(msgspec.Struct):
    """A reaction on a message."""

    emoji: str
    user_ids: list[str] = []


class CorpusFile(msgspec.Struct):
    """A file on a message."""

    file_id: str
    file_name: str
    file_size: int | None = None


class CorpusMessage(msgspec.Struct):
    """A line of `messages`."""

    session_id: str
    id: str
    sender: str
    timestamp: int
    message: str
    reply_main_message_id: str | None = None
    reply_main_message_timestamp: int | None = None
    reactions: list[Reaction] = []
    files: list[CorpusFile] = []
    edited_timestamp: int | None = None
    edited_versions: list[Wording] = []
    deleted: bool = False
    deleted_timestamp: int | None = None


class Shift:
    """Moves the corpus's times into the reportable past, keeping order and equality."""

    def __init__(self, *, first: int, last: int, now_ms: int) -> None:
        self._first = first
        self._span = last - first
        self._target = min(self._span, SPAN_MS)
        self._start = now_ms - SETTLED_MS - self._target

    def __call__(self, ms: int) -> int:
        """The moved time."""
        if self._span <= SPAN_MS:
            return self._start + ms - self._first
        return self._start + (ms - self._first) * self._target // self._span


def load(folder: Path, *, clock: Clock, seed: str = "1") -> World:
    """The world of a corpus folder; ValueError names the file or line that cannot be read."""
    world = World(clock, seed)
    for user in _lines(folder, "users", User):
        world.add_person(
            Person(user.id, user.email, user.display_name, user.member_id, external=user.is_external)
        )
    inside = next((one for one in world.people.values() if not one.external), None)
    world.own_user_id = None if inside is None else inside.id
    for row in _lines(folder, "sessions", CorpusSession):
        _add_session(world, row)
    messages = sorted(_lines(folder, "messages", CorpusMessage), key=lambda one: one.timestamp)
    times = [moment for one in messages for moment in _moments(one)] or [0]
    shift = Shift(first=min(times), last=max(times), now_ms=clock.now_ms())
    for message in messages:
        _add_message(world, message, shift)
    for channel in world.channels.values():
        first = world.sessions[channel.session_id].messages[:1]
        channel.created_at = first[0].timestamp if first else clock.now_ms()
    return world


def _add_session(world: World, row: CorpusSession) -> None:
    if row.type not in (GROUP, ONE_TO_ONE):
        raise ValueError(f"session {row.id}: type must be {GROUP} or {ONE_TO_ONE}, not {row.type}")
    world.sessions[row.id] = Session(
        row.id,
        row.type,
        row.name,
        row.member_ids,
        row.channel_id,
        deleted_at=world.clock.now_ms() if row.status == "deleted" else None,
        has_external_member=row.has_external_member,
    )
    if row.type == GROUP and row.channel_id is not None:
        owner = next((one for one in row.member_ids if not world.people[one].external), row.member_ids[0])
        world.channels[row.channel_id] = Channel(
            row.channel_id, row.name, 3, owner, row.id, list(row.member_ids)
        )


def _moments(row: CorpusMessage) -> tuple[int, ...]:
    """Every moment at which something happened to a message."""
    return (row.timestamp, row.edited_timestamp or row.timestamp, row.deleted_timestamp or row.timestamp)


def _add_message(world: World, row: CorpusMessage, shift: Shift) -> None:
    session = world.sessions[row.session_id]
    at = shift(row.timestamp)
    versions = [*row.edited_versions, Wording(row.message, row.edited_timestamp or row.timestamp)]
    message = world.say(session, world.people[row.sender], versions[0].message, at=at, id=row.id)
    message.file_ids = [_add_file(world, one, at).id for one in row.files]
    if row.reply_main_message_id is not None:
        replied_at = row.reply_main_message_timestamp
        message.reply_to = (row.reply_main_message_id, at if replied_at is None else shift(replied_at))
    for reaction in row.reactions:
        for user_id in reaction.user_ids:
            world.react(message, world.people[user_id], reaction.emoji, at=at)
    for version in versions[1:]:
        world.edit(message, version.message, at=max(at + 1, shift(version.timestamp)))
    if row.deleted:
        deleted_at = row.deleted_timestamp
        world.delete(message, at=at + 1 if deleted_at is None else max(at + 1, shift(deleted_at)))


def _add_file(world: World, row: CorpusFile, at: int) -> StoredFile:
    known = world.files.get(row.file_id)
    if known is not None:
        return known
    size = 64 * 1024 if row.file_size is None else row.file_size
    return world.upload(row.file_name, Patterned(size, row.file_id), at=at, id=row.file_id)


def _lines(folder: Path, name: str, type: type[Line]) -> Iterator[Line]:
    path = folder / f"{name}.ndjson.gz"
    decoder = msgspec.json.Decoder(type)
    with gzip.open(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
