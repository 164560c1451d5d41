"""Pages of rows, newest first and read on by key, so that rows arriving meanwhile neither repeat nor hide others."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """A page of rows and how many there are in all; `older` is the key of the next page, None on the last."""

    rows: list[M]
    total: int
    older: int | None


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
