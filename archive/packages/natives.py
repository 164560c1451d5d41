"""The bytes of attached files: which are there, which are not and why, and each copied once while it is checked.

A file is in a package when its bytes were stored below the size of the log. Their SHA-256 is taken while they are read;
bytes that are gone from the disk or are not what they were are left out and named among the exceptions, never passed on
and never silently missing. The ending of a file's name in a package follows from its bytes, never from a sender's name.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, LiteralString

from archive import blobs, bulk
from archive.packages.content import File, Request, Sink

_COPY_BYTES = 1 << 20
_PAGE = 1_000


class Missing(StrEnum):
    """Why the bytes of a file are not in a package."""

    WAITING = "waiting"
    GONE = "gone"
    MISMATCH = "mismatch"
    FAILED = "failed"
    LATER = "later"
    LOST = "lost"
    DAMAGED = "damaged"


SENTENCES = {
    Missing.WAITING: "It had not been fetched from Zoom yet.",
    Missing.GONE: "It was gone at Zoom before it could be fetched.",
    Missing.MISMATCH: "The bytes Zoom gave were not those it had named.",
    Missing.FAILED: "It could not be fetched from Zoom.",
    Missing.LATER: "Its bytes were stored after the checkpoint this package stands on.",
    Missing.LOST: "Its bytes are no longer on the archive's disk.",
    Missing.DAMAGED: "Its bytes on the archive's disk are not what they were.",
}
_OF_STATE = {
    "due": Missing.WAITING,
    "claimed": Missing.WAITING,
    "gone": Missing.GONE,
    "mismatch": Missing.MISMATCH,
    "failed": Missing.FAILED,
}
_EXTENSIONS = {
    "application/gzip": ".gz",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/x-7z-compressed": ".7z",
    "application/zip": ".zip",
    "audio/flac": ".flac",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-msvideo": ".avi",
}

_ON: LiteralString = """
SELECT attached.message_id, attached.id, attached.zoom_file_id, attached.name, attached.size_bytes_claimed, kept.state,
       blob.sha256, blob.size_bytes, blob.media_type, leaf.index
FROM unnest(%b::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (SELECT * FROM archive_attachment WHERE message_id = wanted.id OFFSET 0) AS attached
CROSS JOIN LATERAL (
    SELECT * FROM archive_exportfile WHERE export_id = %b::bigint AND attachment_id = attached.id OFFSET 0
) AS kept
LEFT JOIN archive_blob blob ON blob.id = kept.blob_id
LEFT JOIN LATERAL (
    SELECT * FROM archive_leaf WHERE kind = 2 AND subject_id = kept.blob_id AND index + 0 < %b::bigint OFFSET 0
) AS leaf ON TRUE
ORDER BY attached.id
"""
_ONCE: LiteralString = """
SELECT DISTINCT blob.id, blob.sha256, blob.size_bytes, blob.media_type FROM archive_exportfile kept
JOIN archive_attachment attached ON attached.id = kept.attachment_id
JOIN archive_blob blob ON blob.id = kept.blob_id
JOIN archive_leaf leaf ON leaf.kind = 2 AND leaf.subject_id = blob.id AND leaf.index + 0 < %b::bigint
WHERE kept.export_id = %b::bigint AND blob.id > %b::bigint ORDER BY blob.id LIMIT %b::bigint
"""


class _NotThere(Exception):
    """The bytes of a blob are gone or not what they were."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(SENTENCES[missing])
        self.missing = missing


@dataclass(slots=True)
class Copied:
    """How many files and bytes are there, and which digests are not, with the reason."""

    files: int
    size_bytes: int
    lost: dict[bytes, Missing]


def path(sha256: bytes, media_type: str) -> str:
    """Where the bytes of a file are in a package."""
    name = sha256.hex()
    return f"data/files/{name[:2]}/{name}{_EXTENSIONS.get(media_type, '')}"


def copy(request: Request, *, into: Sink, step: Callable[[], None]) -> Copied:
    """Every file of the chosen messages, once a digest, each checked while it is copied. `step` is called now and then."""
    copied = Copied(0, 0, {})
    for sha256, size_bytes, media_type in _blobs(request):
        try:
            with into.file(path(sha256, media_type)) as written:
                _copy(sha256, size_bytes, to=written, step=step)
        except _NotThere as trouble:
            copied.lost[sha256] = trouble.missing
        else:
            copied.files += 1
            copied.size_bytes += size_bytes
    return copied


def on(
    message_ids: Sequence[int], *, request: Request, lost: Mapping[bytes, Missing]
) -> dict[int, tuple[File, ...]]:
    """The files on each message, in the order Zoom listed them; one query."""
    found: dict[int, list[File]] = defaultdict(list)
    rows = bulk.run(_ON, (list(message_ids), request.export_id, request.size))
    for message_id, key, zoom_id, name, claimed, state, sha256, size, media_type, leaf in rows:
        reason = missing(state, sha256, leaf, lost)
        is_there = reason is None
        found[message_id].append(
            File(
                attachment_id=key,
                zoom_id=zoom_id,
                name=name,
                size_bytes=size if is_there else claimed,
                media_type=media_type if is_there else "",
                sha256=sha256 if is_there else None,
                path=path(sha256, media_type) if is_there else None,
                reason="" if reason is None else SENTENCES[reason],
            )
        )
    return {message_id: tuple(files) for message_id, files in found.items()}


def missing(
    state: str, sha256: bytes | None, leaf: int | None, lost: Mapping[bytes, Missing]
) -> Missing | None:
    """Why the bytes of a file are not in a package; None when they are. `leaf` is their blob's, below the size."""
    if sha256 is None:
        return _OF_STATE.get(state, Missing.LATER)
    if leaf is None:
        return Missing.LATER
    return lost.get(sha256)


def _blobs(request: Request) -> Iterator[tuple[bytes, int, str]]:
    beyond = 0
    while True:
        page = bulk.run(_ONCE, (request.size, request.export_id, beyond, _PAGE))
        if len(page) == 0:
            return
        for _, sha256, size_bytes, media_type in page:
            yield sha256, size_bytes, media_type
        beyond = page[-1][0]


def _copy(sha256: bytes, size_bytes: int, *, to: BinaryIO, step: Callable[[], None]) -> None:
    """Raises _NotThere when the bytes turn out not to be what they were: the file is given up then, see `Sink.file`."""
    digest, read_bytes = hashlib.sha256(), 0
    try:
        read = blobs.open(sha256)
    except blobs.BlobMissing:
        raise _NotThere(Missing.LOST) from None
    with read:
        while chunk := _chunk(read):
            digest.update(chunk)
            read_bytes += len(chunk)
            to.write(chunk)
            step()
    if digest.digest() != sha256 or read_bytes != size_bytes:
        raise _NotThere(Missing.DAMAGED)


def _chunk(read: BinaryIO) -> bytes:
    try:
        return read.read(_COPY_BYTES)
    except OSError as error:  # the disk gives no bytes: to whoever takes the package, that is damage
        raise _NotThere(Missing.DAMAGED) from error
