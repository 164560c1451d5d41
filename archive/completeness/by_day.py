"""A session day by day: which days are proven complete, and the account of each. What a day is: see `proofs`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from archive.capture import spans
from archive.capture.spans import Span
from archive.completeness import proofs
from archive.completeness.proofs import DayState, Proof
from archive.models import DayCount, Session, Window

__all__ = ["Day", "DayState", "calendar", "days", "of_sessions"]

OWN = (Window.Kind.MESSAGES, Window.Kind.MODIFICATIONS)


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day of one session; the counts are those of its last complete pull, None where there was none."""

    day: date
    state: DayState
    offered: int | None
    archived: int | None
    duplicate: int | None
    excluded: int | None
    failed: int | None
    destroyed: int | None
    reason: str


def calendar(session_id: int, month: date, *, now: datetime) -> list[Day]:
    """Every day of `month` up to today."""
    whole = spans.month_of(month)
    return days(session_id, first=whole.first, last=whole.last, now=now)


def days(session_id: int, *, first: date, last: date, now: datetime) -> list[Day]:
    """Every day from `first` to `last`, none after today."""
    last = min(last, now.astimezone(UTC).date())
    if last < first:
        return []
    span = Span(first, last)
    account_id = Session.objects.values_list("account_id", flat=True).get(pk=session_id)
    own = of_sessions([session_id], span)[session_id]
    counts = {
        row.day: row for row in DayCount.objects.filter(session_id=session_id, day__range=(first, last))
    }
    states = proofs.each_of_session(span, own, lists_of(account_id, span))
    return [_day(day, state, reason, counts.get(day)) for day, state, reason in states]


def of_sessions(session_ids: Collection[int], span: Span) -> dict[int, list[Proof]]:
    """What the windows of each session say of a span; every session is in it. One query."""
    found: dict[int, list[Proof]] = {session_id: [] for session_id in session_ids}
    rows = Window.objects.filter(
        session_id__in=session_ids, kind__in=OWN, first_day__lte=span.last, last_day__gte=span.first
    )
    for session_id, *columns in rows.order_by("first_day", "id").values_list("session_id", *proofs.COLUMNS):
        found[session_id].append(proofs.of(*columns))
    return found


def lists_of(account_id: int, span: Span) -> list[Proof]:
    """What an account's lists of sessions say of a span. One query."""
    return lists_of_accounts([account_id], span)[account_id]


def lists_of_accounts(account_ids: Iterable[int], span: Span) -> dict[int, list[Proof]]:
    """What the lists of sessions of each account say of a span; every account is in it. One query."""
    found: dict[int, list[Proof]] = {account_id: [] for account_id in account_ids}
    rows = Window.objects.filter(
        account_id__in=found,
        session=None,
        kind=Window.Kind.SESSIONS,
        first_day__lte=span.last,
        last_day__gte=span.first,
    )
    for account_id, *columns in rows.order_by("first_day", "id").values_list("account_id", *proofs.COLUMNS):
        found[account_id].append(proofs.of(*columns))
    return found


def _day(day: date, state: DayState, reason: str, count: DayCount | None) -> Day:
    if count is not None:
        fates = count.archived, count.duplicate, count.excluded, count.failed, count.destroyed
        return Day(day, state, count.offered, *fates, reason)
    if state in (DayState.COMPLETE, DayState.PARTIAL):
        return Day(day, state, 0, 0, 0, 0, 0, 0, reason)
    return Day(day, state, None, None, None, None, None, None, reason)
