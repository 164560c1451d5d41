"""Zips of legal holds, from Zoom to blobs: streamed, hashed on the way, gone on with after an interruption.

1. Claim the zip that waits longest; see that there is room for it.
2. The bytes stream into a file of the store's own that keeps its name while the row lives, so that whoever comes after a
   worker that was killed goes on where it stopped. About once a second the row says how far it is; a worker that lost its
   claim learns it there and leaves.
3. Whatever came becomes a blob, byte for byte, with a receipt in the log. With the size Zoom named the zip is `stored`,
   with another it is a `mismatch` that names both; it is opened in either case (`openings`, which also counts its files).
"""

import contextlib
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F, QuerySet

from archive import blobs, commitments, hashing, log
from archive.capture import claims, failures, windows
from archive.capture.failures import Failure
from archive.models import Account, Blob, HoldEntry, HoldFile, HoldReceipt, Leaf
from zoom import partial
from zoom.client import ZoomClient
from zoom.errors import NotFound, ZoomError

SHOW_EVERY = timedelta(seconds=1)
DAILY = timedelta(days=1)
ROOM_BYTES = 256 * 1024**2
"""What must stay free on the disk beside a zip."""
ROOM_AGAIN = timedelta(minutes=10)
LAST_TRY = 7

Clock = Callable[[], datetime]
State, Opening = HoldFile.State, HoldFile.Opening
_logger = structlog.get_logger(__name__)


class ClaimLost(Exception):
    """Another worker has the zip now."""


class Stopped(Exception):
    """The worker was asked to stop; what came is kept."""


class NoRoom(Exception):
    """The disk cannot take the zip."""


@dataclass(slots=True)
class _Fetch:
    """One worker's right to fetch one zip, once."""

    row: HoldFile
    key: uuid.UUID
    clock: Clock
    stop: Event
    shown_at: datetime | None = None
    begun: dict[str, object] = field(default_factory=dict)

    @property
    def target(self) -> Path:
        return target_of(self.row.pk)

    def show(self, done: int) -> None:
        """Say how far it is, about once a second. Raises ClaimLost or Stopped."""
        if self.stop.is_set():
            raise Stopped
        now = self.clock()
        if self.shown_at is not None and now - self.shown_at < SHOW_EVERY:
            return
        if self.shown_at is None:
            self.begun = {"begun_at": now, "begun_at_bytes": done}
        self.shown_at = now
        self.update(bytes_done=done, claimed_at=now, **self.begun)

    def update(self, **columns: object) -> None:
        """Write to the row, if it is still ours. Raises ClaimLost."""
        held = HoldFile.objects.filter(pk=self.row.pk, state=State.CLAIMED, claim=self.key)
        if held.update(**columns) != 1:
            raise ClaimLost

    def let_go(self, **columns: object) -> None:
        """Say what became of it and let it go."""
        with contextlib.suppress(ClaimLost):
            self.update(claim=None, claimed_at=None, **columns)
        claims.let_go(claims.Job.HOLD_FILE, self.row.pk)


def rows(account: Account) -> QuerySet[HoldFile]:
    """The account's zips."""
    return HoldFile.objects.filter(custodian__account=account)


def target_of(pk: int) -> Path:
    """Where a zip arrives."""
    return blobs.incoming() / f"{blobs.HOLD_ZIP}{pk}"


def fetch_next(
    *, account: Account, client: ZoomClient, clock: Clock, stop: Event
) -> tuple[bool, Failure | None]:
    """Fetch the zip that waits longest; whether there was one, and what went wrong with it."""
    fetch = _claim(account, clock=clock, stop=stop)
    if fetch is None:
        return False, None
    try:
        _fetch(fetch, client=client)
    except ClaimLost:
        _logger.warning("hold_zip_claim_lost", hold_file=fetch.row.pk)
    except Stopped:
        fetch.let_go(state=State.DUE, attempts=F("attempts") - 1)
    except NotFound as error:
        _gone(fetch, error)
    except NoRoom as error:
        fetch.let_go(state=State.FAILED, last_error=str(error), not_before=clock() + ROOM_AGAIN)
    except (ZoomError, DatabaseError, OSError, blobs.BlobDamaged) as error:
        return True, _failed(fetch, error)
    return True, None


def make_due(*, account: Account, now: datetime, at_once: bool) -> int:
    """Zips whose waiting time is over are due again; how many are due now."""
    until = {"not_before__lt": windows.NEVER} if at_once else {"not_before__lte": now}
    waiting = rows(account).filter(state__in=(State.GONE, State.FAILED, State.MISMATCH), is_newest=True)
    waiting.filter(**until).update(state=State.DUE, not_before=now)
    return rows(account).filter(state=State.DUE, not_before__lte=now).count()


def free_abandoned(*, account: Account, now: datetime) -> int:
    """Make due again what a dead or hanging worker had; how many."""
    claimed = {"state": State.CLAIMED}
    return claims.free(
        claims.Job.HOLD_FILE,
        rows(account),
        claimed=claimed,
        now=now,
        state=State.DUE,
        claim=None,
        not_before=now,
    )


