"""People × sessions × time: what may be seen, held or destroyed. Pure values.

`None` means no limit; an empty set means nobody, nothing. Two scopes meet in what both allow: a scope can only
ever be narrowed. People are those who said something; times are half open, `since` included, `until` not.

A scope is one such product. What holds cover is a union of many: `Pieces`. A scope may be narrowed by unions too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """Everything said by `sender` in `session` from `since` to before `until`; ids are the archive's own.

    `None` means any: a person's own words have no session, a stretch of taking part has no sender.
    """

    sender: int | None = None
    session: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def admits(self, *, sender: int | None, session: int, at: datetime) -> bool:
        """Whether a message said by `sender` (None: unknown) in `session` at `at` is within."""
        return (
            (self.sender is None or sender == self.sender)
            and (self.session is None or session == self.session)
            and _is_between(at, self.since, self.until)
        )


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is within any of some pieces; without one, nothing is."""

    pieces: frozenset[Piece]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Pieces":
        return cls(frozenset(pieces))

    def joined(self, other: "Pieces") -> "Pieces":
        """What either allows."""
        return Pieces(self.pieces | other.pieces)

    def narrowed(self, scope: "Scope") -> "Scope":
        """What both allow."""
        return Scope(within=frozenset((self,))).narrowed(scope)

    def admits(self, *, sender: int | None, session: int, at: datetime) -> bool:
        """Whether a message said by `sender` (None: unknown) in `session` at `at` is within a piece."""
        return any(piece.admits(sender=sender, session=session, at=at) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Scope:
    """Messages said by `people` in `sessions` from `since` to before `until`; ids are the archive's own.

    Each union in `within` narrows it further: a message must be in one of its pieces.
    """

    people: frozenset[int] | None = None
    sessions: frozenset[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    within: frozenset[Pieces] = frozenset()

    def narrowed(self, other: "Scope") -> "Scope":
        """What both allow."""
        return Scope(
            people=_both(self.people, other.people),
            sessions=_both(self.sessions, other.sessions),
            since=max((t for t in (self.since, other.since) if t is not None), default=None),
            until=min((t for t in (self.until, other.until) if t is not None), default=None),
            within=self.within | other.within,
        )

    def admits(self, *, sender: int | None, session: int, at: datetime) -> bool:
        """Whether a message said by `sender` (None: unknown) in `session` at `at` is within."""
        return (
            (self.people is None or (sender is not None and sender in self.people))
            and (self.sessions is None or session in self.sessions)
            and _is_between(at, self.since, self.until)
            and all(pieces.admits(sender=sender, session=session, at=at) for pieces in self.within)
        )


EVERYTHING = Scope()
NOTHING = Scope(people=frozenset(), sessions=frozenset())


def _is_between(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


def _both(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None:
        return other
    return one if other is None else one & other
