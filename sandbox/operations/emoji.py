"""Tag Chat Emoji."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "listCustomEmojis",
        "GET /chat/emoji",
        Label.LIGHT,
        classic="chat:read:admin chat:read chat:write:admin chat:write",
        granular="team_chat:read:list_custom_emojis team_chat:read:list_custom_emojis:admin",
    ),
)
