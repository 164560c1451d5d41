"""Claiming and closing windows: the only writer of a window's state.

due, gap -> claimed -> complete or gap. A claim is a filtered update that must change exactly one row; a worker whose
claim was taken over learns it at its next page and can close nothing. Closing is one transaction: the window's state,
the account of its days, and the closure as evidence with its leaf in the log. It commits durably, which also makes
the pages before it durable (they may commit asynchronously).

A window never becomes complete but by `close()`, after its last page arrived in the same attempt.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import structlog
from django.db import transaction
from django.db.models import F, Max, QuerySet

from archive import commitments, hashing, log
from archive.capture import claims, spans
from archive.capture.spans import Span
from archive.capture.tally import Counts, Tally
from archive.models import Account, DayCount, Leaf, Window, WindowClosure

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""`not_before` of a window that nothing more will be asked for: it has settled, or Zoom cannot give it any more."""

FELL_OFF = "fell_off"
"""Error code of a gap that Zoom's reports no longer reach."""
RATE_LIMITED = "rate_limited"
"""Error code of a gap that waits for the moment Zoom named."""

_OPEN = (Window.State.DUE, Window.State.GAP)
_logger = structlog.get_logger(__name__)


class ClaimLost(Exception):
    """Another worker took the window over; whatever this one still has to say about it does not count."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's right to pull one window, once."""

    window: Window
    key: uuid.UUID
    started_at: datetime
    span: Span
    pull: int


def claim(
    *, account: Account, kinds: Iterable[Window.Kind], now: datetime, within: Span | None = None
) -> Claim | None:
    """The next due window, kinds in the order given and oldest days first; None when nothing is due."""
    today = now.astimezone(UTC).date()
    for kind in kinds:
        due = Window.objects.filter(account=account, kind=kind, state__in=_OPEN, not_before__lte=now)
        due = due.filter(last_day__gte=spans.cliff(today))
        if within is not None:
            due = due.filter(first_day__lte=within.last, last_day__gte=within.first)
        claimed = _claim_first(due.values_list("pk", flat=True).order_by("first_day", "id"), now=now)
        if claimed is not None:
            return claimed
    return None


def progress(claim: Claim, tally: Tally, *, now: datetime) -> None:
    """Renew the claim and show how far the pull has come; raises ClaimLost."""
    _update(claim, claimed_at=now, pages=tally.pages, **asdict(tally.total))


def close(claim: Claim, tally: Tally, *, now: datetime, again_at: datetime, reason: str = "") -> None:
    """The window was read from its first page to its last; it is due again at `again_at` (or NEVER).

    `reason` says why there was nothing to read.
    """
    with transaction.atomic():
        _update(
            claim,
            state=Window.State.COMPLETE,
            claim=None,
            claimed_at=None,
            not_before=again_at,
            complete_through=claim.started_at,
            closed_at=now,
            last_error="",
            last_error_code="",
            pulls=F("pulls") + 1,
            pages=tally.pages,
            **asdict(tally.total),
        )
        if claim.window.kind == Window.Kind.MESSAGES and claim.window.session_id is not None:
            _count_days(claim, tally, session_id=claim.window.session_id, now=now)
        _record(claim, tally, state=Window.State.COMPLETE, reason=reason, now=now)
    claims.let_go(claims.Job.WINDOW, claim.window.pk)
    _logger.debug("window_complete", window=claim.window.pk, kind=claim.window.kind, pages=tally.pages)


def fail(claim: Claim, tally: Tally, *, reason: str, code: str, not_before: datetime, now: datetime) -> None:
    """The pull broke off: the window is a gap, says why, and is tried again at `not_before`."""
    with transaction.atomic():
        _update(
            claim,
            state=Window.State.GAP,
            claim=None,
            claimed_at=None,
            not_before=not_before,
            closed_at=now,
            last_error=reason,
            last_error_code=code,
            pages=tally.pages,
            **asdict(tally.total),
        )
        _record(claim, tally, state=Window.State.GAP, reason=reason, now=now)
    claims.let_go(claims.Job.WINDOW, claim.window.pk)
    _logger.warning("window_gap", window=claim.window.pk, kind=claim.window.kind, code=code)


def release(claim: Claim) -> None:
    """Give the window back unread, because the worker was asked to stop."""
    Window.objects.filter(pk=claim.window.pk, claim=claim.key, state=Window.State.CLAIMED).update(
        state=Window.State.DUE, claim=None, claimed_at=None
    )
    claims.let_go(claims.Job.WINDOW, claim.window.pk)


def free_abandoned(*, account: Account, now: datetime) -> int:
    """Make windows due again whose worker died or hangs; how many."""
    claimed = Window.objects.filter(account=account, state=Window.State.CLAIMED)
    rows = list(claimed.values_list("pk", "claim", "claimed_at"))
    if not rows:
        return 0
    dead = claims.unheld(claims.Job.WINDOW, (pk for pk, _, _ in rows))
    freed = 0
    for pk, key, claimed_at in rows:
        if pk in dead or (claimed_at is not None and claimed_at < now - claims.LEASE):
            freed += claimed.filter(pk=pk, claim=key).update(
                state=Window.State.DUE, claim=None, claimed_at=None, not_before=now
            )
    if freed > 0:
        _logger.warning("windows_abandoned", account=account.pk, count=freed)
    return freed


