"""The period a report is about: days from one to another, in a stated time zone. The same words in every address.

`during` is a month (2026-11), a quarter (2026-Q4), a year (2026) or a span (2026-11-03..2026-11-20); `zone` says whose
days they are. What cannot be read is not a period: whoever asks for one falls back to a month and says which.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

_DAY = timedelta(days=1)
_FORMS = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})|-Q(?P<quarter>[1-4]))?", re.ASCII)
MOST_DAYS = 3_700
"""About ten years: what a report may be about at once."""


class Unit(StrEnum):
    """What kind of period it is; days that are none of the others are a span."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SPAN = "span"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a zone, both included."""

    first: date
    last: date
    zone: str

    @property
    def begins_at(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The moment after the last, in UTC."""
        return _midnight(self.last + _DAY, self.zone)

    @property
    def unit(self) -> Unit:
        """The shortest calendar period that these days are the whole of."""
        for unit in (Unit.MONTH, Unit.QUARTER, Unit.YEAR):
            if (self.first, self.last) == _around(self.first, unit):
                return unit
        return Unit.SPAN

    @property
    def during(self) -> str:
        """The days as an address has them."""
        first = self.first
        forms = {
            Unit.MONTH: f"{first.year:04}-{first.month:02}",
            Unit.QUARTER: f"{first.year:04}-Q{(first.month + 2) // 3}",
            Unit.YEAR: f"{first.year:04}",
        }
        return forms.get(self.unit, f"{first.isoformat()}..{self.last.isoformat()}")

    @property
    def query(self) -> str:
        """The parameters of an address."""
        return urlencode({"during": self.during, "zone": self.zone})

    @property
    def name(self) -> str:
        """What a person calls it."""
        first, last = self.first, self.last
        if self.unit is Unit.SPAN:
            return _named(first) if first == last else f"{_named(first)} to {_named(last)}"
        quarter = f"{_ORDINALS[(first.month - 1) // 3]} quarter of {first.year}"
        return {Unit.MONTH: f"{first:%B} {first.year}", Unit.QUARTER: quarter}.get(self.unit, str(first.year))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same kind that ends where this one begins."""
        return self._of_same_kind(self.first - _DAY, first=self.first - timedelta(days=self.days))

    def after(self) -> "Period":
        """The period of the same kind that begins where this one ends."""
        return self._of_same_kind(self.last + _DAY, first=self.last + _DAY)

    def around(self, unit: Unit) -> "Period":
        """The month, quarter or year in which this one ends."""
        return Period(*_around(self.last, unit), self.zone)

    def _of_same_kind(self, inside: date, *, first: date) -> "Period":
        if self.unit is not Unit.SPAN:
            return Period(*_around(inside, self.unit), self.zone)
        return Period(first, first + timedelta(days=self.days - 1), self.zone)


_ORDINALS = ("first", "second", "third", "fourth")


def read(during: str, *, zone: str) -> Period | None:
    """The period that the parameters of an address mean; None when they mean none."""
    named = a_zone(zone)
    found = _FORMS.fullmatch(during.strip())
    days = _span(during) if found is None else _calendar(found)
    return None if named is None or days is None else between(*days, zone=named)


def between(first: date, last: date, *, zone: str) -> Period | None:
    """These days; None when they are in the wrong order, or more than a report is about."""
    fits = first <= last and (last - first).days < MOST_DAYS and first.year >= 1970 and last.year < 9999
    return Period(first, last, zone) if fits else None


def of_moments(since: datetime, until: datetime, *, zone: str) -> Period:
    """The days of a zone from one moment to before another, as `begins_at` and `ends_at` gave them."""
    last = (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    return Period(since.astimezone(ZoneInfo(zone)).date(), last, zone)


def month_of(moment: datetime, *, zone: str) -> Period:
    """The month in which a moment is in a zone."""
    return Period(*_around(moment.astimezone(ZoneInfo(zone)).date(), Unit.MONTH), zone)


def a_zone(name: str) -> str | None:
    """The name of a time zone however its letters are written; None for one there is not."""
    return zones().get(name.strip().lower())


@lru_cache(maxsize=1)
def zones() -> dict[str, str]:
    """Every time zone by its name in small letters."""
    return {name.lower(): name for name in sorted(available_timezones())}


def _calendar(found: re.Match[str]) -> tuple[date, date] | None:
    year, month, quarter = found["year"], found["month"], found["quarter"]
    unit = Unit.MONTH if month else Unit.QUARTER if quarter else Unit.YEAR
    try:
        return _around(date(int(year), int(month or int(quarter or 1) * 3), 1), unit)
    except ValueError:
        return None


def _span(during: str) -> tuple[date, date] | None:
    first, _, last = during.strip().partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None


def _around(day: date, unit: Unit) -> tuple[date, date]:
    """The first and last day of the month, quarter or year that a day is in."""
    months = _MONTHS[unit]
    begins = (day.month - 1) // months * months + 1
    ends = begins + months - 1
    return date(day.year, begins, 1), date(day.year, ends, calendar.monthrange(day.year, ends)[1])


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _named(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