def again_at(row: HoldFile, *, now: datetime) -> datetime:
    """When to ask again for what is gone or differs: daily for a week, and not for an older version."""
    return windows.NEVER if row.attempts >= LAST_TRY or not row.is_newest else now + DAILY


def _claim(account: Account, *, clock: Clock, stop: Event) -> _Fetch | None:
    now, key = clock(), uuid.uuid4()
    due = rows(account).filter(state=State.DUE, not_before__lte=now).order_by("not_before", "id")
    tried = F("attempts") + 1
    pk = claims.take_next(
        claims.Job.HOLD_FILE,
        due,
        state=State.CLAIMED,
        claim=key,
        claimed_at=now,
        attempts=tried,
        begun_at=now,
    )
    if pk is None:
        return None
    row = HoldFile.objects.select_related("custodian__account").get(pk=pk)
    return _Fetch(row, key, clock, stop)


def _fetch(fetch: _Fetch, *, client: ZoomClient) -> None:
    row = fetch.row
    _see_that_there_is_room(fetch)
    download = client.legal_hold.download(
        matter_id=row.custodian.zoom_matter_id, file_key=row.file_key, to=fetch.target, progress=fetch.show
    )
    now = fetch.clock()
    try:
        blob = blobs.adopt(fetch.target, sha256=download.sha256, size_bytes=download.size, now=now)
    finally:
        fetch.target.unlink(missing_ok=True)
    difference = _difference(row, size_bytes=download.size)
    with transaction.atomic():
        fetch.update(
            claim=None,
            claimed_at=None,
            state=State.STORED if difference == "" else State.MISMATCH,
            last_error=difference,
            not_before=now if difference == "" else again_at(row, now=now),
            bytes_done=download.size,
            blob=blob,
            stored_at=now,
            opening=Opening.DUE,
            opening_not_before=now,
            opening_attempts=0,
            opening_error="",
            opened_at=None,
            files_found=None,
            messages_found=None,
            messages_unreported=None,
            messages_destroyed=None,
            messages_reported=None,
            compared_at=None,
        )
        HoldEntry.objects.filter(hold_file_id=row.pk).delete()
        _receive(row, blob, now=now)
    claims.let_go(claims.Job.HOLD_FILE, row.pk)
    _logger.info("hold_zip_stored", hold_file=row.pk, size_bytes=download.size, matches=difference == "")


def _receive(row: HoldFile, blob: Blob, *, now: datetime) -> None:
    """The evidence that these bytes came for this zip. Appends: nothing may follow in the transaction."""
    columns: dict[str, Any] = {
        "salt": hashing.new_salt(),
        "hold_file_id": row.pk,
        "zoom_matter_id": row.custodian.zoom_matter_id,
        "identifier": row.custodian.identifier,
        "file_key": row.file_key,
        "sha256": bytes(blob.sha256),
        "size_bytes": blob.size_bytes,
        "size_bytes_claimed": row.size_bytes_claimed,
        "files_claimed": row.files_claimed,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "received_at": now,
    }
    receipt = HoldReceipt.objects.create(**columns)
    leaf = log.Entry(Leaf.Kind.HOLD_RECEIPT, receipt.pk, commitments.hold_receipt(**columns))
    log.append([leaf], now=now)


def _see_that_there_is_room(fetch: _Fetch) -> None:
    """Raises NoRoom when the disk cannot take what is still to come."""
    size = fetch.row.size_bytes_claimed
    part = fetch.target.with_name(fetch.target.name + ".part")
    here = part.stat().st_size if part.exists() else 0
    free = shutil.disk_usage(blobs.incoming()).free
    if size is not None and size - here + ROOM_BYTES > free:
        raise NoRoom(
            f"There is no room for this zip: {size - here:,} bytes are still to come, and {free:,} are free on the disk."
        )


def _difference(row: HoldFile, *, size_bytes: int) -> str:
    """In words, how what came differs from what Zoom said; empty when it does not, or Zoom said nothing."""
    said = row.size_bytes_claimed
    if said is None or said == size_bytes:
        return ""
    return f"Zoom's list says {said:,} bytes, and {size_bytes:,} came; they are kept."


def _gone(fetch: _Fetch, error: ZoomError) -> None:
    now = fetch.clock()
    partial.discard(fetch.target)
    fetch.let_go(
        state=State.GONE,
        last_error=f"Zoom no longer has this zip ({error}).",
        not_before=again_at(fetch.row, now=now),
    )
    _logger.warning("hold_zip_gone", hold_file=fetch.row.pk)


def _failed(fetch: _Fetch, error: Exception) -> Failure:
    failure = failures.of(error, failures=fetch.row.attempts - 1, now=fetch.clock())
    fetch.let_go(state=State.FAILED, last_error=failure.reason, not_before=failure.not_before)
    _logger.warning("hold_zip_failed", hold_file=fetch.row.pk, code=failure.code)
    return failure
