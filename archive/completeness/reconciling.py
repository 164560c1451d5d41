"""The account of sessions over any days: offered = archived + duplicate + excluded + failed + destroyed, and unknown.

Its two sides come from different places. What Zoom offered is what the closure of the window says, which is evidence and
in the log; what became of it is the working account of the day. Where they differ the account does not balance, and the
line says by how much. A day that is not proven complete is unknown: what is known of it is counted, and it is told apart.
Days on which nothing was said, proven, are counted and have no line. Reads a bounded number of sessions at a time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from archive.capture.spans import Span
from archive.completeness import by_day, proofs
from archive.completeness.proofs import DayState, Proof
from archive.models import Account, Session

AT_A_TIME = 500
_COUNTED = """
    SELECT d.session_id, d.day, coalesce((c.account -> 'days' -> (d.day::text) ->> 'offered')::bigint, 0),
        d.archived, d.duplicate, d.excluded, d.failed, d.destroyed
    FROM archive_daycount d LEFT JOIN archive_windowclosure c
        ON c.window_id = d.window_id AND c.closed_at = d.counted_at AND c.state = 'complete'
    WHERE d.session_id = ANY(%s) AND d.day BETWEEN %s AND %s
"""
_REASONS = """
    SELECT DISTINCT d.session_id, u.reason FROM archive_daycount d
    JOIN archive_windowclosure c ON c.window_id = d.window_id AND c.closed_at = d.counted_at AND c.state = 'complete'
    JOIN archive_page p ON p.window_id = c.window_id AND p.pull = c.pull
    JOIN archive_unreadable u ON u.page_id = p.id
    WHERE d.session_id = ANY(%s) AND d.day BETWEEN %s AND %s AND d.failed > 0 ORDER BY 1, 2
"""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """One side and the other. `archived` was new in the last whole pull, `duplicate` was here already."""

    offered: int
    archived: int
    duplicate: int
    excluded: int
    failed: int
    destroyed: int

    @property
    def difference(self) -> int:
        """What was offered and is not accounted for; negative: accounted for, and in no closure of the log."""
        return self.offered - self.archived - self.duplicate - self.excluded - self.failed - self.destroyed


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day of a session, or several in a row of which the same is not known (`counts` None)."""

    first: date
    last: date
    state: DayState
    counts: Counts | None
    reason: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A session's account. `silent_days` are proven, and nothing was said on them."""

    session_id: int
    account_id: int
    stretches: tuple[Stretch, ...]
    silent_days: int
    failed_because: tuple[str, ...]

    @property
    def unknown_days(self) -> int:
        return sum(one.days for one in self.stretches if one.state is not DayState.COMPLETE)


def span_of(first: date, last: date, *, now: datetime) -> Span | None:
    """The days that have begun; None when none has."""
    last = min(last, now.astimezone(UTC).date())
    return Span(first, last) if first <= last else None


def accounts(account_ids: Collection[int] | None) -> list[int]:
    """The accounts meant: those named, or every one (None)."""
    found = Account.objects.order_by("pk")
    if account_ids is not None:
        found = found.filter(pk__in=account_ids)
    return list(found.values_list("pk", flat=True))


def session_count(account_ids: Collection[int]) -> int:
    """How many sessions these accounts have."""
    return Session.objects.filter(account_id__in=account_ids).count()


def unlisted_days(account_ids: Collection[int], span: Span) -> int:
    """Days for which an account's list of sessions is not proven: there may be sessions nobody knows of."""
    open_days = 0
    for account_id in account_ids:
        lists = by_day.lists_of(account_id, span)
        states = proofs.each_of_session(span, (), lists)
        open_days += sum(state is not DayState.COMPLETE for _, state, _ in states)
    return open_days


def after(
    session_id: int, *, account_ids: Collection[int], span: Span, limit: int = AT_A_TIME
) -> list[Reconciled]:
    """The accounts of the next sessions beyond a key, in the order of their keys; empty at the end."""
    found = Session.objects.filter(account_id__in=account_ids, pk__gt=session_id).order_by("pk")
    keys = list(found.values_list("pk", "account_id")[:limit])
    ids = [key for key, _ in keys]
    own = by_day.of_sessions(ids, span)
    lists = {account_id: by_day.lists_of(account_id, span) for account_id in {of for _, of in keys}}
    counts = _counts(ids, span)
    because = _reasons(
        [key for key in ids if any(one.failed > 0 for one in counts.get(key, {}).values())], span
    )
    seen: dict[tuple[int, tuple[Proof, ...]], Sequence[tuple[date, DayState, str]]] = {}
    reconciled = []
    for key, account_id in keys:
        alike = (account_id, tuple(own[key]))
        if alike not in seen:
            seen[alike] = proofs.each_of_session(span, own[key], lists[account_id])
        stretches, silent = _stretches(seen[alike], counts.get(key, {}))
        reconciled.append(Reconciled(key, account_id, stretches, silent, because.get(key, ())))
    return reconciled


def _counts(session_ids: list[int], span: Span) -> dict[int, dict[date, Counts]]:
    found: dict[int, dict[date, Counts]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [session_ids, span.first, span.last])
        for session_id, day, *counts in cursor.fetchall():
            found.setdefault(session_id, {})[day] = Counts(*counts)
    return found


def _reasons(session_ids: list[int], span: Span) -> dict[int, tuple[str, ...]]:
    """Why records of a session could not be read, each reason once."""
    found: dict[int, tuple[str, ...]] = {}
    if len(session_ids) > 0:
        with connection.cursor() as cursor:
            cursor.execute(_REASONS, [session_ids, span.first, span.last])
            for session_id, reason in cursor.fetchall():
                found[session_id] = (*found.get(session_id, ()), reason)
    return found


def _stretches(
    states: Sequence[tuple[date, DayState, str]], counts: dict[date, Counts]
) -> tuple[tuple[Stretch, ...], int]:
    stretches: list[Stretch] = []
    silent = 0
    for day, state, reason in states:
        counted = counts.get(day)
        if counted is None and state is DayState.COMPLETE:
            silent += 1
            continue
        before = stretches[-1] if stretches else None
        if (
            before is not None
            and counted is None
            and before.counts is None
            and before.last + _DAY == day
            and (before.state, before.reason) == (state, reason)
        ):
            stretches[-1] = Stretch(before.first, day, state, None, reason)
        elif (
            counted is not None and state is DayState.COMPLETE and counted.offered == 0 == counted.difference
        ):
            silent += 1  # something was there once and is offered no more, or was never
        else:
            stretches.append(Stretch(day, day, state, counted, reason))
    return tuple(stretches), silent
