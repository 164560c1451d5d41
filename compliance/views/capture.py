"""Capture: how the run under way is going, how runs went, and every gap with its reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from archive import completeness
from compliance import captures, permissions, standing, visitors
from compliance.permissions import Action

GAPS_SHOWN = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    now = timezone.now()
    gaps, titles = standing.broken(limit=GAPS_SHOWN)
    context = {
        "title": "Capture",
        "standing": standing.now_for(visitors.person(request), now=now),
        "runs": completeness.runs(now=now, limit=25),
        "gaps": gaps,
        "titles": titles,
        "gaps_shown": GAPS_SHOWN,
        "rosters": completeness.rosters(),
        "may_start": permissions.can(Action.START_CAPTURE, by=request.user),
    }
    return render(request, "capture/index.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a capture now."""
    accounts = captures.start(by=visitors.person(request), now=timezone.now())
    if accounts == 0:
        messages.info(request, "There is nothing to read: no account is connected, or all waits for Zoom.")
    return redirect("capture")


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The part that moves, alone, for a browser that asks for it again."""
    seen = standing.now_for(visitors.person(request), now=timezone.now())
    response = render(request, "capture/progress.html", {"standing": seen, "alone": True})
    if "run" in request.GET and seen.summary.run is None:
        response["HX-Refresh"] = "true"  # the run has ended: everything else on the page is old as well
    return response
