"""Which places are set up, and how each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from archive import log
from archive.models import Witness

Place = Witness.Place
LATE = timedelta(minutes=15)
"""A checkpoint that is not there so long after it was made is a fault, also where no try has failed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One place: `size` is that of the newest checkpoint there, None while there is none."""

    place: str
    label: str
    name: str
    size: int | None
    sent_at: datetime | None
    last_error: str
    is_behind: bool


def set_up() -> dict[str, str]:
    """The places that checkpoints are to go to, and which one each is. No credentials are in it."""
    named = {
        Place.FOLDER: settings.HOLDFAST_CHECKPOINT_DIR,
        Place.MAILBOX: settings.HOLDFAST_WITNESS_EMAIL,
        Place.BUCKET: settings.HOLDFAST_WITNESS_BUCKET,
        Place.AUTHORITY: settings.HOLDFAST_TIMESTAMP_URL.split("?")[0].rpartition("@")[2],
    }
    return {place.value: str(name)[:500] for place, name in named.items() if name}


def standings(*, now: datetime) -> list[Standing]:
    """How every place that is set up stands."""
    if len(set_up()) == 0:
        return []
    rows = {row.place: row for row in Witness.objects.all()}
    head, found = log.head(), []
    for place, name in set_up().items():
        row = rows.get(place)
        if row is not None and row.name != name:
            row = None  # of another one
        size = None if row is None else row.size
        error = "" if row is None else row.last_error
        is_missing = head is not None and (size is None or size < head.size)
        is_late = head is not None and now - head.made_at > LATE
        found.append(
            Standing(
                place=place,
                label=Place(place).label,
                name=name,
                size=size,
                sent_at=None if row is None else row.sent_at,
                last_error=error,
                is_behind=is_missing and (is_late or error != ""),
            )
        )
    return found
