"""Checking of Ed25519 signatures (RFC 8032 section 5.1.7) with the standard library alone.

For `verify.py`, which an auditor runs on a machine with nothing installed. It only checks, never signs: it is
slow (some milliseconds a signature) and takes no care to hide its timing, which does not matter for public
values. The product signs with `cryptography`.

Promises: strict checking. A point that does not decode, an S that is not below the group's order, or a wrong
length is refused, so that a signature cannot be written in two ways.
"""

import hashlib

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]  # extended coordinates (X, Y, Z, T) of RFC 8032 section 5.1.4


def is_valid(*, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is one of this key over this message."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = _decode(public_key), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _are_equal(_times(scalar, _BASE), _add(commitment, _times(challenge, key)))


def _decode(encoded: bytes) -> _Point | None:
    """The point of 32 bytes (RFC 8032 section 5.1.3); None when there is none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _recover_x(y: int, sign: int) -> int | None:
    squared = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if squared == 0:
        return None if sign else 0
    x = pow(squared, (_P + 3) // 8, _P)
    if (x * x - squared) % _P != 0:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - squared) % _P != 0:
        return None
    return _P - x if x & 1 != sign else x


def _add(left: _Point, right: _Point) -> _Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % _P
    b = (left[1] + left[0]) * (right[1] + right[0]) % _P
    c = 2 * left[3] * right[3] * _D % _P
    d = 2 * left[2] * right[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    product: _Point = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            product = _add(product, point)
        point = _add(point, point)
        scalar >>= 1
    return product


def _are_equal(left: _Point, right: _Point) -> bool:
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
_BASE: _Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)
