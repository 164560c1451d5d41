"""Claiming a row that is a job: one filtered update that must change exactly one row.

A worker that died loses its claim when the caller's `rows` say so, and the key it had fences it out of the row from then
on: whatever it still writes is filtered by that key and changes nothing.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet


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
