"""Bytes, whole or a part of them: Range and If-Range (RFC 9110), an ETag that is their digest, and Repr-Digest (RFC 9530).

A download that broke off is gone on with: ask for the rest with `Range: bytes=N-` and `If-Range` with the ETag.
"""

import base64
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, TypeVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, quote_etag
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from archive.packages.pdf.papers import Paper
from compliance import inert, ranges
from compliance.ranges import Stretch

R = TypeVar("R", bound=HttpResponseBase)
CHUNK_BYTES = 256 * 1024
SPOOLED_BYTES = 4_000_000


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


ASKS = (
    _header("Range", "One range of bytes: `bytes=0-1023`."),
    _header("If-Range", "The ETag of the part that is there."),
    _header("If-None-Match", "The ETag of what is there."),
)


class NotSatisfiable(APIException):
    """The range begins behind the end."""

    status_code = 416

    def __init__(self, size: int) -> None:
        super().__init__(f"There are {size:,} bytes, and the range begins behind the last.")


def has_it(request: Request, sha256: bytes) -> bool:
    """Whether the program has the bytes already."""
    return ranges.is_known(request.headers.get("If-None-Match"), etag=quote_etag(sha256.hex()))


def asked(request: Request, *, size: int, sha256: bytes) -> Stretch | None:
    """The part that is asked for; None: all of it. Raises NotSatisfiable."""
    headers = request.headers
    try:
        return ranges.asked(
            headers.get("Range"), size=size, etag=quote_etag(sha256.hex()), if_range=headers.get("If-Range")
        )
    except ranges.NotSatisfiable as error:
        raise NotSatisfiable(size) from error


def dressed(answer: R, *, sha256: bytes, name: str, size: int, stretch: Stretch | None = None) -> R:
    """The answer with what says which bytes these are, and that they are to be saved and never opened here."""
    if answer.status_code != 304:
        answer["Content-Length"] = str(size if stretch is None else stretch.length)
        answer["Content-Type"] = "application/octet-stream"
    if stretch is not None:
        answer.status_code = 206
        answer["Content-Range"] = stretch.content_range
    answer["ETag"], answer["Accept-Ranges"] = quote_etag(sha256.hex()), "bytes"
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(sha256).decode()}:"
    answer["Content-Disposition"] = content_disposition_header(True, inert.file_name(name)) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def answer(request: Request, stream: BinaryIO, *, size: int, sha256: bytes, name: str) -> HttpResponseBase:
    """What is asked for of an open file, which is closed when it was read, or at once. Raises NotSatisfiable."""
    try:
        if has_it(request, sha256):
            stream.close()
            return dressed(HttpResponse(status=304), sha256=sha256, name=name, size=size)
        stretch = asked(request, size=size, sha256=sha256)
        stream.seek(0 if stretch is None else stretch.first)
    except BaseException:
        stream.close()
        raise
    pieces = _pieces(stream, size if stretch is None else stretch.length)
    return dressed(StreamingHttpResponse(pieces), sha256=sha256, name=name, size=size, stretch=stretch)


def paper(request: Request, made: Paper) -> HttpResponseBase:
    """What is asked for of a document on paper. Raises NotSatisfiable."""
    return answer(request, io.BytesIO(made.pdf), size=len(made.pdf), sha256=made.sha256, name=made.name)


def written(request: Request, pieces: Iterable[bytes], *, name: str) -> HttpResponseBase:
    """The same of bytes that are made as they are asked for: laid down first, because their digest is their ETag.

    Raises NotSatisfiable.
    """
    sha256, size = hashlib.sha256(), 0
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115  # the answer closes it
    try:
        for piece in pieces:
            sha256.update(piece)
            size += stream.write(piece)
        return answer(request, stream, size=size, sha256=sha256.digest(), name=name)  # type: ignore[arg-type]
    except BaseException:
        stream.close()
        raise


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    with stream:
        while size > 0 and (piece := stream.read(min(CHUNK_BYTES, size))):
            size -= len(piece)
            yield piece
