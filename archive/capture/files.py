"""Attachments: ask for a fresh address and the digest, bring the bytes, compare, store.

1. A file that is already stored under the same Zoom id is not fetched again.
2. Zoom's details of the file are kept as an observation.
3. The bytes stream to disk and are hashed on the way; they become a blob whatever their digest is.
4. With the digest Zoom named the attachment is `stored`; with another it is a `mismatch` that names both.

A file that Zoom no longer has is `gone`, said so, and asked for again in case it comes back.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import Error as DatabaseError
from django.db.models import QuerySet

from archive import blobs, ingest
from archive.capture import claims, failures, fetching
from archive.capture.failures import Failure
from archive.capture.fetching import Fetch
from archive.models import Account, Attachment, Observation
from zoom.client import ZoomClient
from zoom.digests import sha256_bytes
from zoom.errors import NotFound, UnexpectedReply, ZoomError
from zoom.records.files import FileInfo

Clock = Callable[[], datetime]
_logger = structlog.get_logger(__name__)


def rows(account: Account) -> QuerySet[Attachment]:
    """The account's attachments."""
    return Attachment.objects.filter(message__session__account=account)


def fetch_next(*, account: Account, client: ZoomClient, clock: Clock) -> tuple[bool, Failure | None]:
    """Fetch the file that waits longest; whether there was one, and what went wrong with it."""
    fetch = fetching.claim(rows(account), thing="zoom_file_id", job=claims.Job.ATTACHMENT, now=clock())
    if fetch is None:
        return False, None
    try:
        _fetch(fetch, account=account, client=client, clock=clock)
    except NotFound as error:
        _gone(fetch, error, now=clock())
    except (ZoomError, DatabaseError, OSError, blobs.BlobDamaged) as error:
        return True, _failed(fetch, error, now=clock())
    return True, None


def _fetch(fetch: Fetch[Attachment], *, account: Account, client: ZoomClient, clock: Clock) -> None:
    if _take_over(fetch, account=account):
        return
    info = client.files.info(fetch.row.zoom_file_id)
    seen = ingest.observation(
        account=account,
        kind=Observation.Kind.FILE,
        subject=fetch.row.zoom_file_id,
        raw=info.raw,
        now=clock(),
    )
    if info.download_url is None:
        raise UnexpectedReply("getFileInfo: the reply names no address to download from", body=info.raw)
    target = blobs.incoming() / uuid.uuid4().hex
    try:
        download = client.files.download(info.download_url, to=target)
        blob = blobs.adopt(target, sha256=download.sha256, size_bytes=download.size, now=clock())
    finally:
        target.unlink(missing_ok=True)
    difference = _difference(info, sha256=download.sha256, size_bytes=download.size)
    now = clock()
    found = {
        "blob": blob,
        "info_id": seen.observation_id,
        "digest_claimed": (info.digest or "")[:128],
        "inside": fetch.row.inside if fetch.row.blob_id == blob.pk else "",
        "state": fetching.STORED if difference == "" else fetching.MISMATCH,
        "last_error": difference,
        "not_before": now if difference == "" else fetching.not_before(fetch.row, now=now),
    }
    if fetch.finish(**found) and difference == "":
        others = rows(account).filter(zoom_file_id=fetch.row.zoom_file_id)
        others.filter(state__in=(fetching.DUE, fetching.GONE, fetching.FAILED)).update(**found)
    _logger.debug("file_fetched", attachment=fetch.row.pk, matches=difference == "")


def _take_over(fetch: Fetch[Attachment], *, account: Account) -> bool:
    """Use the bytes of the same file on another message, if they are here."""
    stored = rows(account).filter(zoom_file_id=fetch.row.zoom_file_id, state=fetching.STORED).first()
    if stored is None:
        return False
    fetch.finish(
        state=fetching.STORED,
        blob_id=stored.blob_id,
        inside="",
        info_id=stored.info_id,
        digest_claimed=stored.digest_claimed,
        last_error="",
    )
    return True


def _difference(info: FileInfo, *, sha256: bytes, size_bytes: int) -> str:
    """In words, how the bytes differ from what Zoom said of them; empty when they do not, or it said nothing."""
    if info.digest is None or info.digest == "":
        return ""
    try:
        promised = sha256_bytes(info.digest)
    except ValueError:
        return f"Zoom named no usable SHA-256 for this file; the stored bytes have {sha256.hex()}."
    if promised == sha256:
        return ""
    return (
        f"Zoom named the SHA-256 {promised.hex()} for this file, but sent {size_bytes} bytes"
        f" with {sha256.hex()}; they are kept."
    )


def _gone(fetch: Fetch[Attachment], error: ZoomError, *, now: datetime) -> None:
    fetch.finish(
        state=fetching.GONE,
        last_error=f"Zoom no longer has this file ({error}).",
        not_before=fetching.not_before(fetch.row, now=now),
    )
    _logger.warning("file_gone", attachment=fetch.row.pk)


def _failed(fetch: Fetch[Attachment], error: Exception, *, now: datetime) -> Failure:
    failure = failures.of(error, failures=fetch.row.attempts - 1, now=now)
    fetch.finish(state=fetching.FAILED, last_error=failure.reason, not_before=failure.not_before)
    _logger.warning("file_failed", attachment=fetch.row.pk, code=failure.code)
    return failure
