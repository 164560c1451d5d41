"""Certificates on paper: of an export and of a destruction, as PDF to print and to file."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive.packages.pdf.papers import Paper
from compliance import visitors
from compliance.disposition import certifying as destructions
from compliance.exports import certifying as exports
from compliance.hindrances import Hindrance
from compliance.views import telling


@require_safe
def of_export(request: HttpRequest, export_id: int) -> HttpResponse:
    """What a package has, and by which digests it is known."""
    return _to_save(request, partial(exports.take, export_id=export_id), back=redirect("export", export_id))


@require_safe
def of_disposition(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """What was destroyed, why, and who decided it."""
    take = partial(destructions.take_paper, disposition_id=disposition_id)
    return _to_save(request, take, back=redirect("disposition", disposition_id))


def _to_save(request: HttpRequest, take: Callable[..., Paper], *, back: HttpResponse) -> HttpResponse:
    """What `take` gives by this person, now; or the page it belongs to, which says why there is none."""
    try:
        with telling.absence():
            paper = take(by=visitors.person(request), now=timezone.now())
    except Hindrance as error:
        telling.hindered(request, error)
        return back
    return HttpResponse(
        paper.pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{paper.name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
