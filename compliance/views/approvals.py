"""Requests that a second person decides: the list, one, and what can be done with it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import approvals, inert, permissions, visitors
from compliance.approvals import Show, kinds
from compliance.forms.approvals import Approve, Filters, Refuse, Withdraw
from compliance.models import Request
from compliance.permissions import Action
from compliance.views import telling

TABS = {
    Show.WAITING: "Waiting for you",
    Show.MINE: "Asked by you",
    Show.OPEN: "All open",
    Show.ENDED: "Ended",
}
MOST_ITEMS = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The requests a person may see, by what they want to know of them."""
    form = Filters(request.GET)
    form.is_valid()
    show = Show(form.cleaned_data.get("show") or Show.WAITING)
    page = approvals.page(
        show=show,
        kind=form.cleaned_data.get("kind") or "",
        before=visitors.number(request, "before"),
        by=visitors.person(request),
        now=timezone.now(),
    )
    context = {
        "title": "Approvals",
        "page": page,
        "lines": [(one, kinds.known(one.kind)) for one in page.requests],
        "show": show.value,
        "tabs": [(tab.value, label) for tab, label in TABS.items()],
        "form": form,
        "kinds": kinds.every(),
        "query": visitors.query(request, drop=["before"]),
        "tab_query": visitors.query(request, drop=["before", "show"]),
    }
    return render(request, "approvals/index.html", context)


@require_safe
def one(request: HttpRequest, request_id: int) -> HttpResponse:
    """What exactly is asked for, by whom, why, what it destroys or weakens, and what changed since."""
    with telling.absence():
        seen = approvals.seen(request_id=request_id, by=visitors.person(request), now=timezone.now())
    asked = seen.request
    context = {
        "title": inert.plain(asked.title),
        "seen": seen,
        "asked": asked,
        "items": asked.items[:MOST_ITEMS],
        "beyond": max(0, len(asked.items) - MOST_ITEMS),
        "figures": [
            (words, asked.figures.get(words), None if seen.figures is None else seen.figures.get(words))
            for words in dict.fromkeys([*asked.figures, *(seen.figures or {})])
        ],
        "cools_off": "" if seen.terms is None else lasting(seen.terms.cools_off),
        "approve": Approve(initial={"digest": asked.digest}),
        "refuse": Refuse(auto_id="refuse_%s"),
        "withdraw": Withdraw(auto_id="withdraw_%s"),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=request.user),
    }
    return render(request, "approvals/one.html", context)


@require_safe
def awaited(request: HttpRequest, request_id: int) -> HttpResponse:
    """What has to be there before it can be approved: the part of the page that moves."""
    now = timezone.now()
    with telling.absence():
        found, may_count = approvals.awaited(request_id=request_id, by=visitors.person(request), now=now)
    context = {"awaited": found, "request_id": request_id, "may_count": may_count}
    response = render(request, "approvals/awaited.html", context)
    if found is None:
        response["HX-Refresh"] = "true"  # the figures are there, and the button that needed them
    return response


@require_POST
def stop_counting(request: HttpRequest, request_id: int) -> HttpResponse:
    """Stop counting the figures that it awaits."""
    with telling.obstacles(request):
        is_stopped = approvals.stop_counting(
            request_id=request_id, by=visitors.person(request), now=timezone.now()
        )
        messages.info(request, "It was stopped." if is_stopped else "Nothing is being counted.")
    return redirect("approval", request_id)


@require_POST
def count_anew(request: HttpRequest, request_id: int) -> HttpResponse:
    """Count the figures that it awaits anew."""
    with telling.obstacles(request):
        is_begun = approvals.count_anew(
            request_id=request_id, by=visitors.person(request), now=timezone.now()
        )
        messages.info(request, "It is counted anew." if is_begun else "It is counted, or being counted.")
    return redirect("approval", request_id)


@require_POST
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve exactly what the page showed."""
    form, by, now = Approve(request.POST), visitors.person(request), timezone.now()
    if telling.fits(request, form):
        with telling.obstacles(request):
            _check_typed(request_id, form.cleaned_data["typed"], request)
            done = approvals.approve(
                request_id=request_id, digest=form.cleaned_data["digest"], by=by, now=now
            )
            messages.info(request, _approved(done))
    return redirect("approval", request_id)


@require_POST
def refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse it, for a reason."""
    form = Refuse(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            approvals.refuse(
                request_id=request_id,
                reason=form.cleaned_data["reason"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.info(request, "Refused. Whoever asked is told why.")
    return redirect("approval", request_id)


@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take it back before it runs."""
    form = Withdraw(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            approvals.withdraw(
                request_id=request_id,
                reason=form.cleaned_data["reason"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.info(request, "Withdrawn. Nothing was done.")
    return redirect("approval", request_id)


def lasting(span: timedelta) -> str:
    """A span in the words of the terms: whole days from three on, otherwise hours."""
    hours = int(span.total_seconds() // 3600)
    if hours == 0:
        return ""
    if hours % 24 == 0 and hours >= 72:
        return f"{hours // 24} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def _approved(done: Request) -> str:
    """What follows from an approval."""
    if done.state == Request.State.ASKED:
        return f"Your approval is noted. It needs {done.approvers} people; nothing is done before."
    if done.runs_at is None or done.runs_at == done.approved_at:
        return "Approved. It is carried out within a minute."
    when = timezone.localtime(done.runs_at).strftime("%-d %b %Y, %H:%M")
    return f"Approved. It runs after {when}, unless somebody withdraws it."


def _check_typed(request_id: int, typed: str, request: HttpRequest) -> None:
    """Raise Obstacle unless the word of the kind was typed."""
    asked = approvals.find(request_id, by=visitors.person(request))
    kind = kinds.of(asked.kind)
    if kind.typed and typed.casefold() != kind.typed.casefold():
        raise approvals.Obstacle(f"Nothing is approved: type “{kind.typed}” to confirm.")
