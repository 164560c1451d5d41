"""The notices of a matter: who was told, who has answered, what was sent exactly, and what members do about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import inert, permissions, visitors
from compliance.forms.notices import Plan, Superior, Why
from compliance.notices import deciding, plans, reading
from compliance.permissions import Action
from compliance.views import matters, telling


@require_safe
def index(request: HttpRequest, matter_id: int) -> HttpResponse:
    """All custodians of the matter with what they were told."""
    show = request.GET.get("show", "")
    with telling.obstacles(request):
        seen = reading.page(
            matter_id=matter_id,
            show=show,
            after=visitors.number(request, "after") or 0,
            by=visitors.person(request),
        )
    initial = {name: getattr(seen.plan, name) for name in plans.FIELDS}
    initial["at_once"] = "yes" if seen.plan.at_once else "no"
    context = matters.context(seen.matter, current="matter_notices", by=visitors.person(request)) | {
        "seen": seen,
        "show": show if show in reading.SHOWN else "",
        "form": Plan(initial=initial),
        "may_change": permissions.can(Action.CHANGE_MATTER, by=request.user),
        "may_see_wordings": permissions.can(Action.SEE_WORDINGS, by=request.user),
    }
    return render(request, "notices/index.html", context)


@require_safe
def custodian(request: HttpRequest, matter_id: int, custodian_id: int) -> HttpResponse:
    """One custodian: every notice about them, their answer, and the person above them."""
    with telling.obstacles(request):
        seen = reading.of_custodian(
            matter_id=matter_id, custodian_id=custodian_id, by=visitors.person(request)
        )
    line = seen.lines[0]
    superior = line.superior
    context = {
        "title": inert.plain(line.custodian.name),
        "seen": seen,
        "line": line,
        "matter": seen.matter,
        "superior_form": Superior(
            initial={} if superior is None else {"name": superior.name, "email": superior.email}
        ),
        "why_form": Why(),
        "may_change": permissions.can(Action.CHANGE_MATTER, by=request.user),
    }
    return render(request, "notices/custodian.html", context)


@require_safe
def one(request: HttpRequest, matter_id: int, notice_id: int) -> HttpResponse:
    """Exactly what was sent, and what happened to it."""
    with telling.obstacles(request):
        seen = reading.one(
            matter_id=matter_id, notice_id=notice_id, by=visitors.person(request), now=timezone.now()
        )
    context = {
        "title": inert.plain(seen.notice.subject),
        "seen": seen,
        "notice": seen.notice,
        "matter": seen.notice.matter,
        "why_form": Why(),
        "may_change": permissions.can(Action.CHANGE_MATTER, by=request.user),
        "may_see_wordings": permissions.can(Action.SEE_WORDINGS, by=request.user),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=request.user),
    }
    return render(request, "notices/one.html", context)


@require_POST
def plan(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Change how the matter's custodians are told."""
    form = Plan(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            by = visitors.person(request)
            plans.change(matter_id=matter_id, by=by, now=timezone.now(), **form.cleaned_data)
            messages.info(request, "Changed. It counts for what is prepared from now on.")
    return redirect("matter_notices", matter_id)


@require_POST
def send(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Send all notices that wait to be reviewed."""
    with telling.obstacles(request):
        people = deciding.send(matter_id=matter_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, f"Notices to {people} custodian{'' if people == 1 else 's'} are being sent.")
    return redirect("matter_notices", matter_id)


@require_POST
def decide(request: HttpRequest, matter_id: int, notice_id: int) -> HttpResponse:
    """Send one notice, leave it, or try it again."""
    do, by, now = request.POST.get("do", ""), visitors.person(request), timezone.now()
    with telling.obstacles(request):
        if do == "send":
            deciding.send(matter_id=matter_id, notice_id=notice_id, by=by, now=now)
            messages.info(request, "It is being sent.")
        elif do == "again":
            deciding.again(matter_id=matter_id, notice_id=notice_id, by=by, now=now)
            messages.info(request, "The same text is being sent once more.")
        elif do == "discard":
            why = request.POST.get("why", "")
            deciding.discard(matter_id=matter_id, notice_id=notice_id, why=why, by=by, now=now)
            messages.info(request, "It is discarded and will not be sent.")
        else:
            raise Http404
    return redirect("notice", matter_id, notice_id)


@require_POST
def resend(request: HttpRequest, matter_id: int, custodian_id: int) -> HttpResponse:
    """Send a custodian a new hold notice in place of the one before."""
    with telling.obstacles(request):
        deciding.resend(
            matter_id=matter_id,
            custodian_id=custodian_id,
            why=request.POST.get("why", ""),
            by=visitors.person(request),
            now=timezone.now(),
        )
        messages.info(request, "A new notice is being sent. The link in the one before opens nothing now.")
    return redirect("notices_of", matter_id, custodian_id)


@require_POST
def superior(request: HttpRequest, matter_id: int, custodian_id: int) -> HttpResponse:
    """Name the person above a custodian."""
    form = Superior(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            plans.name_superior(
                matter_id=matter_id,
                custodian_id=custodian_id,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            messages.info(request, "Named. An escalation goes to them.")
    return redirect("notices_of", matter_id, custodian_id)
