"""Which channel a request is about, who acts, and whether that is allowed.

An account-level app acts for the user its path names; where the path names none, and for the app's own user,
it acts as the owner of the account, who may administer every channel. What a channel itself does not allow
(`Impossible`) becomes the service's refusal here, with the sentence of the operation.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.channel_rules import ADMINISTRATORS_ONLY, Impossible, NameTaken
from sandbox.conversations import Channel
from sandbox.gate import Call
from sandbox.people import Person
from sandbox.wire import Refusal
from sandbox.world import Unknown

FAILED = 5301


def known(call: Call, *, code: int = 4130, channel_id: str | None = None) -> Channel:
    """The channel of the path, or of an id; 404 when there is none."""
    wanted = call.path("channelId") if channel_id is None else channel_id
    found = call.world.channels.get(wanted)
    if found is None or found.deleted_at is not None:
        raise Refusal(404, code, f"Channel does not exist: {wanted}.")
    return found


def at_hand(call: Call, *, otherwise: str) -> Channel:
    """The channel of the path, for operations that know no 404: they simply fail."""
    check_can_change(call, otherwise=otherwise)
    found = call.world.channels.get(call.path("channelId"))
    if found is None or found.deleted_at is not None:
        raise Refusal(400, FAILED, otherwise)
    return found


def check_can_change(call: Call, *, otherwise: str) -> None:
    """A world that is computed as it is read stays as it is."""
    if call.instance.is_computed:
        raise Refusal(400, FAILED, otherwise)


def actor(call: Call) -> Person:
    """The user of the path, or the app's own; someone from outside is no user of the account."""
    named = str(call.request.path_params.get("userId", "me"))
    person = call.world.person(named)
    if person.external:
        raise Unknown(named)
    return person


def takes_part(call: Call, channel: Channel, person: Person) -> bool:
    """Whether someone may look at a channel."""
    return person.id in channel.member_ids or is_account_owner(call, person)


def administers(call: Call, channel: Channel, person: Person) -> bool:
    """Whether someone may change a channel and its members."""
    return channel.role(person.id) != "member" or is_account_owner(call, person)


def owns(call: Call, channel: Channel, person: Person) -> bool:
    """Whether someone may do what only the channel's owner may."""
    return channel.owner_id == person.id or is_account_owner(call, person)


def may_invite(call: Call, channel: Channel, person: Person) -> bool:
    """Whether someone may add members: every member, or the administrators only."""
    if channel.settings.add_member_permissions == ADMINISTRATORS_ONLY:
        return administers(call, channel, person)
    return takes_part(call, channel, person)


def is_account_owner(call: Call, person: Person) -> bool:
    """Whether it is the app's own user."""
    return person.id == call.world.own_user_id


@contextmanager
def failing(sentence: str) -> Iterator[None]:
    """What the channel does not allow is refused with the operation's own sentence."""
    try:
        yield
    except NameTaken as taken:
        raise Refusal(400, 300, "The channel name already exists.") from taken
    except Impossible as impossible:
        raise Refusal(400, FAILED, sentence) from impossible


def people_of(call: Call, names: list[str], *, otherwise: str) -> list[Person]:
    """People by any of their names; an operation that knows no 404 fails when one is unknown."""
    try:
        return [call.world.person(one) for one in names]
    except Unknown as unknown:
        raise Refusal(400, FAILED, otherwise) from unknown
