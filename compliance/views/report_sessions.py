"""The report of sessions: a table of a period, and the same as a file."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive.reporting.sessions import Sort
from compliance import permissions, visitors
from compliance.forms.reports import ReportFilters
from compliance.permissions import Action
from compliance.reports import sessions
from compliance.views import report_periods, report_tabs

COLUMNS = (
    ("Session", Sort.NAME), ("People", Sort.PEOPLE), ("Messages", Sort.MESSAGES), ("Edited", Sort.EDITED),
    ("Deleted", Sort.DELETED), ("Files", Sort.FILES), ("Bytes", Sort.BYTES), ("Last", Sort.RECENT),
)  # fmt: skip


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sessions of a period that pass the filters, a page at a time, or as many as can be printed."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    form = ReportFilters(request.GET)
    form.is_valid()
    is_printed = request.GET.get("page") == "print"
    try:
        report = sessions.seen(
            period=asked.period,
            filters=form.filters(),
            sort=form.order(),
            after=form.place(),
            limit=sessions.PRINTED if is_printed else sessions.PAGE_SIZE,
            by=by,
            now=now,
        )
    except ValueError as error:  # a place of another order: somebody edited the address
        raise Http404 from error
    context = {
        "title": "Sessions",
        "tabs": report_tabs.of(by, current="report_sessions", query=asked.period.query),
        "asked": asked,
        "form": form,
        "report": report,
        "sort": form.order().value,
        "sorts": {name: sort.value for name, sort in COLUMNS},
        "following": None if report.next is None else quote(f"{report.next.value}~{report.next.id}"),
        "is_printed": is_printed,
        "query": visitors.query(request, drop=["after"]),
        "filter_query": visitors.query(request, drop=["after", "sort", "page"]),
        "print_query": visitors.query(request, drop=["after", "page"]),
        "may_take": permissions.can(Action.TAKE_REPORT, by=by),
        "may_read": permissions.can(Action.READ_MESSAGES, by=by),
        "may_search": permissions.can(Action.SEARCH, by=by),
    }
    return render(request, "reports/sessions.html", context)


@require_safe
def take(request: HttpRequest) -> StreamingHttpResponse:
    """The whole report as CSV."""
    now = timezone.now()
    asked = report_periods.of(request, now=now)
    form = ReportFilters(request.GET)
    form.is_valid()
    sheet = sessions.taken(
        period=asked.period, filters=form.filters(), sort=form.order(), by=visitors.person(request), now=now
    )
    return report_periods.file(sheet, name=f"sessions-{asked.period.during}")
