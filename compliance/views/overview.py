"""The first page: what is captured, what is missing, what is due, how the system is."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import completeness
from compliance import approvals, charts, health, permissions, standing, system, visitors
from compliance.permissions import Action

CHART_DAYS = 184
MOST_WAITING = 5


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Four facts, then progress, activity, gaps and the system in a line."""
    person, now = visitors.person(request), timezone.now()
    if not permissions.can(Action.SEE_COMPLETENESS, by=person):
        return render(request, "overview/without_role.html", {"title": "Overview"})
    waiting = list(approvals.waiting_for(by=person).defer("items", "parameters")[: MOST_WAITING + 1])
    context = {"title": "Overview", "waiting": waiting[:MOST_WAITING], "more": len(waiting) > MOST_WAITING}
    return render(
        request, "overview/index.html", context | _holds(person, now=now) | _everything(person, now=now)
    )


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """The part of the page that moves, alone, for a browser that asks for it again."""
    person, now = visitors.person(request), timezone.now()
    seen = standing.now_for(person, now=now)
    context = {"standing": seen, "alone": True, **_holds(person, now=now)}
    response = render(request, "overview/facts.html", context)
    if "run" in request.GET and seen.summary.run is None:
        response["HX-Refresh"] = "true"  # the run has ended: everything else on the page is old as well
    return response


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What is below the facts, alone, for a browser that watches a capture."""
    context = _everything(visitors.person(request), now=timezone.now())
    return render(request, "overview/activity.html", context)


def _everything(person: User, *, now: datetime) -> dict[str, Any]:
    gaps, titles = standing.broken(limit=8)
    last = now.date()
    first = last - timedelta(days=CHART_DAYS - 1)
    counts = completeness.activity_by_day(first, last)
    return {
        "standing": standing.now_for(person, now=now),
        "chart": charts.by_day(counts, open_days=completeness.open_days(first, last, now=now)),
        "gaps": gaps,
        "titles": titles,
        "pulse": system.pulse(now=now),
        "sees_system": permissions.can(Action.SEE_SYSTEM, by=person),
    }


def _holds(person: User, *, now: datetime) -> dict[str, Any]:
    """How the holds of all matters stand, in numbers that name none."""
    return {
        "holds": health.standing(now=now),
        "sees_matters": permissions.can(Action.SEE_MATTER, by=person),
    }
