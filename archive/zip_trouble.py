"""Zips of legal holds that are not here as they should be: a reader for whoever watches holds.

Plain frozen values, two queries for an account however many matters there are, nothing changed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import F, Q

from archive.models import HoldCustodian, HoldFile

READY_WITHIN = timedelta(days=3)
"""A zip that Zoom lists and does not have ready by then is late."""
PATIENCE = timedelta(hours=1)
"""How long what failed may be tried again before it counts."""


_FAILED = (HoldFile.State.FAILED, HoldFile.State.GONE, HoldFile.State.MISMATCH)
_UNOPENED = (HoldFile.Opening.REFUSED, HoldFile.Opening.BROKEN)


class Trouble(StrEnum):
    """What is wrong with a zip, or with the list of somebody's zips."""

    MISSING = "missing"
    """It could not be brought, or not as Zoom described it, or not be opened."""
    LATE = "late"
    """Zoom lists it and has not had it ready for days."""
    DIFFERS = "differs"
    """It and the reports do not have the same messages of the same person and days."""
    UNLISTED = "unlisted"
    """Zoom does not say which zips there are for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """One zip, or one person's list of them (`key` is then that of the list)."""

    trouble: Trouble
    key: int
    zoom_matter_id: str
    whose: str
    first_day: date | None
    last_day: date | None
    why: str
    since: datetime
    unreported: int = 0
    """Messages in the zip that reports did not give."""
    not_in_zip: int = 0
    """Messages that reports gave and the zip does not have."""


def of(*, account_id: int, now: datetime) -> tuple[Troubled, ...]:
    """Whatever is wrong with zips of the account's matters at Zoom that have not ended."""
    return (*_zips(account_id, now), *_lists(account_id, now))


def _zips(account_id: int, now: datetime) -> list[Troubled]:
    missing = (Q(state__in=_FAILED) | Q(opening__in=_UNOPENED)) & Q(first_seen_at__lt=now - PATIENCE)
    late = Q(state=HoldFile.State.WAITING, first_seen_at__lt=now - READY_WITHIN)
    extra = Q(messages_unreported__gt=0)
    fewer = Q(messages_reported__gt=F("messages_found") - F("messages_unreported"))
    found = HoldFile.objects.filter(
        custodian__account_id=account_id, custodian__ended_at=None, is_newest=True
    )
    there = found.exclude(
        state=HoldFile.State.DESTROYED
    )  # what was destroyed here differs from nothing any more
    rows = there.filter(missing | late | extra | fewer).select_related("custodian").order_by("pk")
    return [_zip(row) for row in rows]


def _zip(row: HoldFile) -> Troubled:
    unreported, in_both = row.messages_unreported or 0, None
    if row.messages_found is not None and row.messages_unreported is not None:
        in_both = row.messages_found - row.messages_unreported
    not_in_zip = 0
    if row.messages_reported is not None and in_both is not None:
        not_in_zip = max(0, row.messages_reported - in_both)
    trouble = Trouble.DIFFERS
    if row.state == HoldFile.State.WAITING:
        trouble = Trouble.LATE
    elif row.state in _FAILED or row.opening in _UNOPENED:
        trouble = Trouble.MISSING
    return Troubled(
        trouble=trouble,
        key=row.pk,
        zoom_matter_id=row.custodian.zoom_matter_id,
        whose=row.custodian.email or row.custodian.identifier,
        first_day=row.first_day,
        last_day=row.last_day,
        why=row.last_error or row.opening_error or row.get_state_display(),
        since=row.compared_at if trouble is Trouble.DIFFERS and row.compared_at else row.first_seen_at,
        unreported=unreported,
        not_in_zip=not_in_zip,
    )


def _lists(account_id: int, now: datetime) -> list[Troubled]:
    state = HoldCustodian.State
    rows = HoldCustodian.objects.filter(
        account_id=account_id, ended_at=None, state__in=[state.GONE, state.FAILED],
        first_seen_at__lt=now - PATIENCE,
    )  # fmt: skip
    return [
        Troubled(
            trouble=Trouble.UNLISTED,
            key=row.pk,
            zoom_matter_id=row.zoom_matter_id,
            whose=row.email or row.identifier,
            first_day=None,
            last_day=None,
            why=row.last_error or row.get_state_display(),
            since=row.listed_at or row.first_seen_at,
        )
        for row in rows.order_by("pk")
    ]
