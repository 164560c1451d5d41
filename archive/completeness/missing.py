"""Where the archive is not complete, and what Zoom will stop giving soon."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Greatest

from archive.capture import spans, windows
from archive.models import Attachment, Forward, Window

WATCHED = timedelta(days=14)
"""How far ahead of the six-month cliff to look."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One window that broke off, or was never read."""

    window_id: int
    kind: str
    session_id: int | None
    session: str
    first_day: date
    last_day: date
    reason: str
    code: str
    attempts: int
    retry_at: datetime | None
    """When it is tried again; None when Zoom cannot give it any more."""
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Cliff:
    """What is not captured and falls off Zoom's reports within `WATCHED`."""

    oldest_day: date
    """The oldest day Zoom's reports give today."""
    windows: int
    first_day_at_risk: date | None
    days_left: int | None
    """Until the first of them falls; None when nothing is at risk."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Files, or forwarded messages, by what became of them; every state, zeros too."""

    due: int
    claimed: int
    stored: int
    gone: int
    mismatch: int
    failed: int
    given_up: int
    """Of the gone and differing ones: those not asked for any more."""

    @property
    def total(self) -> int:
        return self.due + self.claimed + self.stored + self.gone + self.mismatch + self.failed

    @property
    def missing(self) -> int:
        """What is not here but may still come."""
        return self.total - self.stored - self.given_up


def gaps(*, limit: int | None = None) -> list[Gap]:
    """Windows that broke off and, after them, those never read; oldest days first."""
    broken = _rows(Window.objects.filter(state=Window.State.GAP))
    unread = _rows(_never_read())
    if limit is not None:
        broken, unread = broken[:limit], unread[:limit]
    return ([_gap(row) for row in broken] + [_gap(row) for row in unread])[:limit]


def gap_count() -> int:
    """How many windows broke off or were never read."""
    return Window.objects.filter(Q(state=Window.State.GAP)).count() + _never_read().count()


_SETTLING = Func(
    Value(0), Value(0), Value(0), Greatest(F("account__settle_days") - 1, 0), function="make_interval"
)
_FIRST_UNSETTLED = Greatest(
    F("first_day"),
    Cast(ExpressionWrapper(F("complete_through") - _SETTLING, output_field=DateTimeField()), DateField()),
)
"""What windows.first_unsettled says, in SQL: GREATEST leaves out the NULL of a window that was never read."""


def cliff(*, now: datetime) -> Cliff:
    """What is not captured and falls off within the days watched."""
    today = now.astimezone(UTC).date()
    oldest = spans.cliff(today)
    before = Window.objects.filter(
        kind__in=(Window.Kind.SESSIONS, Window.Kind.MESSAGES),
        not_before__lt=windows.NEVER,
        first_day__lt=oldest + WATCHED,
        last_day__gte=oldest,
    ).annotate(unsettled=_FIRST_UNSETTLED)
    at_risk = before.filter(unsettled__lt=oldest + WATCHED, unsettled__lte=F("last_day")).aggregate(
        count=Count("pk"), first=Min("unsettled")
    )
    first: date | None = at_risk["first"]
    if first is None:
        return Cliff(oldest, 0, None, None)
    first = max(first, oldest)
    return Cliff(oldest, at_risk["count"], first, (first - oldest).days)


def files_and_forwards() -> tuple[Outstanding, Outstanding]:
    """Attachments and forwarded messages by state, in one query."""
    counted: dict[str, dict[str, int]] = {"file": {}, "forward": {}}
    several = [
        rows.order_by()
        .annotate(of=Value(name, output_field=CharField()))
        .values_list("of", "state")
        .annotate(count=Count("*"), over=Count("not_before", filter=Q(not_before__gte=windows.NEVER)))
        for name, rows in (("file", Attachment.objects.all()), ("forward", Forward.objects.all()))
    ]
    for of, state, count, over in several[0].union(several[1], all=True):
        counted[of][state] = count
        if state in (Attachment.State.GONE, Attachment.State.MISMATCH):
            counted[of]["given_up"] = counted[of].get("given_up", 0) + over
    files, forwards = (_outstanding(counted[name]) for name in ("file", "forward"))
    return files, forwards


def _outstanding(counted: dict[str, int]) -> Outstanding:
    by_state = {state: counted.get(state, 0) for state in Attachment.State.values}
    return Outstanding(**by_state, given_up=counted.get("given_up", 0))


def _never_read() -> QuerySet[Window]:
    """Windows nobody has read; first sweeps of old days, which begin the night after, are not missed yet."""
    unread = Window.objects.filter(state__in=(Window.State.DUE, Window.State.CLAIMED), complete_through=None)
    return unread.exclude(kind=Window.Kind.MODIFICATIONS, state=Window.State.DUE, attempts=0)


def _rows(rows: QuerySet[Window]) -> QuerySet[Window]:
    return rows.select_related("session").order_by("first_day", "id")


def _gap(window: Window) -> Gap:
    is_lost = window.not_before >= windows.NEVER
    return Gap(
        window_id=window.pk,
        kind=window.kind,
        session_id=window.session_id,
        session="" if window.session is None else str(window.session),
        first_day=window.first_day,
        last_day=window.last_day,
        reason=window.last_error if window.state == Window.State.GAP else "Not read yet.",
        code=window.last_error_code if window.state == Window.State.GAP else "not_read",
        attempts=window.attempts,
        retry_at=None if is_lost else window.not_before,
        is_lost=is_lost,
    )
