"""The account of a pull: for every UTC day, offered = archived + duplicate + excluded + failed + destroyed.

Records are counted on the UTC day they were sent, and on the nearest day of the pull's span when Zoom offered them
under a day that is not theirs (or they carry no usable time), so that a window's days always add up to the window.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Protocol

from archive.capture.spans import Span


class Counted(Protocol):
    """What ingest says of one day of one page."""

    @property
    def offered(self) -> int: ...
    @property
    def archived(self) -> int: ...
    @property
    def duplicate(self) -> int: ...
    @property
    def excluded(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def destroyed(self) -> int: ...


@dataclass(slots=True)
class Counts:
    """One balanced account."""

    offered: int = 0
    archived: int = 0
    duplicate: int = 0
    excluded: int = 0
    failed: int = 0
    destroyed: int = 0

    def add(self, other: Counted) -> None:
        self.offered += other.offered
        self.archived += other.archived
        self.duplicate += other.duplicate
        self.excluded += other.excluded
        self.failed += other.failed
        self.destroyed += other.destroyed


class Tally:
    """The account of one pull as its pages come in."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.pages = 0
        self.total = Counts()
        self.days: dict[date, Counts] = {}

    def add(self, per_day: Mapping[date, Counted], *, pages: int = 1) -> None:
        """Further pages."""
        self.pages += pages
        for day, counted in per_day.items():
            inside = min(max(day, self._span.first), self._span.last)
            self.days.setdefault(inside, Counts()).add(counted)
            self.total.add(counted)

    def as_json(self) -> dict[str, object]:
        """What a window's closure records: the span, the totals and every day with something on it."""
        return {
            "first_day": self._span.first.isoformat(),
            "last_day": self._span.last.isoformat(),
            "pages": self.pages,
            "total": asdict(self.total),
            "days": {day.isoformat(): asdict(self.days[day]) for day in sorted(self.days)},
        }
