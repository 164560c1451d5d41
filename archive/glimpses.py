"""Messages in a line each, for lists of hits: who said it, under which name, how it stands, which files it had.

Plain frozen values, three queries however many messages. The words themselves are read with `transcript.texts`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from archive.models import Attachment, Message, Revision


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One message; `sender_name` is the name it was sent under, or the newest known when the record gave none."""

    message_id: int
    session_id: int
    sent_at: datetime
    sender_name: str
    sender_is_external: bool | None
    is_edited: bool
    is_deleted: bool
    is_destroyed: bool
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are held, and where it was said. `matches` is false when Zoom's digest was another."""

    attachment_id: int
    message_id: int
    session_id: int
    name: str
    sha256: bytes
    size_bytes: int
    media_type: str
    matches: bool


def of(message_ids: Collection[int]) -> dict[int, Glimpse]:
    """A glimpse of each message that exists."""
    kinds: dict[int, set[str]] = {}
    names: dict[int, str] = {}
    revisions = Revision.objects.filter(message_id__in=message_ids).order_by("pk")
    for message_id, kind, name in revisions.values_list("message_id", "kind", "sender_name"):
        kinds.setdefault(message_id, set()).add(kind)
        if name:
            names.setdefault(message_id, name)
    files: dict[int, list[str]] = {}
    attached = Attachment.objects.filter(message_id__in=message_ids).order_by("pk")
    for message_id, name in attached.values_list("message_id", "name"):
        files.setdefault(message_id, []).append(name)
    return {
        row.pk: Glimpse(
            message_id=row.pk,
            session_id=row.session_id,
            sent_at=row.sent_at,
            sender_name=names.get(row.pk)
            or (str(row.sender) if row.sender is not None else "unknown sender"),
            sender_is_external=row.sender.is_external if row.sender is not None else None,
            is_edited=Revision.Kind.EDITED in kinds.get(row.pk, ()),
            is_deleted=Revision.Kind.DELETED in kinds.get(row.pk, ()),
            is_destroyed=row.pk not in kinds,
            files=tuple(files.get(row.pk, ())),
        )
        for row in Message.objects.filter(pk__in=message_ids).select_related("sender")
    }


def stored_file(attachment_id: int) -> StoredFile | None:
    """A file whose bytes are held; None when there is no such file or no bytes of it."""
    row = (
        Attachment.objects.select_related("blob", "message")
        .filter(pk=attachment_id, blob__isnull=False)
        .first()
    )
    if row is None or row.blob is None:
        return None
    return StoredFile(
        attachment_id=row.pk,
        message_id=row.message_id,
        session_id=row.message.session_id,
        name=row.name,
        sha256=bytes(row.blob.sha256),
        size_bytes=row.blob.size_bytes,
        media_type=row.blob.media_type,
        matches=row.state == Attachment.State.STORED,
    )
