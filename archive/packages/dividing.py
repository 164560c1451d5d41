"""Which days are too long for one `content.Day`, and in how many parts each of them comes: said before it is read.

A part has at most `MOST_EVENTS` events and `MOST_TEXT_BYTES` of text, whatever order they were captured in. That is worked
out from moments and lengths alone; the words are read later, a part at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from typing import LiteralString

from archive import bulk
from archive.packages import streams
from archive.packages.content import MOST_EVENTS, MOST_TEXT_BYTES, Message, Request, Step

_LONG: LiteralString = """
SELECT item.session_id, (item.sent_at AT TIME ZONE 'UTC')::date
FROM archive_exportitem item,
    LATERAL (SELECT text FROM archive_revision WHERE message_id = item.message_id OFFSET 0) version
WHERE item.export_id = %b::bigint
GROUP BY 1, 2 HAVING count(*) > %b::bigint OR sum(octet_length(version.text)) > %b::bigint
"""
_OF_A_DAY = """
SELECT item.sent_at, sum(octet_length(version.text))::bigint
FROM archive_exportitem item,
    LATERAL (SELECT id, text FROM archive_revision WHERE message_id = item.message_id OFFSET 0) version,
    LATERAL (SELECT FROM archive_leaf WHERE kind = 1 AND subject_id = version.id AND index + 0 < %(size)s OFFSET 0) leaf
WHERE item.export_id = %(export)s AND item.session_id = %(session)s
  AND item.sent_at >= %(since)s AND item.sent_at < %(until)s
GROUP BY item.sent_at, item.message_id ORDER BY item.sent_at, item.message_id
"""


class Parts:
    """Counts the parts of a day as its events go by, in order."""

    def __init__(self) -> None:
        self.begun = 0
        self._events = self._bytes = 0

    def begins(self, text_bytes: int) -> bool:
        """Whether the next event, with so much text, is the first of a part."""
        is_full = self._events == MOST_EVENTS or self._bytes + text_bytes > MOST_TEXT_BYTES
        is_first = self.begun == 0 or (is_full and self._events > 0)
        if is_first:
            self.begun += 1
            self._events = self._bytes = 0
        self._events += 1
        self._bytes += text_bytes
        return is_first


def text_bytes(event: Message | Step) -> int:
    """What an event weighs: the text of all versions of a message, as UTF-8."""
    return 0 if isinstance(event, Step) else sum(len(one.text.encode()) for one in event.versions)


def long_days(request: Request) -> frozenset[tuple[int, date]]:
    """Days of sessions that may not fit into one part, or are not to be held as a whole to find out."""
    found = bulk.run(_LONG, (request.export_id, MOST_EVENTS // 2, MOST_TEXT_BYTES // 2))
    return frozenset((session_id, day) for session_id, day in found)


def is_one(events: int) -> bool:
    """Whether a day that is none of the long ones, with so many events, is one part."""
    return events <= MOST_EVENTS


def parts(request: Request, session_id: int, day: date, *, steps: Iterable[Step]) -> int:
    """In how many parts a day comes, with these joins and leaves."""
    since = datetime.combine(day, time(), tzinfo=UTC)
    values = {
        "export": request.export_id, "size": request.size, "session": session_id, "since": since,
        "until": since + timedelta(days=1),
    }  # fmt: skip
    counted = Parts()
    said = ((at, 1, weight) for at, weight in streams.rows(_OF_A_DAY, values))
    for _, _, weight in merge(((step.at, 0, 0) for step in steps), said, key=lambda event: event[:2]):
        counted.begins(weight)
    return max(1, counted.begun)
