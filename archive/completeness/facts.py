"""The first facts: complete to when, gaps, the cliff, files outstanding, the run under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Sum

from archive.capture import spans, windows
from archive.capture.spans import Span
from archive.completeness import missing, zips
from archive.completeness.missing import Cliff, Outstanding
from archive.completeness.progress import Progress, current_run
from archive.completeness.zips import HoldZips
from archive.models import Account, DayCount, Window

_PROVEN = """
SELECT min(CASE WHEN w.complete_through IS NULL THEN w.first_day::timestamp AT TIME ZONE 'UTC'
                WHEN s.last_message_at < w.complete_through
                     THEN greatest(w.complete_through, l.complete_through)
                ELSE w.complete_through END)
FROM archive_window w
LEFT JOIN archive_session s ON s.id = w.session_id
LEFT JOIN archive_window l ON l.account_id = w.account_id AND l.kind = 'sessions' AND l.state = 'complete'
     AND w.kind = 'messages' AND w.state = 'complete' AND date_trunc('month', l.last_day) = date_trunc('month', w.last_day)
WHERE w.account_id = %s AND w.kind IN ('sessions', 'messages') AND w.last_error_code <> %s
  AND (w.complete_through IS NULL
       OR w.complete_through < (w.last_day + 1)::timestamp AT TIME ZONE 'UTC')
"""
# A quiet session counts as complete to the newest list of sessions: the list names when its last message was sent.

_BY_STATE = """
SELECT state, count(*) FILTER (WHERE not_before <= %(now)s), count(*) FILTER (WHERE not_before > %(now)s),
       min(not_before) FILTER (WHERE not_before > %(now)s),
       min(not_before) FILTER (WHERE not_before > %(now)s AND not_before < %(never)s)
FROM archive_window GROUP BY state
"""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be read, and when: windows being read or waiting for a worker, and those whose time has not come."""

    now: int
    later: int
    """Never read and not due yet: mostly the first sweeps of old days for late edits, which begin at night."""
    later_from: datetime | None
    next_at: datetime | None
    """When Zoom is asked again for anything that is complete or waits; None when nothing is planned."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of capture in a few facts."""

    accounts: int
    complete_to: datetime | None
    """Everything sent before this moment, as far back as was captured, is here; None: unknown."""
    gaps: int
    lost: int
    """Gaps that Zoom can no longer close."""
    windows: Mapping[str, int]
    ahead: Ahead
    cliff: Cliff
    files: Outstanding
    forwards: Outstanding
    zips: HoldZips
    run: Progress | None

    @property
    def is_complete(self) -> bool:
        """Whether no window is a gap and nothing is missing that Zoom may still give."""
        return (
            self.complete_to is not None
            and self.gaps == 0
            and self.files.missing + self.forwards.missing + self.zips.missing == 0
        )


def summary(*, now: datetime) -> Summary:
    """How complete the archive is now, over all active accounts."""
    accounts = list(Account.objects.filter(is_active=True))
    moments = [complete_to(account, now=now) for account in accounts]
    known = [moment for moment in moments if moment is not None]
    by_state, ahead = _windows(now=now)
    files, forwards = missing.files_and_forwards()
    return Summary(
        accounts=len(accounts),
        complete_to=min(known) if known and len(known) == len(moments) else None,
        gaps=missing.gap_count(),
        lost=Window.objects.filter(state=Window.State.GAP, not_before=windows.NEVER).count(),
        windows=by_state,
        ahead=ahead,
        cliff=missing.cliff(now=now),
        files=files,
        forwards=forwards,
        zips=zips.hold_zips(),
        run=current_run(now=now),
    )


def complete_to(account: Account, *, now: datetime) -> datetime | None:
    """The moment before which everything this account's reports offered is here; None while unknown.

    Days that fell off Zoom's reports unread are not counted here: they are gaps for ever, and listed as such.
    """
    lists = Window.objects.filter(account=account, kind=Window.Kind.SESSIONS)
    today = now.astimezone(UTC).date()
    current = lists.filter(first_day__gte=today.replace(day=1)).exclude(complete_through=None)
    newest = current.order_by("-first_day").values_list("complete_through", flat=True).first()
    if newest is None and not lists.exclude(complete_through=None).exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute(_PROVEN, [account.pk, windows.FELL_OFF])
        row = cursor.fetchone()
    least: datetime | None = None if row is None else row[0]
    if least is None:
        return newest
    return least.astimezone(UTC) if newest is None else min(least.astimezone(UTC), newest)


def _windows(*, now: datetime) -> tuple[dict[str, int], Ahead]:
    """Windows by state (every state, zeros too), and what is to be read when."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_STATE, {"now": now, "never": windows.NEVER})
        rows = {state: Ahead(*figures) for state, *figures in cursor.fetchall()}
    none = Ahead(0, 0, None, None)
    counted = {
        state: rows.get(state, none).now + rows.get(state, none).later for state in Window.State.values
    }
    due, claimed = rows.get(Window.State.DUE, none), rows.get(Window.State.CLAIMED, none)
    planned = [row.next_at for row in rows.values() if row.next_at is not None]
    ahead = Ahead(
        now=due.now + claimed.now + claimed.later,
        later=due.later,
        later_from=due.later_from,
        next_at=min(planned, default=None),
    )
    return counted, ahead


def activity_by_day(first: date, last: date) -> list[tuple[date, int]]:
    """Records offered on each day from `first` to `last`, for a chart; days without any are zero."""
    rows = DayCount.objects.filter(day__range=(first, last)).order_by().values_list("day")
    counted = dict(rows.annotate(offered=Sum("offered")))
    return [(day, counted.get(day, 0)) for day in spans.each_day(Span(first, last))]
