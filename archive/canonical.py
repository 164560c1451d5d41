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

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def content_digest(raw: bytes, *, kind: str) -> bytes:
    """SHA-256 that identifies one observed state of a record, however often it is pulled.

    `kind` is the list a message came in (sent, edited, deleted): it is part of the state. Raises ValueError
    for bytes that are not JSON.
    """
    return hashlib.sha256(kind.encode() + b"\x00" + canonical(raw)).digest()


def canonical(raw: bytes) -> bytes:
    """Canonical JSON of a record without its volatile fields. Raises ValueError for bytes that are not JSON."""
    try:
        return _encode(_without_volatile(_decode(raw)))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
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
