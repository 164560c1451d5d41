"""Identifiers that look like Zoom's and depend only on the seed and what they name."""

import base64
import hashlib
import uuid


def _digest(size: int, parts: tuple[object, ...]) -> bytes:
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=size).digest()


def short(*parts: object) -> str:
    """Twenty-two URL-safe characters, as user, member and file ids have."""
    return base64.urlsafe_b64encode(_digest(16, parts)).decode().rstrip("=")


def hexadecimal(size: int, *parts: object) -> str:
    """`size` bytes in hexadecimal: 32 for a session, 16 for a channel."""
    return _digest(size, parts).hex()


def message(*parts: object) -> str:
    """An upper-case UUID, as message ids are."""
    return str(uuid.UUID(bytes=_digest(16, parts), version=4)).upper()


def number(*parts: object) -> int:
    """A 64-bit number drawn from what it names."""
    return int.from_bytes(_digest(8, parts), "big")
