"""Exports: all of them, asking for one, what exactly will come, having it made, how far it is."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import matters, permissions, visitors
from compliance.exports import asking, choosing, coming, deciding, reading
from compliance.exports.choosing import Chosen, Source
from compliance.forms.exports import Anew, Ask, Make
from compliance.models import Export
from compliance.permissions import Action
from compliance.views import matters as matter_pages
from compliance.views import report_periods, telling

Kind, State = Export.Kind, Export.State


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The exports a person may see, newest first."""
    state = request.GET.get("state", "")
    page = reading.page(
        state=state,
        before=visitors.number(request, "before"),
        by=visitors.person(request),
        now=timezone.now(),
    )
    context = {
        "title": "Exports",
        "page": page,
        "state": state,
        "states": State.choices,
        "query": visitors.query(request, drop=["before"]),
        "may_search": permissions.can(Action.SEARCH, by=request.user),
        "may_see_matters": permissions.can(Action.SEE_MATTER, by=request.user),
    }
    return render(request, "exports/index.html", context)


@require_safe
def of_matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The exports of one matter: a tab of its page."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.EXPORT, by=by)
    page = reading.page(matter=matter, before=visitors.number(request, "before"), by=by, now=now)
    context = matter_pages.context(matter, current="matter_exports", by=by) | {"page": page}
    return render(request, "exports/of_matter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, of: str, key: int) -> HttpResponse:
    """Ask for an export of one thing; what will be in it is said in words first."""
    if of not in Kind.values:
        raise Http404
    by, now = visitors.person(request), timezone.now()
    permissions.check(Action.EXPORT, by=by)
    kind, everything = Kind(of), choosing.reads_everything(by)
    within = list(matters.of(by).filter(state="active").order_by("name")) if kind == Kind.SESSION else []
    given: dict[str, Any] = {
        "kind": kind,
        "matters": within,
        "must_be_within": not everything,
        "offered": asking.offered(),
    }
    if request.method == "POST":
        form = Ask(request.POST, **given)
        if form.is_valid():
            with telling.obstacles(request):
                return redirect("export", asking.ask(form.draft(key), by=by, now=now).pk)
    chosen = _chosen(request, kind, key, None if everything or not within else within[0].pk)
    if request.method != "POST":
        form = Ask(initial=_initial(request, chosen), **given)
    context = {"title": "Ask for an export", "form": form, "chosen": chosen, "always": asking.ALWAYS}
    return render(request, "exports/ask.html", context)


@require_safe
def one(request: HttpRequest, export_id: int) -> HttpResponse:
    """What exactly will come, or came: everything that is known of one export."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        seen = reading.seen(export_id=export_id, by=by, now=now)
    row = seen.row
    context = {
        "title": f"Export {row.pk}",
        "seen": seen,
        "row": row,
        "comes": coming.of(row) if row.contents else None,
        "make": Make(initial={"digest": row.digest}),
        "anew": Anew(initial={"request_key": uuid4()}),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=by),
        "may_see_requests": permissions.can(Action.SEE_REQUESTS, by=by),
        "may_read": permissions.can(Action.READ_MESSAGES, by=by),
        "may_cancel": seen.may_cancel,
    }
    return render(request, "exports/one.html", context)


@require_safe
def progress(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far it is: the part of its page that moves."""
    with telling.absence():
        row = reading.find(export_id=export_id, by=visitors.person(request), now=timezone.now())
    response = render(request, "exports/progress.html", {"row": row})
    if row.state not in reading.MOVING:
        response["HX-Refresh"] = "true"  # what stands around the bar is old as well
    return response


@require_POST
def make(request: HttpRequest, export_id: int) -> HttpResponse:
    """Have exactly what the page showed made, or ask a second person for it."""
    form = Make(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            asked = deciding.make(
                export_id=export_id,
                digest=form.cleaned_data["digest"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            if asked is not None:
                messages.info(request, "A second person was asked. It is made as soon as they approve.")
    return redirect("export", export_id)


@require_POST
def again(request: HttpRequest, export_id: int) -> HttpResponse:
    """Make one again whose files are gone."""
    with telling.obstacles(request):
        deciding.again(export_id=export_id, by=visitors.person(request), now=timezone.now())
    return redirect("export", export_id)


@require_POST
def anew(request: HttpRequest, export_id: int) -> HttpResponse:
    """Measure the same anew, as it is now."""
    form = Anew(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            made = asking.anew(
                export_id=export_id,
                request_key=form.cleaned_data["request_key"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            return redirect("export", made.pk)
    return redirect("export", export_id)


@require_POST
def cancel(request: HttpRequest, export_id: int) -> HttpResponse:
    """Stop measuring or making it."""
    with telling.obstacles(request):
        deciding.cancel(export_id=export_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, "Cancelled. Nothing of it lies here.")
    return redirect("export", export_id)


def _chosen(request: HttpRequest, kind: Export.Kind, key: int, matter_id: int | None) -> Chosen:
    """What the page is about, in words. Raises Http404."""
    by, now = visitors.person(request), timezone.now()
    has_days = kind == Kind.SESSION or "during" in request.GET
    period = report_periods.of(request, now=now).period if has_days else None
    with telling.absence():
        return choosing.find(Source(kind, key, matter_id=matter_id, period=period), by=by, now=now)


def _initial(request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    zone = request.GET.get("zone") or timezone.get_current_timezone_name()
    initial: dict[str, Any] = {
        "title": chosen.name[: asking.LONGEST_TITLE],
        "request_key": uuid4(),
        "zone": zone,
    }
    if chosen.period is not None:
        initial |= {"first": chosen.period.first, "last": chosen.period.last, "zone": chosen.period.zone}
    if chosen.matter is not None and chosen.kind == Kind.SESSION:
        initial["within"] = str(chosen.matter.pk)
    return initial
