"""A package as a bag (RFC 8493): what its tag files say, and the manifests over all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from archive.packages.sinks import Entry

LATE = frozenset(
    {
        "data/about/custody.json",
        "data/log/newest.note",
        "data/log/consistency.json",
        "data/log/timestamp.tsr",
    }
)
"""Files whose bytes are only known when a package is made: who approved it, the newest checkpoint, the time stamp."""


def name(export_id: int) -> str:
    """What the bag's folder is called."""
    return f"holdfast-export-{export_id}"


def line(entry: Entry) -> bytes:
    """A file in a manifest. `%` is the only sign in our paths that a manifest wants written otherwise."""
    return f"{entry.sha256.hex()}  {entry.path.replace('%', '%25')}\n".encode()


def digest(entries: Iterable[Entry]) -> str:
    """The SHA-256 over the manifest of a package, without the files that are only known when it is made."""
    sha256 = hashlib.sha256()
    for entry in entries:
        if entry.path not in LATE:
            sha256.update(line(entry))
    return sha256.hexdigest()
