"""Tag Chat Migration: bringing channels, members and messages from elsewhere into Zoom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Given, Label, check_one_place, row

_READ = "chat_migration:read:admin"
_WRITE = "chat_migration:write:admin"

Origins = Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1, max_length=20)]


class ChannelOrigins(Given, frozen=True, kw_only=True):
    """Channels of a workspace elsewhere, at most twenty."""

    origin_platform: Literal["slack"]
    origin_team_id: str
    origin_channel_ids: Origins


class UserOrigins(Given, frozen=True, kw_only=True):
    """People of another platform, at most twenty."""

    origin_platform: Literal["slack"]
    origin_team_id: str | None = None
    origin_user_ids: Origins


class Member(Given, frozen=True, kw_only=True):
    """Somebody in a channel, by user id, member id or e-mail."""

    identifier: str
    role: Literal["member", "admin"] | None = None


class NewMembers(Given, frozen=True, kw_only=True):
    """One to twenty people, each once."""

    members: Annotated[list[Member], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        check_each_once("members", self.members)


class NewChannel(Given, frozen=True, kw_only=True):
    """A channel as it was, its owner apart: 2 is private, 3 public, 4 a group chat."""

    members: Annotated[list[Member], Meta(max_length=20)]
    type: Literal[2, 3, 4]
    name: Annotated[str, Meta(min_length=1, max_length=128)]
    created_time: Annotated[datetime, Meta(tz=True)]

    def __post_init__(self) -> None:
        check_each_once("members", self.members)


class Message(Given, frozen=True, kw_only=True):
    """Something said before, in a channel or to a contact, at a moment (epoch ms) that is its session's own."""

    message_timestamp: int
    sender: str
    message: Annotated[str, Meta(max_length=4096)]
    to_channel: str | None = None
    to_contact: str | None = None
    file_ids: Annotated[list[str], Meta(max_length=6)] | None = None
    reply_main_message_id: str | None = None
    reply_main_message_timestamp: int | None = None

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)

    @property
    def session(self) -> frozenset[str]:
        """Which conversation it is in, as far as the names given tell."""
        if self.to_channel is not None:
            return frozenset({self.to_channel})
        return frozenset({self.sender, self.to_contact or ""})


class Messages(Given, frozen=True, kw_only=True):
    """One to twenty messages; a reply names its main message by id, or by time when it comes along."""

    messages: Annotated[list[Message], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        said = {(one.session, one.message_timestamp) for one in self.messages}
        if len(said) < len(self.messages):
            raise ValueError("message_timestamp: it must be unique within its session")
        for one in self.messages:
            at = one.reply_main_message_timestamp
            if one.reply_main_message_id is None and at is not None and (one.session, at) not in said:
                raise ValueError(
                    "reply_main_message_id: it is required when the main message is not in the same call"
                )


class Emoji(Given, frozen=True, kw_only=True):
    """One emoji, as a code point, and at most ten who chose it."""

    emoji: str
    user_identifier: Annotated[list[str], Meta(max_length=10)]


class Reaction(Given, frozen=True, kw_only=True):
    """One to ten emoji on a migrated message."""

    message_id: str
    message_timestamp: int
    to_channel: str | None = None
    to_contact: str | None = None
    emojis: Annotated[list[Emoji], Meta(min_length=1, max_length=10)]

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)


class Reactions(Given, frozen=True, kw_only=True):
    """What one to five messages got."""

    reactions: Annotated[list[Reaction], Meta(min_length=1, max_length=5)]


class Target(Given, frozen=True, kw_only=True):
    """A channel by id, or a contact by user id, member id or e-mail."""

    target_id: str
    target_type: Literal["channel", "contact"]


class Event(Given, frozen=True, kw_only=True):
    """What to do with conversations; the list takes ten, the service for now does one."""

    method: Literal["star"]
    params: Annotated[list[Target], Meta(min_length=1, max_length=10)]


def check_each_once(name: str, given: Sequence[Member]) -> None:
    """A list of people in which nobody is named twice in the same way."""
    if len({one.identifier for one in given}) < len(given):
        raise ValueError(f"{name}: name each person once")


ROWS = (
    row(
        "MigrateChannelMembers",
        "POST /chat/migration/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:migrate_channel_members:admin",
        body=NewMembers,
    ),
    row(
        "MigrateChatMessageReactions",
        "POST /chat/migration/emoji_reactions",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:migrate_chat_message_reactions:admin",
        body=Reactions,
    ),
    row(
        "getMigrationChannelsMapping",
        "GET /chat/migration/mappings/channels",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:migrated_channels:admin",
        query=ChannelOrigins,
    ),
    row(
        "getMigrationUsersMapping",
        "GET /chat/migration/mappings/users",
        Label.LIGHT,
        scopes=_READ,
        granular="team_chat:read:migrated_users:admin",
        query=UserOrigins,
    ),
    row(
        "MigrateChatMessages",
        "POST /chat/migration/messages",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:migrate_chat_messages:admin",
        body=Messages,
    ),
    row(
        "MigrateAChatChannel",
        "POST /chat/migration/users/{identifier}/channels",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:migrate_a_chat_channel:admin",
        body=NewChannel,
    ),
    row(
        "Migrate1:1ConversationOrChannelOperations",
        "POST /chat/migration/users/{identifier}/events",
        Label.MEDIUM,
        scopes=_WRITE,
        body=Event,
    ),
)
