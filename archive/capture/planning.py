"""What is to be pulled: makes the rows, and makes them due when their time has come.

For every account, as far back as Zoom's reports reach (six calendar months, in UTC):

1. one window a month for the list of sessions;
2. for each session a month's list names, one window for its messages of that month;
3. for every session ever known, quiet ones too, one window a month for edits and deletions by when they happened
   (`query_all_modifications`); each sweep asks only for the days since the last one, so one request a session a day
   (two around the turn of a month) is enough. What happened before a session was first captured came with its
   messages, save changes to messages older than Zoom's reports: those sweeps begin the next night, because Zoom
   sends the messages of the days along with them; only the oldest is read at once, since it loses a day that night;
4. three-day windows for joins and leaves, and one window for the directory.

A window of the current month grows with the days. It is complete for what it has read and becomes due again until
its last day has settled; a session is asked again at once when the newest list says that something was sent since.
Days that fell off Zoom's reports before they were read are cut off into a window of their own: a gap for ever.

Planning only ever adds windows, lengthens the current ones and makes rows due; it closes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from archive.capture import spans, windows
from archive.capture.spans import Span
from archive.models import Account, Run, Session, Window

LIST_AGAIN = timedelta(minutes=15)
"""How long the list of the current month's sessions counts as fresh."""
ACTIVITIES_AGAIN = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much Zoom's clock may be behind ours when it says when a session's last message was sent."""

MONTHLY = (Window.Kind.SESSIONS, Window.Kind.MESSAGES, Window.Kind.MODIFICATIONS)


def plan(*, account: Account, now: datetime, within: Span | None = None, at_once: bool = False) -> int:
    """Bring the account's windows up to date; how many are due now.

    `at_once` (a person asked) makes everything due again that has not settled, and every gap, whatever its waiting
    time; only a moment that Zoom itself named is waited for.
    """
    today = now.astimezone(UTC).date()
    reach = Span(spans.cliff(today), today)
    with transaction.atomic():
        # No stronger: at the end of every transaction that stores something its keys are looked up, when it has the log.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        _cut_at_the_cliff(account, reach, now=now)
        begin_at = windows.held_back_until(account=account, now=now) or now
        _add_lists(account, reach, now=begin_at)
        _add_sweeps(account, reach, now=now, begin_at=begin_at)
        _lengthen(account, reach)
        _make_due(account, within, now=now, begin_at=begin_at, at_once=at_once)
    return due(account=account, now=now, within=within)


def due(*, account: Account, now: datetime, within: Span | None = None) -> int:
    """How many windows could be claimed now."""
    rows = Window.objects.filter(
        account=account,
        state__in=(Window.State.DUE, Window.State.GAP),
        not_before__lte=now,
        last_day__gte=spans.cliff(now.astimezone(UTC).date()),
    )
    return _overlapping(rows, within).count()


def listed(*, claim: windows.Claim, session_ids: Iterable[int], now: datetime) -> None:
    """Give each session named by a month's list its window of messages, due when something was sent since."""
    account, listing = claim.window.account, claim.window
    month = spans.month_of(listing.first_day)
    named = Session.objects.filter(account=account, pk__in=list(session_ids))
    inside = Window.objects.filter(kind=Window.Kind.MESSAGES, first_day__range=(month.first, month.last))
    new = named.filter(~Exists(inside.filter(session=OuterRef("pk"))))
    _add(
        Window(
            account=account,
            session_id=session_id,
            kind=Window.Kind.MESSAGES,
            first_day=listing.first_day,
            last_day=listing.last_day,
            not_before=now,
            run_id=listing.run_id,
        )
        for session_id in new.order_by("pk").values_list("pk", flat=True)
    )
    news = Q(session__last_message_at=None) | Q(
        session__last_message_at__gte=F("complete_through") - CLOCKS_DIFFER
    )
    stale = inside.filter(news, session__in=named, state=Window.State.COMPLETE, not_before__lt=windows.NEVER)
    stale.filter(complete_through__lt=claim.started_at).update(
        state=Window.State.DUE, not_before=now, run_id=listing.run_id
    )


