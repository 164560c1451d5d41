"""Tag Reports."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "reportChatSessions",
        "GET /report/chat/sessions",
        Label.MEDIUM,
        classic="report_chat:read:admin imchat:read:admin",
        granular="report:read:list_chat_sessions:admin",
    ),
    row(
        "reportChatMessages",
        "GET /report/chat/sessions/{sessionId}",
        Label.MEDIUM,
        classic="report_chat:read:admin imchat:read:admin",
        granular="report:read:chat_session:admin",
    ),
)
