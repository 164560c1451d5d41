"""From what Zoom lists to rows: each zip once, and a new version when one that could be had has changed.

While a zip is not ready its figures are a forecast, and the row follows them. Once it could be had, other figures mean
other bytes: a version of its own. The old one stays as it is; one that was not brought here in time never will be, and
says so.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from archive import readable
from archive.capture import windows, zips
from archive.models import HoldCustodian, HoldFile
from zoom import partial
from zoom.records.legal_hold import HoldFileRecord

State = HoldFile.State

Figures = dict[str, date | int | None]


def note(*, custodian: HoldCustodian, records: Iterable[HoldFileRecord], now: datetime) -> None:
    """Bring the rows of a custodian's zips up to what a page of Zoom's list says. One without a key cannot be had."""
    for record in records:
        key = readable.identifier(record.file_key, limit=1000)
        if key is not None:
            with transaction.atomic():
                _note(custodian, key, record, now=now)


def _note(custodian: HoldCustodian, key: str, record: HoldFileRecord, *, now: datetime) -> None:
    figures = _figures(record)
    rows = HoldFile.objects.filter(custodian=custodian, file_key=key, is_newest=True)
    newest = rows.select_for_update().first()
    if newest is None:
        _add(custodian, key, record, figures, version=1, now=now)
        return
    is_same = all(getattr(newest, name) == value for name, value in figures.items())
    if not is_same and newest.state != State.WAITING:
        _replace(newest, now=now)
        _add(custodian, key, record, figures, version=newest.version + 1, now=now)
        return
    columns: dict[str, object] = {"seen_at": now, "ready": record.ready_for_download, **figures}
    if newest.state == State.WAITING and record.ready_for_download is not False:
        columns |= {"state": State.DUE, "not_before": now}
    rows.filter(pk=newest.pk).update(**columns)


def _add(
    custodian: HoldCustodian,
    key: str,
    record: HoldFileRecord,
    figures: Figures,
    *,
    version: int,
    now: datetime,
) -> None:
    HoldFile.objects.create(
        custodian=custodian,
        file_key=key,
        version=version,
        ready=record.ready_for_download,
        state=State.WAITING if record.ready_for_download is False else State.DUE,
        not_before=now,
        first_seen_at=now,
        seen_at=now,
        **figures,
    )


def _replace(old: HoldFile, *, now: datetime) -> None:
    """The newest version is not the newest any more; what of it is not here cannot be had now."""
    HoldFile.objects.filter(pk=old.pk).update(is_newest=False)
    lost = HoldFile.objects.filter(pk=old.pk, blob=None, state__in=(State.DUE, State.FAILED, State.GONE))
    words = f"Zoom had replaced this zip by {now:%Y-%m-%d %H:%M} UTC, before it was brought here."
    if lost.update(state=State.GONE, not_before=windows.NEVER, last_error=words) == 1:
        partial.discard(zips.target_of(old.pk))


def _figures(record: HoldFileRecord) -> Figures:
    """What Zoom says of a zip; None for what it does not say, or what cannot be."""
    return {
        "first_day": _day(record.file_start_date),
        "last_day": _day(record.file_end_date),
        "files_claimed": _count(record.file_count),
        "size_bytes_claimed": _count(record.total_file_size),
    }


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _count(number: int | None) -> int | None:
    return number if number is not None and number >= 0 else None
