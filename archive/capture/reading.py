"""Reading what is inside files: which blobs are due, one at a time, and saying so on every message that carries them.

1. `plan`: a blob that a file on a message has, and that nobody has read, becomes a due row; a row read by an older
   version of the extraction is due again and keeps its text until then.
2. `read_next`: claim the row that waits longest, have it read by the child process, store text and outcome.
3. `announce`: for every file whose blob is read and whose message does not say so yet, a `Reading` and its leaf. The
   indexer, following the log, then finds the message by what is in the file.

Because the third step asks the files and not the job, a blob that is read already and turns up on another message years
later is announced there too, without reading it again. Nothing here speaks to Zoom.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from archive import blobs, commitments, extraction, hashing, log
from archive.capture import claims
from archive.extraction.limits import Limits
from archive.extraction.outcomes import Outcome, Reason, named
from archive.extraction.reader import Reader, ReaderFailed, Result
from archive.models import Attachment, Extraction, Leaf, Reading

Clock = Callable[[], datetime]
State = Extraction.State

ANNOUNCED_AT_ONCE = 500
LAST_TRY = 3
WAIT = timedelta(minutes=1)
FINISHED = (State.READ, State.EMPTY, State.PARTLY, State.UNREADABLE)

_logger = structlog.get_logger(__name__)

_NEW = """
    INSERT INTO archive_extraction (blob_id, state, kind, reason, problems, version, characters, text_sha256, attempts,
        not_before, last_error)
    SELECT DISTINCT a.blob_id, 'due', '', '', '[]'::jsonb, 0, 0, ''::bytea, 0, %s::timestamptz, ''
    FROM archive_attachment a
    WHERE a.inside = '' AND a.blob_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM archive_extraction e WHERE e.blob_id = a.blob_id)
    ON CONFLICT (blob_id) DO NOTHING
"""
_UNANNOUNCED = """
    SELECT a.id, a.name, b.sha256, e.version, e.kind, e.state, e.reason, e.characters, e.text_sha256, e.read_at
    FROM archive_attachment a
    JOIN archive_extraction e ON e.blob_id = a.blob_id AND e.state IN ('read', 'empty', 'partly', 'unreadable')
    JOIN archive_blob b ON b.id = a.blob_id
    WHERE a.inside = '' ORDER BY a.id LIMIT %s FOR UPDATE OF a SKIP LOCKED
"""


def limits() -> Limits:
    """What one file may cost here."""
    return Limits(
        memory_bytes=settings.HOLDFAST_READ_MEMORY_BYTES,
        seconds=settings.HOLDFAST_READ_SECONDS,
        characters=settings.HOLDFAST_READ_CHARACTERS,
        unpacked_bytes=settings.HOLDFAST_READ_UNPACKED_BYTES,
        entries=settings.HOLDFAST_READ_ENTRIES,
        depth=settings.HOLDFAST_READ_DEPTH,
    )


def plan(*, now: datetime) -> int:
    """Make due what nobody has read, what an older version read, and what a dead worker left; how many are due."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [now])
    outdated = Extraction.objects.filter(state__in=FINISHED, version__lt=extraction.VERSION)
    outdated.update(state=State.DUE, not_before=now, attempts=0)
    _free_abandoned(now=now)
    return Extraction.objects.filter(state=State.DUE, not_before__lte=now).count()


def again(*, now: datetime, only_unreadable: bool) -> int:
    """Make read files due once more; how many. Their texts stay until then."""
    states = (State.PARTLY, State.UNREADABLE) if only_unreadable else FINISHED
    return Extraction.objects.filter(state__in=states).update(state=State.DUE, not_before=now, attempts=0)


def work(*, clock: Clock, until: datetime | None = None) -> int:
    """Read until nothing is due or the time is up; how many files were read."""
    done = 0
    plan(now=clock())
    with Reader(limits()) as reader:
        if not reader.is_confined:
            _logger.warning("files_read_without_kernel_filter")
        while until is None or clock() < until:
            if not read_next(reader=reader, clock=clock):
                break
            done += 1
            if done % 50 == 0:
                announce(now=clock())
    while announce(now=clock()) == ANNOUNCED_AT_ONCE:
        pass
    return done


def read_next(*, reader: Reader, clock: Clock) -> bool:
    """Read the blob that waits longest; whether there was one."""
    now = clock()
    row = _claim(now=now)
    if row is None:
        return False
    try:
        _read(row, reader=reader, claimed_at=now, clock=clock)
    finally:
        claims.let_go(claims.Job.EXTRACTION, row.pk)
    return True


