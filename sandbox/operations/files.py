"""Tag Chat Files."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "getFileInfo",
        "GET /chat/files/{fileId}",
        Label.LIGHT,
        classic="chat:read",
        granular="team_chat:read:file team_chat:read:file:admin",
    ),
)
