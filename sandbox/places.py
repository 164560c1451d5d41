"""Which conversation `to_contact` or `to_channel` names, and whether somebody may speak there.

Refuses with the codes of the chat operations; each operation says what it answers when neither or both are
named. A talk that nobody has opened yet is no error: there is nothing in it.
"""

from dataclasses import dataclass

from sandbox import talks
from sandbox.conversations import Channel, Message, Session
from sandbox.gate import Call
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import Unknown

NEITHER = (300, "Must provide either contact or channel parameter.")
_NOT_YOURS = "No permission to read the user's conversations."


@dataclass(slots=True, frozen=True)
class Spot:
    """A conversation of a person: a channel, or the talk with somebody."""

    person: Person
    channel: Channel | None
    contact: Person | None
    session: Session | None

    @property
    def is_member(self) -> bool:
        """Whether the person takes part."""
        return self.channel is None or self.person.id in self.channel.member_ids

    @property
    def channel_id(self) -> str | None:
        """The channel, None in a talk."""
        return None if self.channel is None else self.channel.id

    @property
    def contact_id(self) -> str | None:
        """The other one of a talk, None in a channel."""
        return None if self.contact is None else self.contact.id

    def message(self, call: Call, message_id: str) -> Message | None:
        """A message that was sent here and not deleted."""
        if self.session is None:
            return None
        try:
            found = call.world.message(self.session.id, message_id)
        except Unknown:
            return None
        is_to_come = found.timestamp > call.instance.clock.now_ms()
        return None if found.deleted_at is not None or is_to_come else found


def spot(
    call: Call,
    person: Person,
    *,
    to_contact: str | None,
    to_channel: str | None,
    neither: tuple[int, str] = NEITHER,
    gone: int = 404,
) -> Spot:
    """Where a request points; `gone` is the status for a channel that does not exist."""
    if (to_contact is None) == (to_channel is None):
        raise Refusal(400, *neither)
    if to_channel is not None:
        channel = call.world.channels.get(to_channel)
        if channel is None or channel.deleted_at is not None:
            raise Refusal(gone, 4130, f"Channel does not exist: {to_channel}.")
        return Spot(person, channel, None, call.world.sessions[channel.session_id])
    contact = call.world.person(to_contact or "")
    return Spot(person, None, contact, talks.found(call.world, person, contact))


def user(call: Call) -> Person:
    """The person of the path: somebody of the account."""
    person = call.world.person(call.path("userId"))
    if person.external:
        raise Unknown(call.path("userId"))
    return person


def check_readable(call: Call, where: Spot) -> None:
    """The app's own user administers the account and reads every channel, others those they are in."""
    if not where.is_member and where.person.id != call.world.own_user_id:
        raise Refusal(400, 200, _NOT_YOURS)


def check_writable(call: Call, where: Spot | None = None, *, failed: str = "Message sending failed.") -> None:
    """Only members speak, and nobody in a world that is computed."""
    if call.instance.is_computed or (where is not None and not where.is_member):
        raise Refusal(400, 5301, failed)
