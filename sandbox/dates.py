"""Which days a request may ask for.

Reports reach six months back and one month at a time; activity logs three days at a time. Whatever lies
beyond is refused with code 300, never shortened.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sandbox.clock import months_after
from sandbox.wire import Refusal

REPORT_MONTHS = 6
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def day(parameters: Mapping[str, str], name: str) -> date:
    """A required `yyyy-mm-dd` parameter."""
    text = parameters.get(name, "")
    try:
        if _DAY.fullmatch(text) is None:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(400, 300, f"Invalid field: {name} must be a date in yyyy-mm-dd format.") from error


def report_window(parameters: Mapping[str, str], *, today: date) -> tuple[date, date]:
    """The `from` and `to` of a report request."""
    first, last = day(parameters, "from"), day(parameters, "to")
    if last < first:
        raise Refusal(400, 300, "Invalid field: the from date must not be later than the to date.")
    if last > months_after(first, months=1):
        raise Refusal(400, 300, "Invalid field: the date range must not be longer than one month.")
    if first < months_after(today, months=-REPORT_MONTHS):
        raise Refusal(400, 300, "Invalid field: the date range must be within the last six months.")
    return first, last


def activity_window(parameters: Mapping[str, str]) -> tuple[date, date]:
    """The `start_date` and `end_date` of an activity log request."""
    first, last = day(parameters, "start_date"), day(parameters, "end_date")
    if last < first or last - first > timedelta(days=3):
        raise Refusal(400, 300, "Channel activity log date not valid.")
    return first, last


def stamp(text: str) -> int | None:
    """A moment written `yyyy-mm-ddThh:mm:ssZ`, in epoch milliseconds; None when it is written otherwise."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return None


def moment(parameters: Mapping[str, str], name: str) -> int:
    """A moment among the parameters."""
    found = stamp(parameters.get(name, ""))
    if found is None:
        raise Refusal(400, 300, f"Invalid field: {name} must be like 2026-01-31T00:00:00Z.")
    return found
