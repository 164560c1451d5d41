"""Bringing channels, members and messages from elsewhere into Zoom, and finding what became of them.

All but the two look-ups are locked at Zoom until its support unlocks them for an account. What is migrated keeps
its own times; a migration whose outcome is unknown is not repeated, because Zoom would have it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from zoom import made
from zoom.calls import Caller
from zoom.errors import InvalidParameter
from zoom.records.migration import (
    ChannelMappingsRecord,
    MigratedChannelRecord,
    MigratedMessagesRecord,
    UserMappingsRecord,
)

_STAR = "Migrate1:1ConversationOrChannelOperations"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class PastMessage:
    """Something said before: by whom, when, where, under which main message.

    A reply to a message of the same call names its moment; to one that is already at Zoom, its id.
    """

    sender: str
    sent_at: datetime
    text: str = field(repr=False)
    to_channel: str | None = None
    to_contact: str | None = None
    file_ids: Sequence[str] = ()
    reply_to_id: str | None = None
    reply_to_sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PastReactions:
    """Who chose which emoji (`U+` code points) on a migrated message."""

    message_id: str
    sent_at: datetime
    emoji: Mapping[str, Sequence[str]]
    to_channel: str | None = None
    to_contact: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """The operations tagged Chat Migration."""

    _caller: Caller

    def create_channel(
        self,
        *,
        owner: str,
        name: str,
        type: Literal[2, 3, 4],
        created_at: datetime,
        members: Sequence[str] = (),
        administrators: Sequence[str] = (),
    ) -> str:
        """Make a channel as it was elsewhere and return its id.

        `owner` is a user or member id; members and administrators, at most 20 together and each once, are named by
        user id, member id or e-mail, without the owner. `name` has 1 to 128 characters; `type` is 2 for a private
        channel of the account's own people, 3 for a public one, 4 for a group chat. Raises NotFound (1001) when
        one of the people is unknown, NotAuthorized (403), BadRequest (5301) when Zoom could not do it.

        API: MigrateAChatChannel, MEDIUM.
        Scopes: chat_migration:write:admin; granular team_chat:write:migrate_a_chat_channel:admin.
        """
        content = {
            "members": _people(members, administrators),
            "type": type,
            "name": name,
            "created_time": _to_the_millisecond(created_at),
        }
        return self._caller.call(
            "MigrateAChatChannel",
            read=made.id_of(MigratedChannelRecord, lambda one: one.id),
            content=content,
            ids={"identifier": owner},
        )

    def add_members(
        self, *, channel_id: str, members: Sequence[str] = (), administrators: Sequence[str] = ()
    ) -> None:
        """Add 1 to 20 people, by user id, member id or e-mail and each once, to a migrated channel.

        Raises NotFound (4130) when there is no such channel, NotAuthorized (403) when it is not a migrated one,
        BadRequest (5301) when Zoom could not do it.

        API: MigrateChannelMembers, MEDIUM.
        Scopes: chat_migration:write:admin; granular team_chat:write:migrate_channel_members:admin.
        """
        self._caller.done(
            "MigrateChannelMembers",
            content={"members": _people(members, administrators)},
            ids={"channelId": channel_id},
        )

    def add_messages(self, messages: Sequence[PastMessage]) -> MigratedMessagesRecord:
        """Say 1 to 20 things again, each at its own moment; the record has their new ids in the same order.

        A message is in a channel or with a contact, has at most 4096 characters and at most 6 files that its
        sender uploaded; its moment, to the millisecond, must be the only such one of its session. Raises NotFound
        (1001, 4130) for people and channels that are unknown, NotAuthorized (403) for a conversation that is not
        open to migration, BadRequest (5301) when Zoom could not do it.

        API: MigrateChatMessages, MEDIUM.
        Scopes: chat_migration:write:admin; granular team_chat:write:migrate_chat_messages:admin.
        """
        content = {"messages": [_message(one) for one in messages]}
        return self._caller.record("MigrateChatMessages", MigratedMessagesRecord, content=content)

    def add_reactions(self, reactions: Sequence[PastReactions]) -> None:
        """Put emoji on 1 to 5 migrated messages: 1 to 10 emoji each, by at most 10 people an emoji.

        Raises NotFound for a message (5401), a person (1001) or a channel (4130) that is unknown, NotAuthorized
        (403) for somebody who is not in the conversation, BadRequest (5301) when Zoom could not do it.

        API: MigrateChatMessageReactions, MEDIUM.
        Scopes: chat_migration:write:admin; granular team_chat:write:migrate_chat_message_reactions:admin.
        """
        content = {"reactions": [_reactions(one) for one in reactions]}
        self._caller.done("MigrateChatMessageReactions", content=content)

    def star(self, *, user_id: str, channel_id: str | None = None, contact: str | None = None) -> None:
        """Star one migrated channel or 1:1 conversation for a user, named by user or member id.

        Name exactly one of `channel_id` and `contact` (user id, member id or e-mail); Zoom stars one at a time.
        Raises NotFound (1001, 4130) for people and channels that are unknown, NotAuthorized (403) when the user
        is not in the conversation, BadRequest (5301) when Zoom could not do it.

        API: Migrate1:1ConversationOrChannelOperations, MEDIUM.
        Scopes: chat_migration:write:admin; granular none.
        """
        named = {"channel": channel_id, "contact": contact}
        targets = [{"target_id": one, "target_type": kind} for kind, one in named.items() if one is not None]
        if len(targets) != 1:
            raise InvalidParameter(
                operation=_STAR, parameter="channel_id, contact", bound="name exactly one of them"
            )
        self._caller.done(
            _STAR,
            content={"method": "star", "params": targets},
            ids={"identifier": user_id},
        )

    def channels(
        self, *, team_id: str, origin_ids: Sequence[str], platform: Literal["slack"] = "slack"
    ) -> ChannelMappingsRecord:
        """Which channels at Zoom 1 to 20 channels of a workspace elsewhere became.

        Raises NotFound (5801) when nothing was migrated from that workspace.

        API: getMigrationChannelsMapping, MEDIUM.
        Scopes: chat_migration:read:admin; granular team_chat:read:migrated_channels:admin.
        """
        query = {
            "origin_platform": platform,
            "origin_team_id": team_id,
            "origin_channel_ids": list(origin_ids),
        }
        return self._caller.record("getMigrationChannelsMapping", ChannelMappingsRecord, query=query)

    def users(
        self,
        *,
        origin_ids: Sequence[str],
        team_id: str | None = None,
        platform: Literal["slack"] = "slack",
    ) -> UserMappingsRecord:
        """Which users at Zoom 1 to 20 people of another platform became; `team_id` narrows to one workspace.

        Raises NotFound (1001) when Zoom does not know the user.

        API: getMigrationUsersMapping, LIGHT.
        Scopes: chat_migration:read:admin; granular team_chat:read:migrated_users:admin.
        """
        query = {
            "origin_platform": platform,
            "origin_team_id": team_id,
            "origin_user_ids": list(origin_ids),
        }
        return self._caller.record("getMigrationUsersMapping", UserMappingsRecord, query=query)


def _people(members: Sequence[str], administrators: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"identifier": one, "role": role}
        for role, named in (("member", members), ("admin", administrators))
        for one in named
    ]


def _message(one: PastMessage) -> dict[str, Any]:
    replied = one.reply_to_sent_at
    return _given(
        message_timestamp=_ms(one.sent_at, operation="MigrateChatMessages"),
        sender=one.sender,
        to_channel=one.to_channel,
        to_contact=one.to_contact,
        message=one.text,
        file_ids=list(one.file_ids) if len(one.file_ids) > 0 else None,
        reply_main_message_id=one.reply_to_id,
        reply_main_message_timestamp=(
            None if replied is None else _ms(replied, operation="MigrateChatMessages")
        ),
    )


def _reactions(one: PastReactions) -> dict[str, Any]:
    return _given(
        message_id=one.message_id,
        message_timestamp=_ms(one.sent_at, operation="MigrateChatMessageReactions"),
        to_channel=one.to_channel,
        to_contact=one.to_contact,
        emojis=[{"emoji": emoji, "user_identifier": list(who)} for emoji, who in one.emoji.items()],
    )


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _to_the_millisecond(moment: datetime) -> str:
    """Moments in other bodies end at the second; a channel's is its age and kept as far as Zoom keeps it."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ms(moment: datetime, *, operation: str) -> int:
    """Epoch milliseconds, counted in whole numbers: a float would round some moments to their neighbour."""
    if moment.tzinfo is None:
        raise InvalidParameter(
            operation=operation, parameter="message_timestamp", bound="a moment needs a time zone"
        )
    return (moment - _EPOCH) // timedelta(milliseconds=1)
