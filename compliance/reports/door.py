"""The door of every report: who may, and what is written of each look and of each file that is taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive.reporting import following
from compliance import audit, refusals, sheets
from compliance.periods import Period
from compliance.permissions import Action
from compliance.sheets import Cell, Sheet


def permit(report: str, *, by: User | None, now: datetime) -> None:
    """Let whoever may see reports pass; record and refuse everyone else."""
    refusals.check(Action.SEE_REPORTS, subject=f"report/{report}", by=by, now=now)


def looked(
    report: str, *, period: Period, details: Mapping[str, Any], by: User | None, now: datetime
) -> following.Standing:
    """Record a look at a report, in the caller's transaction; how far its figures are counted."""
    standing = following.standing()
    audit.record(
        action=audit.Action.LOOKED,
        subject=f"report/{report}",
        details={**_of(period, standing), **details},
        by=by,
        now=now,
    )
    return standing


def taken(
    report: str,
    *,
    period: Period,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    details: Mapping[str, Any],
    by: User | None,
    now: datetime,
) -> Sheet:
    """A report as a CSV file, recorded with its digest before the first byte is given away."""
    refusals.check(Action.TAKE_REPORT, subject=f"report/{report}", by=by, now=now)
    with transaction.atomic():
        standing = following.standing()
        sheet = sheets.written(head, rows)
        of_file = {"form": "csv", "rows": sheet.rows, "bytes": sheet.size_bytes, "sha256": sheet.sha256}
        audit.record(
            action=audit.Action.DOWNLOADED,
            subject=f"report/{report}",
            details={**_of(period, standing), **details, **of_file},
            by=by,
            now=now,
        )
    return sheet


def _of(period: Period, standing: following.Standing) -> dict[str, Any]:
    return {"during": period.during, "zone": period.zone, "counted_to": standing.complete_to}
