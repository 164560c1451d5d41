"""Certificates of destruction: what went, under which rule, who decided it; to be checked when the words are gone.

`issue` ends a disposition: it counts its tombstones, takes a digest over all of them in order, and commits to both, and to
what compliance states of rule, reason, law, requester and approvers, with one leaf of the log. `lines` writes the
document: that statement, the leaf, the proof that it is in the log, the signed checkpoint, and a line for each message with
its ids and the hashes of its records. `python archive/verify.py FILE` checks it with the standard library alone.

Promises: what a certificate says cannot change once it is issued, by a byte; memory does not grow with its length.
Must never: hold a word of what was destroyed, nor a salt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from archive import attestation, commitments, hashing, keys, log
from archive.models import BlobRemoval, Certificate, Leaf, Tombstone

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


def issue(*, disposition: int, statement: Mapping[str, Any], now: datetime) -> int:
    """End a disposition with its certificate, in the caller's transaction; the certificate's key.

    `statement` is what compliance says of it as JSON: rule, reason, law, requester, approvers, times, what was refused. No
    word of any message belongs there. Appends to the log: do everything else first. Raises IntegrityError when the
    disposition has one already; after it nothing more is destroyed under this disposition.
    """
    totals = count(disposition)
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
    }


def _items(disposition: int) -> Iterator[dict[str, Any]]:
    """Each message, in the order in which they went."""
    rows = Tombstone.objects.filter(disposition=disposition).order_by("id").values_list(*_COLUMNS)
    for message, session, zoom_id, sent_at, at, revisions, files, leaves, hashes in rows.iterator(CHUNK):
        some = bytes(hashes)
        yield {
            "message": message,
            "session": session,
            "zoom_id": zoom_id,
            "sent_at": hashing.moment(sent_at),
            "destroyed_at": hashing.moment(at),
            "revisions": revisions,
            "files": files,
            "records": [
                [index, some[n * hashing.HASH_BYTES : (n + 1) * hashing.HASH_BYTES].hex()]
                for n, index in enumerate(leaves)
            ],
        }
