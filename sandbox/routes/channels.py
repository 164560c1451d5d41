"""Tag Chat Channels: channels as a member has them, made, changed, laid aside and deleted."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, to_builtins
from starlette.responses import Response

from sandbox import asked, channel_access, channel_rows, channel_settings, channels, pages, wire
from sandbox.channel_rules import ADMINISTRATORS_ONLY, Impossible
from sandbox.conversations import Channel
from sandbox.gate import Call, route
from sandbox.people import Person
from sandbox.routes import channel_activities, channel_members, member_groups
from sandbox.wire import Refusal
from sandbox.world import World

_CREATING = "Request to create a channel failed."
_UPDATING = "Request to update a channel failed."
_DELETING = "Request to delete a channel failed."
_NOT_SEEN = "No permission to see the user's channels."
_NOT_DELETED = "No permission to delete the user's channel."
_NOT_UPDATED = "No permission to change the user's channel."
_OWNERS_ONLY = ("add_member_permissions", "mention_all_permissions")

Change = Callable[..., None]
_METHODS: dict[str, Change] = {"archive": channels.archive, "unarchive": channels.unarchive}
_FAILURES: tuple[tuple[type[Impossible], int, str], ...] = (
    (channels.IsDefault, 3214, "Archiving/unarchiving the default channel is not allowed."),
    (channels.AlreadyArchived, 3205, "This channel has already been archived."),
    (channels.NotArchived, 3213, "This channel has not been archived."),
)


class Settings(asked.Asked, frozen=True, kw_only=True):
    """Settings as they can be asked for when a channel is made."""

    add_member_permissions: Literal[1, 2] | UnsetType = UNSET
    new_members_can_see_previous_messages_files: bool | UnsetType = UNSET
    posting_permissions: Literal[1, 2, 3] | UnsetType = UNSET
    mention_all_permissions: Literal[1, 2, 3] | UnsetType = UNSET


class Poster(asked.Asked, frozen=True, kw_only=True):
    """A member who may post, by user id or member id."""

    user_id: str | None = None
    member_id: str | None = None

    def __post_init__(self) -> None:
        if (self.user_id is None) == (self.member_id is None):
            raise ValueError("Expected either `user_id` or `member_id`")

    @property
    def name(self) -> str:
        """The one of the two that is given."""
        return (self.user_id or "") if self.member_id is None else self.member_id


class ChangedSettings(Settings, frozen=True, kw_only=True):
    """Settings as they can be changed."""

    designated_posting_members: list[Poster] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.designated_posting_members is not UNSET and self.posting_permissions != 3:
            raise ValueError("Expected `posting_permissions` 3 - at `$.designated_posting_members`")


class Space(asked.Asked, frozen=True, kw_only=True):
    """The shared space a channel is made in."""

    space_id: str
    space_channel_type: Literal["private", "public_for_members"] = "private"


class Created(asked.Asked, frozen=True, kw_only=True):
    """A channel to be made; without a type it is a private one."""

    name: Annotated[str, Meta(max_length=256)] = ""
    type: Literal[1, 2, 3, 4] = 1
    members: Annotated[list[channel_members.Invited], Meta(max_length=20)] = []
    channel_settings: Settings = Settings()
    shared_space: Space | None = None


class Changed(asked.Asked, frozen=True, kw_only=True):
    """What is to be different about a channel."""

    name: str | None = None
    type: Literal[1, 2, 3, 5] | None = None
    channel_settings: ChangedSettings = ChangedSettings()


class Event(asked.Asked, frozen=True, kw_only=True):
    """Channels to be laid aside or brought back."""

    method: Literal["archive", "unarchive"]
    channel_ids: Annotated[list[str], Meta(min_length=1, max_length=10)]

    def __post_init__(self) -> None:
        if len(set(self.channel_ids)) < len(self.channel_ids):
            raise ValueError("Expected different ids - at `$.channel_ids`")


async def of_user(call: Call) -> Response:
    """The channels someone is in."""
    person = channel_access.actor(call)
    count = pages.size(call.request.query_params, maximum=1000, default=10)
    rows = [
        one for one in call.world.channels.values() if person.id in one.member_ids and one.deleted_at is None
    ]
    return listing(call, rows, count=count)


async def create(call: Call) -> Response:
    """A new channel of someone's."""
    owner = channel_access.actor(call)
    wanted = await asked.body(call, Created)
    channel_access.check_can_change(call, otherwise=_CREATING)
    space = wanted.shared_space
    if space is not None:
        _check_space(call, space, owner)
    emails = [one.email for one in wanted.members]
    people = channel_access.people_of(call, emails, otherwise=_CREATING)
    with channel_access.failing(_CREATING):
        channel = channels.create(
            call.world,
            name=wanted.name,
            type=wanted.type,
            owner_id=owner.id,
            member_ids=[one.id for one in people],
            settings=to_builtins(wanted.channel_settings),
            space_id=None if space is None else space.space_id,
            space_channel_type="private" if space is None else space.space_channel_type,
            at=call.instance.clock.now_ms(),
        )
    return wire.reply(channel_rows.made(channel), status=201)


