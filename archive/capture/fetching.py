"""Claiming and finishing rows that fetch one thing: attachments and forwarded messages.

due -> claimed -> stored, gone, failed (and, for attachments, mismatch). All but `stored` are tried again: what failed
on the way after seconds to an hour, what Zoom says is gone or differs once a day for a week and then no more. The
claim is a filtered update; `claimed_at` is its fence, so a worker that lost the row can no longer write to it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from archive.capture import claims, windows
from archive.models import Account, Attachment, Forward

LAST_TRY = 7
"""After so many tries, what is gone or differs stays so."""
ONE_DAY = timedelta(days=1)

DUE, CLAIMED, STORED, GONE, FAILED, MISMATCH = "due", "claimed", "stored", "gone", "failed", "mismatch"
OUTSTANDING = (DUE, CLAIMED, GONE, FAILED, MISMATCH)

Row = TypeVar("Row", Attachment, Forward)


@dataclass(frozen=True, slots=True)
class Fetch(Generic[Row]):
    """One worker's right to fetch one row, once."""

    row: Row
    job: claims.Job
    claimed_at: datetime

    def finish(self, **columns: object) -> bool:
        """Write what became of it and let it go; False when another worker had taken it over."""
        held = type(self.row).objects.filter(pk=self.row.pk, state=CLAIMED, claimed_at=self.claimed_at)
        written = held.update(claimed_at=None, **columns)
        claims.let_go(self.job, self.row.pk)
        return written == 1


def claim(rows: QuerySet[Row], *, thing: str, job: claims.Job, now: datetime) -> Fetch[Row] | None:
    """The next due row of `rows`, longest waiting first; None when there is none.

    `thing` is the column with Zoom's id of what is fetched: nobody fetches the same thing at the same time.
    """
    same = rows.model.objects.filter(**{thing: OuterRef(thing)}, state=CLAIMED)
    due = rows.filter(~Exists(same), state=DUE, not_before__lte=now).order_by("not_before", "id")
    with transaction.atomic():
        found = due.values_list("pk", thing).select_for_update(skip_locked=True, of=("self",)).first()
        if found is None or not _alone(
            rows.model.objects.filter(**{thing: found[1]}, state=CLAIMED), found[1]
        ):
            return None
        pk = found[0]
        claims.hold(job, pk)
        won = rows.model.objects.filter(pk=pk, state=DUE).update(
            state=CLAIMED, claimed_at=now, attempts=F("attempts") + 1
        )
    if won != 1:
        claims.let_go(job, pk)
        return None
    row = rows.model.objects.select_related("message__session__account").get(pk=pk)
    return Fetch(row, job, now)


def _alone(others: QuerySet[Row], thing: str) -> bool:
    """Whether nobody else fetches this thing, or is about to; for the length of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('holdfast fetch ' || %s, 0))", [thing]
        )
        (is_ours,) = cursor.fetchone() or (False,)
    return is_ours and not others.exists()


def not_before(row: Attachment | Forward, *, now: datetime) -> datetime:
    """When to ask again for what is gone or differs: daily, then never."""
    return windows.NEVER if row.attempts >= LAST_TRY else now + ONE_DAY


def make_due(rows: QuerySet[Row], *, now: datetime, at_once: bool) -> None:
    """Rows whose waiting time is over are due again; with `at_once` all that still may be tried."""
    until = {"not_before__lt": windows.NEVER} if at_once else {"not_before__lte": now}
    rows.filter(state__in=(GONE, FAILED, MISMATCH), **until).update(state=DUE, not_before=now)


def free_abandoned(*, account: Account, now: datetime) -> int:
    """Make rows due again whose worker died or hangs; how many."""
    freed = 0
    for model, job in ((Attachment, claims.Job.ATTACHMENT), (Forward, claims.Job.FORWARD)):
        rows = model.objects.filter(message__session__account=account)
        freed += claims.free(job, rows, claimed={"state": CLAIMED}, now=now, state=DUE, not_before=now)
    return freed
