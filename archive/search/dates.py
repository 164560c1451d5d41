"""Dates in queries: a day, a month or a year, written as ISO 8601 does, always in UTC."""

import re
from datetime import date, timedelta

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_OTHER = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")


def span(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year; None when it is not written as one or does not exist."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if match[3] is not None:
        return first, first
    if match[2] is None:
        return first, date(year, 12, 31)
    if month == 12:
        return first, date(year, 12, 31)
    return first, date(year, month + 1, 1) - timedelta(days=1)


def suggestion(text: str, *, operator: str) -> str:
    """What was probably meant, or how to write a date."""
    match = _OTHER.fullmatch(text)
    if match is not None and len(match[1]) == 4:
        probable = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
        if probable != text and span(probable) is not None:
            return f"Did you mean {operator}:{probable}?"
    return f"Write a day as {operator}:2026-03-01, a month as {operator}:2026-03, a year as {operator}:2026."
