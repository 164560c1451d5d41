"""A world made of values that break software, each sent exactly as it stands.

One message carries one awkward value: a text, a file name, an emoji, an id, a time, a size; one channel or
person each for awkward names and addresses. What would not fit the world itself (an id that is a number, a
time before the epoch) is laid over the record when it is sent, so the world stays orderly inside.
"""

import json
from collections.abc import Callable
from pathlib import Path

from sandbox import identity
from sandbox.awkward_values import VALUES
from sandbox.clock import Clock
from sandbox.conversations import Message, Session
from sandbox.files import Held
from sandbox.people import Person
from sandbox.world import World

_AGO_MS = 40 * 86_400_000
_MISSING = "00000000-0000-4000-8000-000000000000"


def values(path: Path | None) -> list[tuple[str, object]]:
    """Kind and value of everything awkward: our own collection, or a file of {kind, value} objects."""
    if path is None:
        return [(kind, value) for kind, found in VALUES.items() for value in found]
    rows = json.loads(path.read_text())
    return [(str(row["kind"]), row["value"]) for row in rows]


def build(*, clock: Clock, seed: str, torture: Path | None) -> World:
    """The world of awkward values."""
    world = World(clock, seed)
    stage = _Stage(world)
    for number, (kind, value) in enumerate(values(torture)):
        stage.put(number, kind, value)
    return world


class _Stage:
    """Where each kind of value finds its place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ines = self._person("ines", "Ines Awkward", "ines@awkward.example")
        self.ravi = self._person("ravi", "Ravi Awkward", "ravi@awkward.example")
        world.own_user_id = self.ines.id
        self._at = world.clock.now_ms() - _AGO_MS
        self._rooms: dict[str, Session] = {}
        self._kinds: dict[str, Callable[[int, object], None]] = {
            "message": self._text,
            "search_query": self._text,
            "file_name": self._file_name,
            "file_size": self._file_size,
            "channel_name": self._channel_name,
            "display_name": self._display_name,
            "email": self._email,
            "timestamp": self._timestamp,
            "reaction_emoji": self._reaction,
            "message_id": self._message_id,
        }

    def put(self, number: int, kind: str, value: object) -> None:
        """Bring one value into the world; a kind nobody knows is said as it is written in JSON."""
        self._kinds.get(kind, self._unknown)(number, value)

    def _text(self, _number: int, value: object) -> None:
        self._say("messages", str(value))

    def _unknown(self, _number: int, value: object) -> None:
        self._say("messages", json.dumps(value))

    def _file_name(self, number: int, value: object) -> None:
        stored = self.world.upload(str(value), Held(f"file {number}\n".encode()), at=self._at)
        self._say("files", f"file {number}").file_ids = [stored.id]

    def _file_size(self, number: int, value: object) -> None:
        stored = self.world.upload(f"size {number}.txt", Held(f"size {number}\n".encode()), at=self._at)
        stored.claims = (value,)
        self._say("files", f"size {number}").file_ids = [stored.id]

    def _channel_name(self, number: int, value: object) -> None:
        channel = self.world.open_channel(
            str(value), members=[self.ines, self.ravi], type=3, at=self._at, key=f"channel {number}"
        )
        self._say_in(self.world.sessions[channel.session_id], f"channel {number}", self.ines)

    def _display_name(self, number: int, value: object) -> None:
        self._speak_once(self._person(f"name {number}", str(value), f"name{number}@awkward.example"))

    def _email(self, number: int, value: object) -> None:
        email = None if value is None else str(value)
        self._speak_once(self._person(f"email {number}", f"Email {number}", email))

    def _timestamp(self, number: int, value: object) -> None:
        message = self._say("times", f"time {number}")
        message.overrides = {"timestamp": value}
        if isinstance(value, str):
            message.overrides["date_time"] = value

    def _reaction(self, number: int, value: object) -> None:
        self._say("reactions", f"reaction {number}").reactions = {str(value): [self.ines.id, self.ravi.id]}

    def _message_id(self, number: int, value: object) -> None:
        message = self._say("ids", f"id {number}")
        if value == "SELF":
            message.reply_to = (message.id, message.timestamp)
        elif value == "CYCLE":
            other = self._say("ids", f"id {number}, the other half")
            message.reply_to = (other.id, other.timestamp)
            other.reply_to = (message.id, message.timestamp)
        elif value == _MISSING:
            message.reply_to = (_MISSING, message.timestamp)
        else:
            message.overrides = {"id": value}

    def _speak_once(self, person: Person) -> None:
        session = self._room("people")
        session.member_ids.append(person.id)
        self._say_in(session, "hello", person)

    def _say(self, room: str, text: str) -> Message:
        return self._say_in(self._room(room), text, self.ines)

    def _say_in(self, session: Session, text: str, by: Person) -> Message:
        self._at += 1000
        return self.world.say(session, by, text, at=self._at)

    def _room(self, name: str) -> Session:
        if name not in self._rooms:
            channel = self.world.open_channel(
                f"awkward {name}", members=[self.ines, self.ravi], type=3, at=self._at
            )
            self._rooms[name] = self.world.sessions[channel.session_id]
        return self._rooms[name]

    def _person(self, key: str, display_name: str, email: str | None) -> Person:
        ids = identity.short(self.world.seed, "person", key), identity.short(self.world.seed, "member", key)
        return self.world.add_person(Person(ids[0], email, display_name, ids[1]))
