"""Tag Chat Channel Mention Group: members of a channel who can be called by one name."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from sandbox import asked, channel_access, mention_groups, pages, wire
from sandbox.conversations import GROUP_CHAT, Channel, MentionGroup
from sandbox.gate import Call, route
from sandbox.identity import number
from sandbox.people import Person, as_member
from sandbox.wire import Refusal
from sandbox.world import Unknown

_AT_ONCE = 20
_NOT_IN_CHANNEL = "Some of these people are not in the channel."
_IDENTIFIERS = "Invalid parameter: identifiers."
_TOO_MANY = "Exceeded the limit of adding member(s) to a mention group. The maximum number of members is 100."
_TOO_MANY_GROUPS = "Exceeded the limit of adding mention group. The maximum number in a channel is 20."

Name = Annotated[str, Meta(max_length=40)]
Description = Annotated[str, Meta(max_length=500)]


class Created(asked.Asked, frozen=True, kw_only=True):
    """A mention group to be made, and who is in it."""

    mention_group_name: Annotated[Name, Meta(min_length=1)]
    mention_group_description: Description = ""
    identifiers: Annotated[list[str], Meta(max_length=_AT_ONCE)]


class Changed(asked.Asked, frozen=True, kw_only=True):
    """What is to be different about a mention group; an empty name changes nothing."""

    mention_group_name: Name | None = None
    mention_group_description: Description | None = None


class Added(asked.Asked, frozen=True, kw_only=True):
    """Who is to be added to a mention group."""

    identifiers: Annotated[list[str], Meta(max_length=_AT_ONCE)]


async def groups(call: Call) -> Response:
    """Every mention group of a channel; there are twenty at most."""
    channel = _channel(call)
    return wire.reply({"mention_group_list": [_row(one) for one in channel.mention_groups.values()]})


async def create(call: Call) -> Response:
    """A new mention group."""
    channel = _channel(call, changing="Request to create a mention group failed.")
    wanted = await asked.body(call, Created)
    people = _people(call, wanted.identifiers)
    _check_in_channel(channel, people)
    _check_name(channel, wanted.mention_group_name)
    if len(channel.mention_groups) >= mention_groups.MOST_GROUPS:
        raise Refusal(400, 5506, _TOO_MANY_GROUPS)
    made = mention_groups.create(
        call.world,
        channel_id=channel.id,
        name=wanted.mention_group_name,
        description=wanted.mention_group_description,
        person_ids=[one.id for one in people],
    )
    return wire.reply({"mention_group_id": made}, status=201)


async def update(call: Call) -> Response:
    """Another name or description."""
    channel = _channel(call, changing="Request to update a mention group failed.")
    group = _group(call, channel)
    wanted = await asked.body(call, Changed)
    name = wanted.mention_group_name
    if name is not None and name != "":
        _check_name(channel, name, but=group)
    mention_groups.describe(
        call.world,
        channel_id=channel.id,
        group_id=group.id,
        name=None if name == "" else name,
        description=wanted.mention_group_description,
    )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """A mention group is no more; its members stay in the channel."""
    channel = _channel(call, changing="Request to delete a mention group failed.")
    group = _group(call, channel)
    mention_groups.delete(call.world, channel_id=channel.id, group_id=group.id)
    return Response(status_code=204)


async def members(call: Call) -> Response:
    """Who is in a mention group; a token that is no good is forbidden here, not a bad request."""
    group = _group(call, _channel(call))
    count = pages.size(call.request.query_params, maximum=20, default=20)
    try:
        place = call.place()
    except Refusal as refusal:
        raise Refusal(403, refusal.code, refusal.message) from refusal
    people = sorted((call.world.people[one] for one in group.member_ids), key=_position)
    page, after = pages.cut(people, place=place, count=count, key=_position)
    return wire.reply(
        {
            "mention_group_id": group.id,
            "members": [_member(one) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
            "has_more": after is not None,
        }
    )


async def add_members(call: Call) -> Response:
    """Add up to twenty members of the channel to a mention group."""
    channel = _channel(call, changing="These people cannot be added to the mention group.")
    group = _group(call, channel)
    people = _people(call, (await asked.body(call, Added)).identifiers)
    if not people:
        raise Refusal(400, 300, _IDENTIFIERS)
    _check_in_channel(channel, people)
    there = [one for one in people if one.id in group.member_ids]
    if there:
        raise Refusal(400, 5511, f"The member(s) exist in the mention group. {_named(there)}")
    if len(group.member_ids) + len(people) > mention_groups.MOST_MEMBERS:
        raise Refusal(400, 5507, _TOO_MANY)
    mention_groups.add_members(
        call.world, channel_id=channel.id, group_id=group.id, person_ids=[one.id for one in people]
    )
    return Response(status_code=201)


async def remove_members(call: Call) -> Response:
    """Take up to twenty people out of a mention group; they stay in the channel."""
    channel = _channel(call, changing="These people cannot be taken out of the mention group.")
    group = _group(call, channel)
    wanted = asked.names(call.query("identifiers") or "", parameter="identifiers", most=_AT_ONCE)
    people = _people(call, wanted)
    missing = [one for one in people if one.id not in group.member_ids]
    if missing:
        raise Refusal(400, 5510, f"Not in the mention group: {_named(missing)}")
    mention_groups.remove_members(
        call.world, channel_id=channel.id, group_id=group.id, person_ids=[one.id for one in people]
    )
    return Response(status_code=204)


def _channel(call: Call, *, changing: str | None = None) -> Channel:
    """The channel of the path, which is one that can have mention groups."""
    if changing is not None:
        channel_access.check_can_change(call, otherwise=changing)
    channel = channel_access.known(call)
    if channel.type == GROUP_CHAT:
        raise Refusal(403, 200, "Not allowed on a group chat.")
    if channel.archived_at is not None:
        raise Refusal(403, 200, "Not allowed on an archived channel.")
    return channel


def _group(call: Call, channel: Channel) -> MentionGroup:
    found = channel.mention_groups.get(call.path("mentionGroupId"))
    if found is None:
        raise Refusal(404, 5508, "The mention group doesn't exist.")
    return found


def _people(call: Call, identifiers: list[str]) -> list[Person]:
    """People by user id or member id, each once."""
    try:
        found = [call.world.person(one) for one in identifiers]
    except Unknown as unknown:
        raise Refusal(400, 300, _IDENTIFIERS) from unknown
    return list({one.id: one for one in found}.values())


def _check_in_channel(channel: Channel, people: list[Person]) -> None:
    outside = [one for one in people if one.id not in channel.member_ids]
    if outside:
        raise Refusal(403, 200, f"{_NOT_IN_CHANNEL} {_named(outside)}")


def _check_name(channel: Channel, name: str, *, but: MentionGroup | None = None) -> None:
    if name in mention_groups.names_of(channel, but=but):
        raise Refusal(400, 200, "Duplicate mention group name.")


def _named(people: list[Person]) -> str:
    return ", ".join(one.member_id for one in people)


def _position(person: Person) -> tuple[int, int]:
    return number(person.id) >> 2, 0


def _row(group: MentionGroup) -> dict[str, object]:
    row: dict[str, object] = {"mention_group_id": group.id, "mention_group_name": group.name}
    if group.description:
        row["mention_group_description"] = group.description
    return row


def _member(person: Person) -> dict[str, object]:
    """A member as the list shows it, the service's spelling included."""
    row = as_member(person, role="member")
    return {
        "user_id": row["id"],
        "member_id": row["member_id"],
        "email": row["email"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "disaplay_name": row["name"],
        "is_external": row["is_external"],
    }


ROUTES = [
    route("getChannelMentionGroup", groups),
    route("createChannelMentionGroup", create),
    route("updateChannelMentionGroup", update),
    route("deleteAChannelMentionGroup", delete),
    route("listTheMembersOfMentionGroup", members),
    route("addAChannelMembersToMentionGroup", add_members),
    route("removeChannelMentionGroupMembers", remove_members),
]