def again_at(*, claim: windows.Claim) -> datetime:
    """When a window just read to its end is to be read again; NEVER once its last day has settled."""
    window = claim.window
    if window.kind == Window.Kind.DIRECTORY:
        return spans.ends_at(claim.started_at.astimezone(UTC).date())
    unsettled = spans.first_unsettled(claim.started_at, settle_days=window.account.settle_days)
    whole = spans.month_of(window.first_day)
    grows = window.kind in MONTHLY and _newest_of(Window.objects.filter(pk=window.pk), whole).exists()
    if unsettled > (whole.last if grows else window.last_day):
        return windows.NEVER
    if window.kind == Window.Kind.SESSIONS:
        return claim.started_at + LIST_AGAIN
    if window.kind == Window.Kind.ACTIVITIES:
        return claim.started_at + ACTIVITIES_AGAIN
    return spans.ends_at(claim.started_at.astimezone(UTC).date())


def requests_estimated(*, run: Run) -> int:
    """At least how many requests the run takes: its windows, each with as many pages as the last pull had."""
    rows = Window.objects.filter(run=run).values_list("pages", flat=True)
    return sum(max(1, pages) for pages in rows.iterator())


def _cut_at_the_cliff(account: Account, reach: Span, *, now: datetime) -> None:
    """Days that were not read to their end and cannot be any more become gaps of their own.

    A window that was read in part is cut in up to three: what it has proven stays with it, complete; what fell off is
    the gap; what Zoom still gives goes on as before. Left whole, its next pull would close it as complete over days
    that nobody read.
    """
    unsettled = Window.objects.select_for_update(no_key=True).filter(
        account=account, first_day__lt=reach.first, not_before__lt=windows.NEVER
    )
    for window in unsettled.exclude(state=Window.State.CLAIMED).exclude(kind=Window.Kind.DIRECTORY):
        lost = Span(
            windows.first_unsettled(window, settle_days=account.settle_days),
            min(window.last_day, reach.first - spans.DAY),
        )
        if lost.first > lost.last:
            continue
        if window.last_day >= reach.first:
            _add([_part_of(window, Span(reach.first, window.last_day), not_before=now)])
        if lost.first > window.first_day:
            _add([_fallen(_part_of(window, lost, not_before=windows.NEVER), because=window.last_error)])
            window.last_day = lost.first - spans.DAY
            window.state, window.not_before = Window.State.COMPLETE, windows.NEVER
            window.last_error_code = window.last_error = ""
        else:
            window.last_day = lost.last
            _fallen(window, because=window.last_error)
        window.save(update_fields=["last_day", "state", "not_before", "last_error_code", "last_error"])


def _fallen(window: Window, *, because: str) -> Window:
    """The window as a gap for ever."""
    window.state, window.not_before = Window.State.GAP, windows.NEVER
    window.last_error_code = windows.FELL_OFF
    window.last_error = (
        f"These days fell off Zoom's six-month reports before they could be read to their end. {because}"
    ).strip()
    return window


def _part_of(window: Window, part: Span, *, not_before: datetime) -> Window:
    return Window(
        account_id=window.account_id,
        session_id=window.session_id,
        run_id=window.run_id,
        kind=window.kind,
        first_day=part.first,
        last_day=part.last,
        not_before=not_before,
    )


def _add_lists(account: Account, reach: Span, *, now: datetime) -> None:
    """The account's own windows: lists of sessions by month, activities by three days, one for the directory."""
    newest = dict(
        Window.objects.filter(account=account, session=None)
        .values_list("kind")
        .annotate(newest=Max("last_day"))
        .order_by()
    )
    grids: dict[Window.Kind, Sequence[Span]] = {
        Window.Kind.SESSIONS: list(spans.months(reach)),
        Window.Kind.ACTIVITIES: list(spans.activity_spans(reach)),
    }
    for kind, grid in grids.items():
        missing = _after(grid, newest.get(kind))
        _add(_window(account, kind, span, now=now) for span in missing)
    if newest.get(Window.Kind.DIRECTORY) is None:
        _add([_window(account, Window.Kind.DIRECTORY, Span(reach.last, reach.last), now=now)])


