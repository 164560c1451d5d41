"""Channels as the account's administrator has them: inventory, members, administrators, retention, activity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zoom import paging
from zoom.calls import Caller
from zoom.records.channels import ActivityRecord, ChannelRecord, MemberRecord, RetentionRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class AccountChannels:
    """The operations tagged Chat Channels (Account-level)."""

    _caller: Caller

    def list(self) -> Iterator[ListPage[ChannelRecord]]:
        """Every public channel of the account, 20 a page.

        API: getAccountChannels, MEDIUM.
        Scopes: chat_channel:read:admin, chat_channel:write:admin; granular team_chat:read:list_channels:admin.
        """
        return paging.listed(self._caller, "getAccountChannels", ChannelRecord, name="channels", page_size=20)

    def get(self, *, user_id: str, channel_id: str) -> ChannelRecord:
        """One channel as one of its members, `user_id`, has it.

        Raises NotFound (4130) when there is no such channel, NotAuthorized (200) when the user is not in it.

        API: getChannel, MEDIUM.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:read:user_channel, team_chat:read:user_channel:admin.
        """
        return self._caller.record(
            "getChannel", ChannelRecord, ids={"userId": user_id, "channelId": channel_id}
        )

    def members(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Who is in a channel, 100 a page; `user_id` is its owner.

        API: listChannelMembers, MEDIUM.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:read:list_members, team_chat:read:list_members:admin.
        """
        return paging.listed(
            self._caller,
            "listChannelMembers",
            MemberRecord,
            name="members",
            page_size=100,
            ids={"userId": user_id, "channelId": channel_id},
        )

    def administrators(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Owner and administrators of a channel, 50 a page.

        API: listChannelAdministrators, MEDIUM.
        Scopes: chat_channel:read, chat_channel:read:admin; granular team_chat:read:list_administrators:admin.
        """
        return paging.listed(
            self._caller,
            "listChannelAdministrators",
            MemberRecord,
            name="admins",
            page_size=50,
            ids={"userId": user_id, "channelId": channel_id},
        )

    def activities(self, *, channel_id: str, start: date, end: date) -> Iterator[ListPage[ActivityRecord]]:
        """Joins and leaves of one channel from `start` to `end`, one to three UTC days, 15 a page.

        Raises NotFound (5306) when there is no such channel.

        API: listChannelActivityLogs, LIGHT.
        Scopes: chat_channel:read:admin; granular team_chat:read:list_channel_activity_logs:admin.
        """
        return paging.listed(
            self._caller,
            "listChannelActivityLogs",
            ActivityRecord,
            name="channel_activity_logs",
            page_size=15,
            query={"start_date": start, "end_date": end},
            ids={"channelId": channel_id},
        )

    def retention(self, *, channel_id: str) -> RetentionRecord:
        """How long the channel's messages stay at Zoom.

        Raises NotFound (4130) when there is no such channel.

        API: getChannelRetention, MEDIUM.
        Scopes: chat_channel:read:admin, chat_channel:write:admin; granular team_chat:read:retention:admin.
        """
        return self._caller.record("getChannelRetention", RetentionRecord, ids={"channelId": channel_id})
