"""What is said in a user's conversations: read, sent, edited, deleted, reacted to.

A message is in a channel or with a contact: wherever `to_channel` (its id) and `to_contact` (e-mail, user id or
member id) are taken, exactly one of them is named. `user_id` may be `me` for an app of the user's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from zoom import checks, decoding, made, markup, paging
from zoom.calls import Caller
from zoom.markup import Format, KeptCard, Mention, NewCard
from zoom.operations.table import OPERATIONS
from zoom.records.conversation import OneMessageRecord, SaidRecord
from zoom.records.messages import ForwardedRecord, Thread, ThreadRecord
from zoom.replies import ListPage, Reply


@dataclass(frozen=True, slots=True)
class Messages:
    """The operations tagged Chat Messages, but for those in `kept`."""

    _caller: Caller

    def list(
        self,
        *,
        user_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        on: date | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        search_key: str | None = None,
        search_type: Literal["message", "file"] | None = None,
        include_changed: bool = False,
        without_replies: bool = False,
        audio_as_mp4: bool = False,
    ) -> Iterator[ListPage[SaidRecord]]:
        """Messages and files of one conversation of a user, or of all when searching, 50 a page.

        The time is the UTC day `on`, or from `start` to `end`; today without any, and Zoom looks at `on` alone
        when both are given. Nothing older than six months comes. `search_key` (1 to 256 characters) and
        `search_type` go together; then no conversation need be named, and `include_changed` (edited and deleted
        messages too, each with its `status`) cannot be asked for. `audio_as_mp4` gives addresses of audio files
        in that format. Raises NotFound (1001, 4130) when contact or channel do not exist, NotAuthorized (200)
        when the conversation is not the app's to read.

        API: getChatMessages, MEDIUM.
        Scopes: chat_message:read, chat_message:write, chat_message:read:admin, chat_message:write:admin;
        granular team_chat:read:list_user_messages, team_chat:read:list_user_messages:admin.
        """
        query = {
            "to_contact": to_contact,
            "to_channel": to_channel,
            "date": on,
            "from": start,
            "to": end,
            "include_deleted_and_edited_message": True if include_changed else None,
            "search_type": search_type,
            "search_key": search_key,
            "exclude_child_message": True if without_replies else None,
            "download_file_formats": "audio/mp4" if audio_as_mp4 else None,
        }
        return paging.listed(
            self._caller,
            "getChatMessages",
            SaidRecord,
            name="messages",
            page_size=50,
            query=query,
            ids={"userId": user_id},
        )

    def get(
        self,
        *,
        user_id: str,
        message_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        audio_as_mp4: bool = False,
    ) -> OneMessageRecord:
        """One message, by its id.

        Raises NotFound (1001, 4130) when contact or channel do not exist, BadRequest (300) when the message does
        not, NotAuthorized (200) when the conversation is not the user's.

        API: getChatMessage, MEDIUM.
        Scopes: chat_message:read, chat_message:read:admin, chat_message:write, chat_message:write:admin;
        granular team_chat:read:user_message, team_chat:read:user_message:admin.
        """
        query = {
            "to_contact": to_contact,
            "to_channel": to_channel,
            "download_file_formats": "audio/mp4" if audio_as_mp4 else None,
        }
        ids = {"userId": user_id, "messageId": message_id}
        return self._caller.record("getChatMessage", OneMessageRecord, query=query, ids=ids)

    def send(
        self,
        *,
        user_id: str,
        message: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        mentions: Sequence[Mention] | None = None,
        formats: Sequence[Format] | None = None,
        file_ids: Sequence[str] | None = None,
        cards: Sequence[NewCard] | None = None,
        reply_to: str | None = None,
        send_at: datetime | None = None,
    ) -> str:
        """Send a message of at most 1024 characters and return its id, or the draft's with `send_at`.

        `file_ids` are at most six files uploaded before, `cards` at most five, `reply_to` the id of the main
        message of a thread, `send_at` a moment more than 30 minutes and at most 180 days from now. Zoom takes 10
        messages a second to one channel, 30 in ten seconds, 60 in 100, 450 in 1000, and blocks the channel for a
        while beyond that. A sending whose outcome is unknown is not repeated. Raises NotFound (1001, 4130) when
        contact or channel do not exist, BadRequest for what cannot be sent: 5301 in general, 5402 a reply to a
        reply, 5403 files that the account does not allow, 5405 a bad card, 5418 and 5421 people who may not be
        written to, 5419 and 5420 channels that may not (end-to-end encrypted, archived).

        API: sendaChatMessage, MEDIUM.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:write:user_message, team_chat:write:user_message:admin.
        """
        checks.moment(
            OPERATIONS["sendaChatMessage"],
            "scheduled_time",
            send_at,
            now=self._caller.clock(),
            over=timedelta(minutes=30),
            within=timedelta(days=180),
            bound="more than 30 minutes and at most 180 days from now",
        )
        content = {
            "message": message,
            "to_contact": to_contact,
            "to_channel": to_channel,
            "at_items": markup.all_as_sent(mentions),
            "rich_text": markup.all_as_sent(formats),
            "file_ids": file_ids,
            "interactive_cards": markup.all_as_sent(cards),
            "reply_main_message_id": reply_to,
            "scheduled_time": send_at,
        }
        return self._caller.call(
            "sendaChatMessage", read=made.own_id, content=content, ids={"userId": user_id}
        )

    def edit(
        self,
        *,
        user_id: str,
        message_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        message: str | None = None,
        file_ids: Sequence[str] | None = None,
        cards: Sequence[NewCard | KeptCard] | None = None,
    ) -> None:
        """Change the text, the files (at most six) or the cards (at most five) of a message that the user sent.

        What is left out is not sent; an empty list takes all files or cards away. Raises NotFound (1001, 4130,
        5404, 5046) when contact, channel, a file or a card do not exist, NotAuthorized (200) for somebody else's
        message, BadRequest (300) when there is no such message or it had no files and is to get some, BadRequest
        (5045) for a bad card.

        API: editMessage, MEDIUM.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:update:user_message, team_chat:update:user_message:admin.
        """
        content = {
            "message": message,
            "to_contact": to_contact,
            "to_channel": to_channel,
            "file_ids": file_ids,
            "interactive_cards": markup.all_as_sent(cards),
        }
        self._caller.done("editMessage", content=content, ids={"userId": user_id, "messageId": message_id})

    def delete(
        self, *, user_id: str, message_id: str, to_channel: str | None = None, to_contact: str | None = None
    ) -> None:
        """Delete a message that the user sent.

        Raises NotFound (1001, 4130) when contact or channel do not exist, BadRequest (300) when the message does
        not, NotAuthorized (200) for somebody else's message.

        API: deleteChatMessage, MEDIUM.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:delete:user_message, team_chat:delete:user_message:admin.
        """
        self._caller.done(
            "deleteChatMessage",
            query={"to_contact": to_contact, "to_channel": to_channel},
            ids={"userId": user_id, "messageId": message_id},
        )

    def react(
        self,
        *,
        user_id: str,
        message_id: str,
        to_channel: str | None = None,
        to_contact: str | None = None,
        emoji: str | None = None,
        custom_emoji_id: str | None = None,
        remove: bool = False,
    ) -> None:
        """Put an emoji on a message, or take it off with `remove`.

        `emoji` is code points such as `U+1F600`; one of the account's own is named by `custom_emoji_id`, as
        `emoji.custom` lists them. Raises NotFound (1001, 4130) when contact or channel do not exist, BadRequest
        (300) when the message does not.

        API: reactMessage, MEDIUM.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:update:message_emoji, team_chat:update:message_emoji:admin.
        """
        content = {
            "action": "remove" if remove else "add",
            "emoji": emoji,
            "to_contact": to_contact,
            "to_channel": to_channel,
            "custom_emoji": None if custom_emoji_id is None else True,
            "custom_emoji_id": custom_emoji_id,
        }
        self._caller.done("reactMessage", content=content, ids={"userId": user_id, "messageId": message_id})

    def mark(
        self,
        *,
        user_id: str,
        message_id: str,
        read: bool,
        to_channel: str | None = None,
        to_contact: str | None = None,
        timestamp_ms: int | None = None,
    ) -> None:
        """Mark a message as read or as unread; `timestamp_ms` is the message's own.

        Raises NotFound (1001, 4130) when contact or channel do not exist, BadRequest (300) when the message does
        not.

        API: markMessage, MEDIUM.
        Scopes: chat_message:write, chat_message:write:admin;
        granular team_chat:update:message_status, team_chat:update:message_status:admin.
        """
        content = {
            "action": "read" if read else "unread",
            "timestamp": timestamp_ms,
            "to_contact": to_contact,
            "to_channel": to_channel,
        }
        self._caller.done("markMessage", content=content, ids={"userId": user_id, "messageId": message_id})

    def forwarded(self, forward_id: str) -> ForwardedRecord:
        """The message that a forward shows. Raises NotFound when it is gone.

        API: getForwardedMessage, LIGHT.
        Scopes: chat_message:read, chat_message:read:admin, chat_message:write, chat_message:write:admin;
        granular team_chat:read:user_message, team_chat:read:user_message:admin.
        """
        return self._caller.record("getForwardedMessage", ForwardedRecord, ids={"forwardId": forward_id})

    def thread(
        self,
        *,
        user_id: str,
        message_id: str,
        start: datetime,
        end: datetime | None = None,
        to_channel: str | None = None,
        to_contact: str | None = None,
    ) -> Thread:
        """A message and its first 100 replies from `start` on, oldest first.

        Name exactly one of `to_channel` and `to_contact`. There are no further pages: while `total` is more than
        came, ask again from the last reply's time. Raises NotFound (4130, 4131) when channel or message are gone.

        API: retrieveThread, MEDIUM.
        Scopes: chat_message:read, chat_message:read:admin;
        granular team_chat:read:thread_message, team_chat:read:thread_message:admin.
        """
        query = {
            "to_channel": to_channel,
            "to_contact": to_contact,
            "from": start,
            "to": end,
            "limit": 100,
            "sort": "asc",
            "need_main_message": True,
            **dict.fromkeys(("need_emoji", "need_attachment", "need_rich_text", "need_at_items"), True),
        }

        def read(reply: Reply) -> Thread:
            (slices,), _ = decoding.listed(
                reply.body, lists=("messages",), status=reply.status, request=reply.request
            )
            return Thread(
                request=reply.request,
                received_at=reply.received_at,
                status=reply.status,
                body=reply.body,
                total=decoding.record(_Total, reply.body).total,
                messages=decoding.records(ThreadRecord, slices),
            )

        return self._caller.call(
            "retrieveThread", read=read, query=query, ids={"userId": user_id, "messageId": message_id}
        )


class _Total(decoding.Record, frozen=True):
    total: decoding.Number = None
