"""Plans of retention: the list, one like a diff, applying it and how far that is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import permissions, visitors
from compliance.forms.retention import Reason
from compliance.models import RetentionItem, RetentionPlan, RetentionRule
from compliance.permissions import Action
from compliance.retention import approving, plans, progress
from compliance.views import retention_tabs, telling

TABS = (
    ("shorten", "get shorter"),
    ("lengthen", "get longer"),
    ("held", "held, left alone"),
    ("unreadable", "cannot be read"),
    ("agrees", "agree already"),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The plans there are, newest first."""
    by = visitors.person(request)
    page = plans.page(before=visitors.number(request, "before"), by=by, now=timezone.now())
    context = {
        "title": "Retention",
        "tabs": retention_tabs.of("retention_plans", by=by),
        "page": page,
        "has_rules": RetentionRule.objects.filter(ended_at=None).exists(),
        "may_set": permissions.can(Action.SET_RETENTION, by=by),
    }
    return render(request, "retention/plans.html", context)


@require_safe
def one(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan, what it would change and what came of it; `?part=` or `?state=` narrows, `?after=` goes on."""
    by, now = visitors.person(request), timezone.now()
    part, state = request.GET.get("part", ""), request.GET.get("state", "")
    with telling.absence():
        seen = plans.seen(
            plan_id=plan_id,
            part=part,
            state=state,
            after=visitors.number(request, "after") or 0,
            by=by,
            now=now,
        )
    counts = seen.plan.counts
    context = _context(seen.plan, by=by) | {
        "title": f"Plan {seen.plan.pk}",
        "seen": seen,
        "part": part,
        "state": state,
        "parts": [(value, words, counts.get(value, 0)) for value, words in TABS],
        "all": sum(counts.values()),
        "form": Reason(),
        "request_open": approving.open_request(seen.plan) if seen.plan.state == "planned" else None,
        "query": visitors.query(request, drop=["after"]),
    }
    return render(request, "retention/plan.html", context)


@require_safe
def moving(request: HttpRequest, plan_id: int) -> HttpResponse:
    """How far a plan is, for the bar that moves."""
    by = visitors.person(request)
    with telling.absence():
        plan = plans.get(plan_id=plan_id, by=by, now=timezone.now())
    response = render(request, "retention/progress.html", _context(plan, by=by))
    if plan.state != RetentionPlan.State.APPLYING and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"  # what stands around the bar is old as well
    return response


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Plan what the rules would change: of every channel, or of those the form names."""
    chosen = visitors.numbers(request, "channel") if "channel" in request.POST else None
    made: list[int] = []
    with telling.obstacles(request):
        made.append(plans.make(setting_ids=chosen, by=visitors.person(request), now=timezone.now()).pk)
    return redirect("retention_plan", made[0]) if made else redirect("retention_plans")


@require_POST
def apply(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Apply a plan by which nothing gets shorter."""
    with telling.obstacles(request):
        approving.begin(plan_id=plan_id, by=visitors.person(request), now=timezone.now())
    return redirect("retention_plan", plan_id)


@require_POST
def ask(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask for a second person."""
    form = Reason(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            approving.ask(
                plan_id=plan_id,
                reason=form.cleaned_data["reason"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.info(request, "Asked. Whoever may approve it was told; nothing changes before.")
    return redirect("retention_plan", plan_id)


@require_POST
def stop(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Stop between two channels."""
    with telling.obstacles(request):
        count = progress.stop(plan_id=plan_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, f"Stopped. {count:,} channel{'' if count == 1 else 's'} stay as they are.")
    return redirect("retention_plan", plan_id)


@require_POST
def again(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Try again what failed."""
    with telling.obstacles(request):
        progress.again(plan_id=plan_id, by=visitors.person(request), now=timezone.now())
    return redirect("retention_plan", plan_id)


@require_POST
def discard(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take a plan that nobody applied off the list."""
    with telling.obstacles(request):
        plans.discard(plan_id=plan_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, f"Plan {plan_id} is discarded.")
    return redirect("retention_plans")


def _context(plan: RetentionPlan, *, by: User) -> dict[str, Any]:
    found = progress.of(plan, now=timezone.now())
    labels = dict(RetentionItem.State.choices) | {"due": "waiting"}
    return {
        "plan": plan,
        "progress": found,
        "states": [(value, labels[value], found.states[value]) for value in labels if value in found.states],
        "may_set": permissions.can(Action.SET_RETENTION, by=by),
    }
