"""Tag Chat Reminder."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "createReminderForMessage",
        "POST /chat/messages/{messageId}/reminder",
        Label.LIGHT,
        classic="chat_message:write",
        granular="team_chat:write:reminder",
    ),
    row(
        "deleteReminderForMessage",
        "DELETE /chat/messages/{messageId}/reminder",
        Label.LIGHT,
        classic="chat_message:write",
        granular="team_chat:delete:reminder",
    ),
    row(
        "listReminders",
        "GET /chat/reminder",
        Label.LIGHT,
        classic="chat_message:read",
        granular="team_chat:read:list_reminders",
    ),
)
