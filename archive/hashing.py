"""Every hash the log is made of, in one place, from bytes only.

A leaf of the log commits to a record without containing it: the leaf's bytes (`entry`) name the kind, the row,
the time and a salted `commitment`. The salt lies in the record's own row and is destroyed with it, so that
destroyed words cannot be guessed from what the log keeps, while the tree still verifies.

Hashing of leaves and nodes follows RFC 6962 section 2.1 (0x00 before a leaf, 0x01 before two nodes).
Nothing here reads a clock, a database or a setting, and nothing outside the standard library is imported:
an auditor's copy of `verify.py` needs these functions. The digest that tells a record's states apart is in
`archive.canonical`; which fields of which row a leaf commits to is in `archive.commitments`.
"""

import hashlib
import json
import os
import struct
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

SALT_BYTES = 16
HASH_BYTES = 32
_length = struct.Struct(">Q").pack


def leaf(entry: bytes) -> bytes:
    """The hash of a leaf (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@lru_cache(maxsize=256)
def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, always written the same way. Raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone is no moment.")
    at = at.astimezone(UTC)
    return f"{at.year:04}-{at.month:02}-{at.day:02}T{at:%H:%M:%S.%f}Z"


def entry(*, kind: int, subject_id: int, at: datetime, commitment: bytes) -> bytes:
    """The bytes of one leaf: four lines of text, readable by an auditor with nothing but an editor."""
    return f"holdfast/v1 {kind}\n{subject_id}\n{moment(at)}\n{commitment.hex()}\n".encode()


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def commitment(salt: bytes, *parts: bytes) -> bytes:
    """A salted commitment to `parts`; each is preceded by its length, so that no two lists of parts collide."""
    pieces = [b"\x02", salt]
    for part in parts:
        pieces.append(_length(len(part)))
        pieces.append(part)
    return hashlib.sha256(b"".join(pieces)).digest()


def fields(*, salt: bytes, name: str, values: dict[str, Any], raw: bytes = b"") -> bytes:
    """A commitment to named values and, after them, to raw bytes: JSON with sorted keys, ASCII only.

    Raises ValueError for a number JSON cannot write (infinity, not a number).
    """
    text = json.dumps(_settled(values), sort_keys=True, ensure_ascii=True, allow_nan=False)
    return commitment(salt, name.encode(), text.encode(), raw)


def _settled(value: Any) -> Any:
    """The value as it comes back from a jsonb column, so that a row commits to the same before and after."""
    if isinstance(value, dict):
        return {str(key): _settled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(
            Decimal(repr(value))
        )  # by its digits, as the column keeps it; not by its exact binary value
    return value
