"""Tag Chat Channel Mention Group: groups of a channel's members that can be mentioned together."""

from typing import Annotated

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row

_WRITE = "chat_channel:write chat_channel:write:admin"
_READ_GROUP = "team_chat:read:mention_group team_chat:read:mention_group:admin"
_UPDATE_GROUP = "team_chat:update:mention_group team_chat:update:mention_group:admin"

Name = Annotated[str, Meta(min_length=1, max_length=40)]
Description = Annotated[str, Meta(max_length=500)]
Identifiers = Annotated[list[str], Meta(max_length=20)]


class NewGroup(Given, frozen=True, kw_only=True):
    """A group of at most twenty members to begin with."""

    mention_group_name: Name
    mention_group_description: Description | None = None
    identifiers: Identifiers


class Changes(Given, frozen=True, kw_only=True):
    """What becomes of a group; an empty description takes it away."""

    mention_group_name: Name | None = None
    mention_group_description: Description | None = None


class Members(Paged, frozen=True, kw_only=True):
    """Which part of a group's members."""

    page_size: Annotated[int, Meta(ge=1, le=20)] | None = None


class Added(Given, frozen=True, kw_only=True):
    """Members of the channel that become the group's, by user id or member id."""

    identifiers: Identifiers


class Removed(Given, frozen=True, kw_only=True):
    """Members that leave the group, by user id or member id."""

    identifiers: Annotated[Identifiers, Meta(min_length=1)]


ROWS = (
    row(
        "getChannelMentionGroup",
        "GET /chat/channels/{channelId}/mention_group",
        Label.MEDIUM,
        scopes="chat_channel:read chat_channel:read:admin",
        granular=_READ_GROUP,
    ),
    row(
        "createChannelMentionGroup",
        "POST /chat/channels/{channelId}/mention_group",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:mention_group team_chat:write:mention_group:admin",
        body=NewGroup,
    ),
    row(
        "updateChannelMentionGroup",
        "PATCH /chat/channels/{channelId}/mention_group/{mentionGroupId}",
        Label.MEDIUM,
        scopes=_WRITE,
        granular=_UPDATE_GROUP,
        body=Changes,
    ),
    row(
        "deleteAChannelMentionGroup",
        "DELETE /chat/channels/{channelId}/mention_group/{mentionGroupId}",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:delete:mention_group team_chat:delete:mention_group:admin",
    ),
    row(
        "listTheMembersOfMentionGroup",
        "GET /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        scopes="chat_channel:read chat_channel:read:member chat_channel:write:admin",
        granular=_READ_GROUP,
        query=Members,
    ),
    row(
        "addAChannelMembersToMentionGroup",
        "POST /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        scopes=_WRITE,
        granular=_UPDATE_GROUP,
        body=Added,
    ),
    row(
        "removeChannelMentionGroupMembers",
        "DELETE /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        scopes=_WRITE,
        granular=_UPDATE_GROUP,
        query=Removed,
    ),
)
