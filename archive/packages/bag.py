"""A package as a bag (RFC 8493): what its tag files say, and the manifests over all of it.

The manifest is over the payload (`data/`), sorted by path; the manifest of tag files is over everything else. Some files
are only known when a package is made (`LATE`): they are in the manifests, and left out of the digest by which a package
is compared with what was measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from archive.packages import readme
from archive.packages.content import Request, Sink
from archive.packages.sinks import Entries, Entry

CUSTODY = "data/about/custody.json"
STAMP = "data/log/timestamp.tsr"
LATE = frozenset({CUSTODY, "data/log/newest.note", "data/log/consistency.json", STAMP})
"""Files whose bytes are only known when a package is made: who approved it, the newest checkpoint, the time stamp."""
PROGRAM = Path(__file__).resolve().parent.parent / "verify_package.py"

_PAYLOAD, _MANIFEST, _TAGS = "data/", "manifest-sha256.txt", "tagmanifest-sha256.txt"


def name(export_id: int) -> str:
    """What the bag's folder is called."""
    return f"holdfast-export-{export_id}"


def measured(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The payload that is known before a package is made."""
    return (one for one in entries if one.path.startswith(_PAYLOAD) and one.path not in LATE)


def digest(entries: Iterable[Entry]) -> str:
    """The SHA-256 over the lines of the manifest, in its order, of what is known before a package is made."""
    sha256 = hashlib.sha256()
    for entry in measured(entries):
        sha256.update(line(entry))
    return sha256.hexdigest()


def line(entry: Entry) -> bytes:
    """A file in a manifest. `%` is the only sign in our paths that a manifest wants written otherwise."""
    return f"{entry.sha256.hex()}  {entry.path.replace('%', '%25')}\n".encode()


def late(files: Mapping[str, bytes], *, into: Sink) -> None:
    """The files that are only known now. Raises ValueError for any other."""
    for path in sorted(files):
        if path not in LATE:
            raise ValueError(f"{path} is to be known before a package is made.")
        with into.file(path) as file:
            file.write(files[path])


def close(request: Request, entries: Entries, *, into: Sink) -> None:
    """The files of the bag itself, over everything that is in it; last of all."""
    with into.file("bagit.txt") as file:
        file.write(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    with into.file("README.txt") as file:
        file.write(readme.text(request).encode())
    if PROGRAM.exists():
        with into.file("verify.py") as file:
            file.write(PROGRAM.read_bytes())
    number, size_bytes = 0, 0
    with into.file(_MANIFEST) as file:
        for entry in entries:
            if entry.path.startswith(_PAYLOAD):
                file.write(line(entry))
                number += 1
                size_bytes += entry.size_bytes
    with into.file("bag-info.txt") as file:
        file.write(_info(request, payload=f"{size_bytes}.{number}").encode())
    tags = [one for one in entries if not one.path.startswith(_PAYLOAD)]
    with into.file(_TAGS) as file:
        for entry in tags:
            file.write(line(entry))


def _info(request: Request, *, payload: str) -> str:
    values = {
        "Bag-Software-Agent": "Holdfast",
        "Bagging-Date": f"{request.made_at:%Y-%m-%d}",
        "External-Description": "Messages of Zoom Team Chat with the proof that they are as they were archived.",
        "External-Identifier": name(request.export_id),
        "Payload-Oxum": payload,
    }
    return "".join(f"{label}: {value}\n" for label, value in values.items())
