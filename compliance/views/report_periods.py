"""The period that an address asks a report for, what a reader can choose instead, and a report of it as a file."""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from compliance import periods, visitors
from compliance.periods import Period, Unit
from compliance.sheets import Sheet

UTC = "UTC"


@dataclass(frozen=True)
class Choice:
    """Another period, and where it is."""

    name: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Asked:
    """The period a page is about, why it is not the one asked for (""), and the others at hand."""

    period: Period
    mistake: str
    choices: tuple[Choice, ...]
    before: Choice
    after: Choice | None
    """None: it has not begun."""
    kept: tuple[tuple[str, str], ...]
    """What else the address says, which the form of the picker repeats."""


def of(request: HttpRequest, *, now: datetime) -> Asked:
    """The period in the address, else this month in the reader's zone.

    `from` and `to`, as the picker's form sends them, win over `during`.
    """
    zone = request.GET.get("zone") or timezone.get_current_timezone_name()
    named = periods.a_zone(zone)
    today = periods.month_of(now, zone=named or UTC)
    found, mistake = today, "" if named else f"There is no time zone “{zone[:64]}”; days are those of {UTC}."
    if any(name in request.GET for name in ("from", "to", "during")):
        meant = _meant(request, zone=named or UTC)
        if meant is None:
            mistake = mistake or f"These days could not be read, so this is {today.name}."
        found = meant or today
    drop = ("from", "to", "during", "zone", "after")
    kept = visitors.query(request, drop=drop)
    later = found.after()
    return Asked(
        period=found,
        mistake=mistake,
        choices=tuple(_choice(one, name, found, kept) for name, one in _at_hand(today)),
        before=_choice(found.before(), found.before().name, found, kept),
        after=_choice(later, later.name, found, kept) if later.first <= today.last else None,
        kept=tuple((key, str(value)) for key, value in request.GET.items() if key not in drop),
    )


def _meant(request: HttpRequest, *, zone: str) -> Period | None:
    if "from" not in request.GET and "to" not in request.GET:
        return periods.read(request.GET.get("during", ""), zone=zone)
    try:
        first, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return None
    return periods.between(first, last, zone=zone)


def _at_hand(month: Period) -> list[tuple[str, Period]]:
    quarter, year = month.around(Unit.QUARTER), month.around(Unit.YEAR)
    return [
        ("this month", month),
        ("last month", month.before()),
        ("this quarter", quarter),
        ("last quarter", quarter.before()),
        ("this year", year),
        ("last year", year.before()),
    ]


def _choice(period: Period, name: str, current: Period, kept: str) -> Choice:
    return Choice(name, f"{kept}{period.query}", period.during == current.during)


def file(sheet: Sheet, *, name: str) -> StreamingHttpResponse:
    """A report as a file to keep; its digest goes along, as it was recorded."""
    response = StreamingHttpResponse(sheet.chunks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name.replace("..", "_to_")}.csv"'
    response["Content-Length"] = str(sheet.size_bytes)
    response["X-Content-Type-Options"] = "nosniff"
    response["Digest"] = f"sha-256={base64.b64encode(bytes.fromhex(sheet.sha256)).decode()}"
    return response
