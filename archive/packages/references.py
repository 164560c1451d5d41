"""Where in the log each record of an export is: found out once, kept, and read in that order ever after.

The log is not in the order in which messages are chosen. To sort a million records whenever a package is made would keep
its first one waiting for all the others; kept, the first page is there at once, and each later run is spared the work.
Which records there are is settled with the size of the log and what was chosen: what was destroyed since had its place,
and has no row any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString, NamedTuple

from django.db import transaction

from archive import bulk
from archive.models import ExportRecord
from archive.packages import facts
from archive.packages.content import Request

_KEEP: LiteralString = """
INSERT INTO archive_exportrecord (export_id, leaf, kind, subject_id)
SELECT item.export_id, leaf.index, leaf.kind, leaf.subject_id FROM archive_exportitem item,
LATERAL (SELECT id FROM archive_revision WHERE message_id = item.message_id OFFSET 0) version,
LATERAL (SELECT index, kind, subject_id FROM archive_leaf WHERE kind = 1 AND subject_id = version.id OFFSET 0) leaf
WHERE item.export_id = %b::bigint AND leaf.index < %b::bigint
UNION ALL
SELECT item.export_id, leaf.index, leaf.kind, leaf.subject_id FROM archive_exportitem item
JOIN archive_tombstone stone USING (session_id, sent_at, message_id)
JOIN archive_leaf leaf ON leaf.kind = 10 AND leaf.subject_id = stone.id
WHERE item.export_id = %b::bigint AND leaf.index < %b::bigint
UNION ALL
SELECT DISTINCT kept.export_id, leaf.index, leaf.kind, leaf.subject_id FROM archive_exportfile kept
JOIN archive_attachment attached ON attached.id = kept.attachment_id
JOIN archive_leaf leaf ON leaf.kind = 2 AND leaf.subject_id = kept.blob_id
WHERE kept.export_id = %b::bigint AND leaf.index < %b::bigint
UNION ALL
(SELECT DISTINCT ON (closure.window_id) fact.export_id, leaf.index, leaf.kind, leaf.subject_id
 FROM archive_exportfact fact
 JOIN archive_window span ON span.session_id = fact.key AND span.kind IN ('messages', 'modifications')
     AND span.first_day <= %b::date AND span.last_day >= %b::date
 JOIN archive_windowclosure closure ON closure.window_id = span.id
 JOIN archive_leaf leaf ON leaf.kind = 4 AND leaf.subject_id = closure.id AND leaf.index + 0 < %b::bigint
 WHERE fact.export_id = %b::bigint AND fact.kind = 'session'
 ORDER BY closure.window_id, leaf.index DESC)
"""
"""Versions of the chosen messages, tombstones of those destroyed before, the files on them; of windows, how each was
closed last."""
_PAGE: LiteralString = """
SELECT leaf, kind, subject_id FROM archive_exportrecord WHERE export_id = %b::bigint AND leaf > %b::bigint
ORDER BY leaf LIMIT %b::bigint
"""


class Reference(NamedTuple):
    """Where in the log a record is, and which row it is."""

    leaf: int
    kind: int
    subject_id: int


@transaction.atomic
def keep(request: Request) -> None:
    """Find out where the records are, unless that was done before. What changes must have been kept (`facts.keep`)."""
    export_id, size = request.export_id, request.size
    facts.alone(export_id)
    if ExportRecord.objects.filter(export_id=export_id).exists():
        return
    days = facts.period(export_id=export_id)
    first, last = (None, None) if days is None else (days.first, days.last)
    chosen = (export_id, size)
    bulk.run(_KEEP, (*chosen, *chosen, *chosen, last, first, size, export_id))


def pages(request: Request, most: int) -> Iterator[list[Reference]]:
    """Where the records of a package are in the log, in order, at most so many at once."""
    beyond = -1
    while True:
        page = [Reference(*row) for row in bulk.run(_PAGE, (request.export_id, beyond, most))]
        if len(page) == 0:
            return
        yield page
        beyond = page[-1].leaf
