"""Tag Chat Channels (Account-level)."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "batchDeleteChannelsAccountLevel",
        "DELETE /chat/users/{userId}/channels",
        Label.LIGHT,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:channels team_chat:delete:channels:admin",
    ),
    row(
        "getAccountChannels",
        "GET /chat/channels",
        Label.MEDIUM,
        classic="chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_channels:admin",
    ),
    row(
        "searchChannels",
        "POST /chat/channels/search",
        Label.RESOURCE_INTENSIVE,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:write:search_channels team_chat:write:search_channels:admin",
    ),
    row(
        "listChannelActivityLogs",
        "GET /chat/channels/{channelId}/activities",
        Label.LIGHT,
        classic="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
    ),
    row(
        "getChannelRetention",
        "GET /chat/channels/{channelId}/retention",
        Label.MEDIUM,
        classic="chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:retention:admin",
    ),
    row(
        "updateChannelRetention",
        "PATCH /chat/channels/{channelId}/retention",
        Label.MEDIUM,
        classic="chat_channel:write:admin",
        granular="team_chat:update:retention:admin",
    ),
    row(
        "getChannel",
        "GET /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:user_channel team_chat:read:user_channel:admin",
    ),
    row(
        "deleteChannel",
        "DELETE /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:user_channel team_chat:delete:user_channel:admin",
    ),
    row(
        "updateChannel",
        "PATCH /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:update:user_channel team_chat:update:user_channel:admin",
    ),
    row(
        "listChannelAdministrators",
        "GET /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:read:admin",
        granular="team_chat:read:list_administrators:admin",
    ),
    row(
        "promoteChannelMembersAsAdmin",
        "POST /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:administrator:admin",
    ),
    row(
        "batchDemoteChannelAdministrators",
        "DELETE /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:batch_administrators:admin",
    ),
    row(
        "listChannelMembers",
        "GET /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
    ),
    row(
        "inviteChannelMembers",
        "POST /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:members team_chat:write:members:admin",
    ),
    row(
        "batchRemoveUserChannelMembers",
        "DELETE /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:write:admin chat_channel:write",
        granular="team_chat:delete:member:admin",
    ),
    row(
        "removeAChannelMember",
        "DELETE /chat/users/{userId}/channels/{channelId}/members/{identifier}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:member:admin",
    ),
)
