"""Mention groups of a channel, and who is in them."""

from __future__ import annotations

import msgspec

from zoom.decoding import Flag, Record, Text


class MentionGroupRecord(Record, frozen=True):
    """A group of a channel's members; one that was just made has its id only."""

    id: Text = msgspec.field(default=None, name="mention_group_id")
    name: Text = msgspec.field(default=None, name="mention_group_name")
    description: Text = msgspec.field(default=None, name="mention_group_description")


class MentionMemberRecord(Record, frozen=True):
    """Somebody in a mention group; outsiders have a member id but no user id."""

    user_id: Text = None
    member_id: Text = None
    email: Text = None
    first_name: Text = None
    last_name: Text = None
    # Zoom's own spelling of the field.
    display_name: Text = msgspec.field(default=None, name="disaplay_name")
    is_external: Flag = None
