"""Renaming a matter, and what Zoom has to say about the new name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from compliance import inert, matters, renaming, visitors
from compliance.permissions import Action
from compliance.views import telling
from compliance.views.matters import context


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say the new name and why; what it was called before, and how far Zoom is."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        matter = matters.get(matter_id=matter_id, action=Action.CHANGE_MATTER, by=by)
    if request.method == "POST":
        try:
            return _asked(request, matter_id)
        except renaming.Unfit as error:
            telling.hindered(request, error)
    shown = context(matter, current="matter", by=by) | {
        "name": request.POST.get("name", matter.name),
        "reason": request.POST.get("reason", ""),
        "longest": renaming.LONGEST_NAME,
        "former": matter.former_names.order_by("-pk"),
        "jobs": renaming.of(matter).select_related("zoom_matter"),
        "refused": renaming.of(matter).filter(state=renaming.State.REFUSED).count(),
        "now": now,
    }
    return render(request, "matters/rename.html", shown)


def _asked(request: HttpRequest, matter_id: int) -> HttpResponse:
    by, now = visitors.person(request), timezone.now()
    if request.POST.get("do") == "again":
        renaming.ask_again(matter_id=matter_id, by=by, now=now)
        messages.info(request, "Zoom is asked again.")
        return redirect("rename_matter", matter_id)
    matter = renaming.rename(
        matter_id=matter_id,
        name=request.POST.get("name", ""),
        reason=request.POST.get("reason", ""),
        by=by,
        now=now,
    )
    messages.info(request, f"It is called “{inert.plain(matter.name)}” from now on.")
    return redirect("rename_matter" if renaming.of(matter).exists() else "matter", matter_id)
