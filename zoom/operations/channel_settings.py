"""What a caller says about a channel: its kind, and who may do what in it.

The names stand for Zoom's numbers. `None` leaves a thing as it is; of a new channel it is Zoom's default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from zoom.calls import Values


class Kind(IntEnum):
    """Who can be in a channel.

    A group chat is made by `create` only and stays one; a public channel for everyone is made by `update` only.
    """

    PRIVATE = 1
    """By invitation."""
    PRIVATE_TO_ACCOUNT = 2
    """By invitation, and only people of the account."""
    PUBLIC_TO_ACCOUNT = 3
    """Whoever is in the account finds it and joins."""
    GROUP_CHAT = 4
    """A conversation of several, made at once."""
    PUBLIC = 5
    """Whoever finds it joins, and brings people of other accounts."""


class Adding(IntEnum):
    """Who adds members; always everyone in channels of the kinds 3, 4 and 5."""

    EVERYONE = 1
    ADMINISTRATORS = 2


class Posting(IntEnum):
    """Who posts; administrators are the owner and the administrators."""

    EVERYONE = 1
    ADMINISTRATORS = 2
    DESIGNATED = 3
    """The administrators and the members named for it."""


class MentioningAll(IntEnum):
    """Who calls everybody with @all."""

    EVERYONE = 1
    ADMINISTRATORS = 2
    NOBODY = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSettings:
    """Who may do what in a channel.

    Only the owner changes `adding` and `mentioning_all`. `shows_past` is whether new members see what was posted
    before they came. Who posts besides the administrators is named by user ids, member ids or both, with
    `Posting.DESIGNATED` only and in `update` only: a channel that is being made has no members to choose from.
    """

    adding: Adding | None = None
    posting: Posting | None = None
    mentioning_all: MentioningAll | None = None
    shows_past: bool | None = None
    posting_user_ids: Sequence[str] | None = None
    posting_member_ids: Sequence[str] | None = None

    def given(self) -> Values:
        """The settings by Zoom's names."""
        named = (("user_id", self.posting_user_ids), ("member_id", self.posting_member_ids))
        posters = [{name: one} for name, ids in named if ids is not None for one in ids]
        is_named = self.posting_user_ids is not None or self.posting_member_ids is not None
        return {
            "add_member_permissions": self.adding,
            "new_members_can_see_previous_messages_files": self.shows_past,
            "posting_permissions": self.posting,
            "mention_all_permissions": self.mentioning_all,
            "designated_posting_members": posters if is_named else None,
        }


def changes(*, name: str | None, kind: Kind | None, settings: ChannelSettings | None) -> Values:
    """The body of a channel's update."""
    return {
        "name": name,
        "type": kind,
        "channel_settings": None if settings is None else settings.given(),
    }
