"""What Zoom's replies are made of, as typed records that keep their exact bytes, and the pages they come in.

Every field is optional, because replies are not ours to trust: `None` (or an empty tuple) means absent or of
another type than documented, and then `oddities` names the field. `raw` is the exact slice of the reply and
the only thing to hash or keep. Times named `_ms` are epoch milliseconds; sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text
from zoom.errors import RequestNote


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


class SessionRecord(Record, frozen=True):
    """One conversation in the list of sessions: `type` is `Group` or `1:1`."""

    id: Text = None
    type: Text = None
    name: Text = None
    channel_id: Text = None
    member_emails: tuple[str, ...] = ()
    status: Text = None
    has_external_member: Flag = None
    last_message_sent_time: Text = None


class FileInfo(Record, frozen=True):
    """A file's details: a fresh download address, its size in bytes and its SHA-256 as Zoom writes it."""

    file_id: Text = None
    file_name: Text = None
    file_type: Text = msgspec.field(default=None, name="OS_file_type")
    size: Number = msgspec.field(default=None, name="length")
    digest: Text = None
    created_ms: Number = msgspec.field(default=None, name="created_time")
    modified_ms: Number = msgspec.field(default=None, name="modified_time")
    download_url: Text = None


class MatterUser(Part, frozen=True):
    """A custodian of a legal-hold matter at Zoom."""

    user_id: Text = None
    email: Text = None


class MatterRecord(Record, frozen=True):
    """A legal-hold matter at Zoom; dates are `yyyy-mm-dd`, an absent end date means it goes on."""

    matter_id: Text = None
    matter_name: Text = None
    matter_start_date: Text = None
    matter_end_date: Text = None
    matter_creation_date: Text = None
    matter_users: tuple[MatterUser, ...] = ()


class HoldFileRecord(Record, frozen=True):
    """One zip of a custodian's held chats; not every zip is ready when it is first listed."""

    file_key: Text = None
    file_count: Number = None
    file_start_date: Text = None
    file_end_date: Text = None
    ready_for_download: Flag = None
    total_file_size: Number = None


class ChannelSettings(Part, frozen=True):
    """Who may do what in a channel, in Zoom's numbers."""

    add_member_permissions: Number = None
    new_members_can_see_previous_messages_files: Flag = None
    posting_permissions: Number = None
    mention_all_permissions: Number = None
    allow_to_add_external_users: Number = None


class ChannelRecord(Record, frozen=True):
    """A channel; `type` is Zoom's number (1 and 2 private, 3 public, 5 a conversation of several)."""

    id: Text = None
    jid: Text = None
    name: Text = None
    type: Number = None
    channel_url: Text = None
    channel_settings: ChannelSettings | None = None


class MemberRecord(Record, frozen=True):
    """A member or administrator of a channel; outsiders have a member id but no user id."""

    id: Text = None
    member_id: Text = None
    email: Text = None
    name: Text = None
    first_name: Text = None
    last_name: Text = None
    role: Text = None
    is_external: Flag = None


class Actor(Part, frozen=True):
    """A person in a channel's activity."""

    user_id: Text = None
    member_id: Text = None
    display_name: Text = None


class Membership(Part, frozen=True):
    """Who joined or left; `member_status` is `join` or `left`."""

    member_status: Text = None
    member_list: tuple[Actor, ...] = ()


class ActivityRecord(Record, frozen=True):
    """One joining or leaving of a channel. `channel_id` is absent when one channel was asked for."""

    channel_id: Text = None
    activity_type: Text = None
    activity_timestamp_ms: Number = msgspec.field(default=None, name="activity_timestamp")
    operator: Actor | None = None
    members: Membership | None = None


class CloudRetention(Part, frozen=True):
    """How long a channel's messages stay in Zoom's cloud, such as `30d`, `6m`, `7y`."""

    enable_custom_retention: Flag = None
    retention_period: Text = None


class RetentionRecord(Record, frozen=True):
    """A channel's retention at Zoom."""

    channel_id: Text = None
    cloud_retention: CloudRetention | None = None


class ForwardedRecord(Record, frozen=True):
    """The message that a forward shows. Zoom spells the sender's member id `send_member_id` here."""

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
    reactions: tuple[Reaction, ...] = ()
    rich_text: tuple[RichText, ...] = ()
    at_items: tuple[Mention, ...] = ()


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


class EmojiRecord(Record, frozen=True):
    """A custom emoji of the account and who added it."""

    file_id: Text = None
    name: Text = None
    user_id: Text = None
    member_id: Text = None
    user_name: Text = None
    user_email: Text = None
    date_added: Text = None


class ContactRecord(Record, frozen=True):
    """A person of the company directory."""

    id: Text = None
    member_id: Text = None
    email: Text = None
    display_name: Text = None
    first_name: Text = None
    last_name: Text = None
    contact_type: Number = None
    dept: Text = None
    job_title: Text = None
    location: Text = None
    im_group_id: Text = None
    im_group_name: Text = None
    user_status: Text = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A good reply as it was received: what was asked, when it came (UTC), and every byte."""

    request: RequestNote
    received_at: datetime
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread(Reply):
    """A message and replies to it; `total` is how many replies Zoom says there are."""

    total: int | None
    messages: tuple[ThreadRecord, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Reply):
    """A reply that is part of a list.

    `number` counts from 1 within an `attempt`; `attempt` grows by one whenever the list had to be read again
    from its beginning: a consumer then starts its counts afresh (storing a record twice is harmless).
    `is_last` says that no page follows.
    """

    number: int
    attempt: int
    is_last: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionPage(Page):
    """Up to 300 sessions."""

    sessions: tuple[SessionRecord, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagePage(Page):
    """Up to 100 messages as they stand now, with the edited and deleted ones Zoom sends beside them."""

    sent: tuple[MessageRecord, ...] = field(repr=False)
    edited: tuple[MessageRecord, ...] = field(repr=False)
    deleted: tuple[MessageRecord, ...] = field(repr=False)


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage(Page, Generic[R]):
    """A page of any other list."""

    records: tuple[R, ...] = field(repr=False)
