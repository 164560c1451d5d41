"""A session day by day: which days are proven complete, and the account of each.

A day of a month in which Zoom's list of sessions, read to its end, does not name the session is complete with zero:
nothing was said in it. A day nobody asked about is unknown.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from archive.capture import spans, windows
from archive.capture.spans import Span
from archive.models import DayCount, Session, Window


class DayState(StrEnum):
    """What is known of a session's day."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    GAP = "gap"
    WAITING = "waiting"
    LOST = "lost"
    UNKNOWN = "unknown"


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
    inside = Window.objects.filter(first_day__lte=last, last_day__gte=first).order_by("first_day", "id")
    own = list(inside.filter(session_id=session_id, kind=Window.Kind.MESSAGES))
    lists = list(inside.filter(account_id=account_id, session=None, kind=Window.Kind.SESSIONS))
    counts = {
        row.day: row for row in DayCount.objects.filter(session_id=session_id, day__range=(first, last))
    }
    return [_day(day, own, lists, counts.get(day)) for day in spans.each_day(span)]


def _day(day: date, own: list[Window], lists: list[Window], count: DayCount | None) -> Day:
    state, reason = _state(day, own, lists)
    if count is not None:
        fates = count.archived, count.duplicate, count.excluded, count.failed, count.destroyed
        return Day(day, state, count.offered, *fates, reason)
    if state in (DayState.COMPLETE, DayState.PARTIAL):
        return Day(day, state, 0, 0, 0, 0, 0, 0, reason)
    return Day(day, state, None, None, None, None, None, None, reason)


def _state(day: date, own: list[Window], lists: list[Window]) -> tuple[DayState, str]:
    window = next((one for one in own if one.first_day <= day <= one.last_day), None)
    if window is not None:
        return _state_in(window, day)
    listing = next((one for one in lists if one.first_day <= day <= one.last_day), None)
    if listing is None:
        return DayState.UNKNOWN, "Nobody asked Zoom about this day."
    state, reason = _state_in(listing, day)
    if state in (DayState.COMPLETE, DayState.PARTIAL):
        return state, "Zoom's list of this month's sessions does not name this one."
    return state, reason


def _state_in(window: Window, day: date) -> tuple[DayState, str]:
    if window.not_before >= windows.NEVER and window.last_error_code == windows.FELL_OFF:
        return DayState.LOST, window.last_error
    through = window.complete_through
    if through is not None and spans.ends_at(day) <= through:
        return DayState.COMPLETE, ""
    if window.state == Window.State.GAP:
        return DayState.GAP, window.last_error
    if through is not None and spans.begins_at(day) < through:
        return DayState.PARTIAL, f"Complete up to {through:%H:%M} UTC."
    return DayState.WAITING, "Not read yet."
