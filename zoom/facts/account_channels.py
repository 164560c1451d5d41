"""Tag Chat Channels (Account-level): channels as the account's administrator has them."""

import re
import unicodedata
from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.channels import (
    READ,
    WRITE,
    Activities,
    Changes,
    Email,
    Ids20,
    Members,
    Person,
    check_one_id,
    check_somebody,
)
from zoom.facts.rows import Given, Label, Paged, row

_ADMIN_READ = "chat_channel:read:admin chat_channel:write:admin"
_PERIOD = re.compile("([1-9]|[1-8][0-9]|90)d|([1-9]|[1-9][0-9]|1[01][0-9]|120)m|([1-9]|10)y")
_FORBIDDEN = ("Cc", "S", "Z")


class Deleted(Given, frozen=True, kw_only=True):
    """Which channels go."""

    channel_ids: Annotated[list[str], Meta(min_length=1, max_length=50)]


class Channels(Paged, frozen=True, kw_only=True):
    """Which part of the inventory."""

    page_size: Annotated[int, Meta(le=20)] | None = None


class Keywords(Given, frozen=True, kw_only=True, tag_field="search_type", tag="by_channel_name"):
    """Words in a channel's name."""

    keywords: list[Annotated[str, Meta(min_length=1)]]

    def __post_init__(self) -> None:
        if any(not _is_of_a_word(character) for word in self.keywords for character in word):
            raise ValueError("keywords: letters and digits only, no white space, no symbols")


class ExactName(Given, frozen=True, kw_only=True, tag_field="search_type", tag="by_channel_name_exact_match"):
    """A channel's name, as it is written."""

    channel_name: str


class Search(Paged, frozen=True, kw_only=True):
    """What is searched for (the needle), and where (the haystack)."""

    needle: Keywords | ExactName
    haystack: Literal["user_joined", "public", "all"]
    user_id: str | None = None
    include_archived: bool | None = None
    page_size: Annotated[int, Meta(ge=1, le=20)] | None = None

    def __post_init__(self) -> None:
        if self.user_id is not None and self.haystack != "user_joined":
            raise ValueError("user_id: only together with the haystack user_joined")


class Period(Given, frozen=True, kw_only=True):
    """How long messages stay; without a custom period the account's holds."""

    enable_custom_retention: bool
    retention_period: str | None = None

    def __post_init__(self) -> None:
        if self.retention_period is None:
            if self.enable_custom_retention:
                raise ValueError("retention_period: it is required with enable_custom_retention")
        elif _PERIOD.fullmatch(self.retention_period) is None:
            raise ValueError("retention_period: 1d to 90d, 1m to 120m or 1y to 10y")


class Retention(Given, frozen=True, kw_only=True):
    """A channel's retention in Zoom's cloud."""

    cloud_retention: Period


class Administrators(Paged, frozen=True, kw_only=True):
    """Which part of a channel's administrators."""

    page_size: Annotated[int, Meta(le=50)] | None = None


class Promoted(Given, frozen=True, kw_only=True):
    """A member to be an administrator."""

    email: Email | None = None
    member_id: str | None = None

    def __post_init__(self) -> None:
        check_one_id("email", self.email, "member_id", self.member_id)


class Promotions(Given, frozen=True, kw_only=True):
    """One to ten of them."""

    admins: Annotated[list[Promoted], Meta(min_length=1, max_length=10)] | None = None


class Demotions(Given, frozen=True, kw_only=True):
    """Administrators to be members: Zoom wants both lists, one of them may be empty."""

    admin_ids: Annotated[list[str], Meta(max_length=10)]
    user_ids: Annotated[list[str], Meta(max_length=10)]

    def __post_init__(self) -> None:
        check_somebody("admin_ids", self.admin_ids, "user_ids", self.user_ids)


class Invited(Given, frozen=True, kw_only=True):
    """At most twenty people."""

    members: Annotated[list[Person], Meta(max_length=20)] | None = None


class Removed(Given, frozen=True, kw_only=True):
    """Members to remove, by user id or member id."""

    identifiers: Annotated[Ids20, Meta(min_length=1)]


def _is_of_a_word(character: str) -> bool:
    """Of ASCII letters and digits, of the rest all but white space, control characters and symbols."""
    if character.isascii():
        return character.isalnum()
    return not unicodedata.category(character).startswith(_FORBIDDEN)


ROWS = (
    row(
        "getAccountChannels",
        "GET /chat/channels",
        Label.MEDIUM,
        scopes=_ADMIN_READ,
        granular="team_chat:read:list_channels:admin",
        query=Channels,
    ),
    row(
        "searchChannels",
        "POST /chat/channels/search",
        Label.RESOURCE_INTENSIVE,
        scopes=READ,
        granular="team_chat:write:search_channels team_chat:write:search_channels:admin",
        body=Search,
        is_reading=True,
    ),
    row(
        "getChannel",
        "GET /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        scopes=READ,
        granular="team_chat:read:user_channel team_chat:read:user_channel:admin",
    ),
    row(
        "updateChannel",
        "PATCH /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:update:user_channel team_chat:update:user_channel:admin",
        body=Changes,
    ),
    row(
        "deleteChannel",
        "DELETE /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:user_channel team_chat:delete:user_channel:admin",
    ),
    row(
        "batchDeleteChannelsAccountLevel",
        "DELETE /chat/users/{userId}/channels",
        Label.LIGHT,
        scopes=WRITE,
        granular="team_chat:delete:channels team_chat:delete:channels:admin",
        query=Deleted,
    ),
    row(
        "listChannelMembers",
        "GET /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=READ,
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
        query=Members,
    ),
    row(
        "inviteChannelMembers",
        "POST /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:write:members team_chat:write:members:admin",
        body=Invited,
    ),
    row(
        "batchRemoveUserChannelMembers",
        "DELETE /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:member:admin",
        query=Removed,
    ),
    row(
        "removeAChannelMember",
        "DELETE /chat/users/{userId}/channels/{channelId}/members/{identifier}",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:member:admin",
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
        "promoteChannelMembersAsAdmin",
        "POST /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:write:administrator:admin",
        body=Promotions,
    ),
    row(
        "batchDemoteChannelAdministrators",
        "DELETE /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        scopes=WRITE,
        granular="team_chat:delete:batch_administrators:admin",
        query=Demotions,
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
        scopes=_ADMIN_READ,
        granular="team_chat:read:retention:admin",
    ),
    row(
        "updateChannelRetention",
        "PATCH /chat/channels/{channelId}/retention",
        Label.MEDIUM,
        scopes="chat_channel:write:admin",
        granular="team_chat:update:retention:admin",
        body=Retention,
    ),
)
