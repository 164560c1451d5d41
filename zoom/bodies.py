"""Reading replies without trusting their size or their patience.

A reply is read piece by piece up to a bound in bytes and a bound in time, so neither a huge body nor one that
drips can hold a worker. Error bodies are small by nature and are read at once, close to the wire, so that
every layer above (token renewal, pacing, the error tree) may look at them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from zoom.errors import TooLarge, Unavailable

ERROR_LIMIT_BYTES = 256 * 1024
SMALL = "zoom_small"  # request extension: read the reply at once, whatever its status


def read(
    response: httpx.Response, *, limit_bytes: int, within: timedelta, now: Callable[[], datetime]
) -> bytes:
    """The whole body, decompressed; `TooLarge` over the limit, `Unavailable` when it drips too long."""
    deadline = now() + within
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > limit_bytes:
            raise TooLarge(f"a reply of more than {limit_bytes} bytes", status=response.status_code)
        if now() > deadline:
            raise Unavailable(
                f"a reply that took more than {within.seconds} s to arrive", status=response.status_code
            )
        parts.append(part)
    return b"".join(parts) if len(parts) != 1 else parts[0]


class SmallErrors(httpx.BaseTransport):
    """Hands on replies as they come, but error replies and small ones complete, cut at a bound."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; read the reply here when it is an error or was asked for as small."""
        response = self._inner.handle_request(request)
        if response.status_code < 400 and SMALL not in request.extensions:
            return response
        response.request = request
        body = bytearray()
        try:
            for part in response.iter_bytes():
                body += part
                if len(body) > ERROR_LIMIT_BYTES:
                    break
        except httpx.DecodingError:
            body.clear()
        finally:
            response.close()
        dropped = ("content-encoding", "content-length", "transfer-encoding")
        headers = [pair for pair in response.headers.multi_items() if pair[0] not in dropped]
        return httpx.Response(response.status_code, headers=headers, content=bytes(body[:ERROR_LIMIT_BYTES]))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
