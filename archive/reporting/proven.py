"""How many of a period's days are not proven complete, session by session: sets of days as bits, so that it is quick.

What makes a day complete is said in `archive.completeness.proofs`, here as in every calendar. Today is not over and
proves nothing: it is left out. A day about which nobody asked Zoom is not proven.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archive.capture.spans import Span
from archive.completeness import by_day, proofs
from archive.models import Session, Window

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """Of `days` that are over, so many are open."""

    days: int
    open_days: int


def of_sessions(session_ids: Collection[int], *, first: date, last: date, now: datetime) -> dict[int, Proof]:
    """How far each session is proven from one UTC day to another. Three queries."""
    last = min(last, now.astimezone(UTC).date() - _DAY)
    if last < first:
        return {session_id: Proof(0, 0) for session_id in session_ids}
    span, days = Span(first, last), (last - first).days + 1
    accounts = dict(Session.objects.filter(pk__in=session_ids).values_list("pk", "account_id"))
    lists = {
        account_id: proofs.bits(span, said)
        for account_id, said in by_day.lists_of_accounts(set(accounts.values()), span).items()
    }
    found = {}
    for session_id, own in by_day.of_sessions(accounts, span).items():
        complete = proofs.complete_of_session(proofs.bits(span, own), lists[accounts[session_id]])
        found[session_id] = Proof(days, days - complete.bit_count())
    return found


def never_asked(*, first: date, last: date) -> set[date]:
    """The UTC days from one to another about whose sessions Zoom was never asked: what was said then is unknown."""
    lists = Window.objects.filter(
        session=None, kind=Window.Kind.SESSIONS, first_day__lte=last, last_day__gte=first
    )
    unasked = {first + number * _DAY for number in range((last - first).days + 1)}
    for begins, ends in lists.values_list("first_day", "last_day"):
        unasked -= {begins + number * _DAY for number in range((ends - begins).days + 1)}
    return unasked
