"""Requests for erasure: all of them, taking one, one with what stands in its way, and letting it go on."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import candidates, directory
from compliance import permissions, visitors
from compliance.disposition import erasures, gathering
from compliance.forms.erasures import ErasureForm
from compliance.models import Erasure
from compliance.permissions import Action
from compliance.views import telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The requests, newest first."""
    found = erasures.page(
        before=visitors.number(request, "before"), by=visitors.person(request), now=timezone.now()
    )
    context = {
        "title": "Requests for erasure",
        "page": found,
        "may_take": permissions.can(Action.TAKE_ERASURE, by=request.user),
    }
    return render(request, "disposition/erasures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Find whose words are to go, and take the request."""
    by, now, status = visitors.person(request), timezone.now(), 200
    permissions.check(Action.TAKE_ERASURE, by=by)
    accounts = candidates.accounts()
    find = request.GET.get("find", "")[:200].replace("\x00", "").strip()
    chosen = visitors.number(request, "account") or (accounts[0][0] if accounts else 0)
    given = request.POST if request.method == "POST" else None
    form = ErasureForm(given, initial={"asked_on": timezone.localdate(now)})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = erasures.take(wanted=form.wanted(), by=by, now=now)
                return redirect("erasure", made.pk)
            except erasures.Unfit as error:
                form.add_error(None, str(error))
        person = form.cleaned_data.get("person")
        found = [] if person is None else candidates.of([person])
        chosen = form.cleaned_data.get("account") or chosen
    else:
        found = candidates.named(find, account_id=chosen) if find else []
    context = {
        "title": "Take a request for erasure",
        "form": form,
        "find": find,
        "found": found,
        "accounts": accounts,
        "chosen": chosen,
    }
    return render(request, "disposition/take_erasure.html", context, status=status)


@require_safe
def one(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """A request: what is asked, what can go, what stands in the way, what was done."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        seen = erasures.seen(erasure_id=erasure_id, by=by, now=now)
    row = seen.row
    is_open = row.state in erasures.OPEN
    busy = [one for one in seen.dispositions if one.state in gathering.OPEN]
    context = {
        "title": f"Erasure {row.pk}",
        "seen": seen,
        "row": row,
        "session": "" if row.session_id is None else directory.titles([row.session_id])[row.session_id],
        "is_open": is_open,
        "is_looked_at": _is_looked_at(row, now),
        "busy": busy[0] if busy else None,
        "may_take": is_open and permissions.can(Action.TAKE_ERASURE, by=by),
        "may_go_on": row.state == Erasure.State.READY and not busy and permissions.can(Action.DISPOSE, by=by),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=by),
    }
    return render(request, "disposition/erasure.html", context)


@require_safe
def progress(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """How far looking at it is: the part that moves."""
    now = timezone.now()
    with telling.absence():
        row = erasures.progress(erasure_id=erasure_id, by=visitors.person(request), now=now)
    is_looked_at = _is_looked_at(row, now)
    response = render(
        request, "disposition/erasure_progress.html", {"row": row, "is_looked_at": is_looked_at}
    )
    if not is_looked_at:
        response["HX-Refresh"] = "true"  # the figures around the bar are old as well
    return response


@require_POST
def look(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Look at once what stands in the way."""
    with telling.obstacles(request):
        erasures.look_now(erasure_id=erasure_id, by=visitors.person(request), now=timezone.now())
    return redirect("erasure", erasure_id)


@require_POST
def go_on(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Put together what can go."""
    try:
        with telling.absence():
            begun = gathering.start_erasure(
                erasure_id=erasure_id, by=visitors.person(request), now=timezone.now()
            )
    except gathering.Unfit as error:
        telling.hindered(request, error)
        return redirect("erasure", erasure_id)
    return redirect("disposition", begun.pk)


@require_POST
def withdraw(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """End a request that is not wanted any more."""
    reason, by, now = request.POST.get("reason", ""), visitors.person(request), timezone.now()
    with telling.obstacles(request):
        erasures.withdraw(erasure_id=erasure_id, reason=reason, by=by, now=now)
        gone = erasures.destroyed(erasure_id)
        already = (
            f" {gone:,} message{'' if gone == 1 else 's'} went before, and cannot be brought back."
            if gone
            else ""
        )
        messages.info(request, f"Withdrawn. Nothing more goes because of it.{already}")
    return redirect("erasure", erasure_id)


def _is_looked_at(row: Erasure, now: datetime) -> bool:
    """Whether a worker counts it, or is to."""
    return row.state in erasures.OPEN and (row.claim is not None or row.not_before <= now)
