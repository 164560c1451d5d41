"""Dispositions: all of them, one as it is put together, looked at, asked for and carried out."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from archive import candidates
from compliance import approvals, permissions, visitors
from compliance.disposition import asking, certifying, executing, gathering, outdated, reviewing
from compliance.models import Disposition, Erasure
from compliance.permissions import Action
from compliance.views import telling
from compliance.views.approvals import lasting

State = Disposition.State
OVER = (State.DONE, State.STOPPED, State.DISCARDED, State.FAILED)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is due, and what became of what was."""
    found = reviewing.listed(
        before=visitors.number(request, "before"), by=visitors.person(request), now=timezone.now()
    )
    context = {
        "title": "What is due",
        "page": found.page,
        "requests": found.requests,
        "accounts": candidates.accounts(),
        "may_dispose": permissions.can(Action.DISPOSE, by=request.user),
    }
    return render(request, "disposition/index.html", context)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Put together what is due of an account."""
    chosen = visitors.numbers(request, "account")
    try:
        begun = gathering.start(
            account_id=chosen[0] if chosen else 0, by=visitors.person(request), now=timezone.now()
        )
    except gathering.Unfit as error:
        telling.hindered(request, error)
        return redirect("dispositions")
    return redirect("disposition", begun.pk)


@require_safe
def one(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """One disposition: what goes, by which rules, who decides, how far it is, what became of it."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        seen = reviewing.seen(disposition_id=disposition_id, by=by, now=now)
    row, may = seen.row, permissions.can(Action.DISPOSE, by=by)
    is_open, terms = row.state == State.REVIEW and seen.request is None, asking.terms()
    is_withdrawn = row.erasure is not None and row.erasure.state == Erasure.State.WITHDRAWN
    may_change = may and is_open and not is_withdrawn
    changed = outdated.changed(row) if row.state == State.REVIEW and not is_withdrawn else ""
    context = {
        "title": f"Disposition {row.pk}",
        "seen": seen,
        "row": row,
        "is_over": row.state in OVER,
        "is_withdrawn": is_withdrawn,
        "changed": changed,
        "may_change": may_change,
        "may_ask": may_change and changed == "" and row.messages + row.zips > 0,
        "may_begin_anew": may_change and (changed != "" or seen.ended is not None),
        "may_discard": may and (is_open or row.state in (State.GATHERING, State.FAILED)),
        "may_stop": may and row.state == State.RUNNING and row.stop_at is None,
        "may_read": permissions.can(Action.READ_MESSAGES, by=by),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=by),
        "typed": asking.TYPED,
        "terms": terms,
        "cools_off": lasting(terms.cools_off),
        "words": executing.in_words(row),
        **_pace(row, now),
    }
    return render(request, "disposition/one.html", context)


@require_safe
def progress(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """How far it is: the part that moves."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        row = reviewing.get(disposition_id=disposition_id, by=by, now=now)
    response = render(request, "disposition/progress.html", {"row": row, **_pace(row, now)})
    if row.state not in (State.GATHERING, State.RUNNING):
        response["HX-Refresh"] = "true"  # what stands around the bar is old as well
    return response


@require_POST
def take_out(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """Take a session or a message out, for a reason."""
    sessions, given = visitors.numbers(request, "session"), visitors.numbers(request, "message")
    with telling.obstacles(request):
        reviewing.take_out(
            disposition_id=disposition_id,
            session_id=sessions[0] if sessions else None,
            message_id=given[0] if given else None,
            reason=request.POST.get("reason", ""),
            by=visitors.person(request),
            now=timezone.now(),
        )
        messages.info(request, "Taken out. It does not go with this disposition.")
    return redirect("disposition", disposition_id)


@require_POST
def ask(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """Ask for it to be destroyed; the request's own page says what happens next."""
    try:
        with telling.absence():
            asked = asking.ask(
                disposition_id=disposition_id,
                typed=request.POST.get("typed", ""),
                reason=request.POST.get("reason", ""),
                by=visitors.person(request),
                now=timezone.now(),
            )
    except (gathering.Unfit, approvals.Obstacle) as error:
        telling.hindered(request, error)
        return redirect("disposition", disposition_id)
    return redirect("approval", asked.pk)


@require_POST
def anew(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """Discard the set and put together what can go now."""
    by, now, shown = visitors.person(request), timezone.now(), disposition_id
    with telling.obstacles(request):
        shown = outdated.put_together_anew(disposition_id=disposition_id, by=by, now=now).pk
    return redirect("disposition", shown)


@require_POST
def discard(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """Let go of the set; nothing is destroyed."""
    reason, by, now = request.POST.get("reason", ""), visitors.person(request), timezone.now()
    with telling.obstacles(request):
        reviewing.discard(disposition_id=disposition_id, reason=reason, by=by, now=now)
        messages.info(request, "Discarded. Nothing was destroyed.")
    return redirect("disposition", disposition_id)


@require_POST
def stop(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """Stop it before its next part."""
    reason, by, now = request.POST.get("reason", ""), visitors.person(request), timezone.now()
    with telling.obstacles(request):
        row = executing.stop(disposition_id=disposition_id, reason=reason, by=by, now=now)
        gone = f"{row.destroyed:,} of {row.total:,} messages are destroyed already"
        messages.info(request, f"It stops before its next part. {gone} and cannot be brought back.")
    return redirect("disposition", disposition_id)


@require_safe
def certificate(request: HttpRequest, disposition_id: int) -> HttpResponse | StreamingHttpResponse:
    """The certificate, to be checked by anybody who has archive/verify.py."""
    try:
        with telling.absence():
            pieces = certifying.take(
                disposition_id=disposition_id, by=visitors.person(request), now=timezone.now()
            )
    except certifying.NotYet as error:
        telling.hindered(request, error)
        return redirect("disposition", disposition_id)
    response = StreamingHttpResponse(pieces, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="disposition-{disposition_id}-certificate.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _pace(row: Disposition, now: datetime) -> dict[str, object]:
    """How fast it goes, and how long it still takes in words; nothing before it is known."""
    if row.state != State.RUNNING or row.started_at is None or row.done == 0:
        return {}
    seconds = max((now - row.started_at).total_seconds(), 1.0)
    rate = row.done / seconds
    return {"rate": rate, "left": in_words((row.total - row.done) / rate)}


def in_words(seconds: float) -> str:
    """A time that is left, roughly."""
    if seconds < 90:
        return "about a minute"
    if seconds < 5_400:
        return f"about {round(seconds / 60)} minutes"
    return f"about {round(seconds / 3600)} hours"
