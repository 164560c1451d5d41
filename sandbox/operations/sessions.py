"""Tag Chat Sessions."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "starUnstarChannelContact",
        "PATCH /chat/users/{userId}/events",
        Label.MEDIUM,
        classic="chat_event:write:admin chat_event:write",
        granular="team_chat:update:chat_control team_chat:update:chat_control:admin",
    ),
    row(
        "getChatSessions",
        "GET /chat/users/{userId}/sessions",
        Label.MEDIUM,
        classic="chat_message:read chat_message:read:admin",
        granular="team_chat:read:list_user_sessions team_chat:read:list_user_sessions:admin",
    ),
)
