"""One message: every version, where it came from, who looked; and the bytes of its files."""

from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from archive import blobs
from compliance import holds, inert, investigations, permissions, reading, tagging, tags, visitors
from compliance.disposition import paths
from compliance.permissions import Action
from compliance.views import telling

CHUNK_BYTES = 256 * 1024


@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """The message's file: a page of its own, or a drawer beside the conversation when htmx asks."""
    by, now = visitors.person(request), timezone.now()
    with telling.absence():
        file = investigations.message(message_id=message_id, by=by, now=now)
    held, gone = holds.of_message(message_id=message_id, by=by, now=now), file.said.destroyed
    context = {
        "title": f"Message {message_id}",
        "file": file,
        "holds": held,
        "path": paths.of_message(
            message_id=message_id,
            is_held=held.matters > 0,
            destroyed_under=None if gone is None else gone.disposition,
            by=by,
            now=now,
        ),
        "entry": reading.entry(file.said),
        "show_hidden": request.GET.get("hidden") == "show",
        "tags": tags.of([message_id]).get(message_id, []),
        "notes": tagging.notes_on(message_id),
        "may_see_disposition": permissions.can(Action.SEE_DISPOSITION, by=request.user),
        "may_note": permissions.can(Action.TAG, by=request.user),
    }
    is_drawer = getattr(request, "htmx", False)
    return render(request, "messages/drawer.html" if is_drawer else "messages/index.html", context)


@require_safe
def file(request: HttpRequest, attachment_id: int) -> HttpResponse | StreamingHttpResponse:
    """The bytes of a file, always as something to save and never as something to open here."""
    try:
        with telling.absence():
            found = investigations.download(
                attachment_id=attachment_id, by=visitors.person(request), now=timezone.now()
            )
    except blobs.BlobMissing:
        return render(request, "messages/bytes_missing.html", {"title": "The bytes are missing"}, status=500)
    response = StreamingHttpResponse(_pieces(found.stream), content_type="application/octet-stream")
    response["Content-Length"] = str(found.file.size_bytes)
    response["Content-Disposition"] = content_disposition_header(True, inert.file_name(found.file.name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece
