"""How replies become bytes.

JSON as the API sends it: UTF-8, no spaces. What strict encoders refuse but JSON can carry (lone surrogates,
integers beyond 64 bits) is written with the standard library instead, escaped: the sandbox must be able to
send everything a real service might.
"""

import json

import msgspec
from starlette.responses import Response

_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """The JSON bytes of a value; never fails on text that JSON can carry."""
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError, msgspec.MsgspecError, ValueError):
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()


def reply(value: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON reply."""
    return Response(encode(value), status, headers, media_type="application/json")


class Refusal(Exception):
    """A request the API refuses: HTTP status, the API's own code, and the sentence it sends."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        headers: dict[str, str] | None = None,
        *,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers
        self.errors = errors

    def reply(self) -> Response:
        """The refusal as it goes over the wire."""
        said: dict[str, object] = {"code": self.code, "message": self.message}
        if self.errors:
            said["errors"] = self.errors
        return reply(said, status=self.status, headers=self.headers)
