"""What a person was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import told, visitors


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Newest first; what is shown here is seen from now on, which nobody else ever sees."""
    page = told.page(
        person=visitors.person(request), before=visitors.number(request, "before"), now=timezone.now()
    )
    return render(request, "told/index.html", {"title": "For you", "page": page})
