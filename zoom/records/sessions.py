"""A user's conversations."""

from __future__ import annotations

from zoom.decoding import Record, Text


class ConversationRecord(Record, frozen=True):
    """A conversation: `type` is `groupchat` (with a channel) or `1:1` (with a contact).

    A contact outside the account has no user id; a starred conversation does not say when it was last used.
    """

    type: Text = None
    name: Text = None
    last_message_sent_time: Text = None
    channel_id: Text = None
    peer_contact_email: Text = None
    peer_contact_user_id: Text = None
    peer_contact_member_id: Text = None
