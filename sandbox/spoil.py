"""What a fault does to a reply.

`before` answers in the operation's place; `after` changes the good reply it gave: lost, cut off, slowed, with
fields nobody knows or values of the wrong type. Spoiling never touches the world itself.
"""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime, timedelta
from typing import TypeVar

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sandbox import wire
from sandbox.faults import Kind, Rule
from sandbox.limits import Label, daily, per_second
from sandbox.wire import Refusal

_HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_LISTS = ("messages", "sessions", "edited_messages", "deleted_messages")
_PIECES = 8
Piece = TypeVar("Piece")


def before(label: Label, hits: dict[Kind, Rule], *, now: datetime) -> Response | None:
    """The reply of a fault that refuses the request outright at the limits' moment `now`, if one did."""
    if Kind.RATE_SECOND in hits:
        return per_second(label, 0).reply()
    if Kind.RATE_DAY in hits:
        until = now + timedelta(seconds=hits[Kind.RATE_DAY].seconds)
        return daily(label, 0, until=until.replace(microsecond=0) + timedelta(seconds=1)).reply()
    if Kind.ERROR_500 in hits:
        return Refusal(500, 500, "Internal server error.").reply()
    if Kind.BAD_GATEWAY in hits:
        return Response(_HTML, 502, media_type="text/html")
    if Kind.DEAD_PAGE_TOKEN in hits:
        return Refusal(400, 300, "This next page token is no longer good.").reply()
    return None


def after(response: Response, hits: dict[Kind, Rule]) -> Response:
    """A good reply, spoiled by the faults that befell it."""
    if response.status_code == 200 and response.media_type == "application/json":
        if Kind.UNKNOWN_FIELDS in hits:
            response = _unknown_fields(response, where=hits[Kind.UNKNOWN_FIELDS].where)
        if Kind.WRONG_TYPES in hits:
            response = _wrong_types(response, where=hits[Kind.WRONG_TYPES].where)
    if Kind.LOST_REPLY in hits:
        return LostReply(hits[Kind.LOST_REPLY].seconds)
    if Kind.CUT_BODY in hits:
        return CutResponse(response)
    if Kind.SLOW_BODY in hits:
        return _slow(response, seconds=hits[Kind.SLOW_BODY].seconds)
    return response


class LostReply(Response):
    """What a gateway says after a while when the service's own reply never reached it, though all was done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(_HTML, 502, media_type="text/html")
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        await asyncio.sleep(self._seconds)
        await super().__call__(scope, receive, send)


class CutResponse(Response):
    """A reply whose connection breaks off half-way, though its length was announced."""

    def __init__(self, whole: Response) -> None:
        super().__init__(status_code=whole.status_code)
        self.raw_headers = whole.raw_headers
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the head and part of the body, and end without completing it: the server hangs up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        first = b""
        if isinstance(self._whole, StreamingResponse):
            async for piece in self._whole.body_iterator:
                first = bytes(piece) if not isinstance(piece, str) else piece.encode()
                break
        else:
            first = bytes(self._whole.body)
        await send({"type": "http.response.body", "body": first[: len(first) // 2], "more_body": True})


def _slow(response: Response, *, seconds: float) -> Response:
    if isinstance(response, StreamingResponse):
        response.body_iterator = _after_a_while(response.body_iterator, seconds)
        return response
    body = bytes(response.body)
    step = max(1, -(-len(body) // _PIECES))

    async def pieces() -> AsyncIterator[bytes]:
        for offset in range(0, len(body), step):
            await asyncio.sleep(seconds / _PIECES)
            yield body[offset : offset + step]

    kept = {name: value for name, value in response.headers.items() if name != "content-type"}
    return StreamingResponse(pieces(), response.status_code, kept, media_type=response.media_type)


async def _after_a_while(pieces: AsyncIterable[Piece], seconds: float) -> AsyncIterator[Piece]:
    await asyncio.sleep(seconds)
    async for piece in pieces:
        yield piece


def _unknown_fields(response: Response, *, where: str) -> Response:
    reply = json.loads(bytes(response.body))
    reply["x_future_field"] = {"nested": [1, None, "two"]}
    if where == "record":
        for row in _rows(reply):
            row["x_future_field"] = {"nested": [1, None, "two"]}
    return _replaced(response, reply)


def _wrong_types(response: Response, *, where: str) -> Response:
    reply = json.loads(bytes(response.body))
    if where == "record":
        for row in _rows(reply):
            row.update({"timestamp": "yesterday", "sender": 17, "files": "none"})
    else:
        for name in _LISTS:
            if name in reply:
                reply[name] = {"unexpected": "an object where a list was"}
    return _replaced(response, reply)


def _rows(reply: dict[str, object]) -> list[dict[str, object]]:
    lists = (reply.get(name) for name in _LISTS)
    return [row for rows in lists if isinstance(rows, list) for row in rows]


def _replaced(response: Response, reply: object) -> Response:
    kept = {name: v for name, v in response.headers.items() if name not in ("content-length", "content-type")}
    return wire.reply(reply, status=response.status_code, headers=kept)
