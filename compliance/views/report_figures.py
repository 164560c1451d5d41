"""The reports with charts: activity, files and languages, external contacts, one period against another."""

from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive.reporting.times import NOTHING
from compliance import charts, periods, permissions, ranked, visitors
from compliance.charts import BarChart
from compliance.periods import Period
from compliance.permissions import Action
from compliance.reports import activity, content, months, outside
from compliance.reports.months import Side
from compliance.views import report_links, report_periods, report_tabs, telling
from compliance.views.report_links import Links
from compliance.views.report_periods import Asked

P = TypeVar("P", activity.Part, content.Part, outside.Part)
SERIES = (
    ("Messages", "messages", ""),
    ("Edited messages", "edited", "is:edited"),
    ("Messages deleted at Zoom", "deleted", "is:deleted"),
    ("Files", "files", "has:file"),
)
"""What is drawn by day, and what finds it."""


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """A period by day and by hour, and who and what said most."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    report = activity.seen(period=asked.period, by=by, now=now)
    links = report_links.of(asked.period, by=by)
    drawn = [
        (label, links.to(term), _over_time(report, asked.period, name, links, term))
        for label, name, term in SERIES
    ]
    hours = [(hour, report.by_hour.get(hour, NOTHING)) for hour in range(24)]
    context = {
        **_page(asked, by, name="report_activity", title="Activity"),
        "report": report,
        "drawn": drawn,
        "table": list(zip(*(chart.bars for _, _, chart in drawn), strict=True)),
        "hours": ranked.of(
            (f"{hour:02}:00", said.messages, "", (said.edited, said.deleted, said.files))
            for hour, said in hours
        ),
        "people": ranked.of(
            (
                (
                    ("nobody known", one.messages, "", (one.others, one.files))
                    if one.id is None
                    else (
                        report.names.get(one.id, ""),
                        one.messages,
                        links.to(f"from:person/{one.id}"),
                        (one.others, one.files),
                    )
                )
                for one in report.people
            ),
            total=report.sums.messages,
            in_all=report.sums.people + (report.sums.unsigned > 0),
        ),
        "sessions": ranked.of(
            (
                (
                    report.titles.get(one.id or 0, ""),
                    one.messages,
                    links.to(f"session:{one.id}"),
                    (one.others, one.files),
                )
                for one in report.sessions
            ),
            total=report.sums.messages,
            in_all=report.sums.sessions,
        ),
    }
    return render(request, "reports/activity.html", context)


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """The files of a period by kind and size, and its languages."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    report = content.seen(period=asked.period, by=by, now=now)
    links = report_links.of(asked.period, by=by)
    spoken = [] if report.languages is None else report.languages.counted
    context = {
        **_page(asked, by, name="report_content", title="Files and languages"),
        "report": report,
        "files_total": sum(count for _, count, _ in report.kinds),
        "files_address": links.to("has:file"),
        "kinds": ranked.of((kind, count, "", (size,)) for kind, count, size in report.kinds),
        "sizes": ranked.of((name, count, "", ()) for name, count in report.sizes),
        "spoken": ranked.of((name, count, links.to(f"lang:{code}"), ()) for name, code, count in spoken),
    }
    return render(request, "reports/content.html", context)


@require_safe
def outsiders(request: HttpRequest) -> HttpResponse:
    """Who outside the account spoke, where and with how many."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    report = outside.seen(period=asked.period, by=by, now=now)
    links = report_links.of(asked.period, by=by)
    context = {
        **_page(asked, by, name="report_outside", title="External contacts"),
        "report": report,
        "people": [
            (one, outside.name_of(one), links.to(f"from:person/{one.person_id}")) for one in report.people
        ],
        "left_out": report.in_all - len(report.people),
        "domains": ranked.of(
            (
                (domain or "no address known", said, "", (heads,))
                for domain, heads, said in report.domains[:20]
            ),
            total=report.messages,
            in_all=len(report.domains),
        ),
        "all_address": links.to("is:external"),
    }
    return render(request, "reports/outside.html", context)


@require_safe
def outsider(request: HttpRequest, outsider_id: int) -> HttpResponse:
    """With whom one of them spoke."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    with telling.absence():
        found = outside.of_one(person_id=outsider_id, period=asked.period, by=by, now=now)
    links = report_links.of(asked.period, by=by)
    context = {
        **_page(asked, by, name="report_outside", title=outside.name_of(found.person)),
        "found": found,
        "said_address": links.to(f"from:person/{outsider_id}"),
        "contacts": [
            (
                one,
                found.names.get(one.colleague_id, ""),
                links.to(
                    f"from:(person/{outsider_id} OR person/{one.colleague_id}) with:person/{outsider_id}"
                ),
            )
            for one in found.contacts
        ],
    }
    return render(request, "reports/outsider.html", context)


