"""Making an export: exactly what was measured, as files in a folder of its own, or nothing."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from archive.packages import custody, making
from archive.packages.contents import Contents, Made
from archive.packages.differences import Differs
from compliance import audit
from compliance.exports import endings, folders, measuring
from compliance.models import AuditEvent, Export

Clock = Callable[[], datetime]
State = Export.State


class NotTheSame(Exception):
    """What came is not what was measured, or made before; in a sentence."""


class NoRoom(Exception):
    """It does not fit on the disk; in a sentence."""


def make(row: Export, claim: uuid.UUID, *, clock: Clock) -> None:
    """Make the files. Raises Lost, NotTheSame, NoRoom.

    1. What is known only now (who approved, the newest checkpoint, the time) is kept when it is made first.
    2. The files are written into a new folder, from the beginning.
    3. They are offered, in one transaction, when they are what was measured and, made again, what they were.
    """
    asked = measuring.request(row)
    expected = Contents.from_data(row.contents or {})
    _check_room(expected)
    if row.settled is None:
        settled = custody.settle(asked, custody=_custody(row), now=clock())
        endings.hold(row, claim, now=clock(), settled=settled)
        row.settled = settled
    folder = folders.begin(row.pk, claim.hex)
    report = measuring.progress(row, claim, clock=clock)
    try:
        made = making.make(asked, folder=folder, expected=expected, settled=row.settled, report=report)
        size = folders.close(folder)
    except Differs as error:
        raise NotTheSame(f"What came is not what was measured, so nothing is offered. {error}") from error
    except OSError as error:
        if not folders.is_full(error):
            raise
        raise NoRoom("The disk became full while it was made. Make room, then try again.") from error
    _offer(row, claim, made, size, now=clock())


@transaction.atomic
def _offer(row: Export, claim: uuid.UUID, made: Made, size: int, *, now: datetime) -> None:
    parts = [asdict(part) for part in made.parts]
    if row.parts is not None and row.parts != parts:
        raise NotTheSame("It was made again, and its files are not what they were, so nothing is offered.")
    expires_at = now + timedelta(days=settings.HOLDFAST_EXPORT_DAYS)
    details = {"digest": row.digest, "parts": parts, "again": row.parts is not None}
    endings.go(
        row, State.READY, claim=claim, action=audit.Action.MADE, details=details, by=None, now=now, parts=parts,
        made_at=now, folder=claim.hex, bytes_here=size, expires_at=expires_at, attempts=0, last_error="",
    )  # fmt: skip
    files = f"{len(parts):,} file{'' if len(parts) == 1 else 's'}"
    endings.tell(row, f"is ready: {files} to take until {expires_at:%-d %b %Y}.", now=now)


def _check_room(expected: Contents) -> None:
    """Twice what comes: the files of the package, and the parts they are laid into."""
    needed = expected.package_bytes + sum(part.size_bytes for part in expected.parts)
    lacking = folders.lacks(needed)
    if lacking > 0:
        raise NoRoom(
            f"It needs {needed / 1e9:,.1f} GB while it is made, and {lacking / 1e9:,.1f} GB of that are not free. "
            "Make room, then try again."
        )


def _custody(row: Export) -> dict[str, Any]:
    """Who asked, looked, approved and had it made, with the events of the trail and their places in the log."""
    events = AuditEvent.objects.filter(subject=endings.subject(row)).exclude(
        action__in=[audit.Action.LOOKED, audit.Action.REFUSED]
    )
    found = list(events.order_by("pk"))
    if row.request is not None:
        found += list(AuditEvent.objects.filter(subject=f"request/{row.request.pk}").order_by("pk"))
    return {
        "asked_by": row.asked_by_name,
        "asked_at": row.asked_at.isoformat(),
        "reason": row.reason,
        "digest": row.digest,
        "started_by": row.started_by_name,
        "approved_by": [] if row.request is None else [
            {"name": one.person_name, "at": one.at.isoformat()} for one in row.request.approvals.order_by("pk")
        ],
        "event_ids": [event.pk for event in found],
    }  # fmt: skip
