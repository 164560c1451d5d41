"""Tag Chat Emoji: the account's own emoji."""

from typing import Annotated

from msgspec import Meta

from zoom.facts.rows import Label, Paged, row


class Custom(Paged, frozen=True, kw_only=True):
    """Which emoji: all, or those whose name contains the key."""

    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None
    search_key: Annotated[str, Meta(min_length=3, max_length=256)] | None = None


ROWS = (
    row(
        "listCustomEmojis",
        "GET /chat/emoji",
        Label.LIGHT,
        scopes="chat:read:admin chat:read chat:write:admin chat:write",
        granular="team_chat:read:list_custom_emojis team_chat:read:list_custom_emojis:admin",
        query=Custom,
    ),
)
