"""Time stamps of checkpoints by an authority (RFC 3161): somebody else's word on when a checkpoint was there.

A reply is taken when it is granted, its imprint is the SHA-256 of the signed note, it repeats our nonce, and, where
HOLDFAST_TIMESTAMP_CA names the authority's certificates, its signature leads to one of them. It is kept byte for byte and
published beside the note (`<size>.tsr`), so that `openssl ts -verify` needs nothing of ours.

The authority learns a digest, never the note. What it sends is a stranger's: it is bounded in size and time.
"""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive import publication
from archive.models import Checkpoint, Timestamp

SECONDS = 20.0
LARGEST = 1 << 20


class NotStamped(Exception):
    """The authority gave no time stamp that can be taken. The sentence says why; the next try may be luckier."""


def stamp(checkpoint: Checkpoint) -> Timestamp:
    """The time stamp of a checkpoint, asked for when there is none yet. Raises NotStamped; reads no clock of ours."""
    found = Timestamp.objects.filter(checkpoint=checkpoint).first()
    if found is None:
        reply, stamped_at = ask(checkpoint.note.encode(), url=settings.HOLDFAST_TIMESTAMP_URL)
        found, _ = Timestamp.objects.get_or_create(
            checkpoint=checkpoint, defaults={"reply": reply, "stamped_at": stamped_at}
        )
    for folder in publication.folders():
        publication.write_once(folder / f"{publication.place(checkpoint.size).stem}.tsr", bytes(found.reply))
    return found


def reply_of(size: int) -> bytes | None:
    """What an authority replied for the checkpoint of this size; None where none was asked or none answered."""
    found = Timestamp.objects.filter(checkpoint__size=size).values_list("reply", flat=True).first()
    return None if found is None else bytes(found)


def ask(note: bytes, *, url: str) -> tuple[bytes, datetime]:
    """A reply over these bytes, once it is checked, and the time that it states. Raises NotStamped."""
    request = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = _post(url, request.as_bytes())
    return reply, check(reply, note=note, nonce=request.nonce)


def check(reply: bytes, *, note: bytes, nonce: int | None = None) -> datetime:
    """The time that a reply states for these bytes. Raises NotStamped for one that is not over them.

    Its signature is checked where HOLDFAST_TIMESTAMP_CA is set. `nonce` is ours, where we know it.
    """
    try:
        read = decode_timestamp_response(reply)
        if PKIStatus(read.status) not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise NotStamped("The authority refused to stamp.")
        stated = read.tst_info
    except ValueError as error:
        raise NotStamped("The authority's reply is no time stamp.") from error
    if stated.message_imprint.message != hashlib.sha256(note).digest():
        raise NotStamped("The time stamp is of something else than this checkpoint.")
    if nonce is not None and stated.nonce != nonce:
        raise NotStamped("The time stamp answers another request than ours.")
    if settings.HOLDFAST_TIMESTAMP_CA:
        _check_chain(read, note, roots=_certificates(Path(settings.HOLDFAST_TIMESTAMP_CA)))
    return stated.gen_time.astimezone(UTC)


def _check_chain(read: TimeStampResponse, note: bytes, *, roots: Sequence[x509.Certificate]) -> None:
    builder = VerifierBuilder()
    for one in roots:
        is_root = one.issuer == one.subject
        builder = builder.add_root_certificate(one) if is_root else builder.add_intermediate_certificate(one)
    try:
        builder.build().verify_message(read, note)
    except (VerificationError, ValueError) as error:
        raise NotStamped(
            f"The time stamp is not signed by an authority of HOLDFAST_TIMESTAMP_CA: {error}"
        ) from error


def _certificates(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise NotStamped(f"HOLDFAST_TIMESTAMP_CA, {file}, has no certificates in PEM.") from error


def _post(url: str, body: bytes) -> bytes:
    if not url.lower().startswith(("https://", "http://")):
        raise NotStamped("HOLDFAST_TIMESTAMP_URL is no http address.")
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": "Holdfast"}
    asked = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answered:
            reply: bytes = answered.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise NotStamped(f"The authority answered with HTTP {error.code}.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotStamped(f"The authority cannot be reached ({type(error).__name__}).") from error
    if len(reply) > LARGEST:
        raise NotStamped("The authority's reply is too long for a time stamp.")
    return reply
