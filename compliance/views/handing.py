"""Putting an answer, a saved search or a frozen list into a matter: what it is, which matter, and as what."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from archive import search
from compliance import handing, inert, lists, permissions, saved, visitors
from compliance.forms.work import Hand
from compliance.handing import Handed
from compliance.models import MessageList, SavedSearch
from compliance.permissions import Action
from compliance.views import telling


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form, of a query or with `?search=` or `?list=` of what is kept; sent, it is done."""
    by = visitors.person(request)
    for action in (Action.SEE_MATTER, Action.SAVE_SEARCH):
        permissions.check(action, by=by)
    with telling.absence():
        kept = _kept(request)
    form = Hand(request.POST or None)
    if request.method == "POST" and telling.fits(request, form):
        with telling.obstacles(request):
            handed = _hand(request, kept, form.cleaned_data)
            messages.success(request, inert.plain(handed.sentence))
            is_list = isinstance(handed.made, MessageList)
            return redirect("list" if is_list else "saved_search", handed.made.pk)
    context = {
        "title": "Put into a matter",
        "kept": kept,
        "is_list": isinstance(kept, MessageList),
        "asked": visitors.sought(request) if kept is None else kept.query,
        "name": request.POST.get("name", "" if kept is None else kept.name),
        "matters": handing.choices(by),
        "may_freeze": permissions.can(Action.FREEZE, by=by),
        "longest_name": saved.LONGEST_NAME,
    }
    return render(request, "searches/hand.html", context)


def _kept(request: HttpRequest) -> SavedSearch | MessageList | None:
    """The saved search or the frozen list in the address; None where it is a query."""
    by = visitors.person(request)
    search_id, list_id = visitors.number(request, "search"), visitors.number(request, "list")
    if search_id is not None:
        return saved.find(search_id=search_id, by=by)
    if list_id is not None:
        permissions.check(Action.FREEZE, by=by)
        return lists.find(list_id, by)
    return None


def _hand(request: HttpRequest, kept: SavedSearch | MessageList | None, form: dict[str, Any]) -> Handed:
    by, now = visitors.person(request), timezone.now()
    name, matter_id = form["name"], form["matter"]
    if isinstance(kept, MessageList):
        return handing.frozen(list_id=kept.pk, name=name, matter_id=matter_id, by=by, now=now)
    query = visitors.sought(request) if kept is None else kept.query
    order = visitors.order(request) if kept is None else search.Order(kept.order)
    asked: dict[str, Any] = {"query": query, "order": order, "name": name, "matter_id": matter_id}
    if form["how"] == "list":
        return handing.as_list(**asked, by=by, now=now)
    return handing.as_search(**asked, of=None if kept is None else kept.pk, by=by, now=now)
