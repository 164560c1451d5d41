"""People × sessions × time: what may be seen, held or destroyed. Pure values.

`None` means no limit; an empty set means nobody, nothing. Two scopes meet in what both allow: a scope can only
ever be narrowed. People are those who said something; times are half open, `since` included, `until` not.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Messages said by `people` in `sessions` from `since` to before `until`; ids are the archive's own."""

    people: frozenset[int] | None = None
    sessions: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def narrowed(self, other: "Scope") -> "Scope":
        """What both allow."""
        return Scope(
            people=_both(self.people, other.people),
            sessions=_both(self.sessions, other.sessions),
            since=max((t for t in (self.since, other.since) if t is not None), default=None),
            until=min((t for t in (self.until, other.until) if t is not None), default=None),
        )

    def admits(self, *, sender: int | None, session: int, at: datetime) -> bool:
        """Whether a message said by `sender` (None: unknown) in `session` at `at` is within."""
        return (
            (self.people is None or (sender is not None and sender in self.people))
            and (self.sessions is None or session in self.sessions)
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
        )


EVERYTHING = Scope()


def _both(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None:
        return other
    return one if other is None else one & other
