"""Tag Chat Files."""

from sandbox.limits import Label
from sandbox.operations.rows import row

_WRITE = "chat_message:write chat_message:write:admin"

ROWS = (
    row(
        "getFileInfo",
        "GET /chat/files/{fileId}",
        Label.LIGHT,
        classic="chat:read",
        granular="team_chat:read:file team_chat:read:file:admin",
    ),
    row(
        "deleteChatFile",
        "DELETE /chat/files/{fileId}",
        Label.LIGHT,
        classic="chat:write",
        granular="team_chat:delete:file team_chat:delete:file:admin",
    ),
    row(
        "uploadAChatFile",
        "POST /chat/users/{userId}/files",
        Label.UPLOAD,
        classic=_WRITE,
        granular="team_chat:write:files team_chat:write:files:admin",
    ),
    row(
        "sendChatFile",
        "POST /chat/users/{userId}/messages/files",
        Label.UPLOAD,
        classic=_WRITE,
        granular="team_chat:write:message_files team_chat:write:message_files:admin",
    ),
)
