"""Members and administrators of a channel, as both tags of channels read and change them.

Whether an operation acts for the user of its path or for the account's owner is decided by `channel_access`;
the two tags differ otherwise only in how many can be named at once.
"""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, channel_access, membership, pages, wire
from sandbox.clock import iso
from sandbox.conversations import Channel
from sandbox.gate import Call
from sandbox.people import Person, as_member
from sandbox.wire import Refusal

_INVITING = "Request to invite channel members failed."
_REMOVING = "Unable to remove channel member."
_JOINING = "The request to join the channel failed."
_LEAVING = "Request to leave the channel failed."
_PROMOTING = "These members cannot become administrators."
_DEMOTING = "Unable to demote channel administrator."
_NOT_INVITING = "No permission to invite anybody to the channel."
_NOT_REMOVING = "No permission to remove channel members."
_NOT_PROMOTING = "No permission to make administrators of the channel."
_NOT_DEMOTING = "No permission to demote channel administrators."
_TOO_MANY = "At most 20 members are removed at once."
_TOO_MANY_DEMOTED = "At most 10 administrators are demoted at once."


Address = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$")]


class Invited(asked.Asked, frozen=True, kw_only=True):
    """Someone by e-mail address."""

    email: Address


class FiveInvited(asked.Asked, frozen=True, kw_only=True):
    """Whom to bring into a channel, a handful at a time."""

    members: Annotated[list[Invited], Meta(min_length=1, max_length=5)]


class TwentyInvited(asked.Asked, frozen=True, kw_only=True):
    """Whom to bring into a channel on behalf of a member."""

    members: Annotated[list[Invited], Meta(max_length=20)] = []


class Promoted(asked.Asked, frozen=True, kw_only=True):
    """Someone by e-mail address or member id."""

    email: Address | None = None
    member_id: str | None = None

    def __post_init__(self) -> None:
        if (self.email is None) == (self.member_id is None):
            raise ValueError("Expected either `email` or `member_id`")


class TenPromoted(asked.Asked, frozen=True, kw_only=True):
    """Whom to make administrators."""

    admins: Annotated[list[Promoted], Meta(min_length=1, max_length=10)]


async def members(call: Call) -> Response:
    """Everybody in a channel."""
    channel = _readable(call, otherwise="No permission to access the channel members.")
    return _people(call, channel, "members", channel.member_ids, maximum=100, default=30)


async def administrators(call: Call) -> Response:
    """A channel's owner and administrators."""
    channel = _readable(call, otherwise="No permission to see the administrators of the channel.")
    ids = [one for one in channel.member_ids if channel.role(one) != "member"]
    return _people(call, channel, "admins", ids, maximum=50, default=10)


async def invite(call: Call) -> Response:
    """Bring up to five people into a channel."""
    return _invite(call, (await asked.body(call, FiveInvited)).members)


async def invite_for(call: Call) -> Response:
    """Bring up to twenty people into a channel on behalf of one of its members."""
    return _invite(call, (await asked.body(call, TwentyInvited)).members)


async def remove(call: Call) -> Response:
    """Take one member out of a channel."""
    channel, actor = _administered(call, failed=_REMOVING, refused=_NOT_REMOVING)
    people = channel_access.people_of(call, [call.path("identifier")], otherwise=_REMOVING)
    return _remove(call, channel, people, by=actor)


async def remove_many(call: Call) -> Response:
    """Take up to twenty members out of a channel; two lists name them together."""
    wanted = _listed(call, "member_ids", "user_ids", most=20, too_many=_TOO_MANY)
    return _remove_many(call, wanted, himself="You can not remove yourself.")


async def remove_many_for(call: Call) -> Response:
    """Take up to twenty members out of a channel on behalf of an administrator."""
    wanted = _listed(call, "identifiers", most=20, too_many=_TOO_MANY)
    return _remove_many(call, wanted, himself="You can not remove the current user himself.")


async def join(call: Call) -> Response:
    """Enter a public channel."""
    channel = channel_access.at_hand(call, otherwise=_JOINING)
    actor = channel_access.actor(call)
    now = call.instance.clock.now_ms()
    with channel_access.failing(_JOINING):
        membership.join(call.world, channel_id=channel.id, person_id=actor.id, at=now)
    return wire.reply({"added_at": iso(now), "id": actor.id, "member_id": actor.member_id}, status=201)


async def leave(call: Call) -> Response:
    """Go out of a channel."""
    channel = channel_access.at_hand(call, otherwise=_LEAVING)
    actor, now = channel_access.actor(call), call.instance.clock.now_ms()
    with channel_access.failing(_LEAVING):
        membership.leave(call.world, channel_id=channel.id, person_id=actor.id, at=now)
    return Response(status_code=204)


