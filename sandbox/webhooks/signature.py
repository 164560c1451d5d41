"""How a delivery proves who sent it: HMAC-SHA256 with the subscription's secret, in hexadecimal.

Made over the bytes that go over the wire, never over JSON that was parsed and written again.
"""

import hashlib
import hmac


def of(body: bytes, *, secret: str, timestamp: str) -> str:
    """The signature of a delivery, as its header carries it."""
    return "v0=" + _digest(secret, b"v0:" + timestamp.encode() + b":" + body)


def encrypted(plain: str, *, secret: str) -> str:
    """What a subscriber who knows the secret answers to a plain token."""
    return _digest(secret, plain.encode())


def _digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
