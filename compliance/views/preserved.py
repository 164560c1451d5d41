"""What a matter preserves, by custodian and by session, as last counted."""

import re
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from compliance import matters, permissions, preserved, tallying, visitors
from compliance.permissions import Action
from compliance.views import matters as matter_pages
from compliance.views import telling

PLACE = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)


@require_safe
def index(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The figures in all, a page of custodians and a page of sessions."""
    by = visitors.person(request)
    after = PLACE.fullmatch(request.GET.get("after", ""))
    with telling.absence():
        seen = preserved.seen(
            matter_id=matter_id,
            after_custodian=visitors.number(request, "custodians") or 0,
            after=None if after is None else (int(after[1]), int(after[2])),
            by=by,
            now=timezone.now(),
        )
    following = None if seen.sessions_next is None else quote("{}-{}".format(*seen.sessions_next))
    return render(
        request,
        "matters/preserved.html",
        matter_pages.context(seen.matter, current="matter_preserved", by=by)
        | {
            "seen": seen,
            "job": seen.count,
            "following": following,
            "may_read": permissions.can(Action.READ_MESSAGES, by=request.user),
            "is_first": after is None,
            "is_first_of_people": "custodians" not in request.GET,
            "without_sessions": visitors.query(request, drop=["after"]),
            "without_people": visitors.query(request, drop=["custodians"]),
        },
    )


@require_safe
def progress(request: HttpRequest, matter_id: int) -> HttpResponse:
    """How far a count is: the part of the page that moves."""
    by = visitors.person(request)
    with telling.absence():
        matter = matters.get(matter_id=matter_id, by=by)
    job = preserved.summary(matter_id)
    response = render(request, "matters/counting.html", {"matter": matter, "job": job})
    if job is not None and job.state in (job.State.COUNTED, job.State.STOPPED):
        response["HX-Refresh"] = "true"  # the figures around it are old as well
    return response


@require_POST
def count(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Count again, behind the page."""
    with telling.absence():
        tallying.ask(matter_id=matter_id, by=visitors.person(request), now=timezone.now())
    messages.success(request, "It is being counted again. You are told when it is done.")
    return redirect("matter_preserved", matter_id)


@require_POST
def stop(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Stop a count that takes too long."""
    with telling.absence():
        is_stopped = tallying.stop(matter_id=matter_id, by=visitors.person(request), now=timezone.now())
    messages.info(request, "It was stopped." if is_stopped else "It was done already.")
    return redirect("matter_preserved", matter_id)
