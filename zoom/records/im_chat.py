"""A message that was sent the older way."""

from __future__ import annotations

from zoom.decoding import Record, Text


class SentRecord(Record, frozen=True):
    """The message's id, a UUID."""

    id: Text = None
