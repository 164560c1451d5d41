"""Sessions and the pages that the chat reports come in."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoom.decoding import Flag, Record, Text
from zoom.records.messages import MessageRecord
from zoom.replies import Page


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
