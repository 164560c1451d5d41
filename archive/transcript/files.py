"""The files on messages: what Zoom said of each, and what became of fetching it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from archive.models import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file. `sha256`, `media_type` and `stored_bytes` are of the bytes we hold; None and "" while we hold none.

    `state` is the attachment's: due, claimed, stored, gone, mismatch or failed.
    """

    attachment_id: int
    zoom_file_id: str
    name: str
    state: str
    claimed_bytes: int | None
    claimed_digest: str
    stored_bytes: int | None
    sha256: bytes | None
    media_type: str
    last_error: str


def on(message_ids: Collection[int]) -> dict[int, tuple[File, ...]]:
    """The files of each message, in the order Zoom listed them; one query."""
    found: dict[int, list[File]] = {}
    rows = Attachment.objects.filter(message_id__in=message_ids).select_related("blob").order_by("pk")
    for row in rows:
        file = File(
            attachment_id=row.pk,
            zoom_file_id=row.zoom_file_id,
            name=row.name,
            state=row.state,
            claimed_bytes=row.size_bytes_claimed,
            claimed_digest=row.digest_claimed,
            stored_bytes=row.blob.size_bytes if row.blob is not None else None,
            sha256=bytes(row.blob.sha256) if row.blob is not None else None,
            media_type=row.blob.media_type if row.blob is not None else "",
            last_error=row.last_error,
        )
        found.setdefault(row.message_id, []).append(file)
    return {message_id: tuple(files) for message_id, files in found.items()}
