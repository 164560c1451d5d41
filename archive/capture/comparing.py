"""Two counts of the same: what a zip of a legal hold has of a person's messages, against what Zoom's reports gave.

A chat log in a zip names each message's session and id; those of them that no report gave are counted, those that were
destroyed here (which nobody stores again), and what reports gave of the same person and days. A difference is a figure to
be looked into, never an error: capture may be behind, Zoom's zip may be. Where anything needed is not known (no chat log
that can be read as one, nobody who is the custodian, no days) the figure is unknown and stays NULL. What differs is
compared again every six hours, since captures go on.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q

from archive.capture import holds, spans
from archive.models import HoldEntry, HoldFile, Message

AGAIN = timedelta(hours=6)
AT_ONCE = 5_000
_MOST_BYTES = 256 << 20

Clock = Callable[[], datetime]
_OPENED = (HoldFile.Opening.OPENED, HoldFile.Opening.PARTLY)

_GIVEN = """
    SELECT count(*), count(stone.id) FROM unnest(%s::text[], %s::text[]) AS z (session, message)
    JOIN archive_session s ON s.account_id = %s AND s.zoom_id = z.session
    JOIN archive_message m ON m.session_id = s.id AND m.zoom_id = z.message
    LEFT JOIN archive_tombstone stone ON stone.message_id = m.id
"""


def work(*, clock: Clock, until: datetime | None = None) -> int:
    """Compare what is due until nothing is or the time is up; how many zips were compared."""
    done = 0
    while until is None or clock() < until:
        if not compare_next(now=clock()):
            break
        done += 1
    return done


def compare_next(*, now: datetime) -> bool:
    """Compare the opened zip that waits longest; whether there was one."""
    found = Q(messages_found__isnull=False)
    differs = found & (~Q(messages_unreported=0) | ~Q(messages_reported=F("messages_found")))
    due = Q(compared_at=None) | (Q(compared_at__lte=now - AGAIN) & differs)
    rows = HoldFile.objects.filter(due, opening__in=_OPENED, is_newest=True)
    row = rows.select_related("custodian", "blob").order_by("compared_at", "id").first()
    if row is None:
        return False
    unreported, destroyed = _unreported(row)
    HoldFile.objects.filter(pk=row.pk, opening__in=_OPENED, blob=row.blob).update(
        messages_unreported=unreported,
        messages_destroyed=destroyed,
        messages_reported=_reported(row),
        compared_at=now,
    )
    return True


def _unreported(row: HoldFile) -> tuple[int | None, int | None]:
    """How many messages of the zip no report gave, and how many were destroyed here; None where that cannot be told."""
    if row.messages_found is None:
        return None, None
    missing, destroyed, seen = 0, 0, 0
    for ids in _ids(row):
        seen += len(ids)
        distinct = sorted({(session, message) for session, message in ids})
        for first in range(0, len(distinct), AT_ONCE):
            some = distinct[first : first + AT_ONCE]
            known, gone = _given(row, some)
            missing, destroyed = missing + len(some) - known, destroyed + gone
    return (missing, destroyed) if seen == row.messages_found else (None, None)


def _given(row: HoldFile, ids: list[tuple[str, str]]) -> tuple[int, int]:
    """How many of them a report gave, and how many of those were destroyed here since."""
    with connection.cursor() as cursor:
        columns = [session for session, _ in ids], [message for _, message in ids]
        cursor.execute(_GIVEN, [*columns, row.custodian.account_id])
        known, gone = cursor.fetchone() or (0, 0)
    return int(known), int(gone)


def _ids(row: HoldFile) -> Iterator[list[list[str]]]:
    """Session and id of the messages, one chat log at a time; none where a log does not name sessions."""
    entries = HoldEntry.objects.filter(hold_file=row).exclude(said=None).order_by("number")
    for packed in entries.values_list("said", flat=True).iterator(chunk_size=1):
        opened = zlib.decompressobj()
        ids = json.loads(opened.decompress(bytes(packed or b""), _MOST_BYTES))
        yield [one for one in ids if one[0] != ""]


def _reported(row: HoldFile) -> int | None:
    """How many messages of the custodian and the zip's days are in the archive; None where that cannot be told."""
    person, first, last = holds.learn_person(row.custodian), row.first_day, row.last_day
    if person is None or first is None or last is None:
        return None
    return Message.objects.filter(
        sender_id=person, sent_at__gte=spans.begins_at(first), sent_at__lt=spans.ends_at(last)
    ).count()
