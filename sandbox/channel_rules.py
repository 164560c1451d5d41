"""What a channel, as it is, does not allow.

Each check raises `Impossible` with a sentence for whoever reads a traceback; what the API answers is decided
where it is asked. Checks read the world and change nothing, so a deed calls them before it begins.
"""

from collections.abc import Iterable

from sandbox.clock import day_start_ms, moment
from sandbox.conversations import GROUP_CHAT, OPEN_TO_OUTSIDERS, PRIVATE, PRIVATE_INSIDE, Channel, Session
from sandbox.world import World

MAILS_A_DAY = 100
ADMINISTRATORS_ONLY = 2


class Impossible(Exception):
    """The channel, as it is, does not allow it."""


class NameTaken(Impossible):
    """Another channel has that name."""


def is_open(world: World, session: Session) -> bool:
    """Whether one can still speak in a conversation: its channel is neither deleted nor archived."""
    channel = world.channels.get(session.channel_id or "")
    return session.deleted_at is None and (channel is None or channel.archived_at is None)


def check_is_open(channel: Channel) -> None:
    """Nothing about an archived channel changes until it is brought back."""
    if channel.archived_at is not None:
        raise Impossible("the channel is archived")


def is_default(world: World, channel: Channel) -> bool:
    """Whether it is the channel a shared space began with."""
    return any(one.general_id == channel.id for one in world.spaces.values())


def check_is_its_own(world: World, channel: Channel) -> None:
    """A space's default channel has the space's people, and lasts as long as the space."""
    if is_default(world, channel):
        raise Impossible("the channel is the default one of a shared space")


def check_name(world: World, name: str, *, but: Channel | None = None) -> None:
    """A name is not blank, and no other channel has it; group chats may be called anything."""
    if not name.strip():
        raise Impossible("a channel has a name")
    for one in world.channels.values():
        if one.name == name and one is not but and one.deleted_at is None and one.type != GROUP_CHAT:
            raise NameTaken("another channel has that name")


def check_add_member_permissions(type: int, asked: int | None) -> None:
    """Only in private channels can adding members be left to the administrators."""
    if asked == ADMINISTRATORS_ONLY and type not in (PRIVATE, PRIVATE_INSIDE):
        raise Impossible("everyone in a channel of this type may add members")


def check_newcomers(world: World, type: int, person_ids: Iterable[str], *, at: int) -> None:
    """People from outside enter only where they are let in, and each costs one of the day's e-mails."""
    outside = [one for one in person_ids if world.people[one].external]
    if not outside:
        return
    if type not in OPEN_TO_OUTSIDERS:
        raise Impossible("the channel is for people of the account only")
    if _mails_sent(world, since=day_start_ms(moment(at).date())) + len(outside) > MAILS_A_DAY:
        raise Impossible("too many invitations to people outside in one day")


def check_members(channel: Channel, person_ids: Iterable[str]) -> None:
    """Everybody named is in the channel."""
    if not set(person_ids) <= set(channel.member_ids):
        raise Impossible("someone named is not in the channel")


def _mails_sent(world: World, *, since: int) -> int:
    """How many people from outside were brought in by someone else since a moment."""
    return sum(
        one != activity.operator_id and world.people[one].external
        for activity in world.activities
        if activity.joined and activity.at_ms >= since
        for one in activity.member_ids
    )
