"""Claiming a row that is a job: one filtered update that must change exactly one row.

A worker that died loses its claim when the caller's `rows` say so, and the key it had fences it out of the row from then
on: whatever it still writes is filtered by that key and changes nothing.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=64)


class Lost(Exception):
    """Another worker has taken the row over, or somebody ended what was to be done with it."""


def free(
    *, now: datetime, holds_for: timedelta, due: str = "due", claimed: str = "claimed", by: str = "state"
) -> Q:
    """The rows that may be claimed: those that are due, and those whose worker was not heard of for so long."""
    waiting = Q(**{by: due}, not_before__lte=now)
    return waiting | Q(**{by: claimed}, claimed_at__lt=now - holds_for)


def unclaimed(*, now: datetime, holds_for: timedelta) -> Q:
    """The rows that are due and that no worker has, or one that was not heard of for so long; for states that go on."""
    return (Q(claim=None) | Q(claimed_at__lt=now - holds_for)) & Q(not_before__lte=now)


def take_next(rows: QuerySet[Any], *, now: datetime, **columns: object) -> tuple[int, uuid.UUID] | None:
    """Claim the one of `rows`, those that may be claimed, that has been due longest: its key and the claim's.

    None when nothing is due. A row that another worker was faster to claim is passed over.
    """
    while True:
        key = rows.order_by("not_before", "pk").values_list("pk", flat=True).first()
        if key is None:
            return None
        claim = take(rows, key, now=now, **columns)
        if claim is not None:
            return key, claim


def take(rows: QuerySet[Any], key: int, *, now: datetime, **columns: object) -> uuid.UUID | None:
    """Claim one row if it is still among `rows`; None when it is not. `columns` are written along with the claim."""
    claim = uuid.uuid4()
    won = rows.filter(pk=key).update(claim=claim, claimed_at=now, attempts=F("attempts") + 1, **columns)
    return claim if won == 1 else None


def keep(ours: QuerySet[Any], **columns: object) -> None:
    """Write to the one row of `ours`, filtered by its claim; in a transaction this locks it. Raises Lost when there is none."""
    if ours.update(**columns) != 1:
        raise Lost


def again_at(
    *, now: datetime, tries: int, first: timedelta = FIRST_WAIT, most: timedelta = LONGEST_WAIT
) -> datetime:
    """When to try again after so many tries: after a while that doubles with each, `first` for none."""
    wait: timedelta = min(first * 2 ** min(tries, 20), most)
    return now + wait
