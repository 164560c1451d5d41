"""Shared spaces: channels and members kept together.

People are named by user id or member id. Where several are changed at once Zoom takes or refuses each for
itself; the record that comes back says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zoom import paging
from zoom.calls import Caller
from zoom.facts.spaces import Direction, ExternalUsers, ListedRole, ListedStatus, Permission
from zoom.records.spaces import (
    ChannelsMovedRecord,
    MembersChangedRecord,
    NewSpaceRecord,
    SpaceChannelRecord,
    SpaceDetailsRecord,
    SpaceMemberRecord,
    SpaceRecord,
)
from zoom.replies import ListPage

_PAGE_SIZE = 30
"""Zoom's own default: it names no largest."""


@dataclass(frozen=True, slots=True)
class Spaces:
    """The operations tagged Shared Spaces."""

    _caller: Caller

    def list(self, *, user_id: str | None = None) -> Iterator[ListPage[SpaceRecord]]:
        """Every space of the account, or those that one user (id or e-mail) is in, 30 a page.

        A user-level app gets the spaces of its own user, whoever is named. Raises NotFound (1001) when there is
        no such user, NotAuthorized (200) when the app may not see spaces.

        API: listSharedSpaces, MEDIUM.
        Scopes: chat:write:admin, chat:read:admin, chat:write, chat:read;
        granular team_chat:read:list_shared_spaces, team_chat:read:list_shared_spaces:admin.
        """
        return paging.listed(
            self._caller,
            "listSharedSpaces",
            SpaceRecord,
            name="shared_spaces",
            page_size=_PAGE_SIZE,
            query={"user_id": user_id},
        )

    def create(
        self,
        *,
        name: str,
        description: str | None = None,
        owner: str | None = None,
        administrators: Sequence[str] = (),
        members: Sequence[str] = (),
        external_users: ExternalUsers | None = None,
        adding_members: Permission | None = None,
        creating_channels: Permission | None = None,
    ) -> NewSpaceRecord:
        """Make a space with its general channel.

        Up to 100 people may be named in all; without `owner` the app's user owns it. `external_users`: 0 nobody
        adds people from outside, 1 every member does, 2 members from within the account, 3 owner and
        administrators. `adding_members` and `creating_channels`: 1 every member, 2 owner and administrators.
        A creation whose outcome is unknown is not repeated: list the spaces to see whether it happened.

        Raises BadRequest (5603) when the name is taken, NotAuthorized (200, 5602) when the app may not do it, for
        another user or at all, NotFound (1001) when one of the people is unknown.

        API: createSpace, RESOURCE-INTENSIVE.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:write:shared_space, team_chat:write:shared_space:admin.
        """
        content = {
            "space_name": name,
            "space_desc": description,
            "space_members": _first_members(owner, administrators, members),
            "space_settings": _settings(external_users, adding_members, creating_channels),
        }
        return self._caller.record("createSpace", NewSpaceRecord, content=content)

    def get(self, *, space_id: str) -> SpaceDetailsRecord:
        """One space with its settings.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not see it.

        API: getASharedSpace, MEDIUM.
        Scopes: chat:read:admin, chat:read, chat:write, chat:write:admin;
        granular team_chat:read:shared_space, team_chat:read:shared_space:admin.
        """
        return self._caller.record("getASharedSpace", SpaceDetailsRecord, ids={"spaceId": space_id})

    def update(
        self,
        *,
        space_id: str,
        name: str | None = None,
        description: str | None = None,
        external_users: ExternalUsers | None = None,
        adding_members: Permission | None = None,
        creating_channels: Permission | None = None,
    ) -> None:
        """Change name, description or settings; give at least one, what is not given stays.

        The numbers are those of `create`. Settings are the owner's to change. Raises BadRequest (4719) when Zoom
        finds nothing to change, NotAuthorized (200) when the app may not, NotFound when there is no such space.

        API: updateSharedSpaceSettings, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:update:shared_space, team_chat:update:shared_space:admin.
        """
        content = {
            "space_name": name,
            "space_desc": description,
            "space_settings": _settings(external_users, adding_members, creating_channels),
        }
        self._caller.done("updateSharedSpaceSettings", content=content, ids={"spaceId": space_id})

    def delete(self, *, space_id: str) -> None:
        """End a space; Zoom keeps its channels as private ones.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when it is not the app's to end,
        BadRequest (5301) when Zoom fails to.

        API: deleteSpace, RESOURCE-INTENSIVE.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:delete:shared_space, team_chat:delete:shared_space:admin.
        """
        self._caller.done("deleteSpace", ids={"spaceId": space_id})

    def members(
        self, *, space_id: str, role: ListedRole | None = None, status: ListedStatus | None = None
    ) -> Iterator[ListPage[SpaceMemberRecord]]:
        """Who is in a space, 30 a page.

        `role` narrows to `owner`, `admin` or `member`, `status` to `active` or `inactive`; `all` is the default
        of both. Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not see
        it.

        API: listSharedSpaceMembers, MEDIUM.
        Scopes: chat:write:admin, chat:read:admin, chat:write, chat:read;
        granular team_chat:read:list_shared_space_members, team_chat:read:list_shared_space_members:admin.
        """
        return paging.listed(
            self._caller,
            "listSharedSpaceMembers",
            SpaceMemberRecord,
            name="members",
            page_size=_PAGE_SIZE,
            query={"role": role, "status": status},
            ids={"spaceId": space_id},
        )

    def add_members(self, *, space_id: str, identifiers: Sequence[str]) -> MembersChangedRecord:
        """Add 1 to 20 people, each once.

        Raises NotFound when there is no such space (5407) or person (1001), NotAuthorized (200) when the app may
        not, BadRequest (5301) when Zoom fails to.

        API: addSpaceMembers, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:write:shared_space_members, team_chat:write:shared_space_members:admin.
        """
        return self._caller.record(
            "addSpaceMembers", MembersChangedRecord, content=_people(identifiers), ids={"spaceId": space_id}
        )

    def remove_members(self, *, space_id: str, identifiers: Sequence[str]) -> MembersChangedRecord:
        """Remove 1 to 20 members or administrators; the owner cannot be removed.

        Raises NotFound when there is no such space (5407) or person (1001), NotAuthorized (200) when the app may
        not, BadRequest (5301) when Zoom fails to.

        API: deleteSpaceMembers, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:delete:shared_space_members, team_chat:delete:shared_space_members:admin.
        """
        return self._caller.record(
            "deleteSpaceMembers",
            MembersChangedRecord,
            query={"identifiers": identifiers},
            ids={"spaceId": space_id},
        )

    def promote(self, *, space_id: str, identifiers: Sequence[str]) -> MembersChangedRecord:
        """Make 1 to 20 members, each named once, administrators.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not, BadRequest
        (5301) when Zoom fails to.

        API: promoteSpaceMembers, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:write:shared_space_administrators, team_chat:write:shared_space_administrators:admin.
        """
        return self._caller.record(
            "promoteSpaceMembers",
            MembersChangedRecord,
            content=_people(identifiers),
            ids={"spaceId": space_id},
        )

    def demote(self, *, space_id: str, identifiers: Sequence[str]) -> MembersChangedRecord:
        """Make 1 to 20 administrators members.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not, BadRequest
        (5301) when Zoom fails to.

        API: demoteSpaceAdmins, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:delete:shared_space_administrators, team_chat:delete:shared_space_administrators:admin.
        """
        return self._caller.record(
            "demoteSpaceAdmins",
            MembersChangedRecord,
            query={"identifiers": identifiers},
            ids={"spaceId": space_id},
        )

    def hand_over(self, *, space_id: str, identifier: str) -> None:
        """Make a member or administrator the owner; the owner before becomes a member.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not, BadRequest
        (5301) when Zoom fails to, as for somebody who is not in the space.

        API: transferSpaceOwner, MEDIUM.
        Scopes: chat:write, chat:write:admin;
        granular team_chat:update:shared_space_owner, team_chat:update:shared_space_owner:admin.
        """
        self._caller.done("transferSpaceOwner", query={"identifier": identifier}, ids={"spaceId": space_id})

    def channels(self, *, space_id: str) -> Iterator[ListPage[SpaceChannelRecord]]:
        """The channels of a space, 30 a page.

        Raises NotFound (5407) when there is no such space, NotAuthorized (200) when the app may not see it.

        API: listSharedSpaceChannels, MEDIUM.
        Scopes: chat:write:admin, chat:read:admin, chat:write, chat:read;
        granular team_chat:read:list_shared_space_channels, team_chat:read:list_shared_space_channels:admin.
        """
        return paging.listed(
            self._caller,
            "listSharedSpaceChannels",
            SpaceChannelRecord,
            name="channels",
            page_size=_PAGE_SIZE,
            ids={"spaceId": space_id},
        )

    def move_channels(
        self, *, space_id: str, channel_ids: Sequence[str], direction: Direction
    ) -> ChannelsMovedRecord:
        """Move 1 to 50 channels into a space (`move_into`) or out of it (`move_out`).

        The record says of each channel whether it moved. Raises NotFound when there is no such space (300) or
        user (1001), NotAuthorized (200) when the app may not.

        API: updateSharedSpaceChannels, MEDIUM.
        Scopes: chat:write; granular team_chat:update:shared_space_channels.
        """
        content = {"channel_ids": channel_ids, "move_direction": direction}
        return self._caller.record(
            "updateSharedSpaceChannels", ChannelsMovedRecord, content=content, ids={"spaceId": space_id}
        )


def _first_members(
    owner: str | None, administrators: Sequence[str], members: Sequence[str]
) -> list[dict[str, str]] | None:
    """Whom a space begins with; None when nobody is named."""
    named = [] if owner is None else [{"identifier": owner, "role": "owner"}]
    named += [{"identifier": one, "role": "admin"} for one in administrators]
    named += [{"identifier": one, "role": "member"} for one in members]
    return None if len(named) == 0 else named


def _settings(
    external_users: ExternalUsers | None,
    adding_members: Permission | None,
    creating_channels: Permission | None,
) -> dict[str, int] | None:
    """The settings that are given; None when none is."""
    named = {
        "allow_to_add_external_users": external_users,
        "add_member_permissions": adding_members,
        "create_channels_permission": creating_channels,
    }
    given: dict[str, int] = {name: value for name, value in named.items() if value is not None}
    return None if len(given) == 0 else given


def _people(identifiers: Sequence[str]) -> dict[str, Any]:
    return {"members": [{"identifier": one} for one in identifiers]}
