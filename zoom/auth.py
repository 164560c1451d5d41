"""The account's access token: fetched, shared, renewed.

Server-to-server OAuth: the client id and secret buy a token for an hour; there is no refresh token. Workers
share one token: the first to need it fetches it while the others wait. A 401 renews it once, or takes over
the newer one that another worker has meanwhile fetched.

A token or secret never appears in a `repr`, a log line or an error. In Redis the token lies readable under a
digest of the account for as long as it is valid: keep Redis as private as the credentials.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import msgspec
from redis import Redis

from zoom import bodies, shared
from zoom.errors import InvalidCredentials, RateLimited, RequestNote, Unavailable, UnexpectedReply
from zoom.pacing import limit_of

_NOTE = RequestNote("token", "POST", "/oauth/token")
_EARLY = timedelta(seconds=60)
_LOCK_S = 15
_POLL_S = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a server-to-server app is given by Zoom."""

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)

    def fingerprint(self, *, oauth_url: str) -> str:
        """A name for these credentials at this address that gives nothing away."""
        joined = "\0".join((oauth_url, self.account_id, self.client_id, self.client_secret))
        return hashlib.sha256(joined.encode()).hexdigest()[:24]


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token, the scopes it carries and when to stop using it (UTC)."""

    access_token: str
    scopes: tuple[str, ...]
    use_until: datetime

    def __repr__(self) -> str:
        return f"Token(scopes={len(self.scopes)}, use_until={self.use_until:%H:%M:%S})"


class TokenStore(Protocol):
    """Where the token is kept, and who may fetch a new one."""

    def get(self, *, now: datetime) -> Token | None:
        """The token while it can be used."""

    def put(self, token: Token, *, now: datetime) -> None:
        """Keep a fresh token."""

    def lock(self) -> bool:
        """Become the one who fetches; False when somebody else is."""

    def unlock(self) -> None:
        """Let others fetch again."""


class OwnToken:
    """The token of one client, in memory. Safe between threads."""

    def __init__(self) -> None:
        self._token: Token | None = None
        self._lock = threading.Lock()

    def get(self, *, now: datetime) -> Token | None:
        """The token while it can be used."""
        token = self._token
        return token if token is not None and token.use_until > now else None

    def put(self, token: Token, *, now: datetime) -> None:
        """Keep a fresh token."""
        self._token = token if token.use_until > now else None

    def lock(self) -> bool:
        """Become the one who fetches, if nobody is."""
        return self._lock.acquire(blocking=False)

    def unlock(self) -> None:
        """Let others fetch again."""
        self._lock.release()


_UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class SharedToken:
    """The token of all processes that use the same credentials, in Redis."""

    def __init__(self, *, redis: Redis, name: str) -> None:
        self._redis: Any = redis  # the stubs type every command as maybe awaitable
        self._key = f"zoom:{{{name}}}:token"
        self._lock_key = f"zoom:{{{name}}}:token-lock"
        self._holders = threading.local()

    def get(self, *, now: datetime) -> Token | None:
        """The token while it can be used."""
        with shared.reach("token"):
            kept = self._redis.get(self._key)
        if kept is None:
            return None
        try:
            token = msgspec.json.decode(kept, type=Token)
        except msgspec.MsgspecError:
            return None  # another version's: fetch one and overwrite it
        return token if token.use_until > now else None

    def put(self, token: Token, *, now: datetime) -> None:
        """Keep a fresh token for as long as it can be used."""
        lives = int((token.use_until - now).total_seconds())
        if lives > 0:
            with shared.reach("token"):
                self._redis.set(self._key, msgspec.json.encode(token), ex=lives)

    def lock(self) -> bool:
        """Become the one who fetches, for at most 15 seconds, if nobody is."""
        self._holders.name = secrets.token_hex(8)
        with shared.reach("token"):
            return bool(self._redis.set(self._lock_key, self._holders.name, nx=True, ex=_LOCK_S))

    def unlock(self) -> None:
        """Let others fetch again, unless the lock has run out and is another's by now."""
        with shared.reach("token"):
            self._redis.eval(_UNLOCK, 1, self._lock_key, self._holders.name)


