"""Tag Chat Sessions: a user's conversations, and which of them are starred."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from zoom.facts.rows import Given, Label, Paged, row


class Target(Given, frozen=True, kw_only=True):
    """A channel by its id, or a contact by user id or member id."""

    target_id: str
    target_type: Literal["channel", "contact"]


class Star(Given, frozen=True, kw_only=True):
    """A conversation starred or no longer."""

    method: Literal["star", "unstar"]
    params: Target


class Conversations(Paged, frozen=True, kw_only=True):
    """Which conversations: those of a span of time, or the starred ones."""

    type: Literal["1:1", "groupchat"] | None = None
    search_star: bool | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None
    from_: datetime | None = field(default=None, name="from")
    to: datetime | None = None

    def __post_init__(self) -> None:
        if self.search_star is not None and (self.from_ is not None or self.to is not None):
            raise ValueError("from, to: they do not go with search_star")


ROWS = (
    row(
        "starUnstarChannelContact",
        "PATCH /chat/users/{userId}/events",
        Label.MEDIUM,
        scopes="chat_event:write:admin chat_event:write",
        granular="team_chat:update:chat_control team_chat:update:chat_control:admin",
        body=Star,
    ),
    row(
        "getChatSessions",
        "GET /chat/users/{userId}/sessions",
        Label.MEDIUM,
        scopes="chat_message:read chat_message:read:admin",
        granular="team_chat:read:list_user_sessions team_chat:read:list_user_sessions:admin",
        query=Conversations,
    ),
)
