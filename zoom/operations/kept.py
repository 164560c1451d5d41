"""What is kept of messages for later: pins, bookmarks, and drafts that wait for their moment.

Bookmarks and drafts are those of the app's own user. `to_channel` is a channel's id, `to_contact` an e-mail, a
user id or a member id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records.conversation import BookmarkRecord, PinnedRecord, ScheduledRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class Kept:
    """The operations tagged Chat Messages that are about later."""

    _caller: Caller

    def pin(self, *, channel_id: str, message_id: str, pinned: bool = True) -> None:
        """Pin a message to its channel, or take the pin off with `pinned=False`.

        Raises NotFound (4130, 5401) when channel or message do not exist, NotAuthorized (200) when the user may
        not, BadRequest when it is pinned already (3216), is not pinned (3217) or it failed (5301).

        API: PerformMessageOfChannel, LIGHT.
        Scopes: chat:write; granular team_chat:update:pin_message.
        """
        content = {
            "method": "pin" if pinned else "unpin",
            "message_id": message_id,
            "channel_id": channel_id,
        }
        self._caller.done("PerformMessageOfChannel", content=content)

    def pinned(self, *, channel_id: str, include_history: bool = False) -> Iterator[ListPage[PinnedRecord]]:
        """What is pinned to a channel, 50 a page; with `include_history` also what once was.

        Raises NotFound (4130) when there is no such channel, NotAuthorized (200) when the user may not look.

        API: listChannelPinnedMessages, LIGHT.
        Scopes: chat:read, chat:read:admin, chat:write; granular team_chat:read:list_pinned_messages.
        """
        return paging.listed(
            self._caller,
            "listChannelPinnedMessages",
            PinnedRecord,
            name="messages",
            page_size=50,
            query={"include_history": True if include_history else None},
            ids={"channelId": channel_id},
        )

    def bookmark(
        self,
        *,
        message_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        bookmarked: bool = True,
    ) -> None:
        """Put a bookmark on a message, or take it off with `bookmarked=False`; name exactly one place.

        Raises NotFound (1001, 4130, 5401) when contact, channel or message do not exist.

        API: addOrRemoveABookmark, MEDIUM.
        Scopes: chat_message:write; granular team_chat:update:bookmark.
        """
        content = {
            "action": "add_bookmark" if bookmarked else "remove_bookmark",
            "to_channel": to_channel,
            "to_contact": to_contact,
        }
        self._caller.done("addOrRemoveABookmark", query={"message_id": message_id}, content=content)

    def bookmarks(
        self, *, to_channel: str | None = None, to_contact: str | None = None
    ) -> Iterator[ListPage[BookmarkRecord]]:
        """The bookmarks of one conversation, or of all when none is named, 50 a page.

        Raises NotFound (1001) when there is no such user, NotAuthorized (200) when the app may not look.

        API: fetchBookmarks, MEDIUM.
        Scopes: chat_message:read, chat_message:write; granular team_chat:read:list_bookmarks.
        """
        return paging.listed(
            self._caller,
            "fetchBookmarks",
            BookmarkRecord,
            name="bookmarks",
            page_size=50,
            query={"to_contact": to_contact, "to_channel": to_channel},
        )

    def scheduled(
        self, *, to_channel: str | None = None, to_contact: str | None = None
    ) -> Iterator[ListPage[ScheduledRecord]]:
        """What waits to be sent to a channel or a contact, 50 a page; name exactly one.

        Raises NotFound (1001, 4130) when contact or channel do not exist.

        API: listScheduledMessages, LIGHT.
        Scopes: chat_message:read, chat_message:write; granular team_chat:read:list_scheduled_messages.
        """
        return paging.listed(
            self._caller,
            "listScheduledMessages",
            ScheduledRecord,
            name="messages",
            page_size=50,
            query={"to_contact": to_contact, "to_channel": to_channel},
        )

    def delete_scheduled(
        self, *, draft_id: str, to_channel: str | None = None, to_contact: str | None = None
    ) -> None:
        """Delete a message that waits for its moment; `to_channel` or `to_contact`, exactly one, is its place.

        Raises NotFound (5404) when there is no such draft, BadRequest (5301) when it could not be deleted.

        API: deleteScheduleMessage, LIGHT.
        Scopes: chat_message:write; granular team_chat:delete:scheduled_message.
        """
        self._caller.done(
            "deleteScheduleMessage",
            query={"to_contact": to_contact, "to_channel": to_channel},
            ids={"draftId": draft_id},
        )
