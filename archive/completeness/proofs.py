"""What the windows that cover a day prove of it. Pure: values in, a state and its reason out.

One place, so that a session's calendar, the account's and a reconciliation never say different things of the same day.
A day is complete when its window was read to the end after the day was over, and no pull of that day has broken off
since: a window that was whole and whose next pull broke off is open from its first unsettled day, because what was said
late, edited or deleted there is not here. The same holds where a sweep for late edits and deletions broke off. A window
that is tried again after it broke off stays open until it is closed.

A day of a month in which Zoom's list of sessions, read to its end, does not name the session is complete with zero:
nothing was said in it. A day nobody asked about is unknown.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from archive.capture import spans, windows
from archive.capture.spans import Span
from archive.models import Window

COLUMNS = (
    "kind", "state", "first_day", "last_day", "complete_through", "not_before", "last_error", "last_error_code",
    "account__settle_days",
)  # fmt: skip
"""The columns of a window that `of` takes, in its order."""


class DayState(StrEnum):
    """What is known of a day."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    GAP = "gap"
    WAITING = "waiting"
    LOST = "lost"
    UNKNOWN = "unknown"


WORST_FIRST = (
    DayState.GAP,
    DayState.LOST,
    DayState.UNKNOWN,
    DayState.WAITING,
    DayState.PARTIAL,
    DayState.COMPLETE,
)
UNLISTED = "Zoom's list of this month's sessions does not name this one."
UNASKED = "Nobody asked Zoom about this day."


class Proof(NamedTuple):
    """What one window says of its days."""

    first: date
    last: date
    whole_to: date | None
    """Days before this one are proven whole, and it itself as far as `hour`; None: never read."""
    hour: str
    open_from: date | None
    """The first day of the pull that broke off; None when none did since the last whole one."""
    open_as: DayState
    proves: bool
    """False for a sweep: it can leave a day open, and cannot prove one."""
    reason: str

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


def of(
    kind: str,
    state: str,
    first: date,
    last: date,
    through: datetime | None,
    not_before: datetime,
    error: str,
    code: str,
    settle_days: int,
) -> Proof:
    """What a window says, from its columns as in COLUMNS."""
    whole_to, hour = None, ""
    if through is not None:
        through = through.astimezone(UTC)
        whole_to = through.date()
        hour = "" if through == spans.begins_at(whole_to) else f"{through:%H:%M}"
        if whole_to > last:  # nothing is left to tell apart: windows that say the same are equal
            whole_to, hour = last + spans.DAY, ""
    is_lost = not_before >= windows.NEVER and code == windows.FELL_OFF
    is_gap = state == Window.State.GAP
    open_from, open_as, reason = None, DayState.GAP, error
    if is_gap or code != "":
        settled = first if through is None else spans.first_unsettled(through, settle_days=settle_days)
        open_from = min(max(first, settled), last)
        if is_lost:
            open_as = DayState.LOST
        elif not is_gap:
            open_as, reason = DayState.WAITING, f"To be read again: it broke off. {error}".strip()
    return Proof(first, last, whole_to, hour, open_from, open_as, kind != Window.Kind.MODIFICATIONS, reason)


def judged(proof: Proof, day: date) -> tuple[DayState, str] | None:
    """What one window says of a day it covers; None where it says nothing."""
    if proof.open_from is not None and day >= proof.open_from:
        return proof.open_as, proof.reason
    if not proof.proves:
        return None
    if proof.whole_to is not None and day < proof.whole_to:
        return DayState.COMPLETE, ""
    if proof.whole_to == day and proof.hour != "":
        return DayState.PARTIAL, f"Complete up to {proof.hour} UTC."
    return DayState.WAITING, "Not read yet."


def of_session(day: date, own: Sequence[Proof], lists: Sequence[Proof]) -> tuple[DayState, str]:
    """A session's day, from its own windows and those of the account's lists of sessions."""
    said = _said_of(day, own)
    if said is not None:
        return said
    listed = _said_of(day, lists)
    if listed is None:
        return DayState.UNKNOWN, UNASKED
    if listed[0] in (DayState.COMPLETE, DayState.PARTIAL):
        return listed[0], UNLISTED
    return listed


def each_of_session(
    span: Span, own: Sequence[Proof], lists: Sequence[Proof]
) -> list[tuple[date, DayState, str]]:
    """Every day of a span with its state and reason, oldest first."""
    return [(day, *of_session(day, own, lists)) for day in spans.each_day(span)]


def stretches_of_session(
    span: Span, own: Sequence[Proof], lists: Sequence[Proof]
) -> list[tuple[Span, DayState, str]]:
    """The same as stretches of days that are alike, oldest first.

    Judged only on days on which something a window says begins or ends: a span of years has few of them.
    """
    changes = {span.first, span.last + spans.DAY}
    for proof in (*own, *lists):
        changes |= {proof.first, proof.last + spans.DAY}
        if proof.whole_to is not None:
            changes |= {proof.whole_to, proof.whole_to + spans.DAY}
        if proof.open_from is not None:
            changes.add(proof.open_from)
    found: list[tuple[Span, DayState, str]] = []
    within = sorted(day for day in changes if span.first <= day <= span.last + spans.DAY)
    for first, after in pairwise(within):
        said = of_session(first, own, lists)
        if len(found) > 0 and found[-1][1:] == said:
            first = found.pop()[0].first
        found.append((Span(first, after - spans.DAY), *said))
    return found


class Bits(NamedTuple):
    """What some windows say of the days of a span, as sets of days of which the first is the lowest bit."""

    asked: int
    """The days on which a window that can prove them says anything."""
    whole: int
    """Of them those that one proves complete, before any pull that broke off is thought of."""
    opened: int
    """The days whose newest pull broke off."""


def bits(span: Span, proofs: Iterable[Proof]) -> Bits:
    """What windows say of a span: for many sessions at once, where each day by itself would take too long."""
    asked = whole = opened = 0
    for proof in proofs:
        if proof.proves:
            asked |= _bits(span, proof.first, proof.last)
            if proof.whole_to is not None:
                whole |= _bits(span, proof.first, min(proof.last, proof.whole_to - spans.DAY))
        if proof.open_from is not None:
            opened |= _bits(span, max(proof.first, proof.open_from), proof.last)
    return Bits(asked, whole, opened)


def complete_of_session(own: Bits, lists: Bits) -> int:
    """The days of a session that are complete, as `of_session` has it, from its own windows and the account's lists."""
    listed = lists.whole & ~lists.opened
    return (own.whole | listed & ~own.asked) & ~own.opened


def _bits(span: Span, first: date, last: date) -> int:
    low = max((first - span.first).days, 0)
    high = min((last - span.first).days, (span.last - span.first).days)
    return ((1 << (high - low + 1)) - 1) << low if low <= high else 0


def _said_of(day: date, proofs: Sequence[Proof]) -> tuple[DayState, str] | None:
    """An open pull outweighs everything; else the best of what is proven, since one whole pull is proof enough."""
    covering = [proof for proof in proofs if proof.covers(day)]
    opened = [(one.open_as, one.reason) for one in covering if is_open(one, day)]
    if opened:
        return min(opened, key=lambda said: WORST_FIRST.index(said[0]))
    proven = [said for one in covering if (said := judged(one, day)) is not None]
    return max(proven, key=lambda said: WORST_FIRST.index(said[0]), default=None)


def is_open(proof: Proof, day: date) -> bool:
    """Whether the newest pull of a day broke off, and none has closed it since."""
    return proof.open_from is not None and day >= proof.open_from
