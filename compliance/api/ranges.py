"""Bytes, whole or a part of them: Range and If-Range (RFC 9110), an ETag that is their digest, and Repr-Digest (RFC 9530).

A download that broke off is gone on with: ask for the rest with `Range: bytes=N-` and `If-Range` with the ETag.
"""

import base64
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from compliance import inert

CHUNK_BYTES = 256 * 1024
_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
ASKS = (
    OpenApiParameter(
        "Range", str, OpenApiParameter.HEADER, description="One range of bytes: `bytes=0-1023`."
    ),
    OpenApiParameter(
        "If-Range", str, OpenApiParameter.HEADER, description="The ETag of the part that is there."
    ),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of what is there."),
)


class NotSatisfiable(APIException):
    """The range begins behind the end."""

    status_code = 416

    def __init__(self, size: int) -> None:
        super().__init__(f"There are {size:,} bytes, and the range begins behind the last.")


def answer(
    request: Request, stream: BinaryIO, *, size: int, sha256: bytes, name: str
) -> HttpResponse | StreamingHttpResponse:
    """The bytes, the part that is asked for, or that the program has them already. Raises NotSatisfiable.

    The stream is closed when it has been read, or at once where nothing is.
    """
    etag = quote_etag(sha256.hex())
    had = parse_etags(request.headers.get("If-None-Match", ""))
    try:
        part = _part(request, etag, size)
        if etag in had or "*" in had:
            part = None
            found: HttpResponse | StreamingHttpResponse = HttpResponse(status=304)
            stream.close()
        else:
            first, end = (0, size) if part is None else part
            stream.seek(first)
            found = StreamingHttpResponse(
                _pieces(stream, end - first), content_type="application/octet-stream"
            )
            found["Content-Length"] = str(end - first)
    except BaseException:
        stream.close()
        raise
    if part is not None:
        found.status_code = 206
        found["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    found["ETag"], found["Accept-Ranges"] = etag, "bytes"
    found["Repr-Digest"] = f"sha-256=:{base64.b64encode(sha256).decode()}:"
    found["Content-Disposition"] = content_disposition_header(True, inert.file_name(name)) or "attachment"
    found["X-Content-Type-Options"] = "nosniff"
    found["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return found


def _part(request: Request, etag: str, size: int) -> tuple[int, int] | None:
    """Where the part that is asked for begins and ends; None: all of it, also where the range is none that we know."""
    asked = _ONE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if first == "":
        begins, ends = max(0, size - int(last)), size
    else:
        begins, ends = int(first), size if last == "" else min(int(last) + 1, size)
    if last != "" and first != "" and int(last) < int(first):
        return None
    if begins >= size:
        raise NotSatisfiable(size)
    return begins, ends


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    with stream:
        while size > 0 and (piece := stream.read(min(CHUNK_BYTES, size))):
            size -= len(piece)
            yield piece