async def show(call: Call) -> Response:
    """One channel with its settings."""
    channel = channel_access.known(call)
    if not channel_access.takes_part(call, channel, channel_access.actor(call)):
        raise Refusal(400, 200, _NOT_SEEN)
    return wire.reply(channel_rows.alone(call.world, channel))


async def update(call: Call) -> Response:
    """Another name, type or other settings; some of them are the owner's alone to change."""
    channel, actor = channel_access.at_hand(call, otherwise=_UPDATING), channel_access.actor(call)
    wanted = await asked.body(call, Changed)
    settings: dict[str, Any] = to_builtins(wanted.channel_settings)
    posters = settings.pop("designated_posting_members", None)
    if not channel_access.administers(call, channel, actor):
        raise Refusal(403, 200, _NOT_UPDATED)
    if not channel_access.owns(call, channel, actor) and any(name in settings for name in _OWNERS_ONLY):
        raise Refusal(403, 200, _NOT_UPDATED)
    if posters is not None:
        names = [one.name for one in wanted.channel_settings.designated_posting_members or ()]
        posters = [one.id for one in channel_access.people_of(call, names, otherwise=_UPDATING)]
    with channel_access.failing(_UPDATING):
        channel_settings.change(
            call.world,
            channel_id=channel.id,
            name=wanted.name,
            type=wanted.type,
            settings=settings,
            posting_member_ids=posters,
            by=actor.id,
            at=call.instance.clock.now_ms(),
        )
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    """End a channel."""
    channel, actor = channel_access.at_hand(call, otherwise=_DELETING), channel_access.actor(call)
    if not channel_access.owns(call, channel, actor):
        raise Refusal(400, 200, _NOT_DELETED)
    with channel_access.failing(_DELETING):
        channels.delete(call.world, channel_id=channel.id, by=actor.id, at=call.instance.clock.now_ms())
    return Response(status_code=204)


async def perform(call: Call) -> Response:
    """Lay up to ten channels aside, or bring them back; says which of them could not be."""
    wanted, actor = await asked.body(call, Event), channel_access.actor(call)
    channel_access.check_can_change(call, otherwise="Request to perform operations on channels failed.")
    known = {one: _living(call.world, one) for one in wanted.channel_ids}
    if all(channel is None for channel in known.values()):
        raise Refusal(400, 4130, "Channel does not exist.")
    failed: list[dict[str, str]] = []
    for channel_id, channel in known.items():
        if channel is None:
            failed.append(_failure(channel_id, 4130, "Channel does not exist."))
            continue
        try:
            _METHODS[wanted.method](
                call.world, channel_id=channel_id, by=actor.id, at=call.instance.clock.now_ms()
            )
        except Impossible as impossible:
            code, reason = next(
                (code, said) for kind, code, said in _FAILURES if isinstance(impossible, kind)
            )
            failed.append(_failure(channel_id, code, reason))
    return wire.reply({"failed_channels": failed})


def listing(call: Call, rows: list[Channel], *, count: int) -> Response:
    """A page of channels, and how many there are in all."""
    place = call.place()
    rows.sort(key=channel_rows.position)
    page, after = pages.cut(rows, place=place, count=count, key=channel_rows.position)
    return wire.reply(
        {
            "channels": [channel_rows.listed(one) for one in page],
            "next_page_token": call.next_token(place, after),
            "page_size": count,
            "total_records": len(rows),
        }
    )


def _check_space(call: Call, wanted: Space, owner: Person) -> None:
    """There is such a space, and the owner of the new channel may make one in it."""
    space = call.world.spaces.get(wanted.space_id)
    if space is None:
        raise Refusal(404, 5407, "Shared space does not exist.")
    is_for_chiefs = space.settings.create_channels_permission == ADMINISTRATORS_ONLY
    is_allowed = owner.id in space.members and not (is_for_chiefs and space.role(owner.id) == "member")
    if not is_allowed and not channel_access.is_account_owner(call, owner):
        raise Refusal(400, channel_access.FAILED, _CREATING)


def _living(world: World, channel_id: str) -> Channel | None:
    found = world.channels.get(channel_id)
    return None if found is None or found.deleted_at is not None else found


def _failure(channel_id: str, code: int, reason: str) -> dict[str, str]:
    return {"channel_id": channel_id, "reason": reason, "error_code": str(code)}


ROUTES = [
    route("listAllChannelActivityLogs", channel_activities.of_all),
    route("PerformOperationsOnChannels", perform),  # before the channel of that name
    route("getUserLevelChannel", show),
    route("updateUserLevelChannel", update),
    route("deleteUserLevelChannel", delete),
    route("listUserLevelChannelMembers", channel_members.members),
    route("InviteUserLevelChannelMembers", channel_members.invite),
    route("batchRemoveChannelMembers", channel_members.remove_many),
    route("listChannelMembersGroups", member_groups.groups),
    route("inviteChannelMembersGroups", member_groups.add),
    route("removeAMemberGroup", member_groups.remove),
    route("joinChannel", channel_members.join),
    route("leaveChannel", channel_members.leave),  # before the member of that name
    route("removeAUserLevelChannelMember", channel_members.remove),
    route("getChannels", of_user),
    route("createChannel", create),
]
