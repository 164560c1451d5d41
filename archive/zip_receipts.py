"""Which zips of legal holds came, and when: the receipts of evidence, newest first; a reader for pages.

Plain frozen values. A receipt stays when its zip is destroyed. Sizes are bytes, moments UTC; what is not known is None.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from archive.models import HoldReceipt


@dataclass(frozen=True, slots=True)
class Receipt:
    """These bytes came for this zip of this person; Zoom had said how many (None: it had not)."""

    id: int
    zip_id: int
    person_id: int | None
    identifier: str
    email: str
    first_day: date | None
    last_day: date | None
    size: int
    size_claimed: int | None
    sha256: str
    received_at: datetime


def count(zoom_matter_ids: Collection[str], *, account_id: int) -> int:
    """How many there are of these matters at Zoom."""
    return _rows(zoom_matter_ids, account_id).count()


def newest(
    zoom_matter_ids: Collection[str], *, account_id: int, before: int | None, limit: int
) -> list[Receipt]:
    """At most so many of them, older than the receipt `before`."""
    rows = _rows(zoom_matter_ids, account_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_receipt(row) for row in rows.select_related("hold_file__custodian").order_by("-pk")[:limit]]


def _rows(zoom_matter_ids: Collection[str], account_id: int) -> QuerySet[HoldReceipt]:
    """By the zip's custodian, which has an index."""
    return HoldReceipt.objects.filter(
        hold_file__custodian__account=account_id,
        hold_file__custodian__zoom_matter_id__in=list(zoom_matter_ids),
    )


def _receipt(row: HoldReceipt) -> Receipt:
    custodian = row.hold_file.custodian
    return Receipt(
        id=row.pk,
        zip_id=row.hold_file_id,
        person_id=custodian.person_id,
        identifier=row.identifier,
        email=custodian.email,
        first_day=row.first_day,
        last_day=row.last_day,
        size=row.size_bytes,
        size_claimed=row.size_bytes_claimed,
        sha256=bytes(row.sha256).hex(),
        received_at=row.received_at,
    )
