"""Two answers side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import comparing, hits, tagging, visitors
from compliance.comparing import Part
from compliance.views import telling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The choice of two answers, and their comparison once both are chosen."""
    by, now = visitors.person(request), timezone.now()
    first, second, wanted = (request.GET.get(name, "") for name in ("a", "b", "part"))
    context: dict[str, Any] = {
        "title": "Compare",
        "sides": comparing.sides(by=by, now=now),
        "first": first,
        "second": second,
    }
    if first and second:
        with telling.absence():
            compared = comparing.compare(
                first=first,
                second=second,
                part=Part(wanted) if wanted in list(Part) else Part.FIRST,
                after=visitors.number(request, "after") or 0,
                by=by,
                now=now,
            )
        of = compared.second if compared.part is Part.SECOND else compared.first
        overlap = compared.overlap
        context |= {
            "compared": compared,
            "tabs": [
                (Part.FIRST.value, "Only in A", overlap.only_first),
                (Part.BOTH.value, "In both", overlap.both),
                (Part.SECOND.value, "Only in B", overlap.only_second),
            ],
            "lines": hits.listed(compared.found, query=of.list.query, now=now),
            "marks": tagging.beside([found.hit.message_id for found in compared.found]),
            "query": visitors.query(request, drop=["part", "after"]),
        }
    return render(request, "compare/index.html", context)
