"""How many of a period's days are not proven complete, session by session: sets of days as bits, so that it is quick.

A day of a session is proven by the session's own window, or, where it has none, by the list of sessions that does not
name it. Today is not over and proves nothing: it is left out. A day about which nobody asked Zoom is not proven.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archive.models import Session, Window

_DAY = timedelta(days=1)
_Row = tuple[date, date, datetime | None]


@dataclass(frozen=True, slots=True)
class Proof:
    """Of `days` that are over, so many are open."""

    days: int
    open_days: int


def of_sessions(session_ids: Collection[int], *, first: date, last: date, now: datetime) -> dict[int, Proof]:
    """How far each session is proven from one UTC day to another."""
    last = min(last, now.astimezone(UTC).date() - _DAY)
    days = max(0, (last - first).days + 1)
    inside = Window.objects.filter(first_day__lte=last, last_day__gte=first).order_by()
    columns = ("first_day", "last_day", "complete_through")
    listings: dict[int, list[_Row]] = {}
    lists = inside.filter(session=None, kind=Window.Kind.SESSIONS)
    for account_id, *row in lists.values_list("account_id", *columns):
        listings.setdefault(account_id, []).append((row[0], row[1], row[2]))
    own: dict[int, list[_Row]] = {}
    windows = inside.filter(session__in=session_ids, kind=Window.Kind.MESSAGES)
    for session_id, *row in windows.values_list("session_id", *columns):
        assert session_id is not None
        own.setdefault(session_id, []).append((row[0], row[1], row[2]))
    every = (1 << days) - 1
    bases = {
        account_id: every & ~_bits(rows, first=first, days=days, proven=True)
        for account_id, rows in listings.items()
    }
    found = {}
    accounts = Session.objects.filter(pk__in=session_ids).values_list("pk", "account_id")
    for session_id, account_id in accounts:
        rows = own.get(session_id, [])
        asked = _bits(rows, first=first, days=days, proven=False)
        proven = _bits(rows, first=first, days=days, proven=True)
        is_open = (bases.get(account_id, every) & ~asked) | (asked & ~proven)
        found[session_id] = Proof(days, is_open.bit_count())
    return found


def never_asked(*, first: date, last: date) -> set[date]:
    """The UTC days from one to another about whose sessions Zoom was never asked: what was said then is unknown."""
    lists = Window.objects.filter(
        session=None, kind=Window.Kind.SESSIONS, first_day__lte=last, last_day__gte=first
    )
    days = max(0, (last - first).days + 1)
    rows = [(begins, ends, None) for begins, ends in lists.values_list("first_day", "last_day")]
    asked = _bits(rows, first=first, days=days, proven=False)
    return {first + n * _DAY for n in range(days) if not asked >> n & 1}


def _bits(rows: Iterable[_Row], *, first: date, days: int, proven: bool) -> int:
    """The days that the windows are about, or of them those that they prove; the first day is the lowest bit."""
    bits = 0
    for begins, ends, through in rows:
        if proven and through is None:
            continue
        whole = ends if not proven or through is None else min(ends, through.astimezone(UTC).date() - _DAY)
        low, high = max(0, (begins - first).days), min(days - 1, (whole - first).days)
        if low <= high:
            bits |= ((1 << (high - low + 1)) - 1) << low
    return bits
