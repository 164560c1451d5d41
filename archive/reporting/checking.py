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
_SUMMED: LiteralString = """
    SELECT (begins::timestamp + mod(mark, 100) * interval '15 minutes') AT TIME ZONE 'UTC' AS begins_at,
        count(*) FILTER (WHERE mark < 100)::int AS messages, count(*) FILTER (WHERE mark / 100 = 1)::int AS edited,
        count(*) FILTER (WHERE mark / 100 = 2)::int AS deleted, count(*) FILTER (WHERE mark / 100 = 3)::int AS files
    FROM (SELECT begins, unnest(quarters) AS mark FROM archive_reportcount WHERE grain = 'd'{of}) AS one
    GROUP BY 1
"""
_WRONG_SLOTS: LiteralString = (
    "WITH summed AS ("
    + _SUMMED.replace("{of}", "")
    + """), kept AS (SELECT begins_at, messages, edited, deleted, files FROM archive_reportslot
        WHERE (messages, edited, deleted, files) <> (0, 0, 0, 0))
    SELECT (begins_at AT TIME ZONE 'UTC')::date FROM (TABLE summed EXCEPT TABLE kept) AS missing
    UNION SELECT (begins_at AT TIME ZONE 'UTC')::date FROM (TABLE kept EXCEPT TABLE summed) AS surplus"""
)
_EMPTY_DAY: LiteralString = """
    DELETE FROM archive_reportslot WHERE begins_at >= %b::date::timestamp AT TIME ZONE 'UTC'
        AND begins_at < (%b::date + 1)::timestamp AT TIME ZONE 'UTC'
"""
_FILL_DAY: LiteralString = (
    "INSERT INTO archive_reportslot (begins_at, messages, edited, deleted, files)"
    + _SUMMED.replace("{of}", " AND begins = %b")
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
            _say(row.pk, _heal_slots(), now=now)
            rows.update(checked_to=0, checked_at=now, rounds=F("rounds") + 1)
            return False
        wrong = differing(session.pk, complete_to=row.complete_to)
        counting.count([(session.pk, day) for day in wrong])
        _say(row.pk, len(wrong), now=now)
        rows.update(checked_to=session.pk, checked_at=now)
    return True


def _say(key: int, healed: int, *, now: datetime) -> None:
    """Write down that days were found wrong."""
    if healed > 0:
        ReportState.objects.filter(pk=key).update(healed=F("healed") + healed, healed_at=now)
        log.warning("reports_healed", days=healed)


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


def _heal_slots() -> int:
    """Compare the slots of every day with the counts they are made of, and fill those that differ anew."""
    wrong = bulk.run(_WRONG_SLOTS)
    for (day,) in wrong:
        bulk.run(_EMPTY_DAY, (day, day))
        bulk.run(_FILL_DAY, (day,))
    return len(wrong)