def _add_sweeps(account: Account, reach: Span, *, now: datetime, begin_at: datetime) -> None:
    """A window for edits and deletions for every known session and month it has none for."""
    swept = Max("windows__last_day", filter=Q(windows__kind=Window.Kind.MODIFICATIONS))
    sessions = Session.objects.filter(account=account).annotate(swept=swept).order_by("pk")
    recent = spans.first_unsettled(now, settle_days=account.settle_days)
    tonight = max(spans.ends_at(reach.last), begin_at)
    old = list(spans.months(Span(reach.first, recent - spans.DAY)))
    before = [(old[0], begin_at), *((span, tonight) for span in old[1:])]  # its first day falls off tonight
    since = [(span, begin_at) for span in spans.months(Span(recent, reach.last))]
    new = [
        (key, plan)
        for key in sessions.filter(swept=None).values_list("pk", flat=True)
        for plan in before + since
    ]
    late = sessions.filter(swept__lt=reach.last.replace(day=1)).values_list("pk", "swept")
    months = list(spans.months(reach))
    new += [(key, (span, begin_at)) for key, day in late for span in _after(months, day)]
    _add(
        Window(
            account=account,
            session_id=session_id,
            kind=Window.Kind.MODIFICATIONS,
            first_day=span.first,
            last_day=span.last,
            not_before=not_before,
        )
        for session_id, (span, not_before) in new
    )


def _after(grid: Sequence[Span], newest: date | None) -> Sequence[Span]:
    """The spans of a grid that begin after the newest day already planned (the one it lies in is lengthened)."""
    return grid if newest is None else [span for span in grid if span.first > _end_of(grid, newest)]


def _end_of(grid: Sequence[Span], day: date) -> date:
    return next((span.last for span in grid if span.first <= day <= span.last), day)


def _lengthen(account: Account, reach: Span) -> None:
    """Windows that end before their month (or three days) does grow up to today."""
    growing = Window.objects.filter(account=account, not_before__lt=windows.NEVER)
    for month in spans.months(reach):
        monthly = growing.filter(kind__in=MONTHLY, last_day__lt=month.last)
        _newest_of(monthly, spans.month_of(month.first)).update(last_day=month.last)
    for span in spans.activity_spans(reach):
        growing.filter(
            kind=Window.Kind.ACTIVITIES, first_day__range=(span.first, span.last), last_day__lt=span.last
        ).update(last_day=span.last)
    growing.filter(kind=Window.Kind.DIRECTORY, last_day__lt=reach.last).update(last_day=reach.last)


def _newest_of(rows: QuerySet[Window], month: Span) -> QuerySet[Window]:
    """Those of `rows` that begin in a month and have no later window of their session and kind in it."""
    later = Window.objects.filter(
        account=OuterRef("account"),
        kind=OuterRef("kind"),
        first_day__gt=OuterRef("first_day"),
        first_day__lte=month.last,
    ).filter(Q(session=OuterRef("session")) | Q(session=None, kind=Window.Kind.SESSIONS))
    return rows.filter(first_day__range=(month.first, month.last)).filter(~Exists(later))


def _make_due(
    account: Account, within: Span | None, *, now: datetime, begin_at: datetime, at_once: bool
) -> None:
    rows = _overlapping(Window.objects.filter(account=account, not_before__lt=windows.NEVER), within)
    complete = rows.filter(state=Window.State.COMPLETE)
    if not at_once:
        complete.filter(not_before__lte=now).update(state=Window.State.DUE)
        return
    complete.update(state=Window.State.DUE, not_before=begin_at)
    rows.filter(state=Window.State.GAP, not_before__gt=begin_at).update(not_before=begin_at)


def _overlapping(rows: QuerySet[Window], within: Span | None) -> QuerySet[Window]:
    if within is None:
        return rows
    return rows.filter(first_day__lte=within.last, last_day__gte=within.first)


def _window(account: Account, kind: Window.Kind, span: Span, *, now: datetime) -> Window:
    return Window(account=account, kind=kind, first_day=span.first, last_day=span.last, not_before=now)


def _add(rows: Iterable[Window]) -> None:
    """Insert windows that are not there yet (two planners may meet; the database keeps one)."""
    Window.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
