"""Shared spaces, who is in them, which channels they keep."""

from __future__ import annotations

import msgspec

from zoom.decoding import Flag, Number, Part, Record, Text


class SpaceOwner(Part, frozen=True):
    """The owner of a space; outsiders have neither user id nor e-mail."""

    user_id: Text = None
    member_id: Text = None
    email: Text = None
    display_name: Text = None
    display_name_spaced: Text = msgspec.field(default=None, name="display_name ")
    is_external_user: Flag = None

    @property
    def name(self) -> str | None:
        """The display name, which a single space's details spell with a blank at the end of its key."""
        return self.display_name_spaced if self.display_name is None else self.display_name


class SpaceSettings(Part, frozen=True):
    """Who may do what in a space, in Zoom's numbers."""

    allow_to_add_external_users: Number = None
    add_member_permissions: Number = None
    create_channels_permission: Number = None


class SpaceRecord(Record, frozen=True):
    """A space in the list of spaces."""

    space_id: Text = None
    space_name: Text = None
    space_desc: Text = None
    space_owner: SpaceOwner | None = None


class SpaceDetailsRecord(Record, frozen=True):
    """One space with its settings."""

    space_id: Text = None
    space_name: Text = None
    space_desc: Text = None
    owner: SpaceOwner | None = None
    space_settings: SpaceSettings | None = None


class FirstMember(Part, frozen=True):
    """Someone a space begins with, by user or member id."""

    identifier: Text = None
    role: Text = None


class NewSpaceRecord(Record, frozen=True):
    """A space just made; `channel_id` is its general channel."""

    space_id: Text = None
    channel_id: Text = None
    space_name: Text = None
    space_desc: Text = None
    space_members: tuple[FirstMember, ...] = ()
    space_settings: SpaceSettings | None = None


class SpaceMemberRecord(Record, frozen=True):
    """A member of a space; `role` is owner, admin or member, `status` active or inactive."""

    user_id: Text = None
    member_id: Text = None
    email: Text = None
    role: Text = None
    status: Text = None
    first_name: Text = None
    last_name: Text = None
    display_name: Text = None
    is_external_user: Flag = None


class ChangedMember(Part, frozen=True):
    """What became of one person; `operation_status` is successful or unsuccessful."""

    user_id: Text = None
    member_id: Text = None
    is_external_user: Flag = None
    operation_status: Text = None


class MembersChangedRecord(Record, frozen=True):
    """What became of the people that were to come, go, rise or fall."""

    successful_operations_count: Number = None
    unsuccessful_operations_count: Number = None
    users: tuple[ChangedMember, ...] = ()


class SpaceChannelRecord(Record, frozen=True):
    """A channel of a space; `space_channel_type` is general, private or public_for_members."""

    channel_id: Text = None
    channel_name: Text = None
    description: Text = None
    space_channel_type: Text = None
    member_count: Number = None


class MovedChannel(Part, frozen=True):
    """Whether a channel went where it was to go."""

    channel_id: Text = None
    is_moved: Flag = None


class ChannelsMovedRecord(Record, frozen=True):
    """What became of the channels that were to be moved."""

    space_id: Text = None
    move_direction: Text = None
    channels: tuple[MovedChannel, ...] = ()
