"""Tag Chat Messages: what was said, and what surrounds it. What is kept of it for later is in `kept`."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from zoom.facts.places import InOnePlace, check_no_two_places
from zoom.facts.rows import Given, Label, Paged, check_one_place, row

_READ = "chat_message:read chat_message:read:admin"
_WRITE = "chat_message:write chat_message:write:admin"

FileIds = Annotated[list[str], Meta(max_length=6)]

_ATTRIBUTES = {
    "FontSize": ("[sml]", "`s`, `m` or `l`"),
    "FontColor": ("[0-9A-Fa-f]{6}", "six hexadecimal digits"),
    "BackgroundColor": ("[0-9A-Fa-f]{6}", "six hexadecimal digits"),
    "LeftIndent": ("0*[1-9][0-9]*", "a positive number of pixels"),
    "Paragraph": ("h[123]", "`h1`, `h2` or `h3`"),
    "AddLink": (r"https?://\S+", "an address with http or https"),
}


class Mention(Given, frozen=True, kw_only=True):
    """Somebody (1) or everybody (2) named with @ in a text."""

    at_contact: str | None = None
    at_type: Literal[1, 2] | None = None
    start_position: int | None = None
    end_position: int | None = None

    def __post_init__(self) -> None:
        if self.at_type == 1 and self.at_contact is None:
            raise ValueError("at_contact: it is required when at_type is 1")


class Format(Given, frozen=True, kw_only=True):
    """A format laid over a part of a text; some formats need an attribute."""

    start_position: int | None = None
    end_position: int | None = None
    format_type: (
        Literal[
            "Bold",
            "Italic",
            "Strikethrough",
            "BulletedList",
            "NumberedList",
            "Underline",
            "FontSize",
            "FontColor",
            "BackgroundColor",
            "LeftIndent",
            "Paragraph",
            "Quote",
            "AddLink",
        ]
        | None
    ) = None
    format_attr: str | None = None

    def __post_init__(self) -> None:
        wanted = _ATTRIBUTES.get(self.format_type or "")
        if wanted is None:
            return
        pattern, words = wanted
        if self.format_attr is None or re.fullmatch(pattern, self.format_attr, re.ASCII) is None:
            raise ValueError(f"format_attr: {self.format_type} needs {words}")


class NewCard(Given, frozen=True, kw_only=True):
    """An interactive card as JSON in a text."""

    card_json: str | None = None


class Card(Given, frozen=True, kw_only=True):
    """A card that stays, by its id, or a new one."""

    card_id: str | None = None
    card_json: str | None = None


class Said(Paged, frozen=True, kw_only=True):
    """Which messages: of one conversation, or those everywhere that a search finds."""

    to_contact: str | None = None
    to_channel: str | None = None
    on: date | None = field(default=None, name="date")
    from_: datetime | None = field(default=None, name="from")
    to: datetime | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None
    include_deleted_and_edited_message: bool | None = None
    search_type: Literal["message", "file"] | None = None
    search_key: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    exclude_child_message: bool | None = None
    download_file_formats: Literal["audio/mp4"] | None = None

    def __post_init__(self) -> None:
        if self.search_type is None and self.search_key is None:
            check_one_place(self.to_contact, self.to_channel)
            return
        check_no_two_places(self.to_contact, self.to_channel)
        if self.search_type is None or self.search_key is None:
            raise ValueError("search_type, search_key: one needs the other")
        if self.include_deleted_and_edited_message is not None:
            raise ValueError("include_deleted_and_edited_message: it does not go with a search")


class NewMessage(InOnePlace, frozen=True, kw_only=True):
    """A message to send, at once or at its moment."""

    message: Annotated[str, Meta(max_length=1024)]
    at_items: list[Mention] | None = None
    rich_text: list[Format] | None = None
    file_ids: FileIds | None = None
    reply_main_message_id: str | None = None
    interactive_cards: Annotated[list[NewCard], Meta(max_length=5)] | None = None
    scheduled_time: datetime | None = None


class Place(InOnePlace, frozen=True, kw_only=True):
    """Where the message is, and in what format its audio is offered."""

    download_file_formats: Literal["audio/mp4"] | None = None


class Edit(InOnePlace, frozen=True, kw_only=True):
    """What a message becomes; an empty list takes its files or cards away."""

    message: str | None = None
    file_ids: FileIds | None = None
    interactive_cards: Annotated[list[Card], Meta(max_length=5)] | None = None


class Reaction(InOnePlace, frozen=True, kw_only=True):
    """An emoji put on a message or taken off."""

    action: Literal["add", "remove"] | None = None
    emoji: str | None = None
    custom_emoji: bool | None = None
    custom_emoji_id: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.custom_emoji and self.custom_emoji_id is None:
            raise ValueError("custom_emoji_id: it is required when custom_emoji is true")


class Mark(InOnePlace, frozen=True, kw_only=True):
    """A message made read or unread."""

    action: Literal["read", "unread"] | None = None
    timestamp: int | None = None


class Thread(InOnePlace, frozen=True, kw_only=True):
    """Which replies of a message, and what to send of each."""

    from_: datetime = field(name="from")
    to: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] | None = None
    sort: Literal["asc", "desc"] | None = None
    need_main_message: bool | None = None
    need_emoji: bool | None = None
    need_attachment: bool | None = None
    need_rich_text: bool | None = None
    need_at_items: bool | None = None


ROWS = (
    row(
        "getForwardedMessage",
        "GET /chat/forwarded_message/{forwardId}",
        Label.LIGHT,
        scopes=f"{_READ} {_WRITE}",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
    ),
    row(
        "getChatMessages",
        "GET /chat/users/{userId}/messages",
        Label.MEDIUM,
        scopes=f"{_READ} {_WRITE}",
        granular="team_chat:read:list_user_messages team_chat:read:list_user_messages:admin",
        query=Said,
    ),
    row(
        "sendaChatMessage",
        "POST /chat/users/{userId}/messages",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:user_message team_chat:write:user_message:admin",
        body=NewMessage,
    ),
    row(
        "getChatMessage",
        "GET /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        scopes=f"{_READ} {_WRITE}",
        granular="team_chat:read:user_message team_chat:read:user_message:admin",
        query=Place,
    ),
    row(
        "editMessage",
        "PUT /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:user_message team_chat:update:user_message:admin",
        body=Edit,
    ),
    row(
        "deleteChatMessage",
        "DELETE /chat/users/{userId}/messages/{messageId}",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:delete:user_message team_chat:delete:user_message:admin",
        query=InOnePlace,
    ),
    row(
        "reactMessage",
        "PATCH /chat/users/{userId}/messages/{messageId}/emoji_reactions",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:message_emoji team_chat:update:message_emoji:admin",
        body=Reaction,
    ),
    row(
        "markMessage",
        "PATCH /chat/users/{userId}/messages/{messageId}/status",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:message_status team_chat:update:message_status:admin",
        body=Mark,
    ),
    row(
        "retrieveThread",
        "GET /chat/users/{userId}/messages/{messageId}/thread",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:thread_message team_chat:read:thread_message:admin",
        query=Thread,
    ),
)
