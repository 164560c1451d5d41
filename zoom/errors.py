"""What can go wrong at Zoom, and whether trying again can help.

::

    ZoomError                 retryable
    ├── RateLimited           yes, at `retry_at` (a moment, never clipped)
    ├── Unavailable           yes: 5xx, timeouts, broken connections
    ├── DownloadInterrupted   yes: the file's bytes stopped coming
    ├── UploadInterrupted     no: the file could not be read as it was when it was begun
    ├── PageTokenExpired      no; the pages start again from the first one
    ├── UnexpectedReply       only when the body was damaged on the way; keeps the bytes
    ├── BadRequest            no: Zoom refuses the parameters
    │   └── NotFound          no: no such session, channel, matter, user or file
    ├── NotAuthorized         no: a scope or a permission is missing
    ├── InvalidCredentials    no: account id, client id or secret are wrong (yes: a fresh token was revoked)
    ├── TooLarge              no: more bytes than were announced or allowed
    └── DigestMismatch        no: the bytes are not the ones Zoom promised
    InvalidParameter          a ValueError: the call breaks a bound and was never sent

Messages name the operation and Zoom's own sentence. They never hold a token, a download address or
the text of a chat message; `UnexpectedReply.body` does hold what was received, so never log it.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

import msgspec


class RequestNote(NamedTuple):
    """Which request a reply or an error belongs to: enough for evidence, without any token."""

    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()


class InvalidParameter(ValueError):
    """A call that Zoom would refuse, refused before a request was spent.

    `parameter` is Zoom's name for it (`identifiers`, `members[3].email`), `bound` what it must keep to. The value
    is not repeated: it can be the text of a message.
    """

    def __init__(self, *, operation: str, parameter: str, bound: str) -> None:
        super().__init__(f"{operation}: {parameter}: {bound}")
        self.operation = operation
        self.parameter = parameter
        self.bound = bound


class ZoomError(Exception):
    """Something asked of Zoom was not answered with a good reply.

    `began` is False when Zoom surely has not begun what was asked, so that even a creation may be repeated.
    """

    retryable = False
    began = True

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        status: int | None = None,
        request: RequestNote | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.request = request


class RateLimited(ZoomError):
    """The account's budget is used up until `retry_at` (UTC)."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        retry_at: datetime,
        code: int | None = None,
        status: int | None = None,
        request: RequestNote | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, request=request)
        self.retry_at = retry_at


class Unavailable(ZoomError):
    """Zoom, or the way to it, is out of order for the moment."""

    retryable = True


class NotAuthorized(ZoomError):
    """The app may not do this; `missing_scopes` names the scopes when Zoom did."""

    def __init__(
        self,
        message: str,
        *,
        missing_scopes: frozenset[str] = frozenset(),
        code: int | None = None,
        status: int | None = None,
        request: RequestNote | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, request=request)
        self.missing_scopes = missing_scopes


class InvalidCredentials(ZoomError):
    """Zoom gives no token for this account id, client id and secret, or refuses a fresh one.

    A fresh token that is called expired can have been revoked in between: only then may one try again.
    """


class BadRequest(ZoomError):
    """Zoom refuses the request as it was put."""


class NotFound(BadRequest):
    """What was asked for does not exist, or does not any more."""


class PageTokenExpired(ZoomError):
    """The page token lived its 15 minutes or belongs to other parameters."""


class UnexpectedReply(ZoomError):
    """A reply that is not shaped as documented; `body` keeps its bytes as evidence.

    Asking again helps only when the bytes were damaged on the way (`damaged`), such as a body cut short or a
    proxy's HTML; it cannot when the JSON is whole but something else than documented.
    """

    def __init__(
        self,
        message: str,
        *,
        body: bytes = b"",
        damaged: bool = False,
        code: int | None = None,
        status: int | None = None,
        request: RequestNote | None = None,
    ) -> None:
        super().__init__(message, code=code, status=status, request=request)
        self.body = body
        self.retryable = damaged


class TooLarge(ZoomError):
    """More bytes came than were announced or are allowed."""


class DigestMismatch(ZoomError):
    """A downloaded file does not have the SHA-256 that Zoom gave for it."""


class DownloadInterrupted(ZoomError):
    """A download stopped before its end, and resuming did not help."""

    retryable = True


class UploadInterrupted(ZoomError):
    """A file could not be read to its end, or was changed, while it was being sent."""


BAD_PARAMETER = 300
_NO_PERMISSION = frozenset({200, 403})
_NO_SUCH_THING = frozenset({404, 1001, 4130, 4131, 4200, 4400, 5046, 5306, 5401, 5404, 5407, 5508, 5801})
_MISSING_SCOPE = 4711
_TOKEN_EXPIRED = 124
_SCOPE_LIST = re.compile(r"\[([^\]]*)\]")


class _Complaint(msgspec.Struct):
    """The body of an error, as far as it is one."""

    code: int | None = None
    message: str | None = None


def complaint(body: bytes) -> tuple[int | None, str]:
    """Zoom's error code and sentence from the body of an error; `(None, "")` when it is neither."""
    try:
        found = msgspec.json.decode(body, type=_Complaint)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, ""
    return found.code, (found.message or "")[:500]


def from_reply(*, status: int, body: bytes, request: RequestNote, paging: bool = False) -> ZoomError:
    """The error that a reply other than success means.

    `paging` says that a page token was sent: then a bad parameter (code 300) can only be that token, as
    everything else had been accepted for the first page. 429 is told apart in `pacing`, by its headers.
    """
    code, sentence = complaint(body)
    text = f"{request.operation}: HTTP {status}" + (f", code {code}" if code is not None else "")
    text += f": {sentence}" if sentence else ""
    if status >= 500:
        return Unavailable(text, code=code, status=status, request=request)
    if code == _MISSING_SCOPE:
        return NotAuthorized(
            text, missing_scopes=_scopes_in(sentence), code=code, status=status, request=request
        )
    if status == 401:
        refused = InvalidCredentials(text, code=code, status=status, request=request)
        refused.retryable = code == _TOKEN_EXPIRED
        return refused
    if code == BAD_PARAMETER and paging:
        return PageTokenExpired(text, code=code, status=status, request=request)
    if code in _NO_SUCH_THING or status in (404, 410):
        return NotFound(text, code=code, status=status, request=request)
    if code in _NO_PERMISSION or status == 403:
        return NotAuthorized(text, code=code, status=status, request=request)
    if 400 <= status < 500 or code is not None:
        return BadRequest(text, code=code, status=status, request=request)
    return UnexpectedReply(text, body=body, status=status, request=request)


def _scopes_in(sentence: str) -> frozenset[str]:
    found = _SCOPE_LIST.search(sentence)
    if found is None:
        return frozenset()
    return frozenset(part.strip() for part in found.group(1).split(",") if part.strip())
