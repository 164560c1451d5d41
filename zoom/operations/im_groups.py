"""Groups of the company directory and their members.

A group says who sees whom in the directory: `normal` groups show their members to each other, `shared` ones to
everybody in the account, and of `restricted` ones nobody else can see or search anything. An account that is
not a paid one is refused every operation with NotAuthorized (200); should Zoom retire them, all raise NotFound
(4137).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoom import paging
from zoom.calls import Caller
from zoom.facts.im_groups import Visibility
from zoom.records.im_groups import ImGroupMemberRecord, ImGroupMembersAddedRecord, ImGroupRecord
from zoom.replies import ListPage


@dataclass(frozen=True, slots=True)
class ImGroups:
    """The operations tagged IM Groups."""

    _caller: Caller

    def list(self) -> Iterator[ListPage[ImGroupRecord]]:
        """Every group of the directory, in one page.

        API: imGroups, MEDIUM.
        Scopes: imgroup:read:admin, imgroup:write:admin; granular contact_group:read:list_groups:admin.
        """
        return paging.listed(self._caller, "imGroups", ImGroupRecord, name="groups", page_size=None)

    def create(
        self,
        *,
        name: str,
        type: Visibility | None = None,
        search_by_account: bool | None = None,
        search_by_domain: bool | None = None,
        search_by_ma_account: bool | None = None,
    ) -> ImGroupRecord:
        """Make a group.

        `name` has at most 128 characters and is no other group's. `type` is `normal` unless said otherwise. The
        flags say whether members may search for others of the account, of their e-mail's domain, of the master
        account. A creation whose outcome is unknown is not repeated: list the groups to see whether it happened.
        Raises BadRequest (4132) when the name is taken.

        API: imGroupCreate, LIGHT.
        Scopes: imgroup:write:admin; granular contact_group:write:group:admin.
        """
        content = {
            "name": name,
            "type": type,
            "search_by_account": search_by_account,
            "search_by_domain": search_by_domain,
            "search_by_ma_account": search_by_ma_account,
        }
        return self._caller.record("imGroupCreate", ImGroupRecord, content=content)

    def get(self, *, group_id: str) -> ImGroupRecord:
        """One group. Raises NotFound (4130) when there is none.

        API: imGroup, LIGHT.
        Scopes: imgroup:read:admin, imgroup:write:admin; granular contact_group:read:group:admin.
        """
        return self._caller.record("imGroup", ImGroupRecord, ids={"groupId": group_id})

    def update(
        self,
        *,
        group_id: str,
        name: str | None = None,
        type: Visibility | None = None,
        search_by_account: bool | None = None,
        search_by_domain: bool | None = None,
        search_by_ma_account: bool | None = None,
    ) -> None:
        """Change a group's name, type or searches; what is not given stays.

        `name` has at most 128 characters and is no other group's. Raises NotFound (4130) when there is no such
        group.

        API: imGroupUpdate, LIGHT.
        Scopes: imgroup:write:admin; granular contact_group:update:group:admin.
        """
        content = {
            "name": name,
            "type": type,
            "search_by_account": search_by_account,
            "search_by_domain": search_by_domain,
            "search_by_ma_account": search_by_ma_account,
        }
        self._caller.done("imGroupUpdate", content=content, ids={"groupId": group_id})

    def delete(self, *, group_id: str) -> None:
        """Delete a group, not its people. Raises NotFound (4130) when there is none.

        API: imGroupDelete, LIGHT.
        Scopes: imgroup:write:admin; granular contact_group:delete:group:admin.
        """
        self._caller.done("imGroupDelete", ids={"groupId": group_id})

    def members(
        self, *, group_id: str, page_number: int | None = None
    ) -> Iterator[ListPage[ImGroupMemberRecord]]:
        """Who is in a group, 300 a page.

        `page_number` starts at another page than the first (Zoom will drop it: the pages after that go by
        token). Raises NotFound when there is no such group.

        API: imGroupMembers, MEDIUM.
        Scopes: imgroup:read:admin, imgroup:write:admin; granular contact_group:read:list_members:admin.
        """
        return paging.listed(
            self._caller,
            "imGroupMembers",
            ImGroupMemberRecord,
            name="members",
            page_size=300,
            query={"page_number": page_number},
            ids={"groupId": group_id},
        )

    def add_members(
        self, *, group_id: str, user_ids: Sequence[str] = (), emails: Sequence[str] = ()
    ) -> ImGroupMembersAddedRecord:
        """Put people, at most 10 in all, into a group by user id or by e-mail.

        Raises NotFound when there is no such group or person.

        API: imGroupMembersCreate, MEDIUM.
        Scopes: imgroup:write:admin; granular contact_group:write:member:admin.
        """
        members = [{"id": one} for one in user_ids] + [{"email": one} for one in emails]
        return self._caller.record(
            "imGroupMembersCreate",
            ImGroupMembersAddedRecord,
            content={"members": members},
            ids={"groupId": group_id},
        )

    def remove_member(self, *, group_id: str, member_id: str) -> None:
        """Take someone out of a group. Raises NotFound (4130) when there is no such group.

        API: imGroupMembersDelete, LIGHT.
        Scopes: imgroup:write:admin; granular contact_group:delete:member:admin.
        """
        self._caller.done("imGroupMembersDelete", ids={"groupId": group_id, "memberId": member_id})
