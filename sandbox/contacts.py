"""Who is whose contact, and who is there.

A user's company contacts are the account's active people. External contacts are the people outside with whom the
user has a 1:1 conversation, and those the user invited: the service shows no state in between, so an invitation
makes a contact at once.
"""

from sandbox import identity
from sandbox.clock import MS_PER_DAY
from sandbox.conversations import ONE_TO_ONE
from sandbox.deeds import deed
from sandbox.people import Invitation, Person
from sandbox.wire import Refusal
from sandbox.world import Unknown, World

_AVAILABLE_MS = 15 * 60_000
_AWAY_MS = MS_PER_DAY // 3


def company(world: World, person: Person) -> list[Person]:
    """The account's other people."""
    return [
        one
        for one in world.people.values()
        if one.active and not one.external and not one.bot and one.id != person.id
    ]


def external(world: World, person: Person) -> list[Person]:
    """People outside the account whom somebody inside talks to or has invited, each once."""
    talks = [
        other
        for session in world.sessions.values()
        if session.type == ONE_TO_ONE and person.id in session.member_ids
        for other in session.member_ids
    ]
    invited = [one.invitee_id for one in world.invitations if one.inviter_id == person.id]
    known = (world.people[one] for one in dict.fromkeys([*talks, *invited]) if one in world.people)
    return [one for one in known if one.external]


def find(world: World, person: Person, identifier: str) -> Person:
    """A contact of somebody by user id, member id or e-mail; Unknown when it is none."""
    found = world.person(identifier)
    if not are_known(world, person, found):
        raise Unknown(identifier)
    return found


def are_known(world: World, one: Person, other: Person) -> bool:
    """Whether two people may talk: within the account, or one is the other's external contact."""
    if one.external == other.external:
        return not one.external
    inside, outside = (other, one) if one.external else (one, other)
    return outside in external(world, inside)


def directory_group(world: World, person: Person) -> dict[str, object]:
    """The group of the directory that somebody is in, the first of several; nothing for who is in none."""
    groups = (one for one in world.im_groups.values() if person.id in one.member_ids)
    found = next(groups, None)
    return {} if found is None else {"im_group_id": found.id, "im_group_name": found.name}


def presence(world: World, person: Person) -> str:
    """What shows beside somebody's name, by when they last said something."""
    if not person.active:
        return "Offline"
    now = world.clock.now_ms()
    for status, span in (("Available", _AVAILABLE_MS), ("Away", _AWAY_MS)):
        for session in world.sessions.values():
            said = session.sent(after=(now - span, -1), before_ms=now + 1)
            if any(one.sender_id == person.id for one in said):
                return status
    return "Offline"


@deed
def invite(world: World, *, inviter_id: str, email: str, message: str | None, at: int) -> None:
    """Ask somebody outside to become a contact; an address nobody has yet is a person from now on."""
    invitee = _with_address(world, email)
    if not world.people[inviter_id].active or (invitee is not None and not invitee.external):
        raise Refusal(403, 403, "No permission to add new contact.")
    if invitee is None:
        number = world.number()
        invitee = world.add_person(
            Person(
                id=identity.short(world.seed, "invitee", number),
                email=email,
                display_name=email.partition("@")[0],
                member_id=identity.short(world.seed, "invitee member", number),
                external=True,
            )
        )
    world.invitations.append(Invitation(inviter_id, invitee.id, message, at))


def _with_address(world: World, email: str) -> Person | None:
    try:
        return world.person(email)
    except Unknown:
        return None
