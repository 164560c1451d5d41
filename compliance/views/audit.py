"""The audit trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import trail, visitors
from compliance.forms.audit import AuditFilters


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
        "query": visitors.query(request, drop=["before"]),
    }
    return render(request, "audit/index.html", context)
