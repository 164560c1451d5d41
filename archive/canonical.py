"""One form for every way the same record can be written, and the digest that tells its states apart.

Zoom signs a fresh download URL into every reply and promises no order of fields. The canonical form has the
fields sorted and the download URLs left out, so that a record pulled twice has one digest, and a record that
changed has another.

The form must never change: revisions are found by it. msgspec does the work where it can. It refuses what JSON
allows but UTF-8 or 64 bits do not (lone surrogates, huge numbers); such records take the standard library's
slower road, and keep to it for ever, since the same bytes are refused each time.
"""

import hashlib
import json
from typing import Any

import msgspec

VOLATILE_FIELDS = frozenset({"download_url"})

_ESCAPED_ASCII = b"\\u00"
_VOLATILE_NAMES = tuple(name.encode() for name in sorted(VOLATILE_FIELDS))

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def content_digest(raw: bytes, *, kind: str) -> bytes:
    """SHA-256 that identifies one observed state of a record, however often it is pulled.

    `kind` is the list a message came in (sent, edited, deleted): it is part of the state.
    """
    return hashlib.sha256(kind.encode() + b"\x00" + canonical(raw)).digest()


def canonical(raw: bytes) -> bytes:
    """Canonical JSON of a record without its volatile fields.

    1. msgspec, for all but the strangest records.
    2. The standard library, for lone surrogates, huge numbers, raw controls and bytes that are not UTF-8.
    3. The bytes as they are, where neither can read them: nested past all depth, numbers of thousands of digits.
    """
    try:
        value = _decode(raw)
        # Looking through a record costs more than reading it: only do it where a volatile field can be.
        return _encode(_without_volatile(value) if _may_be_volatile(raw) else value)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        pass
    try:
        value = json.loads(raw.decode("utf-8", "surrogateescape"), strict=False)
        return json.dumps(_without_volatile(value), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return raw


def _may_be_volatile(raw: bytes) -> bool:
    """Whether a volatile field can be in the bytes; its ASCII letters may also be escaped, as in `\\u0064ownload`."""
    if _ESCAPED_ASCII in raw:
        return True
    for name in _VOLATILE_NAMES:  # noqa: SIM110 -- a generator would cost more than the search
        if name in raw:
            return True
    return False


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
