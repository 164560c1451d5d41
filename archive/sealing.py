"""Client secrets at rest: encrypted with a key derived from SECRET_KEY.

A copy of the database alone gives nobody access to Zoom. The key is derived with HKDF-SHA256 under a fixed label,
so that it differs from every other use of SECRET_KEY; the box is Fernet (AES-128-CBC with HMAC-SHA256).
Nothing here logs or prints a secret, and a changed SECRET_KEY is told in a sentence rather than a stack trace.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_LABEL = b"holdfast account client secret v1"


class SealBroken(Exception):
    """The sealed secret cannot be opened with this SECRET_KEY."""


def seal(secret: str) -> bytes:
    """`secret` encrypted; two seals of the same secret differ."""
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """The secret inside `sealed`; raises SealBroken when SECRET_KEY is not the one it was sealed with."""
    try:
        return _box().decrypt(sealed).decode()
    except InvalidToken as error:
        raise SealBroken(
            "The account's client secret cannot be opened: SECRET_KEY has changed since it was connected. "
            "Run `manage.py connect` again with the secret."
        ) from error


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
