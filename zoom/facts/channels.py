"""Tag Chat Channels: channels as one of their members has them, and the account's activity log."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row

READ = "chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin"
WRITE = "chat_channel:write chat_channel:write:admin"
_ADMIN_READ = "chat_channel:read:admin chat_channel:write:admin"
_ADMIN_WRITE = "chat_channel:write:admin"

Email = Annotated[str, Meta(pattern="^.+@.+$")]
Ids20 = Annotated[list[str], Meta(max_length=20)]


class Activities(Paged, frozen=True, kw_only=True):
    """Which joins and leaves: at most three days, always fifteen rows a page."""

    start_date: date
    end_date: date
    page_size: Annotated[int, Meta(ge=15, le=15)] | None = None
    activity_type: Literal["membership"] | None = None

    def __post_init__(self) -> None:
        check_activity_days(self.start_date, self.end_date)


class AllActivities(Activities, frozen=True, kw_only=True):
    """The same of every channel, or of one."""

    channel_id: str | None = None


class Event(Given, frozen=True, kw_only=True):
    """One to ten channels, each once, to archive or to take out of the archive."""

    method: Literal["archive", "unarchive"]
    channel_ids: Annotated[list[str], Meta(min_length=1, max_length=10)]

    def __post_init__(self) -> None:
        if len(set(self.channel_ids)) < len(self.channel_ids):
            raise ValueError("channel_ids: name each channel once")


class NewSettings(Given, frozen=True, kw_only=True):
    """Who may do what in a channel that is being made; `zoom.operations.channel_settings` has the numbers' names."""

    add_member_permissions: Literal[1, 2] | None = None
    new_members_can_see_previous_messages_files: bool | None = None
    posting_permissions: Literal[1, 2, 3] | None = None
    mention_all_permissions: Literal[1, 2, 3] | None = None


class Poster(Given, frozen=True, kw_only=True):
    """A member who may post, by one kind of id."""

    user_id: str | None = None
    member_id: str | None = None

    def __post_init__(self) -> None:
        check_one_id("user_id", self.user_id, "member_id", self.member_id)


class Settings(NewSettings, frozen=True, kw_only=True):
    """The same of a channel that is there, with the members who may post."""

    designated_posting_members: list[Poster] | None = None

    def __post_init__(self) -> None:
        if self.designated_posting_members is not None and self.posting_permissions != 3:
            raise ValueError("designated_posting_members: only together with posting_permissions 3")


class Changes(Given, frozen=True, kw_only=True):
    """What becomes of a channel; a group chat cannot be made of it, nor it of one."""

    name: str | None = None
    channel_settings: Settings | None = None
    type: Literal[1, 2, 3, 5] | None = None


class Person(Given, frozen=True, kw_only=True):
    """Somebody to be a member."""

    email: Email


class Space(Given, frozen=True, kw_only=True):
    """The shared space that a new channel is in."""

    space_id: str
    space_channel_type: Literal["private", "public_for_members"] | None = None


class NewChannel(Given, frozen=True, kw_only=True):
    """A channel; one in a shared space is private."""

    name: Annotated[str, Meta(max_length=256)] | None = None
    type: Literal[1, 2, 3, 4] | None = None
    channel_settings: NewSettings | None = None
    members: Annotated[list[Person], Meta(max_length=20)] | None = None
    shared_space: Space | None = None

    def __post_init__(self) -> None:
        if self.shared_space is not None and self.type in (3, 4):
            raise ValueError("type: a channel in a shared space is private (1 or 2)")


class UserChannels(Paged, frozen=True, kw_only=True):
    """Which part of a user's channels."""

    page_size: Annotated[int, Meta(le=1000)] | None = None


class Members(Paged, frozen=True, kw_only=True):
    """Which part of a channel's members."""

    page_size: Annotated[int, Meta(le=100)] | None = None


class Invited(Given, frozen=True, kw_only=True):
    """One to five people."""

    members: Annotated[list[Person], Meta(min_length=1, max_length=5)] | None = None


class Removed(Given, frozen=True, kw_only=True):
    """Members to remove: Zoom wants both lists, one of them may be empty."""

    member_ids: Ids20
    user_ids: Ids20

    def __post_init__(self) -> None:
        check_somebody("member_ids", self.member_ids, "user_ids", self.user_ids)


