"""What is said in a user's own conversations, and what the user keeps of it: pins, bookmarks, drafts."""

from __future__ import annotations

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text
from zoom.records.messages import FileRef, Mention, Reaction, RichText, WrittenRecord


class Sender(Part, frozen=True):
    """Who reacted; people outside the account have no user id."""

    user_id: Text = None
    member_id: Text = None


class SentReaction(Part, frozen=True):
    """An emoji, as `U+` code points, and who chose it."""

    emoji: Text = None
    total_count: Number = None
    senders: tuple[Sender, ...] = ()


class SaidRecord(WrittenRecord, frozen=True):
    """One message of a user's conversation.

    `status` (`Normal`, `Edited`, `Deleted`) is there when edited and deleted messages were asked for.
    """

    status: Text = None
    reactions: tuple[SentReaction, ...] = ()


class OneMessageRecord(WrittenRecord, frozen=True):
    """A message asked for by its id, with its own address in Zoom's clients."""

    message_url: Text = None
    reactions: tuple[Reaction, ...] = ()


class PinnedRecord(Record, frozen=True):
    """A message pinned to a channel, now or once; a pinner outside the account has no user id."""

    message_id: Text = None
    message_timestamp_ms: Number = msgspec.field(default=None, name="message_timestamp")
    message: Text = None
    pinner_user_id: Text = None
    pinner_member_id: Text = None
    pinned_time: Text = None
    currently_pinned: Flag = None
    pinned_by_external_user: Flag = None


class BookmarkRecord(Record, frozen=True):
    """A bookmarked message: one of a channel names channel and sender, one of a 1:1 its contact."""

    message_id: Text = None
    message_timestamp_ms: Number = msgspec.field(default=None, name="message_timestamp")
    message: Text = None
    is_sent_by_user: Flag = None
    reply_main_message_id: Text = None
    reply_main_message_timestamp_ms: Number = msgspec.field(default=None, name="reply_main_message_timestamp")
    channel_id: Text = None
    channel_name: Text = None
    sender_user_id: Text = None
    sender_member_id: Text = None
    sender_display_name: Text = None
    peer_contact_name: Text = None
    peer_contact_user_id: Text = None
    peer_contact_member_id: Text = None


class ScheduledRecord(Record, frozen=True):
    """A message that waits for its moment; `draft_id` is its name until then."""

    draft_id: Text = None
    message: Text = None
    create_date: Text = None
    scheduled_time: Text = None
    reply_main_message_id: Text = None
    reply_main_message_timestamp_ms: Number = msgspec.field(default=None, name="reply_main_message_timestamp")
    file_id: Text = None
    file_name: Text = None
    file_size: Number = None
    download_url: Text = None
    files: tuple[FileRef, ...] = ()
    rich_text: tuple[RichText, ...] = ()
    at_items: tuple[Mention, ...] = ()
