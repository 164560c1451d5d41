"""How long reports take, and how fast their counts follow the log.

500 people talk in 2,000 sessions over a year. So many messages as are asked for are put into the record and counted from
the log; then the counts of five million are put in their place, drawn alike and added up in the database, so that the
pages are asked about a year of five million messages without storing these. Times are medians of warm requests for whole
pages, signed in, with their looks recorded. In a database of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from archive.models import Person, ReportCount, Session
from archive.reporting import checking, following
from benchmarks import _record, _texts
from compliance.permissions import Role

AS_OF = datetime(2027, 1, 2, tzinfo=UTC)
LARGE = 5_000_000
RUNS = 3
PAGES = {
    "sessions, a year": "/reports/sessions/?during=2026&zone=UTC",
    "sessions, a year of Berlin": "/reports/sessions/?during=2026&zone=Europe/Berlin",
    "sessions, a month": "/reports/sessions/?during=2026-06&zone=UTC",
    "sessions with a person": "/reports/sessions/?during=2026&zone=UTC&person=mira&sort=recent",
    "activity, a year": "/reports/activity/?during=2026&zone=Europe/Berlin",
    "external contacts, a year": "/reports/outside/?during=2026&zone=UTC",
    "year against year": "/reports/months/?during=2026&zone=UTC",
    "sessions of a year as CSV": "/reports/sessions/take/?during=2026&zone=UTC",
    "overview": "/",
}
# As many draws as messages: of a day, a session and one of its twelve speakers, the early ones of each more often.
_DRAWN = """
    INSERT INTO archive_reportcount (grain, begins, session_id, sender_id, messages, edited, deleted, destroyed, files,
        file_bytes, files_unsized, first_at, last_at, quarters)
    SELECT 'd', begins, session_id, sender_id, count(*), 0, 0, 0, 0, 0, 0, begins + interval '8 hours',
        begins + interval '20 hours', array_agg(quarter)
    FROM (
        SELECT date '2026-01-01' + floor(random() * 365)::int AS begins, {first} + place AS session_id,
            {speaker} + mod(place * 7 + floor(12 * random() * random())::int, {people}) AS sender_id,
            (32 + floor(random() * 44))::smallint AS quarter
        FROM (SELECT floor({sessions} * power(random(), 2.2))::int AS place FROM generate_series(1, {messages})) AS drawn
    ) AS said GROUP BY begins, session_id, sender_id
"""
_MONTHS = """
    INSERT INTO archive_reportcount (grain, begins, session_id, sender_id, messages, edited, deleted, destroyed, files,
        file_bytes, files_unsized, first_at, last_at)
    SELECT 'm', date_trunc('month', begins)::date, session_id, sender_id, sum(messages), 0, 0, 0, 0, 0, 0,
        min(first_at), max(last_at)
    FROM archive_reportcount WHERE grain = 'd' GROUP BY 2, 3, 4
"""
_SLOTS = """
    INSERT INTO archive_reportslot (begins_at, messages, edited, deleted, files)
    SELECT (begins::timestamp + mod(mark, 100) * interval '15 minutes') AT TIME ZONE 'UTC', count(*), 0, 0, 0
    FROM (SELECT begins, unnest(quarters) AS mark FROM archive_reportcount WHERE grain = 'd') AS one GROUP BY 1
"""


def run(*, messages: int = 200_000) -> dict[str, float]:
    """Milliseconds of each page, messages counted a second; needs an empty, migrated database."""
    _record.load(_texts.texts(messages), messages=messages, only_members_speak=True)
    Person.objects.update(is_external=False)
    Person.objects.filter(pk__in=Person.objects.order_by("pk")[450:].values("pk")).update(is_external=True)
    client = _officer()
    begun = perf_counter()
    following.work(clock=lambda: AS_OF)
    figures = {"counted from the log, messages/s": messages / (perf_counter() - begun)}
    begun = perf_counter()
    checking.work(clock=lambda: AS_OF, until=AS_OF.replace(year=2030))
    figures["compared with the record, messages/s"] = messages / (perf_counter() - begun)
    figures |= {f"{name}, of {messages:,}, ms": _ms(client, address) for name, address in PAGES.items()}
    figures["counts of five million, rows"] = _draw()
    return figures | {f"{name}, of {LARGE:,}, ms": _ms(client, address) for name, address in PAGES.items()}


def _draw() -> int:
    """The counts of a year of five million messages, in place of those that are there."""
    session, person = Session.objects.order_by("pk")[0].pk, Person.objects.order_by("pk")[0].pk
    drawn = _DRAWN.format(
        first=session, speaker=person, sessions=_record.SESSIONS, people=_record.PEOPLE, messages=LARGE
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM archive_reportcount")
        cursor.execute("DELETE FROM archive_reportslot")
        for statement in (drawn, _MONTHS, _SLOTS):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE archive_reportcount")
        cursor.execute("VACUUM ANALYZE archive_reportslot")
    return ReportCount.objects.count()


def _officer() -> Client:
    officer = User.objects.create_user("bench")
    officer.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    client = Client(SERVER_NAME="localhost")
    client.force_login(officer)
    return client


def _ms(client: Client, address: str) -> float:
    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        _ = answer.getvalue()

    ask()
    return median(_timed(ask) for _ in range(RUNS))


def _timed(step: Callable[[], None]) -> float:
    begun = perf_counter()
    step()
    return (perf_counter() - begun) * 1_000
