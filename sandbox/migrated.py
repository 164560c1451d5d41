"""What came here from another platform, and where one finds it by its ids there."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Workspace:
    """One workspace elsewhere: its channels and people by their ids there, each with its id here."""

    channels: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Star:
    """A channel or a contact somebody holds dear."""

    kind: Literal["channel", "contact"]
    target_id: str
    at_ms: int


@dataclass(slots=True)
class Migrated:
    """Workspaces by their ids, the sessions open to migration, and stars by person and target."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    session_ids: set[str] = field(default_factory=set)
    stars: dict[tuple[str, str], Star] = field(default_factory=dict)