async def promote(call: Call) -> Response:
    """Make up to ten members administrators."""
    channel, _ = _administered(call, failed=_PROMOTING, refused=_NOT_PROMOTING)
    wanted = await asked.body(call, TenPromoted)
    names = [one.email if one.member_id is None else one.member_id for one in wanted.admins]
    people = channel_access.people_of(call, [one for one in names if one is not None], otherwise=_PROMOTING)
    with channel_access.failing(_PROMOTING):
        new = membership.promote(call.world, channel_id=channel.id, person_ids=[one.id for one in people])
    return _added(call, new, at=call.instance.clock.now_ms())


async def demote(call: Call) -> Response:
    """Make up to ten administrators members again; two lists name them together."""
    channel, _ = _administered(call, failed=_DEMOTING, refused=_NOT_DEMOTING)
    wanted = _listed(call, "admin_ids", "user_ids", most=10, too_many=_TOO_MANY_DEMOTED)
    ids = _ids(channel_access.people_of(call, wanted, otherwise=_DEMOTING))
    if len(ids) > 10:
        raise Refusal(400, 300, _TOO_MANY_DEMOTED)
    with channel_access.failing(_DEMOTING):
        membership.demote(call.world, channel_id=channel.id, person_ids=ids)
    return Response(status_code=204)


def _readable(call: Call, *, otherwise: str) -> Channel:
    channel = channel_access.known(call)
    if not channel_access.takes_part(call, channel, channel_access.actor(call)):
        raise Refusal(400, 200, otherwise)
    return channel


def _administered(call: Call, *, failed: str, refused: str) -> tuple[Channel, Person]:
    channel = channel_access.at_hand(call, otherwise=failed)
    actor = channel_access.actor(call)
    if not channel_access.administers(call, channel, actor):
        raise Refusal(400, 200, refused)
    return channel, actor


def _people(
    call: Call, channel: Channel, name: str, ids: list[str], *, maximum: int, default: int
) -> Response:
    """A page of people; only a list of members says how many there are in all."""
    count = pages.size(call.request.query_params, maximum=maximum, default=default)
    place = call.place()
    wanted = set(ids)
    rows = [(standing, one) for one, standing in channel.standing().items() if one in wanted]
    page, after = pages.cut(rows, place=place, count=count, key=lambda row: (row[0], 0))
    people = [call.world.people[one] for _, one in page]
    reply: dict[str, object] = {
        name: [as_member(one, role=channel.role(one.id)) for one in people],
        "next_page_token": call.next_token(place, after),
        "page_size": count,
    }
    if name == "members":
        reply["total_records"] = len(rows)
    return wire.reply(reply)


def _invite(call: Call, invited: list[Invited]) -> Response:
    channel = channel_access.at_hand(call, otherwise=_INVITING)
    actor, now = channel_access.actor(call), call.instance.clock.now_ms()
    if not channel_access.may_invite(call, channel, actor):
        raise Refusal(400, 200, _NOT_INVITING)
    people = channel_access.people_of(call, [one.email for one in invited], otherwise=_INVITING)
    with channel_access.failing(_INVITING):
        new = membership.invite(
            call.world, channel_id=channel.id, person_ids=_ids(people), by=actor.id, at=now
        )
    return _added(call, new, at=now)


def _added(call: Call, person_ids: list[str], *, at: int) -> Response:
    """Who is new; of people outside the account only the member id is told."""
    people = [call.world.people[one] for one in person_ids]
    return wire.reply(
        {
            "added_at": iso(at),
            "ids": ",".join(one.id for one in people if not one.external),
            "member_ids": ",".join(one.member_id for one in people),
        },
        status=201,
    )


def _remove_many(call: Call, wanted: list[str], *, himself: str) -> Response:
    channel, actor = _administered(call, failed=_REMOVING, refused=_NOT_REMOVING)
    people = channel_access.people_of(call, wanted, otherwise=_REMOVING)
    if len(_ids(people)) > 20:
        raise Refusal(400, 300, _TOO_MANY)
    if actor.id in _ids(people):
        raise Refusal(400, 300, himself)
    return _remove(call, channel, people, by=actor)


def _remove(call: Call, channel: Channel, people: list[Person], *, by: Person) -> Response:
    now = call.instance.clock.now_ms()
    with channel_access.failing(_REMOVING):
        membership.remove(call.world, channel_id=channel.id, person_ids=_ids(people), by=by.id, at=now)
    return Response(status_code=204)


def _ids(people: list[Person]) -> list[str]:
    return list(dict.fromkeys(one.id for one in people))


def _listed(call: Call, *names: str, most: int, too_many: str) -> list[str]:
    """What lists parted by commas name together: each list must be sent, and one of them hold something."""
    found: list[str] = []
    for name in names:
        text = call.request.query_params.get(name)
        if text is None:
            raise Refusal(400, 300, f"Invalid field: {name} is required.")
        named = [one.strip() for one in text.split(",") if one.strip()]
        if len(named) > most:
            raise Refusal(400, 300, too_many)
        found += named
    if not found:
        raise Refusal(400, 300, f"Invalid field: {names[0]} is required.")
    return found
