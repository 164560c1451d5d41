"""Channels as one of their members has them, and the joins and leaves of all channels of the account.

`user_id` may be `me`, the app's own user. Where no `user_id` is asked for, the app's own user acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zoom import decoding, paging
from zoom.calls import Caller
from zoom.operations import channel_settings
from zoom.operations.channel_settings import ChannelSettings, Kind
from zoom.records.channels import (
    ActivityRecord,
    AddedRecord,
    ChannelRecord,
    EventRecord,
    JoinedRecord,
    MemberGroupsRecord,
    MemberRecord,
)
from zoom.replies import ListPage, Reply


@dataclass(frozen=True, slots=True)
class Channels:
    """The operations tagged Chat Channels."""

    _caller: Caller

    def activities(
        self, *, start: date, end: date, channel_id: str | None = None
    ) -> Iterator[ListPage[ActivityRecord]]:
        """Joins and leaves of all channels, or of one, over one to three UTC days, 15 a page.

        Raises NotFound (5306) when there is no such channel.

        API: listAllChannelActivityLogs, LIGHT.
        Scopes: chat_channel:read:admin; granular team_chat:read:list_channel_activity_logs:admin.
        """
        return paging.listed(
            self._caller,
            "listAllChannelActivityLogs",
            ActivityRecord,
            name="channel_activity_logs",
            page_size=15,
            query={"start_date": start, "end_date": end, "channel_id": channel_id},
        )

    def set_archived(self, *, channel_ids: Sequence[str], archived: bool) -> EventRecord:
        """Archive channels, or take them out of the archive; returns those with which it failed.

        `channel_ids` are 1 to 10, each once. The reason of a failure has one of the codes 200 (not allowed),
        3205 (archived already), 3213 (not archived), 3214 (the default channel), 3215 (it belongs to a meeting that
        recurs), 4130 (no such channel). Raises NotFound (4130) when Zoom refuses the call as a whole for that.

        API: PerformOperationsOnChannels, LIGHT.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:archive_channels, team_chat:update:archive_channels:admin.
        """
        content = {"method": "archive" if archived else "unarchive", "channel_ids": channel_ids}
        return self._caller.call("PerformOperationsOnChannels", read=_event, content=content)

    def list(self, *, user_id: str) -> Iterator[ListPage[ChannelRecord]]:
        """The channels that a user is in, 1,000 a page.

        API: getChannels, MEDIUM.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:read:list_user_channels, team_chat:read:list_user_channels:admin.
        """
        return paging.listed(
            self._caller,
            "getChannels",
            ChannelRecord,
            name="channels",
            page_size=1000,
            ids={"userId": user_id},
        )

    def create(
        self,
        *,
        user_id: str,
        name: str | None = None,
        kind: Kind | None = None,
        settings: ChannelSettings | None = None,
        emails: Sequence[str] | None = None,
        space_id: str | None = None,
        space_channel_type: Literal["private", "public_for_members"] | None = None,
    ) -> ChannelRecord:
        """Make a channel that is a user's, and return it with its id.

        `name` has at most 256 characters, `kind` is one of 1 to 4, `emails` name at most 20 members, `settings` name
        nobody for posting. With `space_id` the channel is in that shared space, and of a private kind: `private`
        has who is invited, from outside the space too, `public_for_members` lets everyone of the space join. A
        creation whose outcome is unknown is not repeated: list the channels to see whether it happened. Raises
        BadRequest (300) when the name is taken, (5301) when it failed; NotFound (1001, 5407) when there is no such
        user or space.

        API: createChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:write:user_channel, team_chat:write:user_channel:admin.
        """
        in_space = space_id is not None or space_channel_type is not None
        content = {
            **channel_settings.changes(name=name, kind=kind, settings=settings),
            "members": None if emails is None else [{"email": email} for email in emails],
            "shared_space": (
                {"space_id": space_id, "space_channel_type": space_channel_type} if in_space else None
            ),
        }
        return self._caller.record("createChannel", ChannelRecord, content=content, ids={"userId": user_id})

    def get(self, *, channel_id: str) -> ChannelRecord:
        """One channel with its settings.

        Raises NotFound (4130) when there is no such channel, NotAuthorized (200) when the app's user may not see it.

        API: getUserLevelChannel, MEDIUM.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:read:channel, team_chat:read:channel:admin.
        """
        return self._caller.record("getUserLevelChannel", ChannelRecord, ids={"channelId": channel_id})

    def update(
        self,
        *,
        channel_id: str,
        name: str | None = None,
        kind: Kind | None = None,
        settings: ChannelSettings | None = None,
    ) -> None:
        """Change a channel's name, kind or settings; what is None stays.

        `kind` is any but a group chat; members are named for posting with `Posting.DESIGNATED` only. Raises
        BadRequest (300) when the name is taken, (5301) when it failed; NotAuthorized (200) for who may not.

        API: updateUserLevelChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:channel, team_chat:update:channel:admin.
        """
        self._caller.done(
            "updateUserLevelChannel",
            content=channel_settings.changes(name=name, kind=kind, settings=settings),
            ids={"channelId": channel_id},
        )

    def delete(self, *, channel_id: str) -> None:
        """Delete a channel.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: deleteUserLevelChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:channel, team_chat:delete:channel:admin.
        """
        self._caller.done("deleteUserLevelChannel", ids={"channelId": channel_id})

    def members(self, *, channel_id: str) -> Iterator[ListPage[MemberRecord]]:
        """Who is in a channel, 100 a page. Raises NotAuthorized (200) when the app's user may not see it.

        API: listUserLevelChannelMembers, MEDIUM.
        Scopes: chat_channel:read, chat_channel:write, chat_channel:read:admin, chat_channel:write:admin;
        granular team_chat:read:list_members, team_chat:read:list_members:admin.
        """
        return paging.listed(
            self._caller,
            "listUserLevelChannelMembers",
            MemberRecord,
            name="members",
            page_size=100,
            ids={"channelId": channel_id},
        )

    def invite_members(self, *, channel_id: str, emails: Sequence[str]) -> AddedRecord:
        """Bring contacts of the app's user, 1 to 5, into a channel, and return their ids.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: InviteUserLevelChannelMembers, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:write:members, team_chat:write:members:admin.
        """
        return self._caller.record(
            "InviteUserLevelChannelMembers",
            AddedRecord,
            content={"members": [{"email": email} for email in emails]},
            ids={"channelId": channel_id},
        )

    def remove_members(
        self, *, channel_id: str, member_ids: Sequence[str] = (), user_ids: Sequence[str] = ()
    ) -> None:
        """Take members out of a channel, at most 20 in each list; at least one must be named.

        `user_ids` may hold member ids as well. Raises NotAuthorized (200) for who may not, BadRequest (300) for the
        app's own user, (5301) when it failed.

        API: batchRemoveChannelMembers, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:batch_members, team_chat:delete:batch_members:admin.
        """
        self._caller.done(
            "batchRemoveChannelMembers",
            query={"member_ids": member_ids, "user_ids": user_ids},
            ids={"channelId": channel_id},
        )

    def remove_member(self, *, channel_id: str, identifier: str) -> None:
        """Take one member, named by e-mail, user id or member id, out of a channel.

        Raises NotAuthorized (200) for who may not, BadRequest (5301) when it failed.

        API: removeAUserLevelChannelMember, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:member, team_chat:delete:member:admin.
        """
        self._caller.done(
            "removeAUserLevelChannelMember", ids={"channelId": channel_id, "identifier": identifier}
        )

    def groups(self, *, channel_id: str) -> MemberGroupsRecord:
        """The groups of the account's users that are in a channel, all at once.

        Raises NotFound (5306) when there is no such channel, NotAuthorized (200) for who may not.

        API: listChannelMembersGroups, MEDIUM.
        Scopes: chat_channel:read:admin, chat_channel:write:admin; granular team_chat:read:list_groups:admin.
        """
        return self._caller.record(
            "listChannelMembersGroups", MemberGroupsRecord, ids={"channelId": channel_id}
        )

    def add_groups(self, *, channel_id: str, group_ids: Sequence[str]) -> MemberGroupsRecord:
        """Bring 1 to 5 groups into a channel, and return those with the moment.

        Raises NotFound (5306, 4130) when there is no such channel or group, NotAuthorized (200) for who may not,
        BadRequest (300) when chat is switched off for them.

        API: inviteChannelMembersGroups, MEDIUM.
        Scopes: chat_channel:write:admin; granular team_chat:write:groups:admin.
        """
        return self._caller.record(
            "inviteChannelMembersGroups",
            MemberGroupsRecord,
            content={"groups": [{"group_id": id} for id in group_ids]},
            ids={"channelId": channel_id},
        )

    def remove_group(self, *, channel_id: str, group_id: str) -> None:
        """Take a group out of a channel.

        Raises NotFound (5306) when there is no such channel, NotAuthorized (200) for who may not.

        API: removeAMemberGroup, MEDIUM.
        Scopes: chat_channel:write:admin; granular team_chat:delete:group:admin.
        """
        self._caller.done("removeAMemberGroup", ids={"channelId": channel_id, "groupId": group_id})

    def join(self, *, channel_id: str) -> JoinedRecord:
        """Make the app's user a member of a channel that is open to its account.

        Zoom has this for apps that users manage only. Raises BadRequest (5301) when it failed, as with a private
        channel.

        API: joinChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin; granular team_chat:write:member.
        """
        return self._caller.record("joinChannel", JoinedRecord, ids={"channelId": channel_id})

    def leave(self, *, channel_id: str) -> None:
        """Let the app's user out of a channel, and out of what is said there.

        Zoom has this for apps that users manage only. Raises BadRequest (5301) when it failed.

        API: leaveChannel, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:member, team_chat:delete:member:admin.
        """
        self._caller.done("leaveChannel", ids={"channelId": channel_id})


def _event(reply: Reply) -> EventRecord:
    # No field of the reply is required: an empty object is a good one, and then nothing failed.
    if reply.body.strip() == b"{}":
        return decoding.record(EventRecord, reply.body)
    return decoding.whole(EventRecord, reply.body, status=reply.status, request=reply.request)
