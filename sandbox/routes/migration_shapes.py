"""What the operations of Chat Migration take, with the service's bounds."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sandbox.asked import Asked


class Member(Asked, frozen=True, kw_only=True):
    """Somebody by user id, member id or e-mail."""

    identifier: str
    role: Literal["member", "admin"] = "member"


class NewMembers(Asked, frozen=True, kw_only=True):
    """One to twenty people."""

    members: Annotated[list[Member], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        _check_unique(self.members, "members")


class NewChannel(Asked, frozen=True, kw_only=True):
    """A channel as it was; the owner is named in the path."""

    members: Annotated[list[Member], Meta(max_length=20)]
    type: Literal[2, 3, 4]
    name: Annotated[str, Meta(min_length=1, max_length=128)]
    created_time: Annotated[datetime, Meta(tz=True)]

    def __post_init__(self) -> None:
        _check_unique(self.members, "members")


class Place(Asked, frozen=True, kw_only=True):
    """A channel or a contact."""

    to_channel: str | None = None
    to_contact: str | None = None

    def __post_init__(self) -> None:
        if (self.to_channel is None) == (self.to_contact is None):
            raise ValueError("either to_contact or to_channel is required")


class Message(Place, frozen=True, kw_only=True):
    """One message of a bundle."""

    message_timestamp: Annotated[int, Meta(ge=0)]
    sender: str
    message: Annotated[str, Meta(max_length=4096)]
    file_ids: Annotated[list[str], Meta(max_length=6)] = []
    reply_main_message_id: str | None = None
    reply_main_message_timestamp: int | None = None


class Messages(Asked, frozen=True, kw_only=True):
    """One to twenty messages."""

    messages: Annotated[list[Message], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        _check_unique(self.messages, "messages")


class Emoji(Asked, frozen=True, kw_only=True):
    """One emoji and at most ten people."""

    emoji: str
    user_identifier: Annotated[list[str], Meta(max_length=10)]


class Reaction(Place, frozen=True, kw_only=True):
    """One to ten emoji on a message."""

    message_id: str
    message_timestamp: int
    emojis: Annotated[list[Emoji], Meta(min_length=1, max_length=10)]


class Reactions(Asked, frozen=True, kw_only=True):
    """One to five messages."""

    reactions: Annotated[list[Reaction], Meta(min_length=1, max_length=5)]


class Target(Asked, frozen=True, kw_only=True):
    """What to star."""

    target_id: str
    target_type: Literal["channel", "contact"]


class Event(Asked, frozen=True, kw_only=True):
    """A list of ten that for now may hold one."""

    method: Literal["star"]
    params: Annotated[list[Target], Meta(min_length=1, max_length=10)]


class ChannelOrigins(Asked, frozen=True, kw_only=True):
    """Channels of a workspace."""

    origin_platform: Literal["slack"]
    origin_team_id: str
    origin_channel_ids: str


class UserOrigins(Asked, frozen=True, kw_only=True):
    """People of a workspace, or of any."""

    origin_platform: Literal["slack"]
    origin_team_id: str | None = None
    origin_user_ids: str


def _check_unique(given: list[Member] | list[Message], name: str) -> None:
    if len({msgspec.json.encode(one) for one in given}) < len(given):
        raise ValueError(f"{name} must be unique")
