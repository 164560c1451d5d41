"""What came here from another platform, and where one finds it by its ids there."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Workspace:
    """One workspace elsewhere: its channels and people by their ids there, each with its id here."""

    channels: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Migrated:
    """Workspaces by their ids, and the sessions open to migration."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    session_ids: set[str] = field(default_factory=set)
