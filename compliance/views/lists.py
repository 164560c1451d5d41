"""Frozen lists: all of them, one with its proof, its progress while it is read, and its ids to take."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import hits, lists, permissions, tagging, visitors
from compliance.forms.work import Save
from compliance.lists import Form
from compliance.models import MessageList
from compliance.permissions import Action
from compliance.views import telling

MEDIA_TYPES = {Form.NDJSON: "application/x-ndjson", Form.CSV: "text/csv; charset=utf-8"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The frozen lists, newest first."""
    lines, following = lists.lines(
        before=visitors.number(request, "before"), by=visitors.person(request), now=timezone.now()
    )
    return render(
        request, "lists/index.html", {"title": "Frozen lists", "lines": lines, "following": following}
    )


@require_safe
def one(request: HttpRequest, list_id: int) -> HttpResponse:
    """A list: how it came about, its digest, and a page of its messages."""
    by, now = visitors.person(request), timezone.now()
    after = visitors.number(request, "after") or 0
    with telling.absence():
        seen = lists.seen(list_id=list_id, after=after, by=by, now=now)
        checked = "check" in request.GET and seen.is_whole and seen.line.count is not None
        intact = lists.is_intact(list_id=list_id, by=by, now=now) if checked else None
    context = {
        "title": seen.line.list.name,
        "seen": seen,
        "kept": seen.line.list,
        "intact": intact,
        "may_stop": seen.line.list.made_by == request.user,
        "is_first": after == 0,
        "lines": hits.listed(seen.found, query=seen.line.list.query, now=now),
        "marks": tagging.beside([found.hit.message_id for found in seen.found]),
        "may_export": permissions.can(Action.EXPORT, by=request.user),
        "may_hand": seen.is_whole
        and {Action.FREEZE, Action.SAVE_SEARCH, Action.SEE_MATTER} <= permissions.allowed(request.user),
        "may_take": permissions.can(Action.TAKE_LIST, by=request.user),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=request.user),
    }
    return render(request, "lists/one.html", context)


@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the whole answer to a search."""
    form = Save(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            frozen = lists.freeze(
                name=form.cleaned_data["name"],
                query=form.cleaned_data["q"],
                order=form.asked_order(),
                matter_id=form.cleaned_data["matter"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            return redirect("list", frozen.pk)
    return redirect(visitors.back(request, otherwise="/search/"))


@require_safe
def progress(request: HttpRequest, list_id: int) -> HttpResponse:
    """How far a whole answer has been read: a page, or the part that moves when htmx asks."""
    with telling.absence():
        row, is_whole = lists.progress(list_id=list_id, by=visitors.person(request), now=timezone.now())
    is_over = row.state not in (MessageList.State.DUE, MessageList.State.CLAIMED)
    if getattr(request, "htmx", False):
        shown = {"job": row, "is_whole": is_whole, "may_stop": row.made_by == request.user}
        response = render(request, "lists/progress.html", shown)
        if is_over:
            response["HX-Refresh"] = "true"  # what stands around the bar is old as well
        return response
    context = {
        "title": "Whole answer",
        "job": row,
        "is_whole": is_whole,
        "may_stop": row.made_by == request.user,
    }
    return render(request, "lists/job.html", context)


@require_POST
def stop(request: HttpRequest, list_id: int) -> HttpResponse:
    """Stop reading a whole answer that takes too long."""
    with telling.obstacles(request):
        is_stopped = lists.stop(list_id=list_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, "It was stopped." if is_stopped else "It was done already.")
    return redirect("list_progress", list_id)


@require_safe
def take(request: HttpRequest, list_id: int) -> StreamingHttpResponse:
    """The ids of a list, as NDJSON or CSV."""
    wanted = request.GET.get("as", Form.NDJSON.value)
    if wanted not in list(Form):
        raise Http404
    form = Form(wanted)
    with telling.absence():
        lines = lists.take(list_id=list_id, form=form, by=visitors.person(request), now=timezone.now())
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="list-{list_id}.{form.value}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
