"""Tag Shared Spaces."""

from sandbox.limits import Label
from sandbox.operations.rows import row

ROWS = (
    row(
        "listSharedSpaces",
        "GET /chat/spaces",
        Label.MEDIUM,
        classic="chat:write:admin chat:read:admin chat:write chat:read",
        granular="team_chat:read:list_shared_spaces team_chat:read:list_shared_spaces:admin",
    ),
    row(
        "createSpace",
        "POST /chat/spaces",
        Label.RESOURCE_INTENSIVE,
        classic="chat:write chat:write:admin",
        granular="team_chat:write:shared_space team_chat:write:shared_space:admin",
    ),
    row(
        "getASharedSpace",
        "GET /chat/spaces/{spaceId}",
        Label.MEDIUM,
        classic="chat:read:admin chat:read chat:write chat:write:admin",
        granular="team_chat:read:shared_space team_chat:read:shared_space:admin",
    ),
    row(
        "deleteSpace",
        "DELETE /chat/spaces/{spaceId}",
        Label.RESOURCE_INTENSIVE,
        classic="chat:write chat:write:admin",
        granular="team_chat:delete:shared_space team_chat:delete:shared_space:admin",
    ),
    row(
        "updateSharedSpaceSettings",
        "PATCH /chat/spaces/{spaceId}",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:update:shared_space team_chat:update:shared_space:admin",
    ),
    row(
        "promoteSpaceMembers",
        "POST /chat/spaces/{spaceId}/admins",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:write:shared_space_administrators team_chat:write:shared_space_administrators:admin",
    ),
    row(
        "demoteSpaceAdmins",
        "DELETE /chat/spaces/{spaceId}/admins",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:delete:shared_space_administrators team_chat:delete:shared_space_administrators:admin",
    ),
    row(
        "listSharedSpaceChannels",
        "GET /chat/spaces/{spaceId}/channels",
        Label.MEDIUM,
        classic="chat:write:admin chat:read:admin chat:write chat:read",
        granular="team_chat:read:list_shared_space_channels team_chat:read:list_shared_space_channels:admin",
    ),
    row(
        "updateSharedSpaceChannels",
        "PATCH /chat/spaces/{spaceId}/channels",
        Label.MEDIUM,
        classic="chat:write",
        granular="team_chat:update:shared_space_channels",
    ),
    row(
        "listSharedSpaceMembers",
        "GET /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        classic="chat:write:admin chat:read:admin chat:write chat:read",
        granular="team_chat:read:list_shared_space_members team_chat:read:list_shared_space_members:admin",
    ),
    row(
        "addSpaceMembers",
        "POST /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:write:shared_space_members team_chat:write:shared_space_members:admin",
    ),
    row(
        "deleteSpaceMembers",
        "DELETE /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:delete:shared_space_members team_chat:delete:shared_space_members:admin",
    ),
    row(
        "transferSpaceOwner",
        "PATCH /chat/spaces/{spaceId}/owner",
        Label.MEDIUM,
        classic="chat:write chat:write:admin",
        granular="team_chat:update:shared_space_owner team_chat:update:shared_space_owner:admin",
    ),
)
