"""Dates in queries: ISO days, months, years and spans of them, and days counted back from today.

`2026-03-01`, `2026-03`, `2026`, `2026-03-01..2026-03-15` (either end may be a month or a year), `today`,
`yesterday`, `this-week`, `last-month` and the like (weeks begin on Monday), and `7d`, `2w`, `3m`, `1y` for the
day that long ago. Nothing here reads a clock: today is given, in the zone that the query names.
"""

import calendar
import re
from datetime import date, timedelta

from archive.search.query import FIRST_DAY, LAST_DAY

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_OTHER = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_AGO = re.compile(r"([0-9]{1,4})([dwmy])", re.IGNORECASE)
_NAMED = re.compile(r"(this|last)-(week|month|year)", re.IGNORECASE)
RELATIVE = (
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
)

Span = tuple[date, date]


def span(text: str, *, today: date | None = None) -> Span | None:
    """The first and last day that the text means; None when it means none, or nothing that exists."""
    first, dots, last = text.partition("..")
    if dots:
        start, end = _one(first, today), _one(last, today)
        return None if start is None or end is None or start[0] > end[1] else (start[0], end[1])
    return _one(text, today)


def is_relative(text: str) -> bool:
    """Whether the text counts from today."""
    return any(part.lower() in RELATIVE or _AGO.fullmatch(part) is not None for part in text.split(".."))


def probable(text: str) -> str | None:
    """The day that was probably meant, as it should be written; None when that is not clear."""
    match = _OTHER.fullmatch(text)
    if match is None or len(match[1]) != 4:
        return None
    meant = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return meant if meant != text and span(meant) is not None else None


def suggestion(text: str, *, operator: str) -> str:
    """What was probably meant, or how to write a date."""
    meant = probable(text)
    if meant is not None:
        return f"Did you mean {operator}:{meant}?"
    return (
        f"Write a day as {operator}:2026-03-01, a month as {operator}:2026-03, a year as {operator}:2026, a span as "
        f"{operator}:2026-03-01..2026-03-15, or {operator}:yesterday, {operator}:last-month, {operator}:30d."
    )


def _one(text: str, today: date | None) -> Span | None:
    absolute = _absolute(text)
    if absolute is not None or today is None:
        return absolute
    return _relative(text.lower(), today)


def _absolute(text: str) -> Span | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if match[3] is not None:
        found = first, first
    elif match[2] is None:
        found = first, date(year, 12, 31)
    else:
        found = _month(first)
    return found if found[0] >= FIRST_DAY and found[1] <= LAST_DAY else None


def _relative(text: str, today: date) -> Span | None:
    ago = _AGO.fullmatch(text)
    if ago is not None:
        day = _back(today, int(ago[1]), ago[2].lower())
        return None if day is None else (day, day)
    if text in ("today", "yesterday"):
        day = today if text == "today" else today - timedelta(days=1)
        return day, day
    named = _NAMED.fullmatch(text)
    return None if named is None else _period(named[2], today, is_last=named[1] == "last")


def _period(unit: str, today: date, *, is_last: bool) -> Span:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + (7 if is_last else 0))
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = today.replace(day=1)
        return _month((first - timedelta(days=1)).replace(day=1) if is_last else first)
    year = today.year - 1 if is_last else today.year
    return date(year, 1, 1), date(year, 12, 31)


def _back(today: date, count: int, unit: str) -> date | None:
    """So many days, weeks, months or years before today; the last day of a month that is shorter."""
    if unit in "dw":
        ordinal = today.toordinal() - count * (7 if unit == "w" else 1)
        return date.fromordinal(ordinal) if ordinal >= FIRST_DAY.toordinal() else None
    year, month = divmod(today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1), 12)
    if year < FIRST_DAY.year + 1:
        return None
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _month(first: date) -> Span:
    return first, date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
