"""The account's own emoji."""

from __future__ import annotations

from zoom.decoding import Record, Text


class EmojiRecord(Record, frozen=True):
    """A custom emoji of the account and who added it."""

    file_id: Text = None
    name: Text = None
    user_id: Text = None
    member_id: Text = None
    user_name: Text = None
    user_email: Text = None
    date_added: Text = None
