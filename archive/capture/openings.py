"""Opening zips of legal holds: in the process that reads strangers' files, one entry at a time, nothing to the disk.

1. The zip's list is read. One that is a trap (entries over each other, far too many of them or of their bytes) is
   `refused`: it is kept as it came and nothing in it is touched. One that is no zip, or was cut, is `broken`.
2. Every entry becomes a row; those that must not be opened say why at once, the others are due.
3. Entry by entry: digest, size and checksum, kind, text, and of a chat log the messages. A worker that dies here loses
   one entry.
4. The files found are counted against what Zoom said; a difference makes the zip a `mismatch` that names both.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Sum

from archive import blobs
from archive.capture import claims, passages, reading, zips
from archive.extraction.outcomes import SENTENCES, Outcome, Reason
from archive.extraction.reader import Listed, Reader, ReaderFailed, Unzipped
from archive.models import HoldEntry, HoldFile

LAST_TRY = 3
WAIT = timedelta(minutes=1)
ROWS_AT_ONCE = 1_000

Clock = Callable[[], datetime]
Opening, State, Entry = HoldFile.Opening, HoldFile.State, HoldEntry.State
_logger = structlog.get_logger(__name__)


def work(*, clock: Clock, until: datetime | None = None) -> int:
    """Open what is due until nothing is or the time is up; how many zips were opened, well or not.

    Then make anew the passages of files that have none, or those of an older form.
    """
    done = _open_due(clock=clock, until=until)
    passages.renew(clock=clock, until=until)
    return done


def _open_due(*, clock: Clock, until: datetime | None) -> int:
    done = 0
    free_abandoned(now=clock())
    if not HoldFile.objects.filter(opening=Opening.DUE).exists():
        return 0
    with Reader(reading.limits()) as reader:
        while until is None or clock() < until:
            if not open_next(reader=reader, clock=clock, until=until):
                break
            done += 1
    return done


def open_next(*, reader: Reader, clock: Clock, until: datetime | None = None) -> bool:
    """Open the zip that waits longest; whether there was one."""
    now = clock()
    row = _claim(now=now)
    if row is None:
        return False
    try:
        _open(row, reader=reader, clock=clock, until=until)
    except (ReaderFailed, blobs.BlobMissing) as error:
        _failed(row, error, now=clock())
    finally:
        claims.let_go(claims.Job.HOLD_OPENING, row.pk)
    return True


def free_abandoned(*, now: datetime) -> int:
    """Make due again what a dead or hanging worker had; how many."""
    return claims.free(
        claims.Job.HOLD_OPENING,
        HoldFile.objects.all(),
        claimed={"opening": Opening.CLAIMED},
        now=now,
        at="opening_claimed_at",
        opening=Opening.DUE,
        opening_not_before=now,
    )


def _claim(*, now: datetime) -> HoldFile | None:
    due = HoldFile.objects.filter(opening=Opening.DUE, opening_not_before__lte=now).exclude(blob=None)
    pk = claims.take_next(
        claims.Job.HOLD_OPENING,
        due.order_by("opening_not_before", "id"),
        opening=Opening.CLAIMED,
        opening_claimed_at=now,
        opening_attempts=F("opening_attempts") + 1,
    )
    return None if pk is None else HoldFile.objects.select_related("blob").get(pk=pk)


def _open(row: HoldFile, *, reader: Reader, clock: Clock, until: datetime | None) -> None:
    assert row.blob is not None
    path = blobs.path_of(bytes(row.blob.sha256))
    if not path.exists():
        raise blobs.BlobMissing("Its bytes are not on the disk.")
    if row.files_found is None and not _list(row, reader.index(path), now=clock()):
        return
    due = HoldEntry.objects.filter(hold_file=row, state=Entry.DUE).order_by("number")
    while (one := due.only("name", "place", "reason").first()) is not None:
        if until is not None and clock() >= until:
            _update(row, opening=Opening.DUE, opening_claimed_at=None, opening_attempts=0)
            return
        _keep(one, reader.entry(path, name=one.name, place=one.place))
        row.opening_claimed_at = _renewed(row, now=clock())
    _finish(row, now=clock())


def _list(row: HoldFile, listed: Listed, *, now: datetime) -> bool:
    """Make the rows of a zip's entries; False when it must not or cannot be opened."""
    if listed.reason != "":
        if listed.reason == Reason.MISSING:
            raise ReaderFailed(SENTENCES[Reason.MISSING])
        state = Opening.REFUSED if listed.refused else Opening.BROKEN
        begin = "Opening it would be dangerous" if listed.refused else "It cannot be opened"
        words = f"{begin}. {SENTENCES[Reason(listed.reason)]} It is kept as it came."
        _update(row, opening=state, opening_claimed_at=None, opening_error=words, opened_at=now)
        _logger.warning("hold_zip_not_opened", hold_file=row.pk, reason=listed.reason)
        return False
    with transaction.atomic():
        HoldEntry.objects.filter(hold_file=row).delete()
        HoldEntry.objects.bulk_create(
            (_entry(row, number, *one) for number, one in enumerate(listed.entries)), batch_size=ROWS_AT_ONCE
        )
        _update(row, files_found=len(listed.entries))
    return True


