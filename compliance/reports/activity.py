"""The report of activity: a period by day and by hour, and who and which sessions said most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from archive import completeness, directory
from archive.reporting import figures, following, proven, times
from archive.reporting.figures import Share, Sums
from archive.reporting.times import NOTHING, Said
from compliance.periods import Period
from compliance.reports import door
from compliance.sheets import Cell, Sheet

REPORT = "activity"
MOST = 15
"""People and sessions on the page; all of them are in the file."""
_DAY = timedelta(days=1)


class Part(StrEnum):
    """What can be taken as a file."""

    DAYS = "days"
    HOURS = "hours"
    PEOPLE = "people"
    SESSIONS = "sessions"


@dataclass(frozen=True)
class Report:
    """The figures of a period. Days without anything are zero, and may be open: then more may have been said."""

    sums: Sums
    by_day: dict[date, Said]
    by_hour: dict[int, Said]
    people: list[Share]
    sessions: list[Share]
    names: dict[int, str]
    titles: dict[int, str]
    open_days: dict[date, int]
    last: date
    """The last day of the period that has begun."""
    standing: following.Standing


def seen(*, period: Period, by: User | None, now: datetime) -> Report:
    """The report; recorded as a look."""
    door.permit(REPORT, by=by, now=now)
    span = period.begins_at, period.ends_at
    with transaction.atomic():
        counted = figures.activity(*span, most=MOST)
        return Report(
            sums=counted.sums,
            by_day=times.by_day(*span, zone=period.zone),
            by_hour=times.by_hour(*span, zone=period.zone),
            people=counted.people,
            sessions=counted.sessions,
            names=directory.people_names([one.id for one in counted.people if one.id is not None]),
            titles=directory.titles([one.id for one in counted.sessions if one.id is not None]),
            open_days=open_days(period, now=now),
            last=begun(period, now=now),
            standing=door.looked(REPORT, period=period, details={}, by=by, now=now),
        )


def taken(*, part: Part, period: Period, by: User | None, now: datetime) -> Sheet:
    """A part of the report as a file, of all days, hours, people or sessions."""
    head, rows = _FILES[part]
    return door.taken(
        REPORT,
        period=period,
        head=head,
        rows=rows(period, now),
        details={"part": part.value},
        by=by,
        now=now,
    )


def begun(period: Period, *, now: datetime) -> date:
    """The last day of a period that has begun in its zone; its first day when none has."""
    today = now.astimezone(ZoneInfo(period.zone)).date()
    return max(period.first, min(period.last, today))


def open_days(period: Period, *, now: datetime) -> dict[date, int]:
    """The days of a period, of its zone, that are not proven complete, with how many windows are open."""
    first, last = period.begins_at.date(), (period.ends_at - timedelta(microseconds=1)).astimezone(UTC).date()
    of_utc = dict.fromkeys(proven.never_asked(first=first, last=last), 1)
    of_utc |= completeness.open_days(first, last, now=now)
    found: dict[date, int] = {}
    day, end = period.first, begun(period, now=now)
    while day <= end:
        one = Period(day, day, period.zone)
        touched = {one.begins_at.date(), (one.ends_at - timedelta(microseconds=1)).date()}
        count = max(of_utc.get(utc, 0) for utc in touched)
        if count > 0:
            found[day] = count
        day += _DAY
    return found


Rows = Iterator[Sequence[Cell]]


def _days(period: Period, now: datetime) -> Rows:
    said = times.by_day(period.begins_at, period.ends_at, zone=period.zone)
    is_open = open_days(period, now=now)
    day, end = period.first, begun(period, now=now)
    while day <= end:
        one = said.get(day, NOTHING)
        proof = "not proven complete" if day in is_open else "complete"
        yield day, one.messages, one.edited, one.deleted, one.files, proof
        day += _DAY


def _hours(period: Period, _: datetime) -> Rows:
    said = times.by_hour(period.begins_at, period.ends_at, zone=period.zone)
    for hour in range(24):
        one = said.get(hour, NOTHING)
        yield f"{hour:02}:00", one.messages, one.edited, one.deleted, one.files


def _people(period: Period, _: datetime) -> Rows:
    shares = figures.by_person(period.begins_at, period.ends_at, most=None)
    names = directory.people_names([one.id for one in shares if one.id is not None])
    for one in shares:
        name = None if one.id is None else names.get(one.id, "")
        yield name, one.id, one.others, one.messages, one.edited, one.deleted, one.files


def _sessions(period: Period, _: datetime) -> Rows:
    shares = figures.by_session(period.begins_at, period.ends_at, most=None)
    titles = directory.titles([one.id for one in shares if one.id is not None])
    for one in shares:
        title = "" if one.id is None else titles.get(one.id, "")
        yield title, one.id, one.others, one.messages, one.edited, one.deleted, one.files


_SAID = ("messages", "edited", "deleted", "files")
_FILES = {
    Part.DAYS: (("day", *_SAID, "state"), _days),
    Part.HOURS: (("hour", *_SAID), _hours),
    Part.PEOPLE: (("person", "person_id", "sessions", *_SAID), _people),
    Part.SESSIONS: (("session", "session_id", "people_who_spoke", *_SAID), _sessions),
}
