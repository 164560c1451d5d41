"""Tag Chat Channels."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "listAllChannelActivityLogs",
        "GET /chat/activities/channels",
        Label.LIGHT,
        classic="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
    ),
    row(
        "PerformOperationsOnChannels",
        "PATCH /chat/channels/events",
        Label.LIGHT,
        classic="chat_channel:write:admin chat_channel:write",
        granular="team_chat:update:archive_channels team_chat:update:archive_channels:admin",
    ),
    row(
        "getUserLevelChannel",
        "GET /chat/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:channel team_chat:read:channel:admin",
    ),
    row(
        "deleteUserLevelChannel",
        "DELETE /chat/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:channel team_chat:delete:channel:admin",
    ),
    row(
        "updateUserLevelChannel",
        "PATCH /chat/channels/{channelId}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:update:channel team_chat:update:channel:admin",
    ),
    row(
        "listUserLevelChannelMembers",
        "GET /chat/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_members team_chat:read:list_members:admin",
    ),
    row(
        "InviteUserLevelChannelMembers",
        "POST /chat/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:members team_chat:write:members:admin",
    ),
    row(
        "batchRemoveChannelMembers",
        "DELETE /chat/channels/{channelId}/members",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:batch_members team_chat:delete:batch_members:admin",
    ),
    row(
        "listChannelMembersGroups",
        "GET /chat/channels/{channelId}/members/groups",
        Label.MEDIUM,
        classic="chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_groups:admin",
    ),
    row(
        "inviteChannelMembersGroups",
        "POST /chat/channels/{channelId}/members/groups",
        Label.MEDIUM,
        classic="chat_channel:write:admin",
        granular="team_chat:write:groups:admin",
    ),
    row(
        "removeAMemberGroup",
        "DELETE /chat/channels/{channelId}/members/groups/{groupId}",
        Label.MEDIUM,
        classic="chat_channel:write:admin",
        granular="team_chat:delete:group:admin",
    ),
    row(
        "joinChannel",
        "POST /chat/channels/{channelId}/members/me",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:member",
    ),
    row(
        "leaveChannel",
        "DELETE /chat/channels/{channelId}/members/me",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:member team_chat:delete:member:admin",
    ),
    row(
        "removeAUserLevelChannelMember",
        "DELETE /chat/channels/{channelId}/members/{identifier}",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:delete:member team_chat:delete:member:admin",
    ),
    row(
        "getChannels",
        "GET /chat/users/{userId}/channels",
        Label.MEDIUM,
        classic="chat_channel:read chat_channel:write chat_channel:read:admin chat_channel:write:admin",
        granular="team_chat:read:list_user_channels team_chat:read:list_user_channels:admin",
    ),
    row(
        "createChannel",
        "POST /chat/users/{userId}/channels",
        Label.MEDIUM,
        classic="chat_channel:write chat_channel:write:admin",
        granular="team_chat:write:user_channel team_chat:write:user_channel:admin",
    ),
)