class Group(Given, frozen=True, kw_only=True):
    """A group of the account's users."""

    group_id: str


class InvitedGroups(Given, frozen=True, kw_only=True):
    """One to five groups."""

    groups: Annotated[list[Group], Meta(min_length=1, max_length=5)] | None = None


def check_activity_days(start: date, end: date) -> None:
    """Activity is asked for one to three days at a time, both ends included."""
    if not 0 <= (end - start).days < 3:
        raise ValueError(
            f"end_date: channel activity is asked for one to three days at a time, not {start} to {end}"
        )


def check_one_id(name: str, value: str | None, other_name: str, other: str | None) -> None:
    """A person is named by exactly one of two kinds of id."""
    if (value is None) == (other is None):
        raise ValueError(f"{name}, {other_name}: name exactly one of them")


def check_somebody(name: str, values: list[str], other_name: str, others: list[str]) -> None:
    """Of two lists of ids one may be empty, not both."""
    if len(values) + len(others) == 0:
        raise ValueError(f"{name}, {other_name}: name somebody")


ROWS = (
    row(
        "listAllChannelActivityLogs",
        "GET /chat/activities/channels",
        Label.LIGHT,
        scopes="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
        query=AllActivities,
    ),
    row(
        "PerformOperationsOnChannels",
        "PATCH /chat/channels/events",
        Label.LIGHT,
        scopes=WRITE,
        granular="team_chat:update:archive_channels team_chat:update:archive_channels:admin",
        body=Event,
    ),
    row(
        "getChannels",
        "GET /chat/users/{userId}/channels",
        Label.MEDIUM,
        scopes=READ,
        granular="team_chat:read:list_user_channels team_chat:read:list_user_channels:admin",
        query=UserChannels,
    ),
    row(
        "createChannel",
        "POST /chat/users/{userId}/channels",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:write:user_channel team_chat:write:user_channel:admin",
        body=NewChannel,
    ),
    row(
        "getUserLevelChannel",
        "GET /chat/channels/{channelId}",
        Label.MEDIUM,
        scopes=READ,
        granular="team_chat:read:channel team_chat:read:channel:admin",
    ),
    row(
        "updateUserLevelChannel",
        "PATCH /chat/channels/{channelId}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:update:channel team_chat:update:channel:admin",
        body=Changes,
    ),
    row(
        "deleteUserLevelChannel",
        "DELETE /chat/channels/{channelId}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:channel team_chat:delete:channel:admin",
    ),
    row(
        "listUserLevelChannelMembers",
        "GET /chat/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=READ,
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
        query=Members,
    ),
    row(
        "InviteUserLevelChannelMembers",
        "POST /chat/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:write:members team_chat:write:members:admin",
        body=Invited,
    ),
    row(
        "batchRemoveChannelMembers",
        "DELETE /chat/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:batch_members team_chat:delete:batch_members:admin",
        query=Removed,
    ),
    row(
        "removeAUserLevelChannelMember",
        "DELETE /chat/channels/{channelId}/members/{identifier}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:member team_chat:delete:member:admin",
    ),
    row(
        "listChannelMembersGroups",
        "GET /chat/channels/{channelId}/members/groups",
        Label.MEDIUM,
        scopes=_ADMIN_READ,
        granular="team_chat:read:list_groups:admin",
    ),
    row(
        "inviteChannelMembersGroups",
        "POST /chat/channels/{channelId}/members/groups",
        Label.MEDIUM,
        scopes=_ADMIN_WRITE,
        granular="team_chat:write:groups:admin",
        body=InvitedGroups,
    ),
    row(
        "removeAMemberGroup",
        "DELETE /chat/channels/{channelId}/members/groups/{groupId}",
        Label.MEDIUM,
        scopes=_ADMIN_WRITE,
        granular="team_chat:delete:group:admin",
    ),
    row(
        "joinChannel",
        "POST /chat/channels/{channelId}/members/me",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:write:member",
    ),
    row(
        "leaveChannel",
        "DELETE /chat/channels/{channelId}/members/me",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:member team_chat:delete:member:admin",
    ),
)
