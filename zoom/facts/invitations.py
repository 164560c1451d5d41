"""Tag Invitations: asking somebody to become a contact."""

import re

from zoom.facts.rows import Given, Label, row

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Invitation(Given, frozen=True, kw_only=True):
    """Whom to ask, and in which words."""

    email: str
    message: str | None = None

    def __post_init__(self) -> None:
        if _EMAIL.fullmatch(self.email) is None:
            raise ValueError("email: it is not an e-mail address")


ROWS = (
    row(
        "sendNewContactInvitation",
        "POST /chat/users/{userId}/invitations",
        Label.LIGHT,
        scopes="chat_contact:write chat_contact:write:admin",
        granular="team_chat:write:contact_information:admin team_chat:write:contact_information",
        body=Invitation,
    ),
)
