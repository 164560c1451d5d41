"""One period against another: the same figures side by side, and how they differ.

What nobody asked Zoom about is unknown, and so is every difference from it. A period with open days has at least so
many; that is said beside each of its figures and beside what is made of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from archive.reporting import figures, following, proven, times
from archive.reporting.figures import Sums
from archive.reporting.times import Said
from compliance.periods import Period
from compliance.reports import activity, door
from compliance.sheets import Cell, Sheet

REPORT = "months"
MEASURES = (
    ("Messages", "messages"), ("Sessions with a message", "sessions"), ("People who spoke", "people"),
    ("of them outside the account", "outsiders"), ("Messages of nobody known", "unsigned"), ("Edited", "edited"),
    ("Deleted at Zoom", "deleted"), ("Destroyed", "destroyed"), ("Files", "files"), ("Bytes of files", "file_bytes"),
)  # fmt: skip


class Proof(StrEnum):
    """How far a period is known."""

    COMPLETE = "complete"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Side:
    """One of the two periods. `sums` is None when nothing of it was ever asked for."""

    period: Period
    proof: Proof
    open_days: dict[date, int]
    sums: Sums | None
    by_day: dict[date, Said]
    last: date


@dataclass(frozen=True)
class Line:
    """One figure of both; None is unknown. `per_cent` is None without a number to compare with."""

    label: str
    is_bytes: bool
    one: int | None
    other: int | None
    difference: int | None
    per_cent: int | None


@dataclass(frozen=True)
class Report:
    """Both periods and their figures."""

    one: Side
    other: Side
    lines: list[Line]
    standing: following.Standing

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both, in the order of their columns."""
        return self.one, self.other

    @property
    def is_final(self) -> bool:
        """Whether both are proven complete and counted, so that no difference can still change by what is captured."""
        is_proven = self.one.proof is Proof.COMPLETE and self.other.proof is Proof.COMPLETE
        return is_proven and not self.standing.waits


def seen(*, period: Period, other: Period, by: User | None, now: datetime) -> Report:
    """A period against another; recorded as a look."""
    door.permit(REPORT, by=by, now=now)
    with transaction.atomic():
        one_side, other_side = _side(period, now=now), _side(other, now=now)
        details = {"against": other.during}
        standing = door.looked(REPORT, period=period, details=details, by=by, now=now)
    return Report(one_side, other_side, _lines(one_side, other_side), standing)


def taken(*, period: Period, other: Period, by: User | None, now: datetime) -> Sheet:
    """The figures as a file."""
    return door.taken(
        REPORT,
        period=period,
        head=("figure", period.during, other.during, "difference", "state", "state_of_the_other"),
        rows=_cells(period, other, now=now),
        details={"against": other.during},
        by=by,
        now=now,
    )


def _side(period: Period, *, now: datetime) -> Side:
    last = activity.begun(period, now=now)
    open_days = activity.open_days(period, now=now)
    first_utc, last_utc = period.begins_at.date(), (period.ends_at - timedelta(microseconds=1)).date()
    never = proven.never_asked(first=first_utc, last=last_utc)
    span = period.begins_at, period.ends_at
    sums = figures.sums(*span)
    nothing_was_asked = len(never) == (last_utc - first_utc).days + 1
    if nothing_was_asked and sums.messages == 0 and sums.destroyed == 0:
        return Side(period, Proof.UNKNOWN, open_days, None, {}, last)
    proof = Proof.OPEN if len(open_days) > 0 or last < period.last else Proof.COMPLETE
    by_day = dict(sorted(times.by_day(*span, zone=period.zone).items()))
    return Side(period, proof, open_days, sums, by_day, last)


def _lines(one: Side, other: Side) -> list[Line]:
    found = []
    for label, name in MEASURES:
        values = [None if side.sums is None else int(getattr(side.sums, name)) for side in (one, other)]
        now, then = values
        difference = None if now is None or then is None else now - then
        per_cent = None if difference is None or not then else round(100 * difference / then)
        found.append(Line(label, name == "file_bytes", now, then, difference, per_cent))
    return found


def _cells(period: Period, other: Period, *, now: datetime) -> Iterator[Sequence[Cell]]:
    sides = _side(period, now=now), _side(other, now=now)
    states = tuple(
        f"open: {len(side.open_days)} days" if side.proof is Proof.OPEN else side.proof.value
        for side in sides
    )
    for line in _lines(*sides):
        yield line.label, line.one, line.other, line.difference, *states
