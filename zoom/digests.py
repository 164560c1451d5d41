"""SHA-256 digests as Zoom writes them: documented as hexadecimal, accepted in base64 too."""

from __future__ import annotations

import base64
import binascii
import re


def sha256_bytes(digest: bytes | str) -> bytes:
    """The 32 bytes of a digest given as bytes, hexadecimal or base64; anything else is a ValueError."""
    if isinstance(digest, bytes):
        found = digest
    elif re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        found = bytes.fromhex(digest)
    else:
        try:
            found = base64.b64decode(
                digest.replace("-", "+").replace("_", "/") + "=" * (-len(digest) % 4), validate=True
            )
        except (binascii.Error, ValueError):
            found = b""
    if len(found) != 32:
        raise ValueError("a SHA-256 digest is 32 bytes, as hexadecimal or base64")
    return found
