"""Tag Chat Messages: what was said, and what surrounds it."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from zoom.facts.rows import Given, Label, check_one_place, row


class Thread(Given, frozen=True, kw_only=True):
    """Which replies of a message, and what to send of each."""

    to_channel: str | None = None
    to_contact: str | None = None
    from_: datetime = field(name="from")
    to: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] | None = None
    sort: Literal["asc", "desc"] | None = None
    need_main_message: bool | None = None
    need_emoji: bool | None = None
    need_attachment: bool | None = None
    need_rich_text: bool | None = None
    need_at_items: bool | None = None

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)


ROWS = (
    row(
        "getForwardedMessage",
        "GET /chat/forwarded_message/{forwardId}",
        Label.LIGHT,
        scopes="chat_message:read chat_message:read:admin chat_message:write chat_message:write:admin",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    row(
        "retrieveThread",
        "GET /chat/users/{userId}/messages/{messageId}/thread",
        Label.MEDIUM,
        scopes="chat_message:read chat_message:read:admin",
        granular="team_chat:read:thread_message team_chat:read:thread_message:admin",
        query=Thread,
    ),
)
