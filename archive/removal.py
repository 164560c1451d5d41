"""Bytes of destroyed blobs, removed from the store after the destruction was committed. The row is the job.

Before that they could not go: a transaction that is rolled back brings rows back, and no bytes. The row is locked while
its bytes are removed, and written when they are: killed anywhere in between, the next worker removes what is not there
any more, which is no harm. Bytes that were stored again meanwhile, for a message that is not destroyed, stay.

A store that does not let go (an object lock, a disk that only adds) is no failure to be hidden: the row says `kept` with
the store's own words, and is tried again daily.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, F, Q, Sum

from archive import blobs
from archive.models import Blob, BlobRemoval

AGAIN = timedelta(days=1)
LEFT_BEHIND = timedelta(days=1)
"""What a download that died left in the folder of what comes in."""

Clock = Callable[[], datetime]
State = BlobRemoval.State
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bytes of destroyed files stand, of one disposition or of all: how many files, and their bytes."""

    waiting: int
    waiting_bytes: int
    kept: int
    kept_bytes: int
    removed: int
    removed_bytes: int
    needed: int
    """Stored again meanwhile for a message that is there."""
    last_error: str
    """What the store said, of the newest that it keeps; empty when it keeps none."""


def work(*, clock: Clock, until: datetime | None = None) -> int:
    """Remove until nothing is due or the time is up; how many files went."""
    done = 0
    blobs.sweep_incoming(before=clock() - LEFT_BEHIND)
    while until is None or clock() < until:
        found = remove_next(now=clock())
        if found is None:
            break
        done += found == State.REMOVED
    return done


def remove_next(*, now: datetime) -> BlobRemoval.State | None:
    """Remove the bytes that wait longest; what became of them, None when nothing is due."""
    with transaction.atomic():
        due = BlobRemoval.objects.filter(state__in=(State.DUE, State.KEPT), not_before__lte=now)
        row = due.order_by("not_before", "id").select_for_update(skip_locked=True).first()
        if row is None:
            return None
        state, error = _remove(bytes(row.sha256))
        is_over = state in (State.REMOVED, State.NEEDED)
        BlobRemoval.objects.filter(pk=row.pk).update(
            state=state,
            sha256=b"" if is_over else row.sha256,
            attempts=F("attempts") + 1,
            last_error=error,
            not_before=now if is_over else now + AGAIN,
            removed_at=now if state == State.REMOVED else None,
        )
    _log.info("destroyed_bytes", removal=row.pk, state=state.value)
    return state


def standing(*, disposition: int | None = None) -> Standing:
    """How far the bytes of destroyed files are gone."""
    rows = BlobRemoval.objects.all()
    if disposition is not None:
        rows = rows.filter(disposition=disposition)
    figures: dict[str, int] = {}
    for name, states in (
        ("waiting", [State.DUE]),
        ("kept", [State.KEPT]),
        ("removed", [State.REMOVED]),
        ("needed", [State.NEEDED]),
    ):
        among = Q(state__in=states)
        figures |= rows.aggregate(
            **{name: Count("pk", filter=among), f"{name}_bytes": Sum("size_bytes", filter=among, default=0)}
        )
    figures.pop("needed_bytes")
    newest = rows.filter(state=State.KEPT).order_by("-id").values_list("last_error", flat=True).first()
    return Standing(**figures, last_error=newest or "")


def _remove(sha256: bytes) -> tuple[BlobRemoval.State, str]:
    blobs.lock(sha256)  # nobody stores the same bytes between the look and the deed
    if Blob.objects.filter(sha256=sha256).exists():
        return State.NEEDED, ""
    try:
        blobs.remove(sha256)
    except OSError as error:
        return State.KEPT, f"The store does not let go of it: {error.strerror or type(error).__name__}."
    return State.REMOVED, ""
