"""The account of what a page offered and what became of it, by UTC day. It always balances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAccount:
    """Records of one UTC day: `offered` is the sum of the five fates."""

    archived: int = 0
    duplicate: int = 0
    excluded: int = 0
    failed: int = 0
    destroyed: int = 0
    """Of messages that were destroyed here before: seen, and not stored again."""

    @property
    def offered(self) -> int:
        return self.archived + self.duplicate + self.excluded + self.failed + self.destroyed

    def __add__(self, other: DayAccount) -> DayAccount:
        return DayAccount(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCounts:
    """What became of one or more pages. `archived` counts revisions new to the archive.

    `per_day` is keyed by the UTC day a message was sent; unreadable records and sessions count on the first
    day of their window. `session_ids` are our keys of the sessions a page of sessions named.
    """

    per_day: Mapping[date, DayAccount] = field(default_factory=dict)
    new_messages: int = 0
    session_ids: tuple[int, ...] = ()

    @property
    def total(self) -> DayAccount:
        return sum(self.per_day.values(), DayAccount())

    def __add__(self, other: PageCounts) -> PageCounts:
        merged = dict(self.per_day)
        for day, account in other.per_day.items():
            merged[day] = merged.get(day, DayAccount()) + account
        return PageCounts(
            per_day=merged,
            new_messages=self.new_messages + other.new_messages,
            session_ids=self.session_ids + other.session_ids,
        )
