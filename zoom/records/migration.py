"""What migration answers: the ids it made, and which id elsewhere became which at Zoom."""

from __future__ import annotations

import msgspec

from zoom.decoding import Number, Part, Record, Text


class MigratedChannelRecord(Record, frozen=True):
    """The channel that was made of one from elsewhere."""

    id: Text = None


class MigratedMessagesRecord(Record, frozen=True):
    """The ids of migrated messages, in the order they were given."""

    ids: tuple[str, ...] = ()


class ChannelMapping(Part, frozen=True):
    """A channel elsewhere and the one at Zoom."""

    origin_channel_id: Text = None
    channel_id: Text = msgspec.field(default=None, name="zm_channel_id")


class ChannelMappingsRecord(Record, frozen=True):
    """Which channels became which, and how many of those asked for did not come along."""

    mappings_found: Number = None
    mappings_not_found: Number = None
    mappings: tuple[ChannelMapping, ...] = ()


class UserMapping(Part, frozen=True):
    """A person elsewhere and the user at Zoom."""

    origin_user_id: Text = None
    user_id: Text = msgspec.field(default=None, name="zm_user_id")


class UserMappingsRecord(Record, frozen=True):
    """Who became which user, and how many of those asked for did not come along."""

    mappings_found: Number = None
    mappings_not_found: Number = None
    mappings: tuple[UserMapping, ...] = ()
