"""One call of one operation: from parameters to a good reply, or to an error that says what to do.

A call is tried again only when waiting can help (a short 429, 5xx, a timeout, a damaged body), a few times,
with growing and jittered pauses. An operation that creates something is tried again only when Zoom surely has
not begun it. Waiting longer than `patience` is the caller's business: `RateLimited` says until when.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import httpx
import msgspec
import structlog

from zoom import bodies, errors, pacing
from zoom.errors import RequestNote, ZoomError
from zoom.operations.table import OPERATIONS, Operation
from zoom.records import Reply

Query = Sequence[tuple[str, str]]
T = TypeVar("T")
NO_IDS: Mapping[str, str] = MappingProxyType({})

_log = structlog.get_logger()

_TRIES = 6
_BASE_S = 0.5
_CAP_S = 20.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def path_of(operation: Operation, ids: Mapping[str, str]) -> str:
    """The operation's path with its ids in place, each quoted so that it stays one segment."""
    quoted = {}
    for name, value in ids.items():
        if value in ("", ".", ".."):
            raise ValueError(f"{operation.id}: {name} cannot be {value!r}")
        quoted[name] = quote(value, safe="", errors="surrogatepass")
    return operation.path.format(**quoted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """What every operation needs to reach Zoom: connection, account, clock, limits."""

    http: httpx.Client
    auth: httpx.Auth
    api_url: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    patience: timedelta
    body_limit_bytes: int
    body_within: timedelta = timedelta(seconds=120)

    def call(
        self,
        id: str,
        *,
        read: Callable[[Reply], T],
        query: Query = (),
        page_token: str = "",
        content: Mapping[str, Any] | None = None,
        ids: Mapping[str, str] = NO_IDS,
    ) -> T:
        """Call the operation until `read` makes something of its reply; a damaged body is asked for again."""
        operation = OPERATIONS[id]
        _check_query(operation, query)
        note = RequestNote(id, operation.method, path_of(operation, ids), tuple(query))
        url = f"{self.api_url}{note.path}"
        pairs = [*query, ("next_page_token", page_token)] if page_token else query
        if pairs:
            url += "?" + urlencode(list(pairs), errors="surrogatepass")

        def once() -> T:
            request = self.request(operation, url, note=note, content=content)
            return read(self._reply(request, note, paging=bool(page_token)))

        return self.patiently(once, safe_to_repeat=operation.method != "POST")

    def request(
        self,
        operation: Operation,
        url: str,
        *,
        note: RequestNote,
        headers: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> httpx.Request:
        """A request of the operation, charged to its label."""
        sent = dict(headers or {})
        if content is not None:
            sent["Content-Type"] = "application/json"
        return self.http.build_request(
            operation.method,
            url,
            headers=sent,
            content=None if content is None else msgspec.json.encode(content),
            extensions={pacing.LABEL: operation.label, pacing.NOTE: note},
        )

    def patiently(self, once: Callable[[], T], *, safe_to_repeat: bool) -> T:
        """Do it, and do it again while waiting can help and is not longer than patience."""
        for tried in range(1, _TRIES + 1):
            try:
                return once()
            except ZoomError as error:
                if tried == _TRIES or not _is_worth_repeating(error, safe_to_repeat):
                    raise
                if isinstance(error, errors.RateLimited) and error.retry_at - self.clock() > self.patience:
                    raise
                _log.info("zoom.tried_again", error=type(error).__name__, **_facts(error), tried=tried)
            longest = min(_CAP_S, _BASE_S * 2 ** (tried - 1))
            self.sleep(longest * random.uniform(0.5, 1.0))
        raise AssertionError("the last try either returns or raises")

    def _reply(self, request: httpx.Request, note: RequestNote, *, paging: bool) -> Reply:
        response = self.send(request, note=note, auth=self.auth)
        try:
            if not response.is_success:
                raise refusal(response, note=note, now=self.clock(), paging=paging)
            body = bodies.read(
                response, limit_bytes=self.body_limit_bytes, within=self.body_within, now=self.clock
            )
        except httpx.HTTPError as error:
            raise _outage(error, note) from None
        except ZoomError as error:
            error.request = note
            raise
        finally:
            response.close()
        return Reply(request=note, received_at=self.clock(), status=response.status_code, body=body)

    def send(self, request: httpx.Request, *, note: RequestNote, auth: httpx.Auth | None) -> httpx.Response:
        """Send it and return the open reply, whatever its status; a good body is not read yet."""
        try:
            return self.http.send(request, stream=True, auth=auth)
        except httpx.HTTPError as error:
            raise _outage(error, note) from None
        except ZoomError as error:  # from the pacing or the token: the request itself was not begun
            error.began = False
            error.request = error.request or note
            raise


def refusal(response: httpx.Response, *, note: RequestNote, now: datetime, paging: bool = False) -> ZoomError:
    """The error that a reply other than success means. Its body is small: `bodies.SmallErrors` saw to it."""
    body = response.read() if response.status_code >= 400 else b""
    if response.status_code != 429:
        return errors.from_reply(status=response.status_code, body=body, request=note, paging=paging)
    code, sentence = errors.complaint(body)
    return errors.RateLimited(
        f"{note.operation}: HTTP 429: {sentence}",
        retry_at=pacing.limit_of(headers=response.headers, body=body, now=now).until,
        code=code,
        status=429,
        request=note,
    )


def _outage(error: httpx.HTTPError, note: RequestNote) -> ZoomError:
    # Only the kind of error: its text can hold an address with a token in it.
    outage = errors.Unavailable(f"{note.operation}: {type(error).__name__}", request=note)
    outage.began = not isinstance(error, _NEVER_SENT)
    return outage


def _facts(error: ZoomError) -> dict[str, object]:
    operation = None if error.request is None else error.request.operation
    return {"operation": operation, "status": error.status, "code": error.code}


def _is_worth_repeating(error: ZoomError, safe_to_repeat: bool) -> bool:
    return error.retryable and (safe_to_repeat or not error.began or isinstance(error, errors.RateLimited))


def _check_query(operation: Operation, query: Query) -> None:
    names = [name for name, _ in query]
    unknown = set(names) - set(operation.query)
    missing = set(operation.required) - set(names)
    if unknown or missing:
        raise ValueError(f"{operation.id}: unknown {sorted(unknown)}, missing {sorted(missing)} in its query")
