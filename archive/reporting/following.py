"""Keeping the counts up with the log, a stretch of leaves at a time.

The one row of ReportState is the job: whoever works on it holds the lock of the counts, and moves `complete_to` in the transaction that
counts, so that it always says which leaves are counted. A worker that dies leaves the row as it was; a message that
comes for an old day, an edit, a deletion or a destruction has a leaf, and its day is counted anew when its turn comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from archive import bulk
from archive import log as merkle_log
from archive.models import Leaf, ReportState
from archive.reporting import counting

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
LOCK = 5214000604
"""Of the database: one that counts, checks or forgets at a time."""
AT_ONCE = 20_000
"""Leaves a transaction: of messages, a second or two."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the counts are. `counted_at` is None while nothing was ever counted."""

    complete_to: int
    leaves: int
    counted_at: datetime | None
    waits: bool
    """Whether anything that is in the record is not counted yet."""
    is_building: bool
    """Counted for the first time, or anew: until it is done the figures are of a part of the record."""
    last_error: str

    @property
    def share(self) -> float:
        """0 to 1."""
        return 1.0 if self.leaves == 0 else min(1.0, self.complete_to / self.leaves)


def standing() -> Standing:
    """How far the counts have followed the log."""
    row, leaves = ReportState.objects.order_by("pk").first(), merkle_log.size()
    error = "" if row is None else row.last_error
    if row is None or row.version != counting.VERSION:
        waits = _waits(0)
        return Standing(0, leaves, None, waits, waits, error)
    waits = _waits(row.complete_to)
    is_building = row.counted_at is None and waits
    return Standing(row.complete_to, leaves, row.counted_at, waits, is_building, error)


def work(*, clock: Clock, until: datetime | None = None) -> None:
    """Follow the log to its end, or until a moment."""
    while follow(clock=clock) and (until is None or clock() < until):
        pass


def follow(*, clock: Clock) -> bool:
    """Count one stretch of leaves; False when there is nothing more to count, or another worker does."""
    try:
        return _follow(clock=clock)
    except Exception as error:  # recorded, and raised: the next try may meet a healthier world
        ReportState.objects.update(last_error=f"It broke off ({type(error).__name__}).")
        log.warning("reports_not_counted")
        raise


def rebuild() -> None:
    """Forget all counts; they are made anew by whoever follows next."""
    with transaction.atomic():
        bulk.run("SELECT pg_advisory_xact_lock(%b)", (LOCK,))
        counting.forget_everything()
        ReportState.objects.all().delete()


def _waits(complete_to: int) -> bool:
    return Leaf.objects.filter(index__gte=complete_to, kind__in=counting.TELLING).exists()


def _follow(*, clock: Clock) -> bool:
    now = clock()
    with transaction.atomic():
        if not bulk.run("SELECT pg_try_advisory_xact_lock(%b)", (LOCK,))[0][0]:
            return False
        row = ReportState.objects.first()
        if row is not None and row.version != counting.VERSION:
            counting.forget_everything()
            row.delete()
            row = None
        if row is None:
            row = ReportState.objects.create(version=counting.VERSION)
        leaves = merkle_log.size()
        last = min(row.complete_to + AT_ONCE, leaves)
        if last > row.complete_to:
            counting.count(counting.touched(first=row.complete_to, last=last))
        is_at_the_end = last == leaves
        ReportState.objects.filter(pk=row.pk).update(
            complete_to=last, last_error="", counted_at=now if is_at_the_end else F("counted_at")
        )
    return not is_at_the_end
