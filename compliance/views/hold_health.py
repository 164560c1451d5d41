"""The health of a matter's holds: what was found, how it is dealt with, and what only a person can look at."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import health, visitors
from compliance.forms.health import Confirming, Dealing
from compliance.views import telling
from compliance.views.matters import context

PAGE = "matter_health"


@require_safe
def page(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Red first, then what was accepted, what a person confirms, what is looked at, and what is over."""
    return _page(request, matter_id, Dealing())


def _page(request: HttpRequest, matter_id: int, form: Dealing) -> HttpResponse:
    """The page, with what was written and ticked on it kept."""
    by = visitors.person(request)
    with telling.absence():
        seen = health.page(matter_id=matter_id, by=by, now=timezone.now())
    unanswered = [line for line in seen.red if line.row.dealt_with_at is None]
    only = [line.row.pk for line in unanswered] if len(unanswered) == 1 else []
    shown = context(seen.matter, current=PAGE, by=by) | {
        "seen": seen,
        "unanswered": unanswered,
        "ticked": visitors.numbers(request, "finding") if form.is_bound else only,
        "form": form,
        "confirming": Confirming(),
    }
    return render(request, "matters/health.html", shown)


@require_POST
def deal(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Write what was done about the chosen findings."""
    form = Dealing(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            count = health.deal(
                matter_id=matter_id,
                finding_ids=visitors.numbers(request, "finding"),
                words=form.cleaned_data["words"],
                everywhere=form.cleaned_data["everywhere"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            findings = "1 finding" if count == 1 else f"{count:,} findings"
            messages.info(request, f"Written about {findings}. It is in the audit trail.")
            return redirect(PAGE, matter_id)
    return _page(request, matter_id, form)


@require_POST
def place_again(request: HttpRequest, matter_id: int, finding_id: int) -> HttpResponse:
    """Place at Zoom again what is missing there."""
    with telling.obstacles(request):
        health.place_again(
            matter_id=matter_id, finding_id=finding_id, by=visitors.person(request), now=timezone.now()
        )
        messages.info(request, "It is being placed at Zoom again. The finding still waits for words.")
    return redirect(PAGE, matter_id)


@require_POST
def confirm(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say how a setting at Zoom is."""
    form = Confirming(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            health.confirm(
                matter_id=matter_id,
                setting=form.cleaned_data["setting"],
                is_so=form.cleaned_data["is_so"] == "yes",
                words=form.cleaned_data["words"],
                by=visitors.person(request),
                now=timezone.now(),
            )
    return redirect(f"{_address(matter_id)}#settings")


@require_POST
def look(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Look at Zoom now, instead of waiting for the clock."""
    with telling.obstacles(request):
        health.look_now(matter_id=matter_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, "Zoom is being asked. You are told when it is done.")
    return redirect(PAGE, matter_id)


@require_safe
def progress(request: HttpRequest, matter_id: int) -> HttpResponse:
    """How far a look is: the part of the page that moves."""
    with telling.absence():
        matter, looking = health.progress(matter_id=matter_id, by=visitors.person(request))
    response = render(request, "matters/looking.html", {"matter": matter, "looking": looking})
    if looking is None:
        response["HX-Refresh"] = "true"  # what was found stands around it
    return response


def _address(matter_id: int) -> str:
    return f"/matters/{matter_id}/health/"
