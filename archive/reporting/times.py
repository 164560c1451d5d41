"""When it was said: by day and by hour of a time zone, from the slots of a quarter of an hour.

Every time zone of today differs from UTC by whole quarters of an hour, so that its days and hours are whole slots.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from archive import bulk


@dataclass(frozen=True, slots=True)
class Said:
    """What came together: messages, those of them that were edited and deleted at Zoom, and files."""

    messages: int
    edited: int
    deleted: int
    files: int


NOTHING = Said(0, 0, 0, 0)

_BY: LiteralString = """
    SELECT {by}, sum(messages)::bigint, sum(edited)::bigint, sum(deleted)::bigint, sum(files)::bigint
    FROM archive_reportslot WHERE begins_at >= %b AND begins_at < %b GROUP BY 1
"""
_BY_DAY: LiteralString = _BY.replace("{by}", "(begins_at AT TIME ZONE %b)::date")
_BY_HOUR: LiteralString = _BY.replace("{by}", "extract(hour FROM begins_at AT TIME ZONE %b)::int")


def by_day(begins_at: datetime, ends_at: datetime, *, zone: str) -> dict[date, Said]:
    """What was said on each day of a zone; days on which nothing was are left out."""
    return {day: Said(*figures) for day, *figures in bulk.run(_BY_DAY, (zone, begins_at, ends_at))}


def by_hour(begins_at: datetime, ends_at: datetime, *, zone: str) -> dict[int, Said]:
    """What was said in each hour of the day of a zone, of all days together; hours without anything are left out."""
    return {hour: Said(*figures) for hour, *figures in bulk.run(_BY_HOUR, (zone, begins_at, ends_at))}
