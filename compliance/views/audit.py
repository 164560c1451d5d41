"""The audit trail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import permissions, trail, visitors
from compliance.forms.audit import AuditFilters
from compliance.models import AuditEvent
from compliance.permissions import Action


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Events newest first, filtered, a page at a time."""
    form = AuditFilters(request.GET)
    form.is_valid()
    page = trail.page(
        filters=form.filters(),
        before=form.cleaned_data.get("before"),
        by=visitors.person(request),
        now=timezone.now(),
    )
    context = {
        "title": "Audit trail",
        "form": form,
        "page": page,
        "is_whole": permissions.can(Action.SEE_WHOLE_AUDIT, by=request.user),
        "query": visitors.query(request, drop=["before"]),
    }
    return render(request, "audit/index.html", context)


@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event: everything it keeps, its leaf of the log, and the proof."""
    try:
        found, proof = trail.event(event_id=event_id, by=visitors.person(request), now=timezone.now())
    except AuditEvent.DoesNotExist as error:
        raise Http404 from error
    context = {"title": f"Event {event_id}", "event": found, "proof": proof}
    return render(request, "audit/event.html", context)
