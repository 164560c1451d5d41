"""The files whose insides a search does not see, with the reason of each."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive.search import unsearched
from compliance import investigations, saved, visitors
from compliance.views import telling


@dataclass(frozen=True)
class Line:
    """One file and where it was sent."""

    file: unsearched.File
    session: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A page of them: those that cannot be read, or those that wait to be."""
    only_unread = request.GET.get("show") == "waiting"
    before = visitors.number(request, "before")
    by = visitors.person(request)
    with telling.absence():
        matter = saved.matter_of(visitors.number(request, "matter"), by)
        found = investigations.unsearched_files(
            only_unread=only_unread, before=before, matter=matter, by=by, now=timezone.now()
        )
    context = {
        "title": "Files not searched",
        "only_unread": only_unread,
        "matter": matter,
        "counts": found.page.counts,
        "lines": [Line(file, found.sessions.get(file.session_id, "")) for file in found.page.files],
        "following": found.page.next,
        "is_first": before is None,
        "query": visitors.query(request, drop=["before"]),
    }
    return render(request, "search/unsearched.html", context)
