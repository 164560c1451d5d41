"""Channels, who is in them, who came and went, how long they keep."""

from __future__ import annotations

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text


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
