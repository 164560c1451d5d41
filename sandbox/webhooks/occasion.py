"""What an event tells of: who did it, when, and the things it was done to.

A deed and an order from the control room both name things by id; an occasion finds them in the world. It finds
them late, one by one, because an event asks only for what it tells. Unknown is raised for what is not there.
"""

from dataclasses import dataclass
from typing import TypeVar

from sandbox.conversations import Channel, Message, Session
from sandbox.files import StoredFile
from sandbox.people import Person
from sandbox.world import Unknown, World

T = TypeVar("T")
Fields = dict[str, object]


@dataclass(slots=True, frozen=True)
class Occasion:
    """One thing that happened in an account's world, as ids and plain values."""

    world: World
    account_id: str
    fields: Fields

    @property
    def at(self) -> int:
        """When it happened, in epoch milliseconds."""
        at = self.fields.get("at")
        return at if isinstance(at, int) else self.world.clock.now_ms()

    @property
    def by(self) -> Person:
        """Who did it: whoever is named, or else whoever sent the message, or the app's own user."""
        if self.has("by"):
            return self.world.person(self.text("by"))
        if self.has("message_id"):
            return self.sender
        return self.world.person("me")

    @property
    def sender(self) -> Person:
        """Who sent the message."""
        return self.world.person(self.message.sender_id)

    @property
    def session(self) -> Session:
        """Where it happened: the conversation that is named, or the channel's."""
        if self.has("session_id"):
            return _found(self.world.sessions, self.text("session_id"))
        return _found(self.world.sessions, _found(self.world.channels, self.text("channel_id")).session_id)

    @property
    def is_direct(self) -> bool:
        """Whether it happened between two people rather than in a channel."""
        return self._channel_id() is None

    @property
    def channel(self) -> Channel:
        """The channel it happened in or to."""
        return _found(self.world.channels, self._channel_id() or "")

    @property
    def contact(self) -> Person:
        """The other one of two who talk, or the one who is named."""
        if self.has("contact"):
            return self.world.person(self.text("contact"))
        mine = self.by.id
        others = [one for one in self.session.member_ids if one != mine]
        return self.world.person(others[0] if others else mine)

    @property
    def message(self) -> Message:
        """The message it was done to."""
        return self.world.message(self.session.id, self.text("message_id"))

    @property
    def people(self) -> list[Person]:
        """The people it was done to, in the order they were named."""
        return [self.world.person(one) for one in self.listed("people")]

    @property
    def files(self) -> list[StoredFile]:
        """The files that are named, or else the message's; a file that is gone is left out."""
        ids = self.listed("file_ids") if self.has("file_ids") else self.message.file_ids
        return [self.world.files[one] for one in ids if one in self.world.files]

    def has(self, name: str) -> bool:
        """Whether something is said under a name."""
        return self.fields.get(name) is not None

    def text(self, name: str) -> str:
        """A text that must be there; Unknown when it is not."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise Unknown(name)
        return value

    def listed(self, name: str) -> list[str]:
        """The texts of a list, or none."""
        value = self.fields.get(name)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []

    def _channel_id(self) -> str | None:
        if self.has("channel_id"):
            return self.text("channel_id")
        return self.session.channel_id if self.has("session_id") else None


def _found(things: dict[str, T], id: str) -> T:
    found = things.get(id)
    if found is None:
        raise Unknown(id)
    return found
