"""How stored bytes are sent: whole, or the range that was asked for (RFC 9110, section 14)."""

import re
from collections.abc import Iterator

from starlette.responses import Response, StreamingResponse

from sandbox.files import Content
from sandbox.wire import Refusal

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def etag(content: Content) -> str:
    """What tells these bytes from others, as a header names it."""
    return f'"{content.tag}"'


def reply(
    content: Content, *, wanted: str | None, corrupt: bool, media_type: str, headers: dict[str, str]
) -> Response:
    """The bytes as a stream: 200, 206 for a range, Refusal 416; `corrupt` spoils the first byte."""
    start, end = span(wanted, size=content.size)
    headers = {**headers, "Content-Length": str(end - start), "Accept-Ranges": "bytes"}
    if wanted is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
    pieces = content.chunks(start, end)
    status = 200 if wanted is None else 206
    return StreamingResponse(
        _corrupted(pieces) if corrupt else pieces, status, headers, media_type=media_type
    )


def span(wanted: str | None, *, size: int) -> tuple[int, int]:
    """The bytes a Range header asks for, as start and end; Refusal 416 when there are none."""
    if wanted is None:
        return 0, size
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match.groups() == ("", ""):
        raise Refusal(416, 416, "Range not satisfiable.", {"Content-Range": f"bytes */{size}"})
    first, last = match.groups()
    start = max(0, size - int(last)) if first == "" else int(first)
    end = size if first == "" or last == "" else min(size, int(last) + 1)
    if start >= size or end <= start:
        raise Refusal(416, 416, "Range not satisfiable.", {"Content-Range": f"bytes */{size}"})
    return start, end


def _corrupted(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield bytes([piece[0] ^ 0xFF]) + piece[1:] if number == 0 and piece else piece
