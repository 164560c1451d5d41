"""Tag Chat Channels (Account-level)."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "getAccountChannels",
        "GET /chat/channels",
        Label.MEDIUM,
        classic="chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_channels:admin",
    ),
    row(
        "getChannel",
        "GET /chat/users/{userId}/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:user_channel team_chat:read:user_channel:admin",
    ),
    row(
        "listChannelMembers",
        "GET /chat/users/{userId}/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
    ),
    row(
        "listChannelAdministrators",
        "GET /chat/users/{userId}/channels/{channelId}/admins",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:read:admin",
        granular="team_chat:read:list_administrators:admin",
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
)
