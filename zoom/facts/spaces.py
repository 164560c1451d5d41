"""Tag Shared Spaces: channels and members kept together."""

from typing import Annotated, Literal

from msgspec import Meta

from zoom.facts.rows import Given, Label, Paged, row

_READ = "chat:write:admin chat:read:admin chat:write chat:read"
_WRITE = "chat:write chat:write:admin"

Identifier = Annotated[str, Meta(min_length=1)]
Direction = Literal["move_into", "move_out"]
ListedRole = Literal["all", "member", "owner", "admin"]
ListedStatus = Literal["all", "active", "inactive"]
ExternalUsers = Literal[0, 1, 2, 3]
Permission = Literal[1, 2]


class Listed(Paged, frozen=True, kw_only=True):
    """Which part of a list; Zoom names no largest page."""

    page_size: int | None = None


class Spaces(Listed, frozen=True, kw_only=True):
    """Whose spaces."""

    user_id: str | None = None


class Members(Listed, frozen=True, kw_only=True):
    """Which members."""

    role: ListedRole | None = None
    status: ListedStatus | None = None


class Settings(Given, frozen=True, kw_only=True):
    """Who may do what in a space."""

    allow_to_add_external_users: ExternalUsers | None = None
    add_member_permissions: Permission | None = None
    create_channels_permission: Permission | None = None


class NewMember(Given, frozen=True, kw_only=True):
    """Someone to begin a space with."""

    identifier: Identifier
    role: Literal["admin", "member", "owner"] | None = None


class NewSpace(Given, frozen=True, kw_only=True):
    """A space with at most one owner; 1 to 100 members when any are named."""

    space_name: str
    space_desc: str | None = None
    space_members: Annotated[list[NewMember], Meta(min_length=1, max_length=100)] | None = None
    space_settings: Settings | None = None

    def __post_init__(self) -> None:
        members = self.space_members if self.space_members is not None else []
        if sum(one.role == "owner" for one in members) > 1:
            raise ValueError("space_members: at most one owner")


class ChangedSpace(Given, frozen=True, kw_only=True):
    """What of a space is to be otherwise: something at least."""

    space_name: str | None = None
    space_desc: str | None = None
    space_settings: Settings | None = None

    def __post_init__(self) -> None:
        if self.space_name is None and self.space_desc is None and self.space_settings is None:
            raise ValueError("space_name, space_desc, space_settings: give at least one of them")


class Person(Given, frozen=True, kw_only=True):
    """Someone by user or member id."""

    identifier: Identifier


class People(Given, frozen=True, kw_only=True):
    """1 to 20 people, each once."""

    members: Annotated[list[Person], Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        if len({one.identifier for one in self.members}) < len(self.members):
            raise ValueError("members: name each person once")


class Named(Given, frozen=True, kw_only=True):
    """1 to 20 people of a space."""

    identifiers: Annotated[list[Identifier], Meta(min_length=1, max_length=20)]


class Moved(Given, frozen=True, kw_only=True):
    """Which channels, 1 to 50, go which way."""

    channel_ids: Annotated[list[str], Meta(min_length=1, max_length=50)]
    move_direction: Direction


ROWS = (
    row(
        "listSharedSpaces",
        "GET /chat/spaces",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:list_shared_spaces team_chat:read:list_shared_spaces:admin",
        query=Spaces,
    ),
    row(
        "createSpace",
        "POST /chat/spaces",
        Label.RESOURCE_INTENSIVE,
        scopes=_WRITE,
        granular="team_chat:write:shared_space team_chat:write:shared_space:admin",
        body=NewSpace,
    ),
    row(
        "getASharedSpace",
        "GET /chat/spaces/{spaceId}",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:shared_space team_chat:read:shared_space:admin",
    ),
    row(
        "deleteSpace",
        "DELETE /chat/spaces/{spaceId}",
        Label.RESOURCE_INTENSIVE,
        scopes=_WRITE,
        granular="team_chat:delete:shared_space team_chat:delete:shared_space:admin",
    ),
    row(
        "updateSharedSpaceSettings",
        "PATCH /chat/spaces/{spaceId}",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:shared_space team_chat:update:shared_space:admin",
        body=ChangedSpace,
    ),
    row(
        "promoteSpaceMembers",
        "POST /chat/spaces/{spaceId}/admins",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:shared_space_administrators team_chat:write:shared_space_administrators:admin",
        body=People,
    ),
    row(
        "demoteSpaceAdmins",
        "DELETE /chat/spaces/{spaceId}/admins",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:delete:shared_space_administrators team_chat:delete:shared_space_administrators:admin",
        query=Named,
    ),
    row(
        "listSharedSpaceChannels",
        "GET /chat/spaces/{spaceId}/channels",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:list_shared_space_channels team_chat:read:list_shared_space_channels:admin",
        query=Listed,
    ),
    row(
        "updateSharedSpaceChannels",
        "PATCH /chat/spaces/{spaceId}/channels",
        Label.MEDIUM,
        scopes="chat:write",
        granular="team_chat:update:shared_space_channels",
        body=Moved,
    ),
    row(
        "listSharedSpaceMembers",
        "GET /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        scopes=_READ,
        granular="team_chat:read:list_shared_space_members team_chat:read:list_shared_space_members:admin",
        query=Members,
    ),
    row(
        "addSpaceMembers",
        "POST /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:write:shared_space_members team_chat:write:shared_space_members:admin",
        body=People,
    ),
    row(
        "deleteSpaceMembers",
        "DELETE /chat/spaces/{spaceId}/members",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:delete:shared_space_members team_chat:delete:shared_space_members:admin",
        query=Named,
    ),
    row(
        "transferSpaceOwner",
        "PATCH /chat/spaces/{spaceId}/owner",
        Label.MEDIUM,
        scopes=_WRITE,
        granular="team_chat:update:shared_space_owner team_chat:update:shared_space_owner:admin",
        query=Person,
    ),
)
