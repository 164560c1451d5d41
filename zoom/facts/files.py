"""Tag Chat Files: files shared in chats."""

from zoom.facts.rows import Label, row

ROWS = (
    row(
        "getFileInfo",
        "GET /chat/files/{fileId}",
        Label.LIGHT,
        scopes="chat:read",
        granular="team_chat:read:file team_chat:read:file:admin",
    ),
)
