"""How the system is, and what to do where it is not well."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import system, visitors


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = system.page(by=visitors.person(request), now=timezone.now())
    return render(request, "system/index.html", {"title": "System", "page": page})
