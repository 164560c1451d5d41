"""Reminders of messages."""

from __future__ import annotations

import msgspec

from zoom.decoding import Number, Record, Text


class ReminderRecord(Record, frozen=True):
    """A message that comes back: its text (`content`), the note put to it, and when. A reply has a main message."""

    message_id: Text = None
    message_timestamp_ms: Number = msgspec.field(default=None, name="message_timestamp")
    content: Text = None
    reminder_note: Text = None
    create_time: Text = None
    remind_time: Text = None
    main_message_id: Text = None
    main_message_timestamp_ms: Number = msgspec.field(default=None, name="main_message_timestamp")
