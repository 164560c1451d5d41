"""Taking the files of an export by HTTP: whole, or on from where a download broke off (RFC 9110, Range)."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance import ranges, visitors
from compliance.exports import taking
from compliance.views import telling


@require_safe
def part(request: HttpRequest, export_id: int, number: int) -> HttpResponseBase:
    """One part. A strong ETag, so that whoever goes on with a download goes on with the same file."""
    by = visitors.person(request)
    with telling.absence():
        found = taking.part(export_id=export_id, number=number, by=by, now=timezone.now())
    headers = {"ETag": found.etag, "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    if ranges.is_known(request.headers.get("If-None-Match"), etag=found.etag):
        return HttpResponseNotModified(headers=headers)
    try:
        stretch = ranges.asked(
            request.headers.get("Range"),
            size=found.size_bytes,
            etag=found.etag,
            if_range=request.headers.get("If-Range"),
        )
    except ranges.NotSatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{found.size_bytes}"})
    headers |= {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Content-Length": str(found.size_bytes if stretch is None else stretch.length),
    }
    if stretch is not None:
        headers["Content-Range"] = stretch.content_range
    status = 200 if stretch is None else 206
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    with telling.absence():
        pieces = taking.take(found, stretch, by=by, clock=timezone.now)
    return StreamingHttpResponse(pieces, status=status, headers=headers)
