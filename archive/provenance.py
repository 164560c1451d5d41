"""Where a message came from, and the proof that nobody touched it.

For every revision: its exact bytes (and the same shown inert), the reply it came in with the request, the time
and the body's digest, the leaf that commits to it, and the proof that this leaf is in the newest signed
checkpoint. Readers return plain frozen values and change nothing; whoever shows them audits it first.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive import hashing, log, merkle, readable, tiles
from archive.models import Attachment, Checkpoint, Leaf, Message, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A leaf of the log. `entry` is what an auditor hashes; `path` leads from its hash to the checkpoint's root.

    `checkpoint_size` and `root` are None, and the path empty, while no checkpoint covers the leaf yet.
    """

    index: int
    at: datetime
    commitment: bytes
    entry: bytes
    leaf_hash: bytes
    path: tuple[bytes, ...]
    checkpoint_size: int | None
    root: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The reply of Zoom that a revision came in."""

    page_id: int
    operation: str
    request: str
    status: int
    received_at: datetime
    body_sha256: bytes
    body_bytes: int
    number: int
    pull: int
    window_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One revision. `raw` are the exact bytes; `shown` is the same, indented, with nothing left that acts."""

    revision_id: int
    kind: str
    text: str
    sender_name: str
    action_at: datetime | None
    stored_at: datetime
    raw: bytes
    shown: str
    digest: bytes
    oddities: tuple[str, ...]
    source: Source
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A blob that a file of the message is stored in."""

    attachment_id: int
    name: str
    sha256: bytes
    size_bytes: int
    media_type: str
    stored_at: datetime
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Everything that shows where one message came from, revisions in the order they were stored."""

    message_id: int
    session_id: int
    zoom_id: str
    session_zoom_id: str
    origins: tuple[Origin, ...]
    blobs: tuple[Held, ...]


def of(message_id: int) -> Provenance | None:
    """Where a message came from; None when there is none of that key."""
    message = Message.objects.select_related("session").filter(pk=message_id).first()
    if message is None:
        return None
    revisions = list(Revision.objects.filter(message_id=message_id).select_related("page").order_by("pk"))
    files = list(
        Attachment.objects.filter(message_id=message_id, blob__isnull=False)
        .select_related("blob")
        .order_by("pk")
    )
    head = log.head()
    tree = tiles.Tree(head.size) if head is not None else None
    proofs = _proofs(Leaf.Kind.REVISION, [row.pk for row in revisions], head, tree)
    blob_proofs = _proofs(
        Leaf.Kind.BLOB, {row.blob_id for row in files if row.blob_id is not None}, head, tree
    )
    return Provenance(
        message_id=message.pk,
        session_id=message.session_id,
        zoom_id=message.zoom_id,
        session_zoom_id=message.session.zoom_id,
        origins=tuple(_origin(row, proofs.get(row.pk)) for row in revisions),
        blobs=tuple(_held(row, blob_proofs) for row in files),
    )


def of_leaf(kind: int, subject_id: int) -> Proof | None:
    """The leaf that commits to one row of a kind (`Leaf.Kind`), with its proof; None when it has none."""
    head = log.head()
    tree = tiles.Tree(head.size) if head is not None else None
    return _proofs(Leaf.Kind(kind), [subject_id], head, tree).get(subject_id)


def shown(raw: bytes) -> str:
    """The bytes of a record as text to look at: indented where they can be read, with controls shown as signs.

    What JSON escapes stays escaped wherever it could act on a page or terminal; bytes that are no JSON are
    shown as they are, with U+FFFD for what is not UTF-8.
    """
    try:
        pairs = json.loads(
            raw.decode("utf-8", "surrogatepass"),
            strict=False,
            object_pairs_hook=_Pairs,
            parse_float=_Number,
            parse_int=_Number,
        )
        return readable.text(_written(pairs, ""))
    except (ValueError, RecursionError):
        return readable.text(raw.decode("utf-8", "replace"))


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys in order, doubled ones included."""


class _Number(str):
    """A number exactly as it was written."""

    __slots__ = ()


def _written(value: Any, indent: str) -> str:
    """JSON again, with every key and number as it came."""
    deeper = indent + "  "
    if isinstance(value, _Pairs):
        lines = [f"{deeper}{_written(key, '')}: {_written(item, deeper)}" for key, item in value]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}" if len(lines) > 0 else "{}"
    if isinstance(value, list):
        lines = [deeper + _written(item, deeper) for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]" if len(lines) > 0 else "[]"
    if isinstance(value, _Number):
        return str(value)
    written = json.dumps(value, ensure_ascii=False)
    if written.isprintable():
        return written
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in written)


def _proofs(
    kind: Leaf.Kind, subject_ids: Collection[int], head: Checkpoint | None, tree: tiles.Tree | None
) -> dict[int, Proof]:
    leaves = Leaf.objects.filter(kind=kind, subject_id__in=subject_ids)
    return {leaf.subject_id: _proof(leaf, head, tree) for leaf in leaves}


def _proof(leaf: Leaf, head: Checkpoint | None, tree: tiles.Tree | None) -> Proof:
    entry = hashing.entry(
        kind=leaf.kind, subject_id=leaf.subject_id, at=leaf.at, commitment=bytes(leaf.commitment)
    )
    is_covered = head is not None and tree is not None and leaf.index < head.size
    path = merkle.inclusion(leaf.index, tree.size, at=tree.node) if is_covered and tree is not None else []
    return Proof(
        index=leaf.index,
        at=leaf.at,
        commitment=bytes(leaf.commitment),
        entry=entry,
        leaf_hash=hashing.leaf(entry),
        path=tuple(path),
        checkpoint_size=head.size if is_covered and head is not None else None,
        root=bytes(head.root) if is_covered and head is not None else None,
    )


def _origin(row: Revision, proof: Proof | None) -> Origin:
    raw = bytes(row.raw)
    return Origin(
        revision_id=row.pk,
        kind=row.kind,
        text=row.text,
        sender_name=row.sender_name,
        action_at=row.action_at,
        stored_at=row.stored_at,
        raw=raw,
        shown=shown(raw),
        digest=bytes(row.digest),
        oddities=tuple(row.oddities or ()),
        source=Source(
            page_id=row.page.pk,
            operation=row.page.operation,
            request=row.page.request,
            status=row.page.status,
            received_at=row.page.received_at,
            body_sha256=bytes(row.page.body_sha256),
            body_bytes=row.page.body_bytes,
            number=row.page.number,
            pull=row.page.pull,
            window_id=row.page.window_id,
        ),
        proof=proof,
    )


def _held(row: Attachment, proofs: dict[int, Proof]) -> Held:
    blob = row.blob
    if blob is None:
        raise ValueError("An attachment without a blob is not held.")
    return Held(
        attachment_id=row.pk,
        name=row.name,
        sha256=bytes(blob.sha256),
        size_bytes=blob.size_bytes,
        media_type=blob.media_type,
        stored_at=blob.stored_at,
        proof=proofs.get(blob.pk),
    )
