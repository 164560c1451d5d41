"""Tag Chat Messages."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "getForwardedMessage",
        "GET /chat/forwarded_message/{forwardId}",
        Label.LIGHT,
        classic="chat_message:read chat_message:read:admin chat_message:write chat_message:write:admin",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    row(
        "retrieveThread",
        "GET /chat/users/{userId}/messages/{messageId}/thread",
        Label.MEDIUM,
        classic="chat_message:read chat_message:read:admin",
        granular="team_chat:read:thread_message team_chat:read:thread_message:admin",
    ),
)
