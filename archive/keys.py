"""The log's own Ed25519 key: where it lies, how it is made, and signing with it.

The key is `HOLDFAST_LOG_KEY` (base64 of the 32-byte seed) or, when that is not set, the file `log.key` in the
data folder, readable by its owner only. It is made once, when the first checkpoint is: a log that already has
checkpoints and no key is an error, never a reason for a new key. The public half lies beside the checkpoints as
`log.vkey`, for auditors to take away.

Must never: print or log the key, or overwrite one.
"""

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from archive import notes


class KeyUnusable(Exception):
    """The log's key is missing or is not a key. The sentence says what to do."""


class LogKey:
    """The key that signs this log's checkpoints, and the name it signs under."""

    def __init__(self, seed: bytes, *, origin: str | None) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        name = origin or f"holdfast.log/{hashlib.sha256(public).hexdigest()[:16]}"
        self.verifier = notes.VerifierKey(name, public)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def path() -> Path:
    return Path(settings.HOLDFAST_DATA) / "log.key"


def load(*, may_create: bool) -> LogKey:
    """The log's key; a new one when there is none and `may_create`. Raises KeyUnusable."""
    origin, given = settings.HOLDFAST_LOG_NAME or None, settings.HOLDFAST_LOG_KEY
    if given:
        return LogKey(_seed(given, place="HOLDFAST_LOG_KEY"), origin=origin)
    if not path().exists():
        if not may_create:
            raise KeyUnusable(
                f"The log has checkpoints, but its key is gone: put back {path()}, or set HOLDFAST_LOG_KEY."
            )
        _create(path())
    return LogKey(
        _seed(path().read_text(encoding="ascii", errors="replace"), place=str(path())), origin=origin
    )


def _create(place: Path) -> None:
    """Write a new key, durably; the first of two processes wins."""
    place.parent.mkdir(parents=True, exist_ok=True)
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    written = place.with_name(f"log.key.{os.getpid()}.new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(seed) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(written, place)
        except FileExistsError:
            return
    finally:
        written.unlink()


def _seed(text: str, *, place: str) -> bytes:
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != 32:
        raise KeyUnusable(f"{place} does not hold the base64 of an Ed25519 seed of 32 bytes.")
    return seed
