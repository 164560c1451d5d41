"""Pages of rows, newest first and read on by key, so that rows arriving meanwhile neither repeat nor hide others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """A page of rows and how many there are in all; `older` is the key of the next page, None on the last."""

    rows: list[M]
    total: int
    older: int | None


@dataclass(frozen=True)
class Among:
    """Which rows of a list are meant: those that have exactly these values, made from one moment to before another."""

    exactly: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None

    def of(self, found: QuerySet[M], *, made: str) -> QuerySet[M]:
        """Those of the rows; `made` is the column that says when one was."""
        wanted = dict(self.exactly)
        if self.since is not None:
            wanted[f"{made}__gte"] = self.since
        if self.until is not None:
            wanted[f"{made}__lt"] = self.until
        return found.filter(**wanted)


ALL = Among()


def newest(found: QuerySet[M], *, before: int | None, size: int) -> Page[M]:
    """The newest of the rows that are older than `before`, at most `size` of them, with the exact total of all."""
    total = found.count()
    rows, older = part(found, before=before, size=size)
    return Page(rows, total, older)


def part(found: QuerySet[M], *, before: int | None, size: int) -> tuple[list[M], int | None]:
    """The same rows and the key of the next page, where nobody asks how many there are."""
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None