def _entry(row: HoldFile, number: int, name: str, place: list[int], why: str) -> HoldEntry:
    is_closed = why not in ("", Reason.UNSAFE_NAME)
    return HoldEntry(
        hold_file=row,
        number=number,
        name=name,
        place=place,
        reason=why,
        state=Entry.UNREADABLE if is_closed else Entry.DUE,
    )


def _keep(one: HoldEntry, unzipped: Unzipped) -> None:
    """What was read of an entry; one whose name points out of the zip says so whatever was read."""
    result, reason = unzipped.result, unzipped.result.reason
    outcome = result.outcome
    if one.reason == Reason.UNSAFE_NAME and reason == "":
        reason, outcome = one.reason, Outcome.PARTLY
    with transaction.atomic():
        _store(one, unzipped, outcome=outcome, reason=reason)
        passages.store(one.pk, name=one.name, packed=result.packed)


def _store(one: HoldEntry, unzipped: Unzipped, *, outcome: Outcome, reason: str) -> None:
    result = unzipped.result
    HoldEntry.objects.filter(pk=one.pk, state=Entry.DUE).update(
        state=outcome.value,
        reason=reason,
        kind=result.kind,
        size_bytes=unzipped.size_bytes,
        sha256=unzipped.sha256,
        messages=unzipped.messages,
        said=unzipped.packed_ids or None,
        characters=result.characters,
        text=result.packed or None,
        text_sha256=result.text_sha256,
    )


def _finish(row: HoldFile, *, now: datetime) -> None:
    """Sum up what was found, and hold it against what Zoom said."""
    entries = HoldEntry.objects.filter(hold_file=row)
    wrong = Counter(
        entries.filter(state__in=(Entry.PARTLY, Entry.UNREADABLE))
        .exclude(reason__in=_HARMLESS)
        .values_list("reason", flat=True)
    )
    found = row.files_found if row.files_found is not None else entries.count()
    fresh = HoldFile.objects.get(pk=row.pk)
    _update(
        row,
        opening=Opening.PARTLY if wrong else Opening.OPENED,
        opening_claimed_at=None,
        opening_error=_words(wrong, of=fresh.files_found or 0),
        opened_at=now,
        messages_found=entries.aggregate(sum=Sum("messages"))["sum"],
        compared_at=None,
    )
    said = fresh.files_claimed
    if said is None or fresh.files_found is None or said == fresh.files_found:
        return
    words = f"Zoom's list says {said:,} files, and the zip has {found:,}; it is kept."
    both = f"{fresh.last_error} {words}".strip()
    stored = HoldFile.objects.filter(pk=row.pk, state__in=(State.STORED, State.MISMATCH))
    stored.update(state=State.MISMATCH, last_error=both, not_before=zips.again_at(fresh, now=now))


_HARMLESS = (Reason.UNKNOWN_FORMAT, Reason.UNSUPPORTED, Reason.SCANNED)
"""Why a file has no text to find though nothing is wrong with it."""


def _words(wrong: Counter[str], *, of: int) -> str:
    """What stood in the way inside a zip; empty when nothing did."""
    if not wrong:
        return ""
    each = [f"{count:,}: {SENTENCES[Reason(why)]}" for why, count in sorted(wrong.items())]
    return f"Of {of:,} files inside, {wrong.total():,} could not be read as a whole. " + " ".join(each)


def _renewed(row: HoldFile, *, now: datetime) -> datetime | None:
    """Keep the claim alive, when a minute has passed."""
    at = row.opening_claimed_at
    if at is not None and now - at > WAIT:
        _update(row, opening_claimed_at=now)
        return now
    return at


def _update(row: HoldFile, **columns: object) -> None:
    """Write to the row while this worker has it; a zip that came anew meanwhile is not ours any more."""
    held = HoldFile.objects.filter(
        pk=row.pk, opening=Opening.CLAIMED, opening_claimed_at=row.opening_claimed_at, blob=row.blob
    )
    if held.update(**columns) != 1:
        raise ReaderFailed("Another worker opens this zip now.")
    if "files_found" in columns:
        row.files_found = HoldFile.objects.values_list("files_found", flat=True).get(pk=row.pk)


def _failed(row: HoldFile, error: Exception, *, now: datetime) -> None:
    """Try again later; a zip that breaks the reader every time is left as broken."""
    _logger.warning("hold_zip_opening_failed", hold_file=row.pk, error=type(error).__name__)
    tries = row.opening_attempts
    held = HoldFile.objects.filter(
        pk=row.pk, opening=Opening.CLAIMED, opening_claimed_at=row.opening_claimed_at
    )
    if tries >= LAST_TRY:
        words = f"It could not be opened: {error} It is kept as it came."
        held.update(opening=Opening.BROKEN, opening_claimed_at=None, opening_error=words, opened_at=now)
        return
    held.update(opening=Opening.DUE, opening_claimed_at=None, opening_not_before=now + WAIT * tries)
