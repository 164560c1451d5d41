"""The preflight: an export is frozen at a checkpoint of the log and written into a sink that only counts and hashes."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from archive import log
from archive.packages import gone, making
from archive.packages.content import Format, Request
from compliance import audit
from compliance.exports import accounted, choosing, endings
from compliance.models import Export

Clock = Callable[[], datetime]
State = Export.State
A_SECOND = timedelta(seconds=1)


def measure(row: Export, claim: uuid.UUID, *, clock: Clock) -> None:
    """Measure what will come. Raises Lost, Waits, Unfit.

    1. The log is signed as it is: later captures change nothing of the export.
    2. Which messages it has is written down, as whoever asked may see them, and what it is to account for.
    3. Everything is written into nothing, to be counted and hashed.
    """
    head = log.checkpoint(now=clock()) or log.head()
    if head is None:
        raise choosing.Unfit("There is nothing in the archive yet.")
    newest = gone.newest()
    endings.hold(row, claim, now=clock(), size=head.size, stands_at=head.made_at, looked_to=newest)
    row.size, row.stands_at, row.looked_to = head.size, head.made_at, newest
    with transaction.atomic():
        choosing.put(row)
    asked = replace(request(row), **accounted.by(row))
    contents = making.measure(asked, report=progress(row, claim, clock=clock))
    if contents.messages == 0:
        raise choosing.Unfit("There is no message in it, so there is nothing to export.")
    figures = contents.as_data()
    now = clock()
    with transaction.atomic():
        details = {"sha256": contents.sha256, "size": row.size, "contents": figures}
        endings.go(
            row, State.MEASURED, claim=claim, action=audit.Action.MEASURED, details=details, by=None, now=now,
            contents=figures, digest=contents.sha256, measured_at=now, attempts=0,
            done=contents.messages, total=contents.messages, last_error="",
        )  # fmt: skip
        endings.tell(row, "is measured: look at what will come, and have it made.", now=now)


def request(row: Export) -> Request:
    """What the package is made from: the same for measuring and for every making. What it accounts for is kept by then."""
    assert row.size is not None
    assert row.stands_at is not None
    return Request(
        export_id=row.pk,
        title=row.title,
        formats=frozenset(Format(one) for one in row.formats),
        size=row.size,
        made_at=row.stands_at,
        zone=row.zone,
        part_bytes=row.part_bytes,
        statement=_statement(row),
    )


def progress(row: Export, claim: uuid.UUID, *, clock: Clock) -> Callable[[int, int], None]:
    """What a long piece of work calls as it goes: writes how far it is, once a second; raises Lost to stop it."""
    next_at = clock()

    def report(done: int, total: int) -> None:
        nonlocal next_at
        now = clock()
        if now < next_at and done < total:
            return
        next_at = now + A_SECOND
        endings.hold(row, claim, now=now, done=done, total=total)

    return report


def _statement(row: Export) -> dict[str, Any]:
    """What the package says of how it came about, as far as it was known when it was asked for."""
    asked = {
        "title": row.title,
        "reason": row.reason,
        "by": row.asked_by_name,
        "at": row.asked_at.isoformat(),
    }
    return {"query": dict(row.chosen), "asked": asked}
