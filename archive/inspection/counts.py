"""The account that must balance: windows and day counts against the closures in the log.

Windows and day counts are working rows, which the application may change; closures are evidence. What the
working rows claim must be what the closure said that they come from, and no older than the newest one.
"""

from datetime import date
from typing import Any

from django.db import connection

from archive.inspection.problems import Findings
from archive.models import DayCount, Window, WindowClosure

CHUNK = 500
COUNTS = ("offered", "archived", "duplicate", "excluded", "failed", "destroyed")

_STRAY_DAYS = """
    SELECT d.id, d.day, c.id IS NULL
    FROM archive_daycount d
    LEFT JOIN archive_windowclosure c
        ON c.window_id = d.window_id AND c.closed_at = d.counted_at AND c.state = 'complete'
    CROSS JOIN LATERAL (SELECT coalesce(c.account -> 'days' -> d.day::text, '{}'::jsonb) AS said) AS day
    WHERE c.id IS NULL
        OR d.offered <> coalesce((said ->> 'offered')::bigint, 0)
        OR d.archived <> coalesce((said ->> 'archived')::bigint, 0)
        OR d.duplicate <> coalesce((said ->> 'duplicate')::bigint, 0)
        OR d.excluded <> coalesce((said ->> 'excluded')::bigint, 0)
        OR d.failed <> coalesce((said ->> 'failed')::bigint, 0)
        OR d.destroyed <> coalesce((said ->> 'destroyed')::bigint, 0)
    ORDER BY d.id LIMIT %s
"""


def check(findings: Findings) -> None:
    """Windows, closures and day counts of the whole archive.

    Closures that are not what the log committed to prove nothing, and may hold anything: then it ends here.
    """
    findings.count("windows", Window.objects.count())
    findings.count("day counts", DayCount.objects.count())
    if findings.has("window closure"):
        return
    for window in Window.objects.filter(state=Window.State.COMPLETE).order_by("id").iterator(CHUNK):
        _check_window(findings, window)
    with connection.cursor() as cursor:
        cursor.execute(_STRAY_DAYS, [findings.keep])
        for key, day, is_stray in cursor.fetchall():
            wrong = (
                "No closure in the log says so." if is_stray else "The closure it comes from says otherwise."
            )
            findings.add("day count", f"archive_daycount {key}", f"Its counts for {day} are wrong. {wrong}")
    complete = WindowClosure.objects.filter(state=Window.State.COMPLETE).select_related("window")
    for closure in complete.order_by("id").iterator(CHUNK):
        _check_closure(findings, closure)


def _check_window(findings: Findings, window: Window) -> None:
    """A complete window claims what its newest closure said."""
    place = f"archive_window {window.pk}"
    closure = WindowClosure.objects.filter(window=window).order_by("-id").first()
    if closure is None or closure.state != Window.State.COMPLETE:
        findings.add("window", place, "It is complete, but nothing in the log closed it as complete.")
        return
    totals = closure.account.get("total", {})
    if any(getattr(window, name) != totals.get(name, 0) for name in COUNTS):
        findings.add("window", place, "Its totals are not those of its newest closure.")


def _check_closure(findings: Findings, closure: WindowClosure) -> None:
    """It balances, and the days it counted are counted still, by it or by a later one."""
    place = f"archive_windowclosure {closure.pk}"
    said: dict[str, Any] = closure.account.get("days", {})
    for name, counts in [("the whole", closure.account.get("total", {})), *sorted(said.items())]:
        if counts.get("offered", 0) != sum(counts.get(part, 0) for part in COUNTS[1:]):
            wrong = f"Its count of {name} does not balance: offered is not the sum of what became of it."
            findings.add("window closure", place, wrong)
    if closure.window.kind != Window.Kind.MESSAGES:
        return
    current = DayCount.objects.filter(session=closure.window.session_id, counted_at__gte=closure.closed_at)
    counted: set[date] = set(current.filter(day__in=sorted(said)).values_list("day", flat=True))
    for day in sorted(said):
        if date.fromisoformat(day) not in counted:
            wrong = f"It counted {day}, and that day's count is gone or older."
            findings.add("day count", place, wrong)
