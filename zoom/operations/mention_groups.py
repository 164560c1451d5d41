"""Mention groups: members of a channel that are called together.

A channel has at most 20 groups, a group at most 100 members. There are none in group chats and none in archived
channels. Owner and administrators of the channel change them; members are named by user id or member id.
Zoom says of a name that is taken what it says of a missing permission (200): both are NotAuthorized.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.records.mention_groups import MentionGroupRecord, MentionMemberRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class MentionGroups:
    """The operations tagged Chat Channel Mention Group."""

    _caller: Caller

    def list(self, *, channel_id: str) -> Iterator[ListPage[MentionGroupRecord]]:
        """The groups of a channel, on one page.

        Raises NotFound (4130) when there is no such channel, NotAuthorized (200) for who may not.

        API: getChannelMentionGroup, MEDIUM.
        Scopes: chat_channel:read, chat_channel:read:admin;
        granular team_chat:read:mention_group, team_chat:read:mention_group:admin.
        """
        return paging.listed(
            self._caller,
            "getChannelMentionGroup",
            MentionGroupRecord,
            name="mention_group_list",
            page_size=None,
            ids={"channelId": channel_id},
        )

    def create(
        self,
        *,
        channel_id: str,
        name: str,
        identifiers: Sequence[str] = (),
        description: str | None = None,
    ) -> MentionGroupRecord:
        """Make a group and return its id.

        `name` has 1 to 40 characters, `description` at most 500; `identifiers` are at most 20 members. A creation
        whose outcome is unknown is not repeated: list the groups to see whether it happened. Raises NotAuthorized
        (200) when the name is taken, for who may not, and for people outside the channel; NotFound (4130) when there
        is no such channel; BadRequest (5506) when it has its 20 groups, (5301) when it failed.

        API: createChannelMentionGroup, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:write:mention_group, team_chat:write:mention_group:admin.
        """
        return self._caller.record(
            "createChannelMentionGroup",
            MentionGroupRecord,
            content={
                "mention_group_name": name,
                "mention_group_description": description,
                "identifiers": identifiers,
            },
            ids={"channelId": channel_id},
        )

    def update(
        self, *, channel_id: str, group_id: str, name: str | None = None, description: str | None = None
    ) -> None:
        """Give a group another name of 1 to 40 characters, or another description of at most 500.

        What is None stays, an empty description takes the old one away. Raises NotAuthorized (200) when the name is
        taken and for who may not, NotFound (4130, 5508) when there is no such channel or group, BadRequest (5301)
        when it failed.

        API: updateChannelMentionGroup, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:mention_group, team_chat:update:mention_group:admin.
        """
        self._caller.done(
            "updateChannelMentionGroup",
            content={"mention_group_name": name, "mention_group_description": description},
            ids=_group(channel_id, group_id),
        )

    def delete(self, *, channel_id: str, group_id: str) -> None:
        """Delete a group; its members stay in the channel.

        Raises NotFound (4130, 5508) when there is no such channel or group, NotAuthorized (200) for who may not,
        BadRequest (5301) when it failed.

        API: deleteAChannelMentionGroup, MEDIUM.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:delete:mention_group, team_chat:delete:mention_group:admin.
        """
        self._caller.done("deleteAChannelMentionGroup", ids=_group(channel_id, group_id))

    def members(self, *, channel_id: str, group_id: str) -> Iterator[ListPage[MentionMemberRecord]]:
        """Who is in a group, 20 a page.

        Raises NotFound (4130, 5508) when there is no such channel or group, NotAuthorized (200) for who may not.

        API: listTheMembersOfMentionGroup, LIGHT.
        Scopes: chat_channel:read, chat_channel:read:member, chat_channel:write:admin;
        granular team_chat:read:mention_group, team_chat:read:mention_group:admin.
        """
        return paging.listed(
            self._caller,
            "listTheMembersOfMentionGroup",
            MentionMemberRecord,
            name="members",
            page_size=20,
            ids=_group(channel_id, group_id),
        )

    def add_members(self, *, channel_id: str, group_id: str, identifiers: Sequence[str]) -> None:
        """Bring at most 20 members of the channel into a group.

        Raises NotFound (4130, 5508) when there is no such channel or group, NotAuthorized (200) for who may not and
        for people outside the channel, BadRequest (5511) for who is in the group already, (5507) when it would have
        more than 100 members, (5301) when it failed.

        API: addAChannelMembersToMentionGroup, LIGHT.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:mention_group, team_chat:update:mention_group:admin.
        """
        self._caller.done(
            "addAChannelMembersToMentionGroup",
            content={"identifiers": identifiers},
            ids=_group(channel_id, group_id),
        )

    def remove_members(self, *, channel_id: str, group_id: str, identifiers: Sequence[str]) -> None:
        """Take 1 to 20 members out of a group; they stay in the channel.

        Raises NotFound (4130, 5508) when there is no such channel or group, NotAuthorized (200) for who may not,
        BadRequest (5510) for who is not in the group, (5301) when it failed.

        API: removeChannelMentionGroupMembers, LIGHT.
        Scopes: chat_channel:write, chat_channel:write:admin;
        granular team_chat:update:mention_group, team_chat:update:mention_group:admin.
        """
        self._caller.done(
            "removeChannelMentionGroupMembers",
            query={"identifiers": identifiers},
            ids=_group(channel_id, group_id),
        )


def _group(channel_id: str, group_id: str) -> dict[str, str]:
    return {"channelId": channel_id, "mentionGroupId": group_id}
