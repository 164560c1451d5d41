"""Tag IM Chat: a message to a contact, the older way."""

from zoom.facts.rows import Given, Label, row


class Recipient(Given, frozen=True, kw_only=True):
    """To whom: a user id or the e-mail registered with Zoom."""

    chat_user: str | None = None


class Text(Given, frozen=True, kw_only=True):
    """What to say."""

    message: str | None = None


ROWS = (
    row(
        "sendimmessages",
        "POST /im/users/me/chat/messages",
        Label.MEDIUM,
        scopes="imchat:write",
        query=Recipient,
        body=Text,
    ),
)
