"""The zips Zoom makes for a matter's holds: how each stands, and what is inside one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import search
from compliance import hold_files, inert, permissions, visitors
from compliance.disposition import released
from compliance.permissions import Action
from compliance.views import matters as matter_pages
from compliance.views import telling


@require_safe
def index(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The figures in all, what is being brought, and a page of zips."""
    by = visitors.person(request)
    with telling.absence():
        seen = hold_files.seen(
            matter_id=matter_id,
            after=visitors.number(request, "after") or 0,
            by=by,
            now=timezone.now(),
        )
    query, findings, complaint = visitors.sought(request), None, ""
    if query != "" and permissions.can(Action.READ_MESSAGES, by=request.user):
        try:
            findings = hold_files.find(
                matter_id=matter_id,
                query=query,
                after=visitors.number(request, "found") or 0,
                by=by,
                now=timezone.now(),
            )
        except search.QueryError as error:
            complaint = inert.plain(str(error))
    return render(
        request,
        "matters/files.html",
        matter_pages.context(seen.matter, current="matter_files", by=by)
        | {
            "seen": seen,
            "ends": released.of_matter(seen.matter),
            "may_see_disposition": permissions.can(Action.SEE_DISPOSITION, by=request.user),
            "summary": seen.summary,
            "moving": seen.moving,
            "query": query,
            "findings": findings,
            "complaint": complaint,
            "without_found": visitors.query(request, drop=["found"]),
            "is_first": "after" not in request.GET,
            "may_read": permissions.can(Action.READ_MESSAGES, by=request.user),
        },
    )


@require_safe
def progress(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The part of the page that moves; the page itself is old once a zip has arrived."""
    with telling.absence():
        now = hold_files.progress(matter_id=matter_id, by=visitors.person(request))
    context = {"matter": now.matter, "summary": now.summary, "moving": now.lines}
    response = render(request, "matters/files_moving.html", context)
    if len(now.lines) == 0:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def inside(request: HttpRequest, matter_id: int, zip_id: int) -> HttpResponse:
    """What is inside one zip, file by file."""
    by = visitors.person(request)
    after = visitors.number(request, "after")
    with telling.absence():
        found = hold_files.inside(
            matter_id=matter_id,
            zip_id=zip_id,
            after=-1 if after is None else after,
            by=by,
            now=timezone.now(),
        )
    return render(
        request,
        "matters/file.html",
        matter_pages.context(found.matter, current="matter_files", by=by)
        | {
            "inside": found,
            "ends": released.of_zip(zip_id, matter=found.matter, by=by, now=timezone.now()),
            "is_first": after is None,
            "may_see_disposition": permissions.can(Action.SEE_DISPOSITION, by=by),
        },
    )
