"""How capture runs went and how the one under way is going."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from archive.capture.runs import under_way
from archive.models import Run, Window

ENOUGH_TO_JUDGE = 3
"""Windows that must be done before anything is said about the time left."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A run under way. Rates are per second since it began; what cannot be told yet is None."""

    run_id: int
    kind: str
    started_at: datetime
    done: int
    total: int
    gaps: int
    pages: int
    records: int
    records_per_second: float | None
    requests_estimated: int | None
    seconds_left: int | None
    words: str

    @property
    def share(self) -> float:
        """0 to 1."""
        return 1.0 if self.total == 0 else self.done / self.total


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run as a line of a list."""

    run_id: int
    account: str
    kind: str
    first_day: date
    last_day: date
    started_at: datetime
    finished_at: datetime | None
    requests_estimated: int | None
    windows: int
    complete: int
    gaps: int
    left: int
    """Windows still to be read; a run without any is over, though the next tick only will write that down."""


def current_run(*, now: datetime) -> Progress | None:
    """The newest run with something left to read; None when there is none."""
    run = Run.objects.filter(finished_at=None).order_by("-id").first()
    progress = None if run is None else progress_of(run, now=now)
    return None if progress is None or progress.done == progress.total else progress


def progress_of(run: Run, *, now: datetime) -> Progress:
    """How one run is going. A window that broke off and has to wait is done for this run: it stays a gap."""
    read = Q(state=Window.State.CLAIMED) | Q(
        closed_at__gte=run.started_at
    )  # the others count an earlier pull
    counted = Window.objects.filter(run=run).aggregate(
        total=Count("pk"),
        left=Count("pk", filter=under_way(now=now)),
        gaps=Count("pk", filter=Q(state=Window.State.GAP)),
        pages=Sum("pages", default=0, filter=read),
        records=Sum("offered", default=0, filter=read),
    )
    done = counted["total"] - counted["left"]
    seconds = (now - run.started_at).total_seconds()
    left = _seconds_left(done=done, total=counted["total"], seconds=seconds)
    return Progress(
        run_id=run.pk,
        kind=run.kind,
        started_at=run.started_at,
        done=done,
        total=counted["total"],
        gaps=counted["gaps"],
        pages=counted["pages"],
        records=counted["records"],
        records_per_second=None if seconds <= 0 else counted["records"] / seconds,
        requests_estimated=run.requests_estimated,
        seconds_left=left,
        words=in_words(left),
    )


def runs(*, now: datetime, limit: int = 20) -> list[RunLine]:
    """The newest runs first."""
    open_windows = Window.objects.filter(under_way(now=now), run__finished_at=None).order_by()
    left = dict(open_windows.values_list("run").annotate(count=Count("pk")))
    rows = Run.objects.select_related("account").annotate(
        total=Count("windows"),
        complete=Count("windows", filter=Q(windows__state=Window.State.COMPLETE)),
        gaps=Count("windows", filter=Q(windows__state=Window.State.GAP)),
    )
    return [
        RunLine(
            run_id=row.pk,
            account=str(row.account),
            kind=row.kind,
            first_day=row.first_day,
            last_day=row.last_day,
            started_at=row.started_at,
            finished_at=row.finished_at,
            requests_estimated=row.requests_estimated,
            windows=row.total if row.windows_total is None else row.windows_total,
            complete=row.complete if row.windows_complete is None else row.windows_complete,
            gaps=row.gaps if row.windows_gaps is None else row.windows_gaps,
            left=left.get(row.pk, 0),
        )
        for row in rows.order_by("-id")[:limit]
    ]


def in_words(seconds: int | None) -> str:
    """A time left as people say it."""
    if seconds is None:
        return "time left unknown"
    if seconds < 60:
        return "less than a minute left"
    if seconds < 3600:
        return f"about {_count(round(seconds / 60), 'minute')} left"
    return f"about {_count(round(seconds / 3600), 'hour')} left"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds_left(*, done: int, total: int, seconds: float) -> int | None:
    if done == total:
        return 0
    if done < ENOUGH_TO_JUDGE or seconds <= 0:
        return None
    return round((total - done) * seconds / done)
