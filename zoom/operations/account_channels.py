"""Channels as the account's administrator has them: inventory, members, administrators, retention, activity.

`user_id` is somebody in the channel whose place is taken, often its owner; apps of one user give `me`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zoom import paging
from zoom.calls import Caller, Values
from zoom.operations import channel_settings
from zoom.operations.channel_settings import ChannelSettings, Kind
from zoom.records.channels import (
    ActivityRecord,
    AddedRecord,
    ChannelRecord,
    FoundChannelRecord,
    MemberRecord,
    RetentionRecord,
)
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

    def search(
        self,
        *,
        within: Literal["user_joined", "public", "all"],
        keywords: Sequence[str] | None = None,
        exact_name: str | None = None,
        user_id: str | None = None,
        include_archived: bool | None = None,
    ) -> Iterator[ListPage[FoundChannelRecord]]:
        """Channels by name, 20 a page.

        Name either `keywords` (letters and digits only, in any writing) or `exact_name` (the whole name, upper and
        lower case apart). `within` is the channels that a user has joined (of these one page comes at most), the
        account's public ones, or all of them; an app of the whole account names the user by `user_id`, for
        `user_joined` only. Archived channels come with `include_archived`. Raises NotAuthorized (200) for who may
        not.

        API: searchChannels, RESOURCE-INTENSIVE.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:write:search_channels, team_chat:write:search_channels:admin.
        """
        return paging.listed(
            self._caller,
            "searchChannels",
            FoundChannelRecord,
            name="channels",
            page_size=20,
            content={
                "needle": _needle(keywords=keywords, exact_name=exact_name),
                "haystack": within,
                "user_id": user_id,
                "include_archived": include_archived,
            },
        )

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

    def update(
        self,
        *,
        user_id: str,
        channel_id: str,
        name: str | None = None,
        kind: Kind | None = None,
        settings: ChannelSettings | None = None,
    ) -> None:
        """Change name, kind or settings of a channel that `user_id` administers; what is None stays.

        `kind` is any but a group chat; members are named for posting with `Posting.DESIGNATED` only. Raises
        BadRequest (300) when the name is taken, (5301) when it failed; NotAuthorized (200) for who may not.

        API: updateChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:user_channel, team_chat:update:user_channel:admin.
        """
        self._caller.done(
            "updateChannel",
            content=channel_settings.changes(name=name, kind=kind, settings=settings),
            ids={"userId": user_id, "channelId": channel_id},
        )

    def delete(self, *, user_id: str, channel_id: str) -> None:
        """Delete a channel whose owner is `user_id`.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: deleteChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:user_channel, team_chat:delete:user_channel:admin.
        """
        self._caller.done("deleteChannel", ids={"userId": user_id, "channelId": channel_id})

    def delete_many(self, *, user_id: str, channel_ids: Sequence[str]) -> None:
        """Have 1 to 50 channels deleted whose owner is `user_id`; Zoom has accepted it, not yet done it.

        Raises NotFound (4400) when there is no such channel, NotAuthorized (4100, 4101) for who may not, BadRequest
        (4302) when it failed.

        API: batchDeleteChannelsAccountLevel, LIGHT.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:channels, team_chat:delete:channels:admin.
        """
        self._caller.done(
            "batchDeleteChannelsAccountLevel", query={"channel_ids": channel_ids}, ids={"userId": user_id}
        )

    def members(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Who is in a channel, 100 a page; `user_id` is its owner. Raises NotAuthorized (200) for who may not.

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

    def invite_members(self, *, user_id: str, channel_id: str, emails: Sequence[str]) -> AddedRecord:
        """Bring contacts of a user, at most 20, into a channel that the user is in, and return their ids.

        People outside the account are sent e-mails, a hundred a day; beyond that it fails. Raises NotAuthorized (200)
        for who may not, BadRequest (5301) when it failed.

        API: inviteChannelMembers, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:write:members, team_chat:write:members:admin.
        """
        return self._caller.record(
            "inviteChannelMembers",
            AddedRecord,
            content={"members": [{"email": email} for email in emails]},
            ids={"userId": user_id, "channelId": channel_id},
        )

    def remove_members(self, *, user_id: str, channel_id: str, identifiers: Sequence[str]) -> None:
        """Take 1 to 20 members, named by user id or member id, out of a channel that `user_id` administers.

        Raises NotAuthorized (200, 403) for who may not, BadRequest (300) for the user itself, (5301) when it failed.

        API: batchRemoveUserChannelMembers, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin; granular team_chat:delete:member:admin.
        """
        self._caller.done(
            "batchRemoveUserChannelMembers",
            query={"identifiers": identifiers},
            ids={"userId": user_id, "channelId": channel_id},
        )

    def remove_member(self, *, user_id: str, channel_id: str, identifier: str) -> None:
        """Take one member, named by e-mail, user id or member id, out of a channel that `user_id` administers.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: removeAChannelMember, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin; granular team_chat:delete:member:admin.
        """
        self._caller.done(
            "removeAChannelMember",
            ids={"userId": user_id, "channelId": channel_id, "identifier": identifier},
        )

    def administrators(self, *, user_id: str, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Owner and administrators of a channel, 50 a page. Raises NotAuthorized (200) for who may not.

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

    def promote(
        self,
        *,
        user_id: str,
        channel_id: str,
        emails: Sequence[str] = (),
        member_ids: Sequence[str] = (),
    ) -> AddedRecord:
        """Make 1 to 10 members administrators, named by e-mail or member id, and return their ids.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: promoteChannelMembersAsAdmin, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin; granular team_chat:write:administrator:admin.
        """
        admins = [{"email": email} for email in emails] + [{"member_id": id} for id in member_ids]
        return self._caller.record(
            "promoteChannelMembersAsAdmin",
            AddedRecord,
            content={"admins": admins},
            ids={"userId": user_id, "channelId": channel_id},
        )

    def demote(
        self,
        *,
        user_id: str,
        channel_id: str,
        admin_ids: Sequence[str] = (),
        user_ids: Sequence[str] = (),
    ) -> None:
        """Make administrators members again, at most 10 in each list; at least one must be named.

        `admin_ids` are member ids, `user_ids` either kind. Raises NotAuthorized (200) for who may not, BadRequest
        (300) for more than 10 at a time, (5301) when it failed.

        API: batchDemoteChannelAdministrators, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:batch_administrators:admin.
        """
        self._caller.done(
            "batchDemoteChannelAdministrators",
            query={"admin_ids": admin_ids, "user_ids": user_ids},
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

    def set_retention(self, *, channel_id: str, enabled: bool, period: str | None = None) -> None:
        """Say how long the channel's messages stay at Zoom, or let the account's rule hold again.

        `period` is `1d` to `90d`, `1m` to `120m` or `1y` to `10y`, and required with `enabled`. Neither a group
        chat nor an archived channel has one. A legal hold at Zoom overrides it for its custodians. Raises NotFound
        (4130) when there is no such channel, NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: updateChannelRetention, MEDIUM.
        Scopes: chat_channel:write:admin; granular team_chat:update:retention:admin.
        """
        self._caller.done(
            "updateChannelRetention",
            content={
                "cloud_retention": {"enable_custom_retention": enabled, "retention_period": period},
            },
            ids={"channelId": channel_id},
        )


def _needle(*, keywords: Sequence[str] | None, exact_name: str | None) -> Values | None:
    """What is searched for. With both ways of naming it the bounds refuse it, as with neither."""
    if keywords is None and exact_name is None:
        return None
    kind = "by_channel_name_exact_match" if keywords is None else "by_channel_name"
    return {"search_type": kind, "keywords": keywords, "channel_name": exact_name}
