"""A shared space as the world holds it: people and channels kept together under one owner.

Every member has a number, and so has every channel, drawn from the world's count when they came: a listing goes
by it, so that who comes or goes while someone pages makes nobody else be skipped.
"""

from dataclasses import dataclass, field

GENERAL, PRIVATE, PUBLIC = "general", "private", "public_for_members"


@dataclass(slots=True)
class Settings:
    """Who may do what in a space, in the service's numbers."""

    allow_to_add_external_users: int = 0
    add_member_permissions: int = 1
    create_channels_permission: int = 1

    def row(self) -> dict[str, int]:
        """The settings as replies show them."""
        return {
            "allow_to_add_external_users": self.allow_to_add_external_users,
            "add_member_permissions": self.add_member_permissions,
            "create_channels_permission": self.create_channels_permission,
        }

    def change(self, given: dict[str, int]) -> None:
        """Take over what is named."""
        for name in self.row():
            setattr(self, name, given.get(name, getattr(self, name)))


@dataclass(slots=True)
class Kept:
    """A channel's standing in its space."""

    number: int
    kind: str


@dataclass(slots=True)
class Space:
    """A space: `members` has everybody in it by user id, owner and administrators too."""

    id: str
    number: int
    name: str
    description: str
    owner_id: str
    general_id: str
    changed_by: str
    changed_at: int
    settings: Settings = field(default_factory=Settings)
    admin_ids: list[str] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)
    channels: dict[str, Kept] = field(default_factory=dict)

    def role(self, person_id: str) -> str:
        """What a member is in the space."""
        if person_id == self.owner_id:
            return "owner"
        return "admin" if person_id in self.admin_ids else "member"

    def changed(self, *, by: str, at: int) -> None:
        """Somebody changed something about it."""
        self.changed_by, self.changed_at = by, at
