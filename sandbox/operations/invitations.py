"""Tag Invitations."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "sendNewContactInvitation",
        "POST /chat/users/{userId}/invitations",
        Label.LIGHT,
        classic="chat_contact:write chat_contact:write:admin",
        granular="team_chat:write:contact_information:admin team_chat:write:contact_information",
    ),
)