class AccountToken(httpx.Auth):
    """Puts the account's token on a request; renews it once when Zoom answers 401."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        oauth_url: str,
        store: TokenStore,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._credentials = credentials
        self._oauth_url = oauth_url
        self._store = store
        self._clock = clock
        self._sleep = sleep

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send with the kept token, or a new one; on 401 send once more with a newer one."""
        token = self._store.get(now=self._clock())
        if token is None:
            token = yield from self._renewed(stale=None)
        request.headers["Authorization"] = f"Bearer {token.access_token}"
        response = yield request
        if response.status_code == 401:
            token = yield from self._renewed(stale=token)
            request.headers["Authorization"] = f"Bearer {token.access_token}"
            yield request

    def current(self, send: Callable[[httpx.Request], httpx.Response], *, fresh: bool) -> Token:
        """The token, fetched through `send` when there is none or a `fresh` one is wanted."""
        token = self._store.get(now=self._clock())
        if token is not None and not fresh:
            return token
        with closing(self._renewed(stale=token)) as flow:
            try:
                request = next(flow)
                while True:
                    request = flow.send(send(request))
            except StopIteration as done:
                found: Token = done.value
                return found

    def _renewed(self, *, stale: Token | None) -> Generator[httpx.Request, httpx.Response, Token]:
        """Another token than the stale one, from a fellow worker or from Zoom."""
        waited = 0.0
        while not self._store.lock():
            if waited > _LOCK_S:
                return (yield from self._fetched())  # whoever had the lock is lost; tokens may be several
            self._sleep(_POLL_S)
            waited += _POLL_S
            fresh = self._store.get(now=self._clock())
            if fresh is not None and fresh != stale:
                return fresh
        try:
            fresh = self._store.get(now=self._clock())
            if fresh is not None and fresh != stale:
                return fresh
            return (yield from self._fetched())
        finally:
            self._store.unlock()

    def _fetched(self) -> Generator[httpx.Request, httpx.Response, Token]:
        basic = httpx.BasicAuth(self._credentials.client_id, self._credentials.client_secret)
        form = {"grant_type": "account_credentials", "account_id": self._credentials.account_id}
        request = httpx.Request("POST", self._oauth_url, data=form, extensions=self._extensions())
        response = yield next(basic.auth_flow(request))
        now = self._clock()
        token = _token_from(response, now=now)
        self._store.put(token, now=now)
        return token

    @staticmethod
    def _extensions() -> dict[str, Any]:
        return {bodies.SMALL: True, "timeout": httpx.Timeout(15).as_dict()}


class _Grant(msgspec.Struct):
    access_token: str
    expires_in: int = 3600
    scope: str = ""


class _Refusal(msgspec.Struct):
    reason: str | None = None
    error: str | None = None


def _token_from(response: httpx.Response, *, now: datetime) -> Token:
    body = response.read()
    status = response.status_code
    if status == 429:
        until = limit_of(headers=response.headers, body=body, now=now).until
        raise RateLimited("too many tokens asked for", retry_at=until, status=status, request=_NOTE)
    if status >= 500:
        raise Unavailable(f"no token: HTTP {status}", status=status, request=_NOTE)
    if status >= 400:
        raise InvalidCredentials(
            f"Zoom gives no token for these credentials: {_refusal(body) or f'HTTP {status}'}",
            status=status,
            request=_NOTE,
        )
    try:
        grant = msgspec.json.decode(body, type=_Grant)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # The body stays out of the error: it may hold a token.
        raise UnexpectedReply(
            "the token reply is not shaped as documented", damaged=True, status=status, request=_NOTE
        ) from None
    lifetime = timedelta(seconds=max(1, min(grant.expires_in, 86_400)))
    early = min(_EARLY, lifetime / 10)
    return Token(
        access_token=grant.access_token,
        scopes=tuple(sorted(set(grant.scope.split()))),
        use_until=(now + lifetime - early).astimezone(UTC),
    )


def _refusal(body: bytes) -> str:
    try:
        said = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return ", ".join(part[:200] for part in (said.reason, said.error) if part)
