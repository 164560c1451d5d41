"""Page tokens: where a listing goes on.

A token is valid for fifteen minutes of world time, and only with the same query it was given for; anything
else is refused with the code the API uses. A token names a position, not a count, so rows that come or go
while someone pages never make another row be skipped. Tokens carry their own signature; nothing is stored.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from sandbox.clock import Clock
from sandbox.wire import Refusal

LIFE_MS = 15 * 60 * 1000
START: tuple[int, int] = (-(1 << 62), -1)
_REFUSED = "This next page token is no longer good."
Row = TypeVar("Row")


@dataclass(slots=True, frozen=True)
class Place:
    """Where a page starts, and where the page before it started."""

    after: tuple[int, int] = START
    previous: tuple[int, int] = START
    is_first: bool = True


class Pages:
    """Issues and reads page tokens."""

    def __init__(self, *, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret

    def token(self, *, query: str, after: tuple[int, int], previous: tuple[int, int]) -> str:
        """A token for the page that starts after a position."""
        body = msgspec.json.encode((self._clock.now_ms(), _fingerprint(query), after, previous))
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def place(self, token: str | None, *, query: str) -> Place:
        """Where a token points; refuses a forged, stale or foreign one."""
        if token is None or token == "":
            return Place()
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError) as error:
            raise Refusal(400, 300, _REFUSED) from error
        if not hmac.compare_digest(raw[:16], self._sign(raw[16:])):
            raise Refusal(400, 300, _REFUSED)
        issued, fingerprint, after, previous = msgspec.json.decode(
            raw[16:], type=tuple[int, str, tuple[int, int], tuple[int, int]]
        )
        if fingerprint != _fingerprint(query) or self._clock.now_ms() - issued >= LIFE_MS:
            raise Refusal(400, 300, _REFUSED)
        return Place(after, previous, False)

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()[:16]


def query_of(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """What must stay the same while paging: the path and every parameter but the token."""
    kept = sorted(pair for pair in parameters if pair[0] != "next_page_token")
    return path + "?" + "&".join(f"{name}={value}" for name, value in kept)


def size(parameters: Mapping[str, str], *, maximum: int, default: int, minimum: int = 1) -> int:
    """The page size asked for; refuses what the API refuses."""
    text = parameters.get("page_size")
    if text is None or text == "":
        return default
    if not text.isascii() or not text.isdigit() or not minimum <= int(text) <= maximum:
        raise Refusal(400, 300, f"Invalid field: page_size must be between {minimum} and {maximum}.")
    return int(text)


def cut(
    rows: Sequence[Row], *, place: Place, count: int, key: Callable[[Row], tuple[int, int]]
) -> tuple[list[Row], tuple[int, int] | None]:
    """The rows of one page out of an ordered list, and the position the next one starts after, if any."""
    rest = [row for row in rows if key(row) > place.after] if not place.is_first else list(rows)
    page = rest[:count]
    return page, (key(page[-1]) if len(rest) > count else None)


def _fingerprint(query: str) -> str:
    return hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
