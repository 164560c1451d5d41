"""Tag Chat Channels (Account-level): channels as the account's administrator has them."""

from typing import Annotated

from msgspec import Meta

from zoom.facts.channels import Activities
from zoom.facts.rows import Label, Paged, row

_READ = "chat_channel:read:admin chat_channel:write:admin"
_ANY = "chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin"


class Channels(Paged, frozen=True, kw_only=True):
    """Which part of the inventory."""

    page_size: Annotated[int, Meta(ge=1, le=20)] | None = None


class Members(Paged, frozen=True, kw_only=True):
    """Which part of a channel's members."""

    page_size: Annotated[int, Meta(ge=1, le=100)] | None = None


class Administrators(Paged, frozen=True, kw_only=True):
    """Which part of a channel's administrators."""

    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None


ROWS = (
    row(
        "getAccountChannels",
        "GET /chat/channels",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:list_channels:admin",
        query=Channels,
    ),
    row(
        "getChannel",
        "GET /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        scopes=_ANY,
        granular="team_chat:read:user_channel team_chat:read:user_channel:admin",
    ),
    row(
        "listChannelMembers",
        "GET /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=_ANY,
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
        query=Members,
    ),
    row(
        "listChannelAdministrators",
        "GET /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        scopes="chat_channel:read chat_channel:read:admin",
        granular="team_chat:read:list_administrators:admin",
        query=Administrators,
    ),
    row(
        "listChannelActivityLogs",
        "GET /chat/channels/{channelId}/activities",
        Label.LIGHT,
        scopes="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
        query=Activities,
    ),
    row(
        "getChannelRetention",
        "GET /chat/channels/{channelId}/retention",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:retention:admin",
    ),
)
