"""An account day by day: which days are proven complete for all its sessions, and how much of each is not.

A day is complete when the list of its sessions is, and every session's window that covers it. Windows are grouped in the
database by what they say and spread over days here, so that the cost does not grow with the number of sessions.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, F, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from archive.capture import spans, windows
from archive.capture.spans import Span
from archive.completeness import proofs
from archive.completeness.proofs import DayState
from archive.models import DayCount, Session, Window

_KINDS = (Window.Kind.SESSIONS, Window.Kind.MESSAGES, Window.Kind.MODIFICATIONS)
_MIDNIGHT = time()
_PROVING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One UTC day of an account. `windows` counts those of its sessions that say anything of it, by what they say."""

    day: date
    state: DayState
    windows: Mapping[DayState, int]
    list_state: DayState
    """What is known of the list of the day's sessions: without it there may be sessions nobody knows of."""
    offered: int | None
    """Records that Zoom offered, as far as is known; None where nothing is."""

    @property
    def not_complete(self) -> int:
        """How many windows of sessions do not prove it."""
        return sum(count for state, count in self.windows.items() if state is not DayState.COMPLETE)


@dataclass(slots=True)
class _Tally:
    sessions: Counter[DayState] = field(default_factory=Counter)
    lists: Counter[DayState] = field(default_factory=Counter)
    opened: Counter[DayState] = field(default_factory=Counter)
    """Of the lists: those whose newest pull of the day broke off."""


def of_account(account_id: int, *, first: date, last: date, now: datetime) -> list[AccountDay]:
    """Every day from `first` to `last`, none after today; three queries."""
    last = min(last, now.astimezone(UTC).date())
    if last < first:
        return []
    span = Span(first, last)
    tallies = _tallied(Window.objects.filter(account_id=account_id), span)[account_id]
    sessions = Session.objects.filter(account_id=account_id).order_by().values("pk")
    counted = DayCount.objects.filter(day__range=(first, last), session__in=sessions)
    offered = dict(counted.order_by().values_list("day").annotate(offered=Sum("offered")))
    return [_day(day, tallies[day], offered.get(day)) for day in spans.each_day(span)]


def days_by_account(of: QuerySet[Window], span: Span) -> dict[int, dict[date, AccountDay]]:
    """What windows say of the days of a span that they cover, account by account; nothing is offered. One query."""
    return {
        account_id: {day: _day(day, tally, None) for day, tally in tallies.items()}
        for account_id, tallies in _tallied(of, span).items()
    }


def _tallied(of: QuerySet[Window], span: Span) -> defaultdict[int, defaultdict[date, _Tally]]:
    """What windows say of each day of a span, account by account. One query."""
    found: defaultdict[int, defaultdict[date, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for account_id, kind, proof, count in _grouped(of, span):
        tallies = found[account_id]
        for day in spans.each_day(Span(max(proof.first, span.first), min(proof.last, span.last))):
            said = proofs.judged(proof, day)
            if said is not None:
                _of(tallies[day], kind, is_open=proofs.is_open(proof, day))[said[0]] += count
    return found


def _grouped(of: QuerySet[Window], span: Span) -> list[tuple[int, str, proofs.Proof, int]]:
    """The windows that overlap a span, as groups of an account that say the same, and how many each has."""
    broke = Case(
        When(last_error_code=windows.FELL_OFF, then=Value(windows.FELL_OFF)),
        When(last_error_code="", then=Value("")),
        default=Value("broke"),
        output_field=CharField(),
    )
    over = Case(When(not_before__gte=windows.NEVER, then=Value(windows.NEVER)), default=Value(None))
    rows = (
        of.filter(kind__in=_KINDS, first_day__lte=span.last, last_day__gte=span.first)
        .order_by()
        .values_list(
            "account_id", "kind", "state", "first_day", "last_day", TruncDate("complete_through", tzinfo=UTC)
        )
        .annotate(code=broke, over=over, settle=F("account__settle_days"), windows=Count("pk"))
    )
    found = []
    for account_id, kind, state, first, last, through, code, ends, settle, count in rows:
        # Some moment of that day: how far into it the pull began is told where single windows are.
        at = None if through is None else datetime.combine(through, _MIDNIGHT, UTC) + _PROVING
        not_before = spans.begins_at(first) if ends is None else ends
        proof = proofs.of(kind, state, first, last, at, not_before, "", code, settle)
        found.append((account_id, kind, proof, count))
    return found


def _of(tally: _Tally, kind: str, *, is_open: bool) -> Counter[DayState]:
    if kind != Window.Kind.SESSIONS:
        return tally.sessions
    return tally.opened if is_open else tally.lists


def _day(day: date, tally: _Tally, offered: int | None) -> AccountDay:
    listed = _listed(tally)
    worst = _worst(tally.sessions)
    state = min((listed, worst), key=proofs.WORST_FIRST.index)
    known = offered if offered is not None or state is not DayState.COMPLETE else 0
    return AccountDay(day, state, dict(tally.sessions), listed, known)


def _listed(tally: _Tally) -> DayState:
    """Of the lists that cover a day: one that broke off outweighs, else one whole list is proof enough."""
    opened = next((state for state in proofs.WORST_FIRST if tally.opened[state] > 0), None)
    if opened is not None:
        return opened
    best = (state for state in reversed(proofs.WORST_FIRST) if tally.lists[state] > 0)
    return next(best, DayState.UNKNOWN)


def _worst(sessions: Counter[DayState]) -> DayState:
    return next((state for state in proofs.WORST_FIRST if sessions[state] > 0), DayState.COMPLETE)
