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
    row(
        "addACustomEmoji",
        "POST /chat/emoji/files",
        Label.LIGHT,
        classic="chat:write chat:write:admin",
        granular="team_chat:write:custom_emoji team_chat:write:custom_emoji:admin",
    ),
    row(
        "DeleteCustomEmoji",
        "DELETE /chat/emoji/{fileId}",
        Label.LIGHT,
        classic="chat:write chat:write:admin",
        granular="team_chat:delete:custom_emoji team_chat:delete:custom_emoji:admin",
    ),
)
