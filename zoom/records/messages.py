"""What is said, as reports, threads and forwards carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text
from zoom.replies import Reply


class FileRef(Part, frozen=True):
    """A file on a message; the address is short-lived, so ask `files.info` for a fresh one later."""

    file_id: Text = None
    file_name: Text = None
    file_size: Number = None
    download_url: Text = None


class Reaction(Part, frozen=True):
    """An emoji, as `U+` code points, and who chose it; people outside the account have no user id."""

    emoji: Text = None
    total_count: Number = None
    user_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


class CustomEmojiReaction(Part, frozen=True):
    """An emoji of the account's own and who chose it."""

    custom_emoji_name: Text = None
    custom_emoji_file_id: Text = None
    total_count: Number = None
    user_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


class EmojiAction(Part, frozen=True):
    """One person adding or removing a reaction at one moment."""

    emoji: Text = None
    emoji_action: Text = None
    emoji_action_timestamp_ms: Number = msgspec.field(default=None, name="emoji_action_timestamp")
    member_id: Text = None
    user_id: Text = None


class RichText(Part, frozen=True):
    """A format laid over part of a message; positions count characters of the text."""

    start_position: Number = None
    end_position: Number = None
    format_type: Text = None
    format_attr: Text = None


class Giphy(Part, frozen=True):
    """An animated picture shown by its address."""

    giphy_view_url: Text = None


class Mention(Part, frozen=True):
    """A person or channel named in a message with @; `at_type` is 1 for a person, 2 for a channel."""

    at_contact: Text = None
    at_contact_member_id: Text = None
    at_type: Number = None
    start_position: Number = None
    end_position: Number = None


class Card(Part, frozen=True):
    """An interactive card, as JSON in a text."""

    card_id: Text = None
    card_json: Text = None


class MessageRecord(Record, frozen=True):
    """One state of one message in a session report. `sender` is an e-mail, empty for outsiders."""

    id: Text = None
    message: Text = None
    sender: Text = None
    sender_member_id: Text = None
    sender_display_name: Text = None
    timestamp_ms: Number = msgspec.field(default=None, name="timestamp")
    date_time: Text = None
    action_timestamp_ms: Number = msgspec.field(default=None, name="action_timestamp")
    reply_main_message_id: Text = None
    reply_main_message_timestamp_ms: Number = msgspec.field(default=None, name="reply_main_message_timestamp")
    receiver: Text = None
    is_sender_external: Flag = None
    forward_id: Text = None
    files: tuple[FileRef, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    custom_emoji_reactions: tuple[CustomEmojiReaction, ...] = ()
    emoji_actions: tuple[EmojiAction, ...] = ()
    rich_text: tuple[RichText, ...] = ()
    giphy_information: tuple[Giphy, ...] = ()
    bot_message: dict[str, Any] | None = None

    @property
    def is_bot(self) -> bool:
        """Whether a chatbot said it: only then is there a bot message, of whatever type."""
        return self.bot_message is not None or "bot_message" in self.oddities


class WrittenRecord(Record, frozen=True):
    """What the chat operations say of a message. Zoom spells the sender's member id `send_member_id` here."""

    id: Text = None
    message: Text = None
    sender: Text = None
    sender_member_id: Text = msgspec.field(default=None, name="send_member_id")
    sender_display_name: Text = None
    timestamp_ms: Number = msgspec.field(default=None, name="timestamp")
    date_time: Text = None
    message_type: Text = None
    reply_main_message_id: Text = None
    reply_main_message_timestamp_ms: Number = msgspec.field(default=None, name="reply_main_message_timestamp")
    file_id: Text = None
    file_name: Text = None
    file_size: Number = None
    download_url: Text = None
    files: tuple[FileRef, ...] = ()
    rich_text: tuple[RichText, ...] = ()
    at_items: tuple[Mention, ...] = ()
    interactive_cards: tuple[Card, ...] = ()
    bot_message: dict[str, Any] | None = None


class ForwardedRecord(WrittenRecord, frozen=True):
    """The message that a forward shows."""

    reactions: tuple[Reaction, ...] = ()


class ThreadReaction(Part, frozen=True):
    """An emoji and how many chose it, as a thread counts them."""

    emoji_id: Text = None
    count: Number = None
    is_sender: Flag = None


class ThreadRecord(Record, frozen=True):
    """A message of a thread: the main one (`is_reply` false) or a reply."""

    id: Text = msgspec.field(default=None, name="msg_id")
    message: Text = None
    is_reply: Flag = None
    timestamp_ms: Number = msgspec.field(default=None, name="timestamp")
    last_reply_ms: Number = msgspec.field(default=None, name="last_reply_time")
    is_followed: Flag = None
    sender_user_id: Text = None
    sender: Text = msgspec.field(default=None, name="sender_email")
    sender_member_id: Text = None
    sender_display_name: Text = None
    message_type: Text = None
    files: tuple[FileRef, ...] = ()
    reactions: tuple[ThreadReaction, ...] = ()
    rich_text: tuple[RichText, ...] = ()
    at_items: tuple[Mention, ...] = ()
    interactive_cards: tuple[Card, ...] = ()
    bot_message: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread(Reply):
    """A message and replies to it; `total` is how many replies Zoom says there are."""

    total: int | None
    messages: tuple[ThreadRecord, ...] = field(repr=False)