def hold_back(*, account: Account, until: datetime) -> None:
    """Ask nothing more of this account before `until`: Zoom named the moment."""
    Window.objects.filter(account=account, state__in=_OPEN, not_before__lt=until).update(not_before=until)


def held_back_until(*, account: Account, now: datetime) -> datetime | None:
    """The moment before which Zoom said it will answer nothing; None when there is none ahead."""
    waiting = Window.objects.filter(account=account, state=Window.State.GAP, last_error_code=RATE_LIMITED)
    until: datetime | None = waiting.filter(not_before__gt=now).aggregate(until=Max("not_before"))["until"]
    return until


def failures_in_a_row(window: Window) -> int:
    """How many pulls of the window broke off since the last one that did not."""
    last = WindowClosure.objects.filter(window=window, state=Window.State.COMPLETE).order_by("-id").first()
    broken = WindowClosure.objects.filter(window=window, state=Window.State.GAP)
    return broken.count() if last is None else broken.filter(pk__gt=last.pk).count()


def first_unsettled(window: Window, *, settle_days: int) -> date:
    """The first day of a window that is still to be read, or to be read again; after its last day when none is."""
    if window.complete_through is None:
        return window.first_day
    return max(window.first_day, spans.first_unsettled(window.complete_through, settle_days=settle_days))


def _claim_first(due: QuerySet[Window, int], *, now: datetime) -> Claim | None:
    key = uuid.uuid4()
    with transaction.atomic():
        pk = due.select_for_update(skip_locked=True).first()
        if pk is None:
            return None
        claims.hold(claims.Job.WINDOW, pk)
        won = Window.objects.filter(pk=pk, state__in=_OPEN).update(
            state=Window.State.CLAIMED,
            claim=key,
            claimed_at=now,
            attempts=F("attempts") + 1,
            pages=0,
            offered=0,
            archived=0,
            duplicate=0,
            excluded=0,
            failed=0,
            destroyed=0,
        )
    if won != 1:
        claims.let_go(claims.Job.WINDOW, pk)
        return None
    window = Window.objects.select_related("account", "session", "run").get(pk=pk)
    return Claim(window=window, key=key, started_at=now, span=_span(window, now=now), pull=window.attempts)


def _span(window: Window, *, now: datetime) -> Span:
    """The days this pull asks for: those not settled yet, as far as Zoom still gives them."""
    today = now.astimezone(UTC).date()
    unsettled = first_unsettled(window, settle_days=window.account.settle_days)
    first = max(unsettled, spans.cliff(today))
    last = min(window.last_day, today)
    return Span(min(first, last), last)


def _update(held: Claim, **columns: object) -> None:
    """Write to the window while it is still ours; raises ClaimLost when it is not."""
    rows = Window.objects.filter(pk=held.window.pk, claim=held.key, state=Window.State.CLAIMED)
    if rows.update(**columns) != 1:
        raise ClaimLost(f"Window {held.window.pk} was taken over by another worker.")


def _count_days(claim: Claim, tally: Tally, *, session_id: int, now: datetime) -> None:
    """Every day of the pull with something on it, and a zero for days that had something before."""
    before = DayCount.objects.filter(session_id=session_id, day__range=(claim.span.first, claim.span.last))
    for day in before.exclude(day__in=tally.days).values_list("day", flat=True):
        tally.days[day] = Counts()
    DayCount.objects.bulk_create(
        [
            DayCount(session_id=session_id, day=day, window=claim.window, counted_at=now, **asdict(counts))
            for day, counts in sorted(tally.days.items())
        ],
        update_conflicts=True,
        unique_fields=["session", "day"],
        update_fields=[
            "window",
            "offered",
            "archived",
            "duplicate",
            "excluded",
            "failed",
            "destroyed",
            "counted_at",
        ],
    )


def _record(claim: Claim, tally: Tally, *, state: str, reason: str, now: datetime) -> None:
    """The closure as evidence; its leaf comes last, because the log's lock lasts to the commit."""
    account = tally.as_json()
    salt = hashing.new_salt()
    closure = WindowClosure.objects.create(
        window=claim.window,
        pull=claim.pull,
        state=state,
        reason=reason,
        account=account,
        closed_at=now,
        salt=salt,
    )
    commitment = commitments.window_closure(
        salt=salt,
        window_id=claim.window.pk,
        pull=claim.pull,
        state=state,
        reason=reason,
        account=account,
        closed_at=now,
    )
    log.append([log.Entry(Leaf.Kind.WINDOW, closure.pk, commitment)], now=now)
