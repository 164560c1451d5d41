"""Messages in a line each, for lists of hits: who said it, under which name, its wordings, how it stands, its files.

Plain frozen values, three queries however many messages. Columns are read and not rows: a page of hits is read at each
search, and to make a model's instances takes as long as all else together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from archive.models import Attachment, Message, Person, Revision
from archive.transcript import Seen, Wording, story


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One message; `sender_name` is the name it was sent under, or the newest known when the record gave none.

    `wordings` are what it said, oldest first: one without any words when it was destroyed.
    """

    message_id: int
    session_id: int
    sent_at: datetime
    sender_name: str
    sender_is_external: bool | None
    is_edited: bool
    is_deleted: bool
    is_destroyed: bool
    files: tuple[str, ...]
    wordings: tuple[Wording, ...]


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
    versions: dict[int, list[Seen]] = {}
    columns = ("message_id", "pk", "kind", "text", "sender_name", "action_at", "stored_at", "oddities")
    revisions = Revision.objects.filter(message_id__in=message_ids).order_by("pk")
    for message_id, key, kind, text, name, action_at, stored_at, oddities in revisions.values_list(*columns):
        version = Seen(
            revision_id=key,
            kind=kind,
            text=text,
            sender_name=name,
            action_at=action_at,
            stored_at=stored_at,
            oddities=tuple(oddities or ()),
        )
        versions.setdefault(message_id, []).append(version)
    files: dict[int, list[str]] = {}
    attached = Attachment.objects.filter(message_id__in=message_ids).order_by("pk")
    for message_id, name in attached.values_list("message_id", "name"):
        files.setdefault(message_id, []).append(name)
    senders = ("sender_id", "sender__display_name", "sender__email", "sender__is_external")
    found: dict[int, Glimpse] = {}
    messages = Message.objects.filter(pk__in=message_ids)
    for message_id, session_id, sent_at, sender_id, now_called, email, is_external in messages.values_list(
        "pk", "session_id", "sent_at", *senders
    ):
        seen = versions.get(message_id, [])
        kinds = {version.kind for version in seen}
        known = "unknown sender" if sender_id is None else Person.called(sender_id, now_called, email)
        found[message_id] = Glimpse(
            message_id=message_id,
            session_id=session_id,
            sent_at=sent_at,
            sender_name=next((version.sender_name for version in seen if version.sender_name), known),
            sender_is_external=is_external,
            is_edited=Revision.Kind.EDITED in kinds,
            is_deleted=Revision.Kind.DELETED in kinds,
            is_destroyed=len(seen) == 0,
            files=tuple(files.get(message_id, ())),
            wordings=story(seen, sent_at=sent_at).wordings,
        )
    return found


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
