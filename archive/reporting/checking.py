"""Comparing the counts with the record, a session at a time and for ever, and counting anew what differs.

A difference is damage or a mistake of ours: it is healed at once, and said, since figures were shown until then. Days of
which the log has told something that is not counted yet are left to whoever follows the log.
"""

from datetime import date, datetime
from typing import LiteralString

import structlog
from django.db import transaction
from django.db.models import F

from archive import bulk
from archive import log as merkle_log
from archive.models import ReportState, Session
from archive.reporting import counting
from archive.reporting.counting import COLUMNS, FACTS, Pair
from archive.reporting.following import LOCK, Clock

log = structlog.get_logger(__name__)

_OF_SESSION: LiteralString = "SELECT * FROM archive_message WHERE session_id = %b"
_DIFFERING: LiteralString = (
    "WITH truth AS (SELECT day, sender_id, "
    + counting.SUMS
    + " FROM ("
    + FACTS.replace("{said}", _OF_SESSION)
    + """) AS fact GROUP BY day, sender_id
    ), days AS (SELECT begins AS day, sender_id, """
    + COLUMNS
    + """ FROM archive_reportcount WHERE session_id = %b AND grain = 'd'
    ), month AS (SELECT begins AS day, sender_id, """
    + COLUMNS
    + """ FROM archive_reportcount WHERE session_id = %b AND grain = 'm'
    ), summed AS (SELECT date_trunc('month', day)::date AS day, sender_id, """
    + counting.SUMS
    + """ FROM days GROUP BY 1, 2)
    SELECT day FROM (TABLE truth EXCEPT TABLE days) AS missing
    UNION SELECT day FROM (TABLE days EXCEPT TABLE truth) AS surplus
    UNION SELECT day FROM (TABLE summed EXCEPT TABLE month) AS missing
    UNION SELECT day FROM (TABLE month EXCEPT TABLE summed) AS surplus"""
)
_OF_DAY: LiteralString = """
    SELECT begins_at, messages, edited, deleted, files FROM archive_reportslot
    WHERE begins_at >= %b::date::timestamp AT TIME ZONE 'UTC'
        AND begins_at < (%b::date + 1)::timestamp AT TIME ZONE 'UTC' AND (messages, edited, deleted, files) <> (0, 0, 0, 0)
"""
_SUMMED: LiteralString = """
    SELECT (begins::timestamp + mod(mark, 100) * interval '15 minutes') AT TIME ZONE 'UTC',
        count(*) FILTER (WHERE mark < 100)::int, count(*) FILTER (WHERE mark / 100 = 1)::int,
        count(*) FILTER (WHERE mark / 100 = 2)::int, count(*) FILTER (WHERE mark / 100 = 3)::int
    FROM (SELECT begins, unnest(quarters) AS mark FROM archive_reportcount WHERE grain = 'd' AND begins = %b) AS one
    GROUP BY 1
"""
_EMPTY_DAY: LiteralString = """
    DELETE FROM archive_reportslot WHERE begins_at >= %b::date::timestamp AT TIME ZONE 'UTC'
        AND begins_at < (%b::date + 1)::timestamp AT TIME ZONE 'UTC'
"""
_FILL_DAY: LiteralString = (
    "INSERT INTO archive_reportslot (begins_at, messages, edited, deleted, files)" + _SUMMED
)


def work(*, clock: Clock, until: datetime) -> None:
    """Compare sessions, the next one first, until a moment or until every one was compared once."""
    while look(now=clock()) and clock() < until:
        pass


def look(*, now: datetime) -> bool:
    """Compare the next session; False at the end of a round, or while another counts."""
    with transaction.atomic():
        if not bulk.run("SELECT pg_try_advisory_xact_lock(%b)", (LOCK,))[0][0]:
            return False
        row = ReportState.objects.first()
        if row is None or row.version != counting.VERSION:
            return False
        rows = ReportState.objects.filter(pk=row.pk)
        session = Session.objects.filter(pk__gt=row.checked_to).order_by("pk").first()
        if session is None:
            rows.update(checked_to=0, checked_at=now, rounds=F("rounds") + 1)
            return False
        wrong = differing(session.pk, complete_to=row.complete_to)
        counting.count([(session.pk, day) for day in wrong])
        healed = len(wrong) + _heal_slots(session.pk, wrong)
        rows.update(checked_to=session.pk, checked_at=now)
        if healed > 0:
            rows.update(healed=F("healed") + healed, healed_at=now)
            log.warning("reports_healed", session=session.pk, days=healed)
    return True


def differing(session_id: int, *, complete_to: int) -> list[date]:
    """The days of a session of which days or months are not counted as the record has them."""
    rows = bulk.run(_DIFFERING, (session_id, session_id, session_id))
    if len(rows) == 0:
        return []
    waiting: set[Pair] = set(counting.touched(first=complete_to, last=merkle_log.size()))
    months = {(session, day.replace(day=1)) for session, day in waiting}
    return sorted(
        day for (day,) in rows if (session_id, day) not in waiting and (session_id, day) not in months
    )


def _heal_slots(session_id: int, counted: list[date]) -> int:
    """Compare the slots of the days a session spoke on with all sessions' counts of them, and fill them anew."""
    days = bulk.run(
        "SELECT DISTINCT begins FROM archive_reportcount WHERE session_id = %b AND grain = 'd'", (session_id,)
    )
    healed = 0
    for (day,) in days:
        if sorted(bulk.run(_OF_DAY, (day, day))) == sorted(bulk.run(_SUMMED, (day,))):
            continue
        bulk.run(_EMPTY_DAY, (day, day))
        bulk.run(_FILL_DAY, (day,))
        healed += day not in counted
    return healed
