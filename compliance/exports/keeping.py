"""How long the files of exports stay: until they expire, or until a message in them is destroyed.

A copy of ours must not outlive the words: when something of an export was destroyed in the archive, its files go and its
page says why. It may be swept at any time and twice: everything is asked of the rows.
"""

from datetime import datetime

import structlog
from celery import current_app
from django.db import transaction

from archive.packages import gone
from compliance import audit, claiming
from compliance.exports import endings, folders
from compliance.models import Export

log = structlog.get_logger(__name__)

State = Export.State
HAVING = (State.READY, State.EXPIRED, State.MEASURED)


def nudge() -> None:
    """Tell a worker that there may be files to remove."""
    current_app.send_task("compliance.tasks.look_after_exports", expires=55)


def sweep(*, now: datetime) -> int:
    """Withdraw what has something destroyed in it, expire what is due, remove what nobody is offered; how many ended."""
    ended = 0
    newest = gone.newest()
    for row in Export.objects.filter(state__in=HAVING, looked_to__lt=newest).order_by("pk"):
        if gone.among(row.pk, size=row.size or 0, looked_to=row.looked_to) > 0:
            withdraw(row, now=now)
            ended += 1
        else:
            Export.objects.filter(pk=row.pk).update(looked_to=newest)
    for row in Export.objects.filter(state=State.READY, expires_at__lte=now).order_by("pk"):
        _expire(row, now=now)
        ended += 1
    _remove_halves()
    return ended


def withdraw(row: Export, *, now: datetime) -> None:
    """End an export of which something was destroyed: its files go first, so that they are gone when it is said."""
    count = gone.among(row.pk, size=row.size or 0)
    messages = (
        f"{count:,} message{'' if count == 1 else 's'} in it {'was' if count == 1 else 'were'} destroyed"
    )
    folders.drop(row.pk)
    try:
        with transaction.atomic():
            if row.state == State.MEASURED:
                why = f"{messages} in the archive since it was measured. Measure it anew."
                endings.end(row, State.FAILED, why, by=None, now=now)
            else:
                why = f"{messages} in the archive since it was made, so its files are removed here."
                endings.end(row, State.WITHDRAWN, why, by=None, now=now)
    except claiming.Lost:
        log.info("export_changed_meanwhile", export=row.pk)


def _expire(row: Export, *, now: datetime) -> None:
    folders.drop(row.pk)
    details = {"parts": len(row.parts or []), "bytes": row.bytes_here}
    try:
        with transaction.atomic():
            endings.go(
                row, State.EXPIRED, action=audit.Action.EXPIRED, details=details, by=None, now=now,
                folder="", bytes_here=0,
            )  # fmt: skip
            endings.tell(row, "expired: its files are removed. It can be made again.", now=now)
    except claiming.Lost:
        log.info("export_changed_meanwhile", export=row.pk)


def _remove_halves() -> None:
    """What lies there of exports that offer no files and are not being made: a worker died, or a removal broke off."""
    there = folders.ids()
    wanted = set(
        Export.objects.filter(pk__in=there, state__in=(State.READY, State.MAKING)).values_list(
            "pk", flat=True
        )
    )
    for export_id in there:
        if export_id not in wanted:
            folders.drop(export_id)
