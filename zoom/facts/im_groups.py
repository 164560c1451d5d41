"""Tag IM Groups: groups of the company directory."""

from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row

_READ = "imgroup:read:admin imgroup:write:admin"
_WRITE = "imgroup:write:admin"

Visibility = Literal["normal", "shared", "restricted"]


class GroupFields(Given, frozen=True, kw_only=True):
    """A group's name, what its members may search, and who sees it."""

    name: Annotated[str, Meta(max_length=128)] | None = None
    search_by_account: bool | None = None
    search_by_domain: bool | None = None
    search_by_ma_account: bool | None = None
    type: Visibility | None = None


class Members(Paged, frozen=True, kw_only=True):
    """Which part of a group's members."""

    page_size: Annotated[int, Meta(le=300)] | None = None
    page_number: int | None = None


class Member(Given, frozen=True, kw_only=True):
    """Someone by user id or, without one, by e-mail."""

    id: str | None = None
    email: str | None = None


class NewMembers(Given, frozen=True, kw_only=True):
    """Up to ten people."""

    members: Annotated[list[Member], Meta(max_length=10)] | None = None


ROWS = (
    row(
        "imGroups",
        "GET /im/groups",
        Label.MEDIUM,
        scopes=_READ,
        granular="contact_group:read:list_groups:admin",
    ),
    row(
        "imGroupCreate",
        "POST /im/groups",
        Label.LIGHT,
        scopes=_WRITE,
        granular="contact_group:write:group:admin",
        body=GroupFields,
    ),
    row(
        "imGroup",
        "GET /im/groups/{groupId}",
        Label.LIGHT,
        scopes=_READ,
        granular="contact_group:read:group:admin",
    ),
    row(
        "imGroupDelete",
        "DELETE /im/groups/{groupId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="contact_group:delete:group:admin",
    ),
    row(
        "imGroupUpdate",
        "PATCH /im/groups/{groupId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="contact_group:update:group:admin",
        body=GroupFields,
    ),
    row(
        "imGroupMembers",
        "GET /im/groups/{groupId}/members",
        Label.MEDIUM,
        scopes=_READ,
        granular="contact_group:read:list_members:admin",
        query=Members,
    ),
    row(
        "imGroupMembersCreate",
        "POST /im/groups/{groupId}/members",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="contact_group:write:member:admin",
        body=NewMembers,
    ),
    row(
        "imGroupMembersDelete",
        "DELETE /im/groups/{groupId}/members/{memberId}",
        Label.LIGHT,
        scopes=_WRITE,
        granular="contact_group:delete:member:admin",
    ),
)
