"""The report of sessions: where something was said in a period, by how many, how much, and how surely that is all."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from archive import directory, tallies
from archive.reporting import following, proven, sessions
from archive.reporting.proven import Proof
from archive.reporting.sessions import Filters, Line, Place, Sort, Totals
from compliance import holds
from compliance.periods import Period
from compliance.reports import door
from compliance.sheets import Cell, Sheet

REPORT = "sessions"
PAGE_SIZE = 50
PRINTED = 1_000
"""Sessions on a page that is to be printed; more are taken as a file."""
HEAD = (
    "session", "session_id", "type", "status", "external", "members", "people_who_spoke", "messages", "edited",
    "deleted", "destroyed", "files", "file_bytes", "files_of_unknown_size", "first_message", "last_message", "held",
    "days_over", "days_not_proven_complete",
)  # fmt: skip
TYPES = {"Group": "group", "1:1": "one to one"}
_AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """A session with what it is called, whether a hold in force can cover something there, and how proven it is."""

    line: Line
    title: str
    is_held: bool
    proof: Proof


@dataclass(frozen=True)
class Report:
    """A page of the report."""

    rows: list[Row]
    totals: Totals
    next: Place | None
    standing: following.Standing


def seen(
    *,
    period: Period,
    filters: Filters,
    sort: Sort = Sort.MESSAGES,
    after: Place | None = None,
    limit: int = PAGE_SIZE,
    by: User | None,
    now: datetime,
) -> Report:
    """A page of the report; recorded as a look. Raises ValueError for an `after` of another sort."""
    door.permit(REPORT, by=by, now=now)
    with transaction.atomic():
        table = sessions.table(
            period.begins_at, period.ends_at, filters=filters, sort=sort, after=after, limit=limit
        )
        details = {**_details(filters, sort), "found": table.totals.sessions}
        if after is not None:
            details["after"] = after.id
        standing = door.looked(REPORT, period=period, details=details, by=by, now=now)
        return Report(_rows(table.lines, period, now=now), table.totals, table.next, standing)


def taken(
    *, period: Period, filters: Filters, sort: Sort = Sort.MESSAGES, by: User | None, now: datetime
) -> Sheet:
    """All of the report as a file."""
    return door.taken(
        REPORT,
        period=period,
        head=HEAD,
        rows=_cells(period, filters, sort, now=now),
        details=_details(filters, sort),
        by=by,
        now=now,
    )


def _cells(period: Period, filters: Filters, sort: Sort, *, now: datetime) -> Iterator[Sequence[Cell]]:
    lines = sessions.every(period.begins_at, period.ends_at, filters=filters, sort=sort)
    while some := list(islice(lines, _AT_ONCE)):
        for row in _rows(some, period, now=now):
            line = row.line
            yield (
                row.title, line.id, TYPES.get(line.type), line.status or None, _yes_no(line.has_external),
                line.members, line.people, line.messages, line.edited, line.deleted, line.destroyed, line.files,
                line.file_bytes, line.files_unsized, line.first_at or "", line.last_at or "",
                "yes" if row.is_held else "no", row.proof.days, row.proof.open_days,
            )  # fmt: skip


def _rows(lines: Sequence[Line], period: Period, *, now: datetime) -> list[Row]:
    ids = [line.id for line in lines]
    titles = directory.titles([line.id for line in lines if line.name == ""])
    held = set(tallies.places(holds.rules()))
    first = period.begins_at.astimezone(UTC).date()
    last = (period.ends_at - timedelta(microseconds=1)).astimezone(UTC).date()
    proofs = proven.of_sessions(ids, first=first, last=last, now=now)
    return [
        Row(line, line.name or titles.get(line.id, ""), line.id in held, proofs[line.id]) for line in lines
    ]


def _details(filters: Filters, sort: Sort) -> dict[str, Any]:
    given = {name: value for name, value in asdict(filters).items() if value is not None}
    return {**given, "sort": sort.value}


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"
