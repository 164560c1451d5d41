"""Certificates on paper: of an export and of a destruction, as PDF to print and to file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import visitors
from compliance.disposition import certifying as destructions
from compliance.exports import certifying as exports
from compliance.hindrances import Hindrance
from compliance.views import telling


@require_safe
def of_export(request: HttpRequest, export_id: int) -> HttpResponse:
    """What a package has, and by which digests it is known."""
    by, now = visitors.person(request), timezone.now()
    try:
        with telling.absence():
            paper = exports.take(export_id=export_id, by=by, now=now)
    except Hindrance as error:
        telling.hindered(request, error)
        return redirect("export", export_id)
    return _to_save(paper.pdf, name=paper.name)


@require_safe
def of_disposition(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """What was destroyed, why, and who decided it."""
    by, now = visitors.person(request), timezone.now()
    try:
        with telling.absence():
            paper = destructions.take_paper(disposition_id=disposition_id, by=by, now=now)
    except Hindrance as error:
        telling.hindered(request, error)
        return redirect("disposition", disposition_id)
    return _to_save(paper.pdf, name=paper.name)


def _to_save(pdf: bytes, *, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
