"""Groups of the company directory and who is in them."""

from __future__ import annotations

from zoom.decoding import Flag, Number, Record, Text


class ImGroupRecord(Record, frozen=True):
    """A group; `type` is normal, shared or restricted and absent from the reply to a creation."""

    id: Text = None
    name: Text = None
    total_members: Number = None
    search_by_account: Flag = None
    search_by_domain: Flag = None
    search_by_ma_account: Flag = None
    type: Text = None


class ImGroupMemberRecord(Record, frozen=True):
    """Someone in a group; `type` is Zoom's number (1 basic, 2 licensed)."""

    id: Text = None
    email: Text = None
    first_name: Text = None
    last_name: Text = None
    type: Number = None


class ImGroupMembersAddedRecord(Record, frozen=True):
    """Who was added, and when; `ids` are user ids parted by commas."""

    ids: Text = None
    added_at: Text = None
