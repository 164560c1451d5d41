"""Tag Chat Messages, what is kept for later: pins, bookmarks, messages that wait for their moment."""

from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.places import InOnePlace, check_no_two_places
from zoom.facts.rows import Given, Label, Paged, check_one_place, row

_READ = "chat_message:read chat_message:write"
_WRITE = "chat_message:write"


class Pin(Given, frozen=True, kw_only=True):
    """A message pinned to its channel or taken off."""

    method: Literal["pin", "unpin"]
    message_id: str
    channel_id: str


class Pinned(Paged, frozen=True, kw_only=True):
    """What is pinned now, or ever was."""

    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None
    include_history: bool | None = None


class Bookmarks(Paged, frozen=True, kw_only=True):
    """Whose bookmarks: of one conversation, or of all."""

    to_contact: str | None = None
    to_channel: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None

    def __post_init__(self) -> None:
        check_no_two_places(self.to_contact, self.to_channel)


class Bookmarked(Given, frozen=True, kw_only=True):
    """Which message."""

    message_id: str


class Bookmark(InOnePlace, frozen=True, kw_only=True):
    """A bookmark put on a message or taken off."""

    action: Literal["add_bookmark", "remove_bookmark"]


class Scheduled(Paged, frozen=True, kw_only=True):
    """What waits to be sent to one place."""

    to_contact: str | None = None
    to_channel: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=50)] | None = None

    def __post_init__(self) -> None:
        check_one_place(self.to_contact, self.to_channel)


ROWS = (
    row(
        "PerformMessageOfChannel",
        "PATCH /chat/channel/message/events",
        Label.LIGHT,
        scopes="chat:write",
        granular="team_chat:update:pin_message",
        body=Pin,
    ),
    row(
        "listChannelPinnedMessages",
        "GET /chat/channels/{channelId}/pinned",
        Label.LIGHT,
        scopes="chat:read chat:read:admin chat:write",
        granular="team_chat:read:list_pinned_messages",
        query=Pinned,
    ),
    row(
        "fetchBookmarks",
        "GET /chat/messages/bookmarks",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:list_bookmarks",
        query=Bookmarks,
    ),
    row(
        "addOrRemoveABookmark",
        "PATCH /chat/messages/bookmarks",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:bookmark",
        query=Bookmarked,
        body=Bookmark,
    ),
    row(
        "listScheduledMessages",
        "GET /chat/messages/schedule",
        Label.LIGHT,
        scopes=_READ,
        granular="team_chat:read:list_scheduled_messages",
        query=Scheduled,
    ),
    row(
        "deleteScheduleMessage",
        "DELETE /chat/messages/schedule/{draftId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="team_chat:delete:scheduled_message",
        query=InOnePlace,
    ),
)
