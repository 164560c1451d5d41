"""Saved searches: the list, one with what is new, and what can be done with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import hits, permissions, saved, tagging, visitors
from compliance.forms.work import Change, Save
from compliance.permissions import Action
from compliance.saved import Part
from compliance.views import telling

LABELS = {
    Part.NEW: "New",
    Part.CHANGED: "Changed",
    Part.GONE: "No longer found",
    Part.ALL: "All",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All searches the person may see."""
    lines = saved.lines(by=visitors.person(request), now=timezone.now())
    return render(request, "searches/index.html", {"title": "Searches", "lines": lines})


@require_safe
def one(request: HttpRequest, search_id: int) -> HttpResponse:
    """A search with a part of what its last run found."""
    wanted = request.GET.get("part", "")
    with telling.absence():
        seen = saved.seen(
            search_id=search_id,
            part=Part(wanted) if wanted in list(Part) else None,
            after=visitors.number(request, "after") or 0,
            by=visitors.person(request),
            now=timezone.now(),
        )
    kept = seen.line.search
    context = {
        "title": kept.name,
        "seen": seen,
        "kept": kept,
        "tabs": [
            (part.value, label, seen.counts[part]) for part, label in LABELS.items() if part in seen.counts
        ],
        "lines": hits.listed(seen.found, query=kept.query, now=kept.made_at),
        "marks": tagging.beside([found.hit.message_id for found in seen.found]),
        "form": Change(initial={"name": kept.name, "shared": kept.is_shared}),
        "may_stop": True,  # runs are each person's own
        "may_change": seen.line.is_own and permissions.can(Action.SAVE_SEARCH, by=request.user),
        "may_hand": {Action.SAVE_SEARCH, Action.SEE_MATTER} <= permissions.allowed(request.user),
        "may_freeze": permissions.can(Action.FREEZE, by=request.user),
        "may_export": {Action.EXPORT, Action.FREEZE} <= permissions.allowed(request.user),
    }
    return render(request, "searches/one.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save a search and run it for the first time."""
    form = Save(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            kept = saved.save(
                name=form.cleaned_data["name"],
                query=form.cleaned_data["q"],
                order=form.asked_order(),
                shared=form.cleaned_data["shared"],
                matter_id=form.cleaned_data["matter"],
                by=visitors.person(request),
                now=timezone.now(),
            )
            return redirect("saved_search", kept.pk)
    return redirect(visitors.back(request, otherwise="/search/"))


@require_POST
def run(request: HttpRequest, search_id: int) -> HttpResponse:
    """Run a search again."""
    with telling.obstacles(request):
        saved.run(search_id=search_id, by=visitors.person(request), now=timezone.now())
    return redirect("saved_search", search_id)


@require_POST
def change(request: HttpRequest, search_id: int) -> HttpResponse:
    """Rename a search, share it or not."""
    form = Change(request.POST)
    if telling.fits(request, form):
        with telling.obstacles(request):
            saved.change(
                search_id=search_id,
                name=form.cleaned_data["name"],
                shared=form.cleaned_data["shared"],
                by=visitors.person(request),
                now=timezone.now(),
            )
    return redirect("saved_search", search_id)


@require_POST
def remove(request: HttpRequest, search_id: int) -> HttpResponse:
    """Take a search off the lists; its trail stays."""
    with telling.obstacles(request):
        saved.remove(search_id=search_id, by=visitors.person(request), now=timezone.now())
        messages.info(request, "The saved search is removed. Its trail stays.")
    return redirect("searches")
