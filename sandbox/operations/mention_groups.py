"""Tag Chat Channel Mention Group."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "getChannelMentionGroup",
        "GET /chat/channels/{channelId}/mention_group",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:read:admin",
        granular="team_chat:read:mention_group team_chat:read:mention_group:admin",
    ),
    row(
        "createChannelMentionGroup",
        "POST /chat/channels/{channelId}/mention_group",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:mention_group:admin team_chat:write:mention_group",
    ),
    row(
        "deleteAChannelMentionGroup",
        "DELETE /chat/channels/{channelId}/mention_group/{mentionGroupId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:mention_group team_chat:delete:mention_group:admin",
    ),
    row(
        "updateChannelMentionGroup",
        "PATCH /chat/channels/{channelId}/mention_group/{mentionGroupId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:update:mention_group team_chat:update:mention_group:admin",
    ),
    row(
        "listTheMembersOfMentionGroup",
        "GET /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        classic="chat_channel:read chat_channel:write:admin chat_channel:read:member",
        granular="team_chat:read:mention_group team_chat:read:mention_group:admin",
    ),
    row(
        "addAChannelMembersToMentionGroup",
        "POST /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:update:mention_group team_chat:update:mention_group:admin",
    ),
    row(
        "removeChannelMentionGroupMembers",
        "DELETE /chat/channels/{channelId}/mention_group/{mentionGroupId}/members",
        Label.LIGHT,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:update:mention_group team_chat:update:mention_group:admin",
    ),
)
