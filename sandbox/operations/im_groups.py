"""Tag IM Groups."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "imGroups",
        "GET /im/groups",
        Label.MEDIUM,
        classic="imgroup:read:admin imgroup:write:admin",
        granular="contact_group:read:list_groups:admin",
    ),
    row(
        "imGroupCreate",
        "POST /im/groups",
        Label.LIGHT,
        classic="imgroup:write:admin",
        granular="contact_group:write:group:admin",
    ),
    row(
        "imGroup",
        "GET /im/groups/{groupId}",
        Label.LIGHT,
        classic="imgroup:read:admin imgroup:write:admin",
        granular="contact_group:read:group:admin",
    ),
    row(
        "imGroupDelete",
        "DELETE /im/groups/{groupId}",
        Label.LIGHT,
        classic="imgroup:write:admin",
        granular="contact_group:delete:group:admin",
    ),
    row(
        "imGroupUpdate",
        "PATCH /im/groups/{groupId}",
        Label.LIGHT,
        classic="imgroup:write:admin",
        granular="contact_group:update:group:admin",
    ),
    row(
        "imGroupMembers",
        "GET /im/groups/{groupId}/members",
        Label.MEDIUM,
        classic="imgroup:read:admin imgroup:write:admin",
        granular="contact_group:read:list_members:admin",
    ),
    row(
        "imGroupMembersCreate",
        "POST /im/groups/{groupId}/members",
        Label.MEDIUM,
        classic="imgroup:write:admin",
        granular="contact_group:write:member:admin",
    ),
    row(
        "imGroupMembersDelete",
        "DELETE /im/groups/{groupId}/members/{memberId}",
        Label.LIGHT,
        classic="imgroup:write:admin",
        granular="contact_group:delete:member:admin",
    ),
)
