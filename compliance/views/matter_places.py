"""Conversations held themselves in a matter: which they are, finding them, and holding more."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from archive import conversations
from compliance import inert, matters, permissions, places, visitors
from compliance.forms.places import PlaceDays
from compliance.models import Matter
from compliance.permissions import Action
from compliance.views import choosing_places, telling
from compliance.views.choosing_places import ChosenPlaces
from compliance.views.matters import context

MOST_OFFERED = 50


@require_safe
def index(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Every conversation that is held itself, since when and by whom, and a way to hold more."""
    with telling.absence():
        matter = matters.get(matter_id=matter_id, by=visitors.person(request))
    chosen = choosing_places.chosen(request, account_id=matter.account_id)
    return _page(request, matter, chosen, PlaceDays())


def _page(request: HttpRequest, matter: Matter, chosen: ChosenPlaces, form: PlaceDays) -> HttpResponse:
    """The page, with what one has chosen so far."""
    by = visitors.person(request)
    page = places.page(matter, before=visitors.number(request, "before"))
    shown = context(matter, current="matter_places", by=by) | {
        "page": page,
        "lines": [places.line(one) for one in page.rows],
        "places": chosen,
        "days_form": form,
        "may_read": permissions.can(Action.READ_MESSAGES, by=by),
    }
    return render(request, "matters/places.html", shown)


@require_POST
def add(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hold more conversations; until they are all chosen, the page shows what was found."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    chosen = choosing_places.chosen(request, account_id=matter.account_id)
    form = PlaceDays(request.POST)
    if request.POST.get("do") != "place":
        return _page(request, matter, chosen, form.so_far())
    if not telling.fits(request, form):
        return _page(request, matter, chosen, form)
    try:
        held = places.hold(
            matter_id=matter_id,
            session_ids=[one.session_id for one in chosen.ticked],
            days=form.days(),
            by=by,
            now=now,
        )
    except places.Unfit as error:
        telling.hindered(request, error)
        return _page(request, matter, chosen, form)
    names = ", ".join(f"“{one.session_name}”" for one in held[:20])
    messages.info(request, f"Held from now on, here only: {inert.plain(names)}.")
    return redirect("matter_places", matter_id)


@require_safe
def of_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """In which matter to hold a conversation: one that is open, or a new one."""
    by = visitors.person(request)
    permissions.check(Action.OPEN_MATTER, by=by)
    found = conversations.of([session_id])
    if len(found) == 0:
        raise Http404
    theirs = matters.of(by).filter(state=Matter.State.ACTIVE, account_id=found[0].account_id)
    shown = {"title": f"Hold “{found[0].title}”", "conversation": found[0], "matters": theirs[:MOST_OFFERED]}
    return render(request, "sessions/hold.html", shown)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Conversations that are called so, as boxes to tick: what htmx asks for while one types."""
    permissions.check(Action.OPEN_MATTER, by=visitors.person(request))
    return render(request, "matters/places_found.html", {"places": choosing_places.found(request)})
