"""Download links: short-lived, self-signed, on another host.

As at Zoom the link needs no bearer token: it carries a JWT in its query. The file host is this same server
under another name (`localhost` for `127.0.0.1` and the other way round), and it redirects once more, so a
client that carries its bearer token across hosts is caught: the file host refuses it.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

import msgspec

from sandbox.clock import Clock
from sandbox.files import StoredFile
from sandbox.wire import Refusal

LIFE_SECONDS = 3600
_ALIASES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
_HEADER = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")


class Links:
    """Writes download links and checks them."""

    def __init__(self, *, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret

    def download_url(self, stored: StoredFile, *, host: str) -> str:
        """A link to a file for a client that reached the API as `host`."""
        name = stored.name.encode("utf-8", "replace")
        query = urlencode({"filename": name, "jwt": self._jwt(stored.id)}, quote_via=quote)
        return f"http://{other_name(host)}/file/download/{quote(stored.id, safe='')}?{query}"

    def check(self, file_id: str, jwt: str) -> None:
        """Refuses a link that is forged, stale or for another file."""
        body, _, signature = jwt.rpartition(".")
        if not hmac.compare_digest(signature, self._sign(body)):
            raise Refusal(401, 401, "The download link is invalid.")
        encoded = body.partition(".")[2]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        if claims["fid"] != file_id:
            raise Refusal(401, 401, "The download link is invalid.")
        if self._clock.now_ms() >= claims["exp"] * 1000:
            raise Refusal(401, 401, "The download link has expired.")

    def _jwt(self, file_id: str) -> str:
        now = self._clock.now_ms() // 1000
        claims = {"aud": "files", "iat": now, "exp": now + LIFE_SECONDS, "fid": file_id}
        payload = base64.urlsafe_b64encode(msgspec.json.encode(claims)).decode().rstrip("=")
        return f"{_HEADER}.{payload}.{self._sign(f'{_HEADER}.{payload}')}"

    def _sign(self, body: str) -> str:
        digest = hmac.new(self._secret, body.encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def other_name(host: str) -> str:
    """The same server under its other name; unchanged where it has only one."""
    name, colon, port = host.partition(":")
    return _ALIASES.get(name, name) + colon + port
