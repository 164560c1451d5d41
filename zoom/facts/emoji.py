"""Tag Chat Emoji: the account's own emoji."""

from typing import Annotated

from msgspec import Meta

from zoom.facts import files
from zoom.facts.rows import Given, Host, Label, Paged, row

_WRITE = "chat:write chat:write:admin"


class Custom(Paged, frozen=True, kw_only=True):
    """Which emoji: all, or those whose name contains the key."""

    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None
    search_key: Annotated[str, Meta(min_length=3, max_length=256)] | None = None


class Picture(files.Attached, frozen=True, kw_only=True):
    """A picture of at most 256 KB."""

    def __post_init__(self) -> None:
        if not self.is_image:
            raise ValueError(f"a file that ends in one of {', '.join(sorted(files.IMAGES))}")
        files.check_size(self.size, 256 * 1024, "256 KB")


class NewEmoji(Given, frozen=True, kw_only=True):
    """The form of a new emoji."""

    name: Annotated[str, Meta(min_length=3, max_length=100, pattern="^[a-zA-Z_0-9]{3,100}\\Z")]
    file: Picture


ROWS = (
    row(
        "listCustomEmojis",
        "GET /chat/emoji",
        Label.LIGHT,
        scopes="chat:read:admin chat:read chat:write:admin chat:write",
        granular="team_chat:read:list_custom_emojis team_chat:read:list_custom_emojis:admin",
        query=Custom,
    ),
    row(
        "addACustomEmoji",
        "POST /chat/emoji/files",
        Label.LIGHT,
        scopes=_WRITE,
        granular="team_chat:write:custom_emoji team_chat:write:custom_emoji:admin",
        body=NewEmoji,
        host=Host.EMOJI,
        is_upload=True,
    ),
    row(
        "DeleteCustomEmoji",
        "DELETE /chat/emoji/{fileId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="team_chat:delete:custom_emoji team_chat:delete:custom_emoji:admin",
    ),
)
