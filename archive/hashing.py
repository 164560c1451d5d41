"""Every hash the archive makes, in one place, from bytes only.

A leaf of the log commits to a record without containing it: the leaf's bytes (`entry`) name the kind, the row,
the time and a salted `commitment`. The salt lies in the record's own row and is destroyed with it, so that
destroyed words cannot be guessed from what the log keeps, while the tree still verifies.

Hashing of leaves and nodes follows RFC 6962 section 2.1 (0x00 before a leaf, 0x01 before two nodes).
Nothing here reads a clock, a database or a setting. Standard library only, except that `canonical` uses
msgspec where it can; `verify.py` never needs `canonical`.
"""

import hashlib
import json
import os
import struct
from datetime import UTC, datetime
from typing import Any

import msgspec

SALT_BYTES = 16
VOLATILE_FIELDS = frozenset({"download_url"})

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def leaf(entry: bytes) -> bytes:
    """The hash of a leaf (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def entry(*, kind: int, subject_id: int, at: datetime, commitment: bytes) -> bytes:
    """The bytes of one leaf: four lines of text, readable by an auditor with nothing but an editor."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"holdfast/v1 {kind}\n{subject_id}\n{moment}\n{commitment.hex()}\n".encode()


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def commitment(salt: bytes, *parts: bytes) -> bytes:
    """A salted commitment to `parts`; each is preceded by its length, so that no two lists of parts collide."""
    digest = hashlib.sha256(b"\x02" + salt)
    for part in parts:
        digest.update(struct.pack(">Q", len(part)))
        digest.update(part)
    return digest.digest()


def revision(*, salt: bytes, session: str, message: str, kind: str, raw: bytes) -> bytes:
    """What a leaf commits to for one revision: its session and message at Zoom, its list, its exact bytes."""
    return commitment(salt, b"revision", session.encode(), message.encode(), kind.encode(), raw)


def fields(*, salt: bytes, name: str, values: dict[str, Any]) -> bytes:
    """A commitment to named values (page, window, blob, audit event): JSON with sorted keys, ASCII only."""
    return commitment(salt, name.encode(), json.dumps(values, sort_keys=True, ensure_ascii=True).encode())


def content_digest(raw: bytes, *, kind: str) -> bytes:
    """SHA-256 that identifies one observed state of a record, however often it is pulled.

    Zoom signs a fresh download URL into every reply and promises no order of fields: both are left out of the
    digest, which is over canonical JSON. The list a message came in is part of its state.
    """
    return hashlib.sha256(kind.encode() + b"\x00" + canonical(raw)).digest()


def canonical(raw: bytes) -> bytes:
    """Canonical JSON of a record without its volatile fields.

    msgspec refuses what JSON allows but UTF-8 or 64 bits do not (lone surrogates, huge numbers); such records
    take the standard library's slower road, and keep to it for ever, since the same bytes are refused each time.
    """
    try:
        return _encode(_without_volatile(_decode(raw)))
    except (msgspec.DecodeError, UnicodeEncodeError):
        value = json.loads(raw.decode("utf-8", "surrogatepass"))
        return json.dumps(_without_volatile(value), sort_keys=True, separators=(",", ":")).encode()


def _without_volatile(value: Any) -> Any:
    """The record with its files' download URLs dropped, at any depth. Changes `value` in place."""
    if isinstance(value, dict):
        for name in VOLATILE_FIELDS & value.keys():
            del value[name]
        for item in value.values():
            if isinstance(item, dict | list):
                _without_volatile(item)
    elif isinstance(value, list):
        for item in value:
            _without_volatile(item)
    return value