@require_safe
def compared(request: HttpRequest) -> HttpResponse:
    """A period against another, the one before it unless the address names one."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    other = _other(request, asked.period)
    report = months.seen(period=asked.period, other=other, by=by, now=now)
    links = report_links.of(asked.period, by=by)
    context = {
        **_page(asked, by, name="report_months", title=f"{asked.period.name} against {other.name}"),
        "report": report,
        "other": other,
        "pairs": [(label, _pair(report, name)) for label, name, _ in SERIES],
        "address": links.to(),
    }
    return render(request, "reports/months.html", context)


@require_safe
def take(request: HttpRequest, report: str) -> StreamingHttpResponse:
    """A part of a report as CSV."""
    by, now = visitors.person(request), timezone.now()
    period = report_periods.of(request, now=now).period
    asked = request.GET.get("part", "")
    given: dict[str, Any] = {"period": period, "by": by, "now": now}
    if report == months.REPORT:
        sheet = months.taken(other=_other(request, period), **given)
    elif report == activity.REPORT:
        sheet = activity.taken(part=_part(activity.Part, asked), **given)
    elif report == content.REPORT:
        sheet = content.taken(part=_part(content.Part, asked), **given)
    elif report == outside.REPORT:
        sheet = outside.taken(part=_part(outside.Part, asked), **given)
    else:
        raise Http404
    return report_periods.file(sheet, name="-".join(filter(None, (report, asked, period.during))))


def _page(asked: Asked, by: User, *, name: str, title: str) -> dict[str, Any]:
    """What every report's page has."""
    return {
        "title": title,
        "tabs": report_tabs.of(by, current=name, query=asked.period.query),
        "asked": asked,
        "may_take": permissions.can(Action.TAKE_REPORT, by=by),
    }


def _part(parts: type[P], asked: str) -> P:
    """The part that the address names; the first where it names none."""
    if asked == "":
        return next(iter(parts))
    if asked not in list(parts):
        raise Http404
    return parts(asked)


def _over_time(report: activity.Report, period: Period, name: str, links: Links, term: str) -> BarChart:
    return charts.over_time(
        {day: getattr(said, name) for day, said in report.by_day.items()},
        first=period.first,
        last=report.last,
        open_days=report.open_days,
        address=links.of_days(term),
    )


def _pair(report: months.Report, name: str) -> list[tuple[Side, BarChart | None]]:
    """The same figure of both periods, drawn to one scale; None of one that is unknown."""
    sides = (report.one, report.other)
    first = [_side(side, name, None) for side in sides]
    drawn = [chart for chart in first if chart is not None]
    ceiling = charts.tallest(*drawn) if len(drawn) > 0 else None
    return [(side, _side(side, name, ceiling)) for side in sides]


def _side(side: Side, name: str, ceiling: int | None) -> BarChart | None:
    if side.sums is None:
        return None
    return charts.over_time(
        {day: getattr(said, name) for day, said in side.by_day.items()},
        first=side.period.first,
        last=side.period.last,
        open_days=side.open_days,
        address=lambda *_: "",
        ceiling=ceiling,
    )


def _other(request: HttpRequest, period: Period) -> Period:
    """The period that the address compares with, in the same zone; else the one before."""
    return periods.read(request.GET.get("with", ""), zone=period.zone) or period.before()
