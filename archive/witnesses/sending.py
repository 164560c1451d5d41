"""Bringing the newest checkpoints to every place that has not got them. The row of a place is the job.

A place is claimed by a filtered update that must change one row; a claim that is older than `LEASE` was left by a worker
that died. A failure is written down with its sentence and tried again after a minute, then two, four, up to an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import Q

from archive import keys, log, publication, timestamps
from archive.models import Checkpoint, Witness
from archive.witnesses import bucket, mailbox, places
from archive.witnesses.errors import NotSent
from archive.witnesses.places import Place

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=1)


def work(*, clock: Callable[[], datetime]) -> None:
    """Bring the newest checkpoint to each place that is due."""
    head = log.head()
    if head is None:
        return
    for place, name in places.set_up().items():
        _know(place, name, now=clock())
        row = _claim(place, head, now=clock())
        if row is not None:
            _send(row, head, clock=clock)


def _know(place: str, name: str, *, now: datetime) -> None:
    """A row for a place; what was sent to another one of its kind counts for nothing."""
    Witness.objects.get_or_create(place=place, defaults={"name": name, "not_before": now})
    Witness.objects.filter(place=place).exclude(name=name).update(
        name=name, size=None, sent_at=None, attempts=0, not_before=now, claimed_at=None, last_error=""
    )


def _claim(place: str, head: Checkpoint, *, now: datetime) -> Witness | None:
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    behind = Q(size=None) | Q(size__lt=head.size)
    due = Witness.objects.filter(free, behind, place=place, not_before__lte=now)
    return Witness.objects.get(place=place) if due.update(claimed_at=now) == 1 else None


def _send(row: Witness, head: Checkpoint, *, clock: Callable[[], datetime]) -> None:
    own = Witness.objects.filter(pk=row.pk, claimed_at=row.claimed_at)
    try:
        size = _bring(row, head, now=clock())
    except (NotSent, timestamps.NotStamped, keys.KeyUnusable, OSError) as error:
        now = clock()
        wait = min(LONGEST_WAIT, timedelta(minutes=2 ** min(row.attempts, 10)))
        sentence = f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else str(error)
        logger.warning("checkpoint_not_sent", place=row.place, error=type(error).__name__)
        own.update(
            attempts=row.attempts + 1, not_before=now + wait, claimed_at=None, last_error=sentence[:1000]
        )
    else:
        own.update(size=size, sent_at=clock(), attempts=0, claimed_at=None, last_error="")


def _bring(row: Witness, head: Checkpoint, *, now: datetime) -> int:
    """Bring what is missing to a place; the size of the newest checkpoint that is there now."""
    key = keys.load(may_create=False).verifier
    if row.place == Place.FOLDER:
        log.publish()
        return publication.newest_size(Path(settings.HOLDFAST_CHECKPOINT_DIR))
    if row.place == Place.MAILBOX:
        mailbox.send(head, key=key, to=settings.HOLDFAST_WITNESS_EMAIL)
        return head.size
    if row.place == Place.BUCKET:
        newer = Checkpoint.objects.filter(size__gt=-1 if row.size is None else row.size).order_by("size")
        return bucket.put(newer, key=key, now=now)
    timestamps.stamp(head)
    return head.size