def announce(*, now: datetime) -> int:
    """Say on messages what was read of their files: readings, and leaves for the indexer to follow; how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_UNANNOUNCED, [ANNOUNCED_AT_ONCE])
            found = cursor.fetchall()
        readings = [_reading(*columns) for columns in found]
        Reading.objects.bulk_create(readings)
        for outcome in Outcome:
            of_it = [reading.attachment_id for reading in readings if reading.outcome == outcome]
            if len(of_it) > 0:
                Attachment.objects.filter(pk__in=of_it).update(inside=outcome.value)
        log.append(
            [log.Entry(Leaf.Kind.READING, reading.pk, _commitment(reading)) for reading in readings], now=now
        )
    return len(readings)


def _claim(*, now: datetime) -> Extraction | None:
    """The due row that waits longest, held by this worker; None when there is none."""
    due = Extraction.objects.filter(state=State.DUE, not_before__lte=now).order_by("not_before", "id")
    tried = F("attempts") + 1
    pk = claims.take_next(claims.Job.EXTRACTION, due, state=State.CLAIMED, claimed_at=now, attempts=tried)
    if pk is None:
        return None
    return Extraction.objects.select_related("blob").defer("text").get(pk=pk)


def _read(row: Extraction, *, reader: Reader, claimed_at: datetime, clock: Clock) -> None:
    try:
        result = reader.read(blobs.path_of(bytes(row.blob.sha256)))
    except ReaderFailed as error:
        _failed(row, error, claimed_at=claimed_at, now=clock())
        return
    if result.reason == Reason.MISSING and row.attempts < LAST_TRY:
        missing = blobs.BlobMissing("Its bytes are not on the disk.")
        _failed(row, missing, claimed_at=claimed_at, now=clock())
        return
    _finish(row, result, claimed_at=claimed_at, now=clock())


def _finish(row: Extraction, result: Result, *, claimed_at: datetime, now: datetime) -> None:
    """Store what was read; the messages that carry it say so anew when it is not what they say already."""
    said = (row.reason, row.characters, bytes(row.text_sha256))
    is_news = row.version == 0 or said != (result.reason, result.characters, result.text_sha256)
    with transaction.atomic():
        held = Extraction.objects.filter(pk=row.pk, state=State.CLAIMED, claimed_at=claimed_at)
        written = held.update(
            state=result.outcome.value,
            kind=result.kind,
            reason=result.reason,
            problems=result.problems,
            version=extraction.VERSION,
            characters=result.characters,
            text=result.packed or None,
            text_sha256=result.text_sha256,
            read_at=now,
            claimed_at=None,
            last_error="",
        )
        if written == 1 and is_news:
            Attachment.objects.filter(blob_id=row.blob_id).exclude(inside="").update(inside="")
    _logger.debug("file_read", extraction=row.pk, outcome=result.outcome.value, reason=result.reason)


def _failed(row: Extraction, error: Exception, *, claimed_at: datetime, now: datetime) -> None:
    """Try again later; a file that breaks the reader every time is left as unreadable."""
    _logger.warning("file_not_read", extraction=row.pk, error=type(error).__name__, attempts=row.attempts)
    if row.attempts >= LAST_TRY:
        why = Reason.CRASHED
        broken = Result("unknown", Outcome.UNREADABLE, why, [["", why.value]], 0, b"", b"")
        _finish(row, broken, claimed_at=claimed_at, now=now)
        return
    Extraction.objects.filter(pk=row.pk, state=State.CLAIMED, claimed_at=claimed_at).update(
        state=State.DUE, claimed_at=None, not_before=now + WAIT * row.attempts, last_error=str(error)
    )


def _free_abandoned(*, now: datetime) -> None:
    """Make rows due again whose worker died or hangs."""
    rows, claimed = Extraction.objects.all(), {"state": State.CLAIMED}
    claims.free(claims.Job.EXTRACTION, rows, claimed=claimed, now=now, state=State.DUE, not_before=now)


def _reading(
    attachment_id: int,
    name: str,
    sha256: bytes,
    version: int,
    kind: str,
    state: str,
    reason: str,
    characters: int,
    text_sha256: bytes,
    read_at: datetime,
) -> Reading:
    """What is said of one file; its name may have promised something else than its bytes are."""
    outcome, why = named(name, kind=kind, outcome=Outcome(state), reason=reason)
    return Reading(
        attachment_id=attachment_id,
        sha256=bytes(sha256),
        version=version,
        outcome=outcome.value,
        reason=why,
        characters=characters,
        text_sha256=bytes(text_sha256),
        read_at=read_at,
        salt=hashing.new_salt(),
    )


def _commitment(reading: Reading) -> bytes:
    return commitments.reading(
        salt=bytes(reading.salt),
        attachment_id=reading.attachment_id,
        sha256=bytes(reading.sha256),
        version=reading.version,
        outcome=reading.outcome,
        reason=reading.reason,
        characters=reading.characters,
        text_sha256=bytes(reading.text_sha256),
        read_at=reading.read_at,
    )
