"""The transcript of a session and a period: what comes, the page to read and print, the file to take."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from archive import transcript
from compliance import holds, permissions, reading, transcripts, visitors
from compliance.permissions import Action
from compliance.transcripts import Form
from compliance.views import report_periods, telling

MEDIA_TYPES = {Form.HTML: "text/html; charset=utf-8", Form.TEXT: "text/plain; charset=utf-8"}


@require_safe
def index(request: HttpRequest, session_id: int) -> HttpResponse:
    """What comes for a period; with `?read=1` a stretch of it, to be read and printed."""
    by, now = visitors.person(request), timezone.now()
    asked = report_periods.of(request, now=now)
    with telling.absence():
        coming = transcripts.coming(session_id=session_id, period=asked.period, by=by, now=now)
    context = {
        "title": coming.session.line.title,
        "session": coming.session,
        "coming": coming,
        "asked": asked,
        "query": visitors.query(request, drop=["after", "read"]),
        "may_export": permissions.can(Action.EXPORT, by=by),
        "may_take": permissions.can(Action.DOWNLOAD, by=by),
    }
    if "read" not in request.GET:
        return render(request, "transcripts/index.html", context)
    with telling.absence():
        seen = transcripts.page(
            session_id=session_id,
            period=asked.period,
            after=transcript.position(request.GET.get("after", "")),
            by=by,
            now=now,
        )
    zone = ZoneInfo(asked.period.zone)
    context |= {
        "items": reading.page(seen.transcript, at=None, zone=zone),
        "held": holds.held([said.id for said in seen.transcript.messages]),
        "stretch": seen.transcript,
        "is_first": "after" not in request.GET,
    }
    with timezone.override(zone):
        return render(request, "transcripts/read.html", context)


@require_safe
def take(request: HttpRequest, session_id: int) -> StreamingHttpResponse:
    """The whole transcript as a file, as HTML that needs nothing else or as plain text."""
    wanted = request.GET.get("as", Form.HTML.value)
    if wanted not in list(Form):
        raise Http404
    form, now = Form(wanted), timezone.now()
    asked = report_periods.of(request, now=now)
    with telling.absence():
        pieces = transcripts.take(
            session_id=session_id, period=asked.period, form=form, by=visitors.person(request), now=now
        )
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[form])
    name = f"transcript-{session_id}-{asked.period.first}-{asked.period.last}.{form.value}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
