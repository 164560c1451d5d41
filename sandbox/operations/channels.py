"""Tag Chat Channels."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "listAllChannelActivityLogs",
        "GET /chat/activities/channels",
        Label.LIGHT,
        classic="chat_channel:read:admin",
        granular="team_chat:read:list_channel_activity_logs:admin",
    ),
)
