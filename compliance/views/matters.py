"""Legal matters: the list of a person's own, the page that says what one protects, and its custodians."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import health, inert, matters, membership, opening, permissions, preserved, visitors
from compliance.disposition import released
from compliance.forms.matters import Add, Opening
from compliance.forms.places import PlaceDays
from compliance.models import Matter
from compliance.permissions import Action
from compliance.views import choosing, choosing_places, matter_tabs, telling


def context(matter: Matter, *, current: str, by: User) -> dict[str, Any]:
    """What `templates/matters/base.html` needs on every page of a matter."""
    return {
        "title": matter.name,
        "matter": matter,
        "tabs": matter_tabs.of(matter, current=current, by=by),
        "health": health.mark(matter, now=timezone.now()),
        "may_release": matter.state == Matter.State.ACTIVE and permissions.can(Action.RELEASE, by=by),
        "may_change": matter.state == Matter.State.ACTIVE and permissions.can(Action.CHANGE_MATTER, by=by),
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The matters whose member one is, newest first."""
    state, named = request.GET.get("state", ""), " ".join(request.GET.get("name", "").split())[:100]
    now = timezone.now()
    page = matters.page(
        state=state,
        named=named,
        before=visitors.number(request, "before"),
        by=visitors.person(request),
        now=now,
    )
    marks = health.marks([line.matter for line in page.lines], now=now)
    return render(
        request,
        "matters/index.html",
        {
            "title": "Matters",
            "page": page,
            "lines": [(line, marks[line.matter.pk]) for line in page.lines],
            "state": state,
            "named": named,
            "states": Matter.State.choices,
            "query": visitors.query(request, drop=["before"]),
            "orphans": membership.orphans(by=visitors.person(request)),
            "may_open": permissions.can(Action.OPEN_MATTER, by=request.user),
        },
    )


@require_safe
def one(request: HttpRequest, matter_id: int) -> HttpResponse:
    """What a matter protects, at a glance."""
    by = visitors.person(request)
    with telling.absence():
        seen = matters.seen(matter_id=matter_id, by=by, now=timezone.now())
    count = preserved.summary(matter_id)
    is_active = seen.matter.state == Matter.State.ACTIVE
    return render(
        request,
        "matters/one.html",
        context(seen.matter, current="matter", by=by)
        | {
            "seen": seen,
            "count": count,
            "missing": preserved.missing(seen.matter, count) if is_active else None,
            "ends": released.of_matter(seen.matter),
            "may_see_disposition": permissions.can(Action.SEE_DISPOSITION, by=by),
        },
    )


@require_safe
def custodians(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Everybody held in a matter, how they stand at Zoom, and a way to hold more."""
    by = visitors.person(request)
    with telling.absence():
        matter = matters.get(matter_id=matter_id, by=by)
    return _custodians(request, matter, choosing.NOBODY, by=by)


def _custodians(request: HttpRequest, matter: Matter, chosen: choosing.Chosen, *, by: User) -> HttpResponse:
    """The page, with whom one has chosen so far."""
    named, at_zoom = " ".join(request.GET.get("name", "").split())[:100], request.GET.get("at_zoom", "")
    shown = {
        "roll": matters.roll(matter, named=named, at_zoom=at_zoom, after=visitors.number(request, "after")),
        "named": named,
        "at_zoom": at_zoom,
        "standings": matters.AT_ZOOM.items(),
        "query": visitors.query(request, drop=["after"]),
        "chosen": chosen,
        "departments": choosing.departments(matter.account_id),
    }
    page = context(matter, current="matter_custodians", by=by) | shown
    return render(request, "matters/custodians.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def open_matter(request: HttpRequest) -> HttpResponse:
    """Open a matter: who is held, from when, and why; what is placed is what was looked over, or it is shown again."""
    by, now = visitors.person(request), timezone.now()
    permissions.check(Action.OPEN_MATTER, by=by)
    is_sent = request.method == "POST"
    begun: dict[str, object] = {"request_key": uuid4()}
    begun |= {"account": request.GET["account"]} if "account" in request.GET else {}
    form = Opening(request.POST) if is_sent else Opening(initial=begun)
    account_id = form.account_chosen()
    chosen = choosing.chosen(request, account_id=account_id)
    places = choosing_places.chosen(request, account_id=account_id)
    days = PlaceDays(request.POST) if is_sent else PlaceDays()
    draft, preview = None, None
    is_looked_over = request.POST.get("do") in ("preview", "place")
    if is_looked_over and form.is_valid() and days.is_valid():
        draft = form.draft(
            person_ids=[one.person_id for one in chosen.people],
            origins=chosen.origins,
            session_ids=[one.session_id for one in places.ticked],
            session_days=days.days(),
        )
        try:
            if request.POST["do"] == "place" and request.POST.get("seen") == draft.digest:
                return redirect("matter", opening.open_matter(draft, by=by, now=now).pk)
            preview = opening.preview(draft)
            if request.POST["do"] == "place":
                messages.warning(request, "It was changed since you looked: nothing is held yet. Look again.")
        except opening.Unfit as error:
            telling.hindered(request, error)
    elif is_sent and not is_looked_over:
        form, days = form.so_far(), days.so_far()  # only people were looked for: nothing is wrong yet
    return render(
        request,
        "matters/open.html",
        {
            "title": "Open a matter",
            "form": form,
            "chosen": chosen,
            "draft": draft,
            "preview": preview,
            "missing": None if draft is None or preview is None else _would_be_missing(draft, preview),
            "departments": choosing.departments(account_id),
            "places": places,
            "days_form": days,
        },
    )


def _would_be_missing(draft: opening.Draft, preview: opening.Preview) -> preserved.Missing:
    return preserved.would_be_missing(draft, [one.person_id for one in preview.people])


@require_POST
def add(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hold more people in a matter; until they are all chosen, the page shows who was found."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    chosen = choosing.chosen(request, account_id=matter.account_id)
    form = Add(request.POST)
    if form.is_valid() and form.cleaned_data["do"] == "place":
        try:
            held = opening.add(
                matter_id=matter_id,
                person_ids=[one.person_id for one in chosen.people],
                origins=chosen.origins,
                by=by,
                now=now,
            )
        except opening.Unfit as error:
            telling.hindered(request, error)
        else:
            messages.info(
                request, f"Held from now on: {inert.plain(', '.join(one.name for one in held[:20]))}."
            )
            return redirect("matter_custodians", matter_id)
    return _custodians(request, matter, chosen, by=by)


@require_POST
def ask_zoom_again(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Ask Zoom anew for those it refused, once what it said was looked after."""
    with telling.obstacles(request):
        asked = opening.ask_zoom_again(matter_id=matter_id, by=visitors.person(request), now=timezone.now())
        messages.info(
            request, f"Asked of Zoom again: {inert.plain(', '.join(one.name for one in asked[:20]))}."
        )
    return redirect("matter_custodians", matter_id)


@require_safe
def find_people(request: HttpRequest) -> HttpResponse:
    """People who are called so, as boxes to tick: what htmx asks for while one types."""
    permissions.check(Action.OPEN_MATTER, by=visitors.person(request))
    return render(request, "matters/people.html", {"chosen": choosing.found(request)})
