"""Asking for a matter to be released or custodians and conversations to be dropped, members, and the timeline."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import (
    approvals,
    foreseeing,
    matters,
    membership,
    permissions,
    places,
    releasing,
    visitors,
    weighing,
)
from compliance import timeline as timelines
from compliance.foreseeing import Foreseen
from compliance.models import Custodian
from compliance.permissions import Action
from compliance.views import telling
from compliance.views.matters import context

PLACE = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)


@require_safe
def release(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Whom to let go: everybody, which releases the matter, or some; and what is asked for already."""
    count_id = visitors.number(request, "count")
    foreseen = None
    if count_id is not None:
        with telling.absence():
            foreseen = foreseeing.shown(matter_id=matter_id, count_id=count_id, by=visitors.person(request))
    return _release(request, matter_id, foreseen)


def _release(request: HttpRequest, matter_id: int, foreseen: Foreseen | None = None) -> HttpResponse:
    """The page, with what was written and ticked on it kept."""
    by = visitors.person(request)
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.RELEASE, by=by)
    shown = context(matter, current="matter_custodians", by=by) | {
        "people": Custodian.objects.filter(matter=matter, dropped_at=None).order_by("name", "pk"),
        "places": [places.line(one) for one in places.held(matter).order_by("session_name", "pk")],
        "requests": approvals.pending(subject=f"matter/{matter_id}"),
        "foreseen": foreseen,
        "reason": request.POST.get("reason", ""),
        "ticked": visitors.numbers(request, "custodian"),
        "ticked_places": visitors.numbers(request, "hold"),
        "may_read": permissions.can(Action.READ_MESSAGES, by=by),
    }
    return render(request, "matters/release.html", shown)


@require_POST
def ask(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Show what would be let go, or ask for it; the request's own page says what happens next."""
    by, now, do = visitors.person(request), timezone.now(), request.POST.get("do")
    chosen, there = visitors.numbers(request, "custodian"), visitors.numbers(request, "hold")
    reason = request.POST.get("reason", "")
    try:
        with telling.absence():
            if do in ("foresee-drop", "foresee-places", "foresee-release"):
                seen = foreseeing.foresee(
                    matter_id=matter_id,
                    custodian_ids=chosen if do == "foresee-drop" else None,
                    hold_ids=there if do == "foresee-places" else None,
                    by=by,
                    now=now,
                )
                return _release(request, matter_id, seen)
            if do == "release":
                asked = releasing.ask_release(matter_id=matter_id, reason=reason, by=by, now=now)
            elif do == "drop-places":
                asked = releasing.ask_drop_places(
                    matter_id=matter_id, hold_ids=there, reason=reason, by=by, now=now
                )
            else:
                asked = releasing.ask_drop(
                    matter_id=matter_id, custodian_ids=chosen, reason=reason, by=by, now=now
                )
    except (approvals.Obstacle, foreseeing.Unfit) as error:
        telling.hindered(request, error)
        return _release(request, matter_id)
    return redirect("approval", asked.pk)


@require_safe
def counting(request: HttpRequest, matter_id: int, count_id: int) -> HttpResponse:
    """How far a count is, and what it gave: the part of the page that moves."""
    by = visitors.person(request)
    with telling.absence():
        foreseen = foreseeing.shown(matter_id=matter_id, count_id=count_id, by=by)
    if foreseen is None:
        raise Http404
    shown = {"foreseen": foreseen, "may_read": permissions.can(Action.READ_MESSAGES, by=by)}
    return render(request, "matters/foreseen.html", shown)


@require_POST
def stop_counting(request: HttpRequest, matter_id: int, count_id: int) -> HttpResponse:
    """Stop a count that takes too long."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        is_stopped = weighing.stop(matter_id=matter_id, count_id=count_id, by=by, now=now)
    messages.info(request, "It was stopped." if is_stopped else "It was done already.")
    return redirect("matter_release", matter_id)


@require_safe
def members(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Who works on the matter, and adding and removing them."""
    by = visitors.person(request)
    with telling.absence():
        matter, there, others = membership.members(matter_id=matter_id, by=by)
    shown = context(matter, current="matter_members", by=by) | {"members": there, "others": others}
    shown["may_change"] = permissions.can(Action.CHANGE_MATTER, by=by)
    return render(request, "matters/members.html", shown)


@require_POST
def change_members(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Add a person, or take one off."""
    by, now = visitors.person(request), timezone.now()
    chosen = visitors.numbers(request, "user")
    try:
        with telling.absence():
            matters.get(matter_id=matter_id, by=by)
            if len(chosen) != 1:
                messages.warning(request, "Choose a person.")
            elif request.POST.get("do") == "remove":
                membership.remove(matter_id=matter_id, user_id=chosen[0], by=by, now=now)
            else:
                membership.add(matter_id=matter_id, user_id=chosen[0], by=by, now=now)
    except membership.Unfit as error:
        telling.hindered(request, error)
    is_still_in = matters.of(by).filter(pk=matter_id).exists()
    return redirect("matter_members", matter_id) if is_still_in else redirect("matters")


@require_POST
def join(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Take up a matter that has no officer left."""
    try:
        with telling.absence():
            membership.join(
                matter_id=matter_id,
                reason=request.POST.get("reason", ""),
                by=visitors.person(request),
                now=timezone.now(),
            )
    except membership.Unfit as error:
        telling.hindered(request, error)
        return redirect("matters")
    return redirect("matter_members", matter_id)


@require_safe
def timeline(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Everything that was ever done about the matter."""
    by = visitors.person(request)
    before = PLACE.fullmatch(request.GET.get("before", ""))
    with telling.absence():
        page = timelines.page(
            matter_id=matter_id,
            before=timelines.NEWEST if before is None else (int(before[1]), int(before[2])),
            with_looks="looks" in request.GET,
            by=by,
            now=timezone.now(),
        )
    shown = context(page.matter, current="matter_timeline", by=by) | {
        "page": page,
        "older": None if page.older is None else "{}-{}".format(*page.older),
        "with_looks": "looks" in request.GET,
        "query": visitors.query(request, drop=["before"]),
        "may_see_audit": permissions.can(Action.SEE_AUDIT, by=by),
    }
    return render(request, "matters/timeline.html", shown)
