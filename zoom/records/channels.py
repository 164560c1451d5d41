"""Channels, who is in them, who came and went, how long they keep."""

from __future__ import annotations

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text


class Poster(Part, frozen=True):
    """A member who may post besides the administrators; an outsider has no user id."""

    user_id: Text = None
    member_id: Text = None


class ChannelSettings(Part, frozen=True):
    """Who may do what in a channel, in Zoom's numbers (see `zoom.operations.channel_settings`).

    `allow_to_add_external_users` is 0 nobody, 1 everyone, 2 members of the account, 3 administrators.
    """

    add_member_permissions: Number = None
    new_members_can_see_previous_messages_files: Flag = None
    posting_permissions: Number = None
    mention_all_permissions: Number = None
    allow_to_add_external_users: Number = None
    designated_posting_members: tuple[Poster, ...] = ()


class ChannelRecord(Record, frozen=True):
    """A channel; `type` is Zoom's number (1, 2 private; 3, 5 public; 4 a group chat; 0 unknown)."""

    id: Text = None
    jid: Text = None
    name: Text = None
    type: Number = None
    channel_url: Text = None
    channel_settings: ChannelSettings | None = None


class FoundChannelRecord(Record, frozen=True):
    """A channel that a search found."""

    id: Text = None
    name: Text = None
    type: Number = None
    channel_url: Text = None
    member_count: Number = None


class NotMoved(Part, frozen=True):
    """A channel that was not archived or unarchived, and why."""

    channel_id: Text = None
    reason: Text = None
    error_code: Text = None


class EventRecord(Record, frozen=True):
    """What came of archiving or unarchiving."""

    failed_channels: tuple[NotMoved, ...] = ()


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


class AddedRecord(Record, frozen=True):
    """Who became a member or an administrator: ids joined by commas, outsiders by member id only."""

    added_at: Text = None
    ids: Text = None
    member_ids: Text = None


class JoinedRecord(Record, frozen=True):
    """The app's own user as a new member."""

    added_at: Text = None
    id: Text = None
    member_id: Text = None


class MemberGroup(Part, frozen=True):
    """A group of the account's users that is a member."""

    group_id: Text = None
    group_name: Text = None


class MemberGroupsRecord(Record, frozen=True):
    """The groups in a channel, or those that were just added: then `added_at` says when."""

    channel_id: Text = None
    added_at: Text = None
    groups: tuple[MemberGroup, ...] = ()


class Actor(Part, frozen=True):
    """A person in a channel's activity."""

    user_id: Text = None
    member_id: Text = None
    display_name: Text = None


class Membership(Part, frozen=True):
    """Who joined or left; `member_status` is `joined` (or `join`) or `left`."""

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
