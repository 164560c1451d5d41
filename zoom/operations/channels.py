"""Channels as the account sees them: inventory, members, administrators, retention, who came and went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zoom import decoding, paging
from zoom.calls import Caller
from zoom.records import (
    ActivityRecord,
    ChannelRecord,
    ListPage,
    MemberRecord,
    Reply,
    RetentionRecord,
)

ACTIVITY_DAYS = 3


@dataclass(frozen=True, slots=True)
class Channels:
    """The reading operations tagged Chat Channels (Account-level), and the account's activity log."""

    _caller: Caller

    def list(self) -> Iterator[ListPage[ChannelRecord]]:
        """Every channel of the account, 20 a page (getAccountChannels)."""
        return paging.listed(self._caller, "getAccountChannels", ChannelRecord, name="channels", page_size=20)

    def get(self, *, user_id: str, channel_id: str) -> ChannelRecord:
        """One channel as one of its members has it (getChannel)."""

        def read(reply: Reply) -> ChannelRecord:
            return decoding.whole(ChannelRecord, reply.body, status=reply.status, request=reply.request)

        return self._caller.call("getChannel", read=read, ids={"userId": user_id, "channelId": channel_id})

    def members(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Who is in a channel, 100 a page; `user_id` is its owner (listChannelMembers)."""
        return paging.listed(
            self._caller,
            "listChannelMembers",
            MemberRecord,
            name="members",
            page_size=100,
            ids={"userId": user_id, "channelId": channel_id},
        )

    def administrators(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Owner and administrators of a channel, 50 a page (listChannelAdministrators)."""
        return paging.listed(
            self._caller,
            "listChannelAdministrators",
            MemberRecord,
            name="admins",
            page_size=50,
            ids={"userId": user_id, "channelId": channel_id},
        )

    def activities(self, *, channel_id: str, start: date, end: date) -> Iterator[ListPage[ActivityRecord]]:
        """Joins and leaves of one channel over at most three UTC days (listChannelActivityLogs)."""
        return paging.listed(
            self._caller,
            "listChannelActivityLogs",
            ActivityRecord,
            name="channel_activity_logs",
            page_size=15,
            query=_activity_span(start, end),
            ids={"channelId": channel_id},
        )

    def all_activities(self, *, start: date, end: date) -> Iterator[ListPage[ActivityRecord]]:
        """Joins and leaves of all channels over at most three UTC days (listAllChannelActivityLogs)."""
        return paging.listed(
            self._caller,
            "listAllChannelActivityLogs",
            ActivityRecord,
            name="channel_activity_logs",
            page_size=15,
            query=_activity_span(start, end),
        )

    def retention(self, *, channel_id: str) -> RetentionRecord:
        """How long the channel's messages stay at Zoom (getChannelRetention)."""

        def read(reply: Reply) -> RetentionRecord:
            return decoding.whole(RetentionRecord, reply.body, status=reply.status, request=reply.request)

        return self._caller.call("getChannelRetention", read=read, ids={"channelId": channel_id})


def _activity_span(start: date, end: date) -> tuple[tuple[str, str], ...]:
    if not 0 <= (end - start).days < ACTIVITY_DAYS:
        raise ValueError(f"channel activity is asked for one to three days at a time, not {start} to {end}")
    return ("start_date", start.isoformat()), ("end_date", end.isoformat())
