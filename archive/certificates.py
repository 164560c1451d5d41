"""Certificates of destruction: what went, under which rule, who decided it; to be checked when the words are gone.

`issue` ends a disposition: it counts its tombstones of messages and of zips, takes a digest over each in order, and
commits to them, and to what compliance states of rule, reason, law, requester and approvers, with one leaf of the log.
`lines` writes the document: that statement, the leaf, the proof that it is in the log, the signed checkpoint, and a line for
each zip and each message with its ids and the hashes of its records. `python archive/verify.py FILE` checks it with the
standard library alone.

Promises: what a certificate says cannot change once it is issued, by a byte; memory does not grow with its length.
Must never: hold a word of what was destroyed, nor a salt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from archive import attestation, commitments, hashing, keys, log
from archive.models import BlobRemoval, Certificate, Leaf, Tombstone, ZipTombstone

CHUNK = 2_000
_COLUMNS = (
    "message_id", "session__zoom_id", "zoom_id", "sent_at", "destroyed_at", "revisions", "attachments", "leaves", "hashes",
)  # fmt: skip


class NoCertificate(Exception):
    """No certificate was issued for this disposition."""


class NotSignedYet(Exception):
    """The certificate's leaf is not under a checkpoint yet: the log is signed hourly, and by `archive.log.checkpoint`."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What went under a disposition; `digest` is the SHA-256 over the certificate's lines of messages."""

    messages: int
    revisions: int
    attachments: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Zips:
    """Which zips of legal holds went under a disposition; `digest` is over their lines, None where none went."""

    zips: int
    size: int
    digest: bytes | None


def issue(*, disposition: int, statement: Mapping[str, Any], now: datetime) -> int:
    """End a disposition with its certificate, in the caller's transaction; the certificate's key.

    `statement` is what compliance says of it as JSON: rule, reason, law, requester, approvers, times, what was refused. No
    word of any message belongs there. Appends to the log: do everything else first. Raises IntegrityError when the
    disposition has one already; after it nothing more is destroyed under this disposition.
    """
    totals, zips = count(disposition), count_zips(disposition)
    bytes_gone = BlobRemoval.objects.filter(disposition=disposition).aggregate(
        blobs=Count("pk"), size=Sum("size_bytes", default=0)
    )
    columns: dict[str, Any] = {
        "disposition": disposition,
        "statement": dict(statement),
        "messages": totals.messages,
        "revisions": totals.revisions,
        "attachments": totals.attachments,
        "blobs": bytes_gone["blobs"],
        "blob_bytes": bytes_gone["size"],
        "messages_sha256": totals.digest,
        "issued_at": now,
        "zips": zips.zips,
        "zip_bytes": zips.size,
        "zips_sha256": zips.digest,
        "salt": hashing.new_salt(),
    }
    row = Certificate.objects.create(**columns)
    log.append([log.Entry(Leaf.Kind.CERTIFICATE, row.pk, commitments.certificate(**columns))], now=now)
    return row.pk


def count(disposition: int) -> Totals:
    """What went under a disposition, from its tombstones, one after the other."""
    digest, messages, revisions, attachments = hashlib.sha256(), 0, 0, 0
    for item in _items(disposition):
        digest.update(attestation.line(item) + b"\n")
        messages, revisions, attachments = (
            messages + 1,
            revisions + item["revisions"],
            attachments + item["files"],
        )
    return Totals(messages, revisions, attachments, digest.digest())


def count_zips(disposition: int) -> Zips:
    """Which zips went under a disposition, from their tombstones."""
    digest, zips, size = hashlib.sha256(), 0, 0
    for item in _zips(disposition):
        digest.update(attestation.line(item) + b"\n")
        zips, size = zips + 1, size + item["size_bytes"]
    return Zips(zips, size, digest.digest() if zips > 0 else None)


def lines(*, disposition: int) -> Iterator[bytes]:
    """The document, piece by piece. Raises NoCertificate or NotSignedYet before the first."""
    row = Certificate.objects.filter(disposition=disposition).first()
    if row is None:
        raise NoCertificate(f"Disposition {disposition} has no certificate.")
    leaf = Leaf.objects.get(kind=Leaf.Kind.CERTIFICATE, subject_id=row.pk)
    head = log.head()
    if head is None or head.size <= leaf.index:
        raise NotSignedYet("The certificate is in the log, and the log has not been signed since.")
    return attestation.document(
        certificate=commitments.certificate_values(**values(row)),
        salt=bytes(row.salt),
        leaf=attestation.Leaf(
            index=leaf.index, kind=leaf.kind, subject_id=leaf.subject_id, at=hashing.moment(leaf.at)
        ),
        proof=log.prove(index=leaf.index, size=head.size),
        checkpoint=head.note,
        key=str(keys.load(may_create=False).verifier),
        messages=_items(disposition),
        zips=_zips(disposition) if row.zips_sha256 is not None else None,
    )


def values(row: Certificate) -> dict[str, Any]:
    """The columns that the leaf commits to, but for the salt."""
    return {
        "disposition": row.disposition,
        "statement": row.statement,
        "messages": row.messages,
        "revisions": row.revisions,
        "attachments": row.attachments,
        "blobs": row.blobs,
        "blob_bytes": row.blob_bytes,
        "messages_sha256": bytes(row.messages_sha256),
        "issued_at": row.issued_at,
        "zips": row.zips,
        "zip_bytes": row.zip_bytes,
        "zips_sha256": None if row.zips_sha256 is None else bytes(row.zips_sha256),
    }


def _items(disposition: int) -> Iterator[dict[str, Any]]:
    """Each message, in the order in which they went."""
    rows = Tombstone.objects.filter(disposition=disposition).order_by("id").values_list(*_COLUMNS)
    for message, session, zoom_id, sent_at, at, revisions, files, leaves, hashes in rows.iterator(CHUNK):
        yield {
            "message": message,
            "session": session,
            "zoom_id": zoom_id,
            "sent_at": hashing.moment(sent_at),
            "destroyed_at": hashing.moment(at),
            "revisions": revisions,
            "files": files,
            "records": _records(leaves, bytes(hashes)),
        }


def _zips(disposition: int) -> Iterator[dict[str, Any]]:
    """Each zip, in the order in which they went."""
    for row in ZipTombstone.objects.filter(disposition=disposition).order_by("id").iterator(CHUNK):
        yield {
            "zip": row.hold_file_id,
            "matter": row.matter,
            "zoom_matter_id": row.zoom_matter_id,
            "sha256": bytes(row.sha256).hex(),
            "size_bytes": row.size_bytes,
            "first_day": None if row.first_day is None else row.first_day.isoformat(),
            "last_day": None if row.last_day is None else row.last_day.isoformat(),
            "entries": row.entries,
            "messages": row.messages,
            "statement": row.statement,
            "destroyed_at": hashing.moment(row.destroyed_at),
            "records": _records(row.leaves, bytes(row.hashes)),
        }


def _records(leaves: Sequence[int], hashes: bytes) -> list[list[int | str]]:
    """The place and the hash of each record that went."""
    size = hashing.HASH_BYTES
    return [[index, hashes[n * size : (n + 1) * size].hex()] for n, index in enumerate(leaves)]
