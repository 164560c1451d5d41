"""Tag Chat Messages."""

from sandbox.limits import Label
from sandbox.operations.rows import row

_READ = "chat_message:read chat_message:read:admin"
_WRITE = "chat_message:write chat_message:write:admin"

ROWS = (
    row(
        "PerformMessageOfChannel",
        "PATCH /chat/channel/message/events",
        Label.LIGHT,
        classic="chat:write",
        granular="team_chat:update:pin_message",
    ),
    row(
        "listChannelPinnedMessages",
        "GET /chat/channels/{channelId}/pinned",
        Label.LIGHT,
        classic="chat:read chat:read:admin chat:write",
        granular="team_chat:read:list_pinned_messages",
    ),
    row(
        "getForwardedMessage",
        "GET /chat/forwarded_message/{forwardId}",
        Label.LIGHT,
        classic=f"{_READ} {_WRITE}",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    row(
        "fetchBookmarks",
        "GET /chat/messages/bookmarks",
        Label.MEDIUM,
        classic="chat_message:read chat_message:write",
        granular="team_chat:read:list_bookmarks",
    ),
    row(
        "addOrRemoveABookmark",
        "PATCH /chat/messages/bookmarks",
        Label.MEDIUM,
        classic="chat_message:write",
        granular="team_chat:update:bookmark",
    ),
    row(
        "listScheduledMessages",
        "GET /chat/messages/schedule",
        Label.LIGHT,
        classic="chat_message:read chat_message:write",
        granular="team_chat:read:list_scheduled_messages",
    ),
    row(
        "deleteScheduleMessage",
        "DELETE /chat/messages/schedule/{draftId}",
        Label.LIGHT,
        classic="chat_message:write",
        granular="team_chat:delete:scheduled_message",
    ),
    row(
        "getChatMessages",
        "GET /chat/users/{userId}/messages",
        Label.MEDIUM,
        classic=f"{_READ} {_WRITE}",
        granular="team_chat:read:list_user_messages team_chat:read:list_user_messages:admin",
    ),
    row(
        "sendaChatMessage",
        "POST /chat/users/{userId}/messages",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:write:user_message team_chat:write:user_message:admin",
    ),
    row(
        "getChatMessage",
        "GET /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        classic=f"{_READ} {_WRITE}",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    row(
        "editMessage",
        "PUT /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:update:user_message team_chat:update:user_message:admin",
    ),
    row(
        "deleteChatMessage",
        "DELETE /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:delete:user_message team_chat:delete:user_message:admin",
    ),
    row(
        "reactMessage",
        "PATCH /chat/users/{userId}/messages/{messageId}/emoji_reactions",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:update:message_emoji team_chat:update:message_emoji:admin",
    ),
    row(
        "markMessage",
        "PATCH /chat/users/{userId}/messages/{messageId}/status",
        Label.MEDIUM,
        classic=_WRITE,
        granular="team_chat:update:message_status team_chat:update:message_status:admin",
    ),
    row(
        "retrieveThread",
        "GET /chat/users/{userId}/messages/{messageId}/thread",
        Label.MEDIUM,
        classic=_READ,
        granular="team_chat:read:thread_message team_chat:read:thread_message:admin",
    ),
)
