"""Access tokens of a server-to-server app: who may ask, for how long, with which scopes.

Any credentials are accepted unless the sandbox was started with its own. Several tokens are valid at once.
A token lives an hour of world time; a revoked or expired one answers 401 with code 124, one without the
needed scope 400 with code 4711 and the scopes it lacks.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.wire import Refusal

LIFE_SECONDS = 3600


@dataclass(slots=True, frozen=True)
class Credentials:
    """What an app must present; None accepts anything."""

    client_id: str | None = None
    client_secret: str | None = None
    account_id: str | None = None


class OAuthRefusal(Exception):
    """A refusal of the token endpoint, which has a shape of its own."""

    def __init__(self, status: int, reason: str, error: str) -> None:
        super().__init__(reason)
        self.status, self.reason, self.error = status, reason, error


class Tokens:
    """Issues, checks and revokes access tokens."""

    def __init__(self, *, clock: Clock, credentials: Credentials, scopes: frozenset[str]) -> None:
        self._clock = clock
        self._credentials = credentials
        self.scopes = scopes
        self._issued: dict[str, tuple[int, frozenset[str]]] = {}
        self.count = 0

    def issue(self, *, authorization: str | None, grant_type: str | None, account_id: str | None) -> str:
        """A fresh access token, or OAuthRefusal."""
        client_id, client_secret = _basic(authorization)
        wanted = self._credentials
        if wanted.client_id not in (None, client_id) or wanted.client_secret not in (None, client_secret):
            raise OAuthRefusal(401, "Invalid client_id or client_secret", "invalid_client")
        if grant_type != "account_credentials":
            raise OAuthRefusal(400, "Unsupported grant type", "unsupported_grant_type")
        if not account_id or wanted.account_id not in (None, account_id):
            raise OAuthRefusal(400, "Bad Request: invalid account_id", "invalid_grant")
        token = "sandbox." + secrets.token_urlsafe(32)
        self._issued[token] = (self._clock.now_ms() + LIFE_SECONDS * 1000, self.scopes)
        self.count += 1
        return token

    def check(self, authorization: str | None, *, any_of: tuple[str, ...]) -> str:
        """The token of a request that may use an operation with one of these scopes."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, 124, "Invalid access token.")
        known = self._issued.get(token)
        if known is None:
            raise Refusal(401, 124, "Invalid access token.")
        expires_at, scopes = known
        if self._clock.now_ms() >= expires_at:
            raise Refusal(401, 124, "Access token is expired.")
        if scopes.isdisjoint(any_of):
            raise Refusal(400, 4711, f"Invalid access token, does not contain scopes:[{', '.join(any_of)}].")
        return token

    def revoke(self, token: str | None = None) -> int:
        """Take one token back, or all of them; how many were taken."""
        gone = list(self._issued) if token is None else [token]
        return sum(self._issued.pop(one, None) is not None for one in gone)


def _basic(authorization: str | None) -> tuple[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OAuthRefusal(401, "Invalid client_id or client_secret", "invalid_client") from error
    client_id, colon, client_secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon or not client_id or not client_secret:
        raise OAuthRefusal(401, "Invalid client_id or client_secret", "invalid_client")
    return client_id, client_secret
