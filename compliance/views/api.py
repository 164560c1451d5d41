"""The page of the REST API: its description, to be read and tried, drawn in the browser from files of our own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What programs can ask for, with Swagger; without scripts, where the description is."""
    return render(request, "api/index.html", {"title": "The REST API"})
