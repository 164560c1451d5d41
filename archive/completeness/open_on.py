"""What of one day is not here: the windows that leave it open, and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from archive.capture import spans, windows
from archive.completeness import proofs
from archive.completeness.proofs import DayState
from archive.models import Account, Window

_KINDS = (Window.Kind.SESSIONS, Window.Kind.MESSAGES, Window.Kind.MODIFICATIONS)


class Place(NamedTuple):
    """Where a page ends: whether its last line broke off, and the line's key."""

    broke: bool
    id: int


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """One window that does not prove the day."""

    window_id: int
    kind: str
    session_id: int | None
    state: DayState
    reason: str
    attempts: int
    retry_at: datetime | None
    """When Zoom is asked next; None when it cannot give it any more."""


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """A page of them, those that broke off first; how many there are, and where the next page begins (None: nowhere)."""

    lines: tuple[OpenWindow, ...]
    count: int
    next: Place | None


def open_on(
    account_id: int,
    day: date,
    *,
    session_id: int | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> OpenWindows:
    """The windows of an account, or of one of its sessions, that leave a day open."""
    broke = _broke(account_id, day)
    found = _covering(account_id, day).filter(broke | _unproven(day))
    if session_id is not None:
        found = found.filter(session_id=session_id)
    count = found.count()
    if after is not None:
        further = Q(pk__gt=after.id)
        found = found.filter(broke & further | ~broke) if after.broke else found.filter(~broke & further)
    mark = Case(When(broke, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = list(found.annotate(broke=mark).select_related("account").order_by("-broke", "pk")[: limit + 1])
    lines = tuple(_line(row, day) for row in rows[:limit])
    following = Place(rows[limit - 1].broke, rows[limit - 1].pk) if len(rows) > limit else None
    return OpenWindows(lines, count, following)


def _covering(account_id: int, day: date) -> QuerySet[Window]:
    return Window.objects.filter(
        account_id=account_id, kind__in=_KINDS, first_day__lte=day, last_day__gte=day
    )


def _broke(account_id: int, day: date) -> Q:
    """As `proofs.judged` has it, for rows: a pull that broke off leaves open the days that had not settled before."""
    settle_days = Account.objects.values_list("settle_days", flat=True).get(pk=account_id)
    unsettled = spans.begins_at(day + timedelta(days=max(settle_days - 1, 0) + 1))
    # A test for a moment is unknown, not false, where there is none, and so is its opposite: so both parts are asked.
    before = Q(complete_through=None) | Q(complete_through__isnull=False, complete_through__lt=unsettled)
    return (Q(state=Window.State.GAP) | ~Q(last_error_code="")) & (before | Q(last_day=day))


def _unproven(day: date) -> Q:
    proving = ~Q(kind=Window.Kind.MODIFICATIONS)
    return proving & (Q(complete_through=None) | Q(complete_through__lt=spans.ends_at(day)))


def _line(row: Window, day: date) -> OpenWindow:
    proof = proofs.of(
        row.kind, row.state, row.first_day, row.last_day, row.complete_through, row.not_before, row.last_error,
        row.last_error_code, row.account.settle_days,
    )  # fmt: skip
    state, reason = proofs.judged(proof, day) or (DayState.UNKNOWN, proofs.UNASKED)
    retry_at = None if row.not_before >= windows.NEVER else row.not_before
    return OpenWindow(row.pk, row.kind, row.session_id, state, reason, row.attempts, retry_at)
