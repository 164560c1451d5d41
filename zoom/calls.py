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
import structlog

from zoom import bodies, checks, decoding, errors, pacing
from zoom.errors import InvalidParameter, RequestNote, ZoomError
from zoom.facts.rows import Host, Operation
from zoom.operations.table import OPERATIONS
from zoom.replies import Reply

Values = Mapping[str, Any]
"""Parameters by Zoom's names, as Python values (dates, flags, lists); None stands for not given."""

T = TypeVar("T")
R = TypeVar("R", bound=decoding.Record)
NO_VALUES: Values = MappingProxyType({})
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
            raise InvalidParameter(
                operation=operation.id, parameter=name, bound="an id cannot be empty, `.` or `..`"
            )
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
    hosts: Mapping[Host, str]
    """Where the hosts that take files are; one that is not named is the API's."""
    body_within: timedelta = timedelta(seconds=120)

    def call(
        self,
        id: str,
        *,
        read: Callable[[Reply], T],
        query: Values = NO_VALUES,
        page_token: str = "",
        content: Values | None = None,
        ids: Mapping[str, str] = NO_IDS,
    ) -> T:
        """Call the operation until `read` makes something of its reply; a damaged body is asked for again.

        Raises InvalidParameter, before anything is sent, for what breaks a bound of the operation.
        """
        operation = OPERATIONS[id]
        pairs = checks.query(operation, query)
        given = checks.body(operation, content)
        note = RequestNote(id, operation.method, path_of(operation, ids), pairs)
        sent = pairs
        if page_token and operation.is_paged_by_body:
            given = {**(given or {}), "next_page_token": page_token}
        elif page_token:
            sent = (*pairs, ("next_page_token", page_token))
        body = None if given is None else checks.encoded(operation, given)
        url = self.address(operation, note.path, sent)

        def once() -> T:
            request = self.request(operation, url, note=note, body=body)
            response = self.send(request, note=note, auth=self.auth)
            return read(self.receive(response, note, paging=bool(page_token)))

        return self.patiently(once, safe_to_repeat=operation.is_repeatable)

    def record(
        self,
        id: str,
        kind: type[R],
        *,
        query: Values = NO_VALUES,
        content: Values | None = None,
        ids: Mapping[str, str] = NO_IDS,
    ) -> R:
        """Call an operation whose reply is one record."""

        def read(reply: Reply) -> R:
            return decoding.whole(kind, reply.body, status=reply.status, request=reply.request)

        return self.call(id, read=read, query=query, content=content, ids=ids)

    def done(
        self,
        id: str,
        *,
        query: Values = NO_VALUES,
        content: Values | None = None,
        ids: Mapping[str, str] = NO_IDS,
    ) -> None:
        """Call an operation that says nothing when it worked."""
        self.call(id, read=lambda _: None, query=query, content=content, ids=ids)

    def address(self, operation: Operation, path: str, query: Sequence[tuple[str, str]]) -> str:
        """Where a request of the operation goes."""
        base = self.hosts.get(operation.host, self.api_url)
        return f"{base}{path}?{urlencode(query, errors='surrogatepass')}" if query else f"{base}{path}"

    def request(
        self,
        operation: Operation,
        url: str,
        *,
        note: RequestNote,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> httpx.Request:
        """A request of the operation, charged to its label; the body is JSON."""
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/json"
        return self.http.build_request(
            operation.method,
            url,
            headers=sent,
            content=body,
            extensions={pacing.LABEL: operation.budget, pacing.NOTE: note},
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

    def receive(self, response: httpx.Response, note: RequestNote, *, paging: bool = False) -> Reply:
        """A good reply read to its end and closed, or the error that any other means."""
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
