"""Every figure of the reports with charts, against SQL that was written here, from the record and not from the counts.

Over real talk, and over generated talk that has what the sample has not: edits, deletions, files, and messages that were
destroyed. Who is outside is given out here, since no record of either says it of many.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from archive import purge
from archive.models import Message, Person
from archive.reporting import figures, outside, times
from archive.search import detection
from archive.search.languages import UNKNOWN
from compliance.periods import Period
from compliance.reports import content, months
from tests.archive import scenes
from tests.archive.reporting import chatter
from tests.compliance import world

PERIODS = [
    Period(date(2026, 9, 1), date(2026, 11, 30), "UTC"),
    Period(date(2026, 10, 1), date(2026, 10, 31), "Europe/Berlin"),
    Period(date(2026, 10, 14), date(2026, 10, 14), "Asia/Kathmandu"),
    Period(date(2015, 6, 1), date(2024, 12, 31), "Europe/Berlin"),
    Period(date(2016, 3, 1), date(2016, 3, 31), "Asia/Kathmandu"),
    Period(date(1990, 1, 1), date(1990, 12, 31), "UTC"),
]
SAID = """
    WITH said AS (
        SELECT m.id, m.session_id, m.sender_id, m.sent_at,
            (SELECT bool_or(kind = 'edited') FROM archive_revision WHERE message_id = m.id)::int AS edited,
            (SELECT bool_or(kind = 'deleted') FROM archive_revision WHERE message_id = m.id)::int AS deleted,
            (SELECT count(*) FROM archive_attachment WHERE message_id = m.id) AS files
        FROM archive_message m
        WHERE m.sent_at >= %s AND m.sent_at < %s AND m.id IN (SELECT message_id FROM archive_revision)
    ) SELECT """
FIGURES = " count(*), sum(edited), sum(deleted), sum(files)::bigint"
SUMS = """ count(DISTINCT session_id), count(DISTINCT sender_id),
    count(DISTINCT sender_id) FILTER (WHERE sender_id IN (SELECT id FROM archive_person WHERE is_external)), count(*),
    sum((sender_id IS NULL)::int), sum(edited), sum(deleted) FROM said"""
FILES = """
    SELECT a.name, a.size_bytes_claimed FROM archive_attachment a JOIN archive_message m ON m.id = a.message_id
    WHERE m.sent_at >= %s AND m.sent_at < %s AND m.id IN (SELECT message_id FROM archive_revision)
"""
DESTROYED = """
    SELECT count(*) FROM archive_message m
    WHERE m.sent_at >= %s AND m.sent_at < %s AND m.id NOT IN (SELECT message_id FROM archive_revision)
"""
WORDINGS = """
    SELECT m.id, r.text FROM archive_revision r JOIN archive_message m ON m.id = r.message_id
    WHERE m.sent_at >= %s AND m.sent_at < %s
"""
KINDS = {
    "plan.PDF": "pdf", "photo.jpeg": "pictures", "notes": "no ending", "table.xlsx": "sheets",
    "strange.q§x": "no ending", "run.tar.gz": "archives", "a.b.unheardof": "no ending",
}  # fmt: skip
"""What kind each name of the generated files is."""
Talk = Callable[[], None]


def generated() -> None:
    """Talk with everything that can be counted; a few messages are destroyed, some with files or edits."""
    chatter.generated(messages=600, seed=21)
    gone = Message.objects.order_by("pk").values_list("pk", flat=True)[:60:5]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE compliance_hold IN SHARE MODE")
        purge.destroy(list(gone), holds=[], disposition=1, now=scenes.NOW)


def sample() -> None:
    """Real talk; of every fifth person it is known that they are outside, of every fifth nothing is."""
    chatter.sample()
    part = Person.objects.annotate(part=F("pk") % 5)
    Person.objects.update(is_external=False)
    part.filter(part=0).update(is_external=True)
    part.filter(part=1).update(is_external=None)


@pytest.mark.slow
@pytest.mark.timeout(900)  # to count and index real talk of eleven years takes long on a busy machine
@pytest.mark.parametrize("talk", [generated, sample])
def test_every_figure_is_what_the_record_says(talk: Talk, ines: User) -> None:
    """Of long times and of single days, in several zones, and of a time in which nothing was said."""
    talk()
    chatter.count()
    world.index()
    for period in PERIODS:
        sums_and_shares(period)
        days_and_hours(period)
        outsiders(period)
        files(period)
        languages(period, by=ines)
    for period, other in pairwise(PERIODS):
        compared(period, other, by=ines)


def asked(sql: str, period: Period, *more: object) -> list[tuple[Any, ...]]:
    """The rows of a statement about a period."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [period.begins_at, period.ends_at, *more])
        return list(cursor.fetchall())


def spoke(period: Period) -> dict[int, dict[int, int]]:
    """Of each session, who is known to have said how much."""
    found: dict[int, dict[int, int]] = {}
    rows = asked(SAID + "session_id, sender_id, count(*) FROM said GROUP BY 1, 2", period)
    for session_id, sender_id, messages in rows:
        if sender_id is not None:
            found.setdefault(session_id, {})[sender_id] = messages
    return found


def met(period: Period) -> Iterator[tuple[int, int, int, int]]:
    """An outsider and a colleague in one session, and how much each said there."""
    external = dict(Person.objects.values_list("pk", "is_external"))
    for people in spoke(period).values():
        for one in people:
            for other in people:
                if external[one] is True and external[other] is False:
                    yield one, other, people[one], people[other]


def sums_and_shares(period: Period) -> None:
    """What a period comes to; what each person said and where; what was said in each session and by how many."""
    span = period.begins_at, period.ends_at
    sizes = [size for _, size in asked(FILES, period)]
    known = [size for size in sizes if size is not None]
    (first,) = asked(SAID + SUMS, period)
    (destroyed,) = asked(DESTROYED, period)
    expected = (
        *(figure or 0 for figure in first),
        *destroyed,
        len(sizes),
        sum(known),
        len(sizes) - len(known),
    )
    assert figures.sums(*span) == figures.Sums(*expected), period.name
    for shares, by, others in (
        (figures.by_person, "sender_id", "session_id"),
        (figures.by_session, "session_id", "sender_id"),
    ):
        sql = f"{SAID} {by}, {FIGURES}, count(DISTINCT {others}) FROM said GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST"
        truth = [figures.Share(*row) for row in asked(sql, period)]
        assert shares(*span, most=None) == truth, (period.name, by)
        assert shares(*span, most=3) == truth[:3], (period.name, by)


def days_and_hours(period: Period) -> None:
    """By the calendar and by the clock of the period's zone."""
    span = period.begins_at, period.ends_at
    for found, by in (
        (times.by_day(*span, zone=period.zone), "(sent_at AT TIME ZONE %s)::date"),
        (times.by_hour(*span, zone=period.zone), "extract(hour FROM sent_at AT TIME ZONE %s)::int"),
    ):
        rows = asked(f"{SAID} {by}, {FIGURES} FROM said GROUP BY 1", period, period.zone)
        assert found == {key: times.Said(*row) for key, *row in rows}, period.name


def outsiders(period: Period) -> None:
    """Who is outside, what each said and who of the account was there; all of their contacts, and those of one."""
    span = period.begins_at, period.ends_at
    sessions, said, answered = Counter[Any](), Counter[Any](), Counter[Any]()
    for one, other, messages, answers in met(period):
        sessions[one, other] += 1
        said[one, other] += messages
        answered[one, other] += answers
    contacts = {outside.Contact(*pair, sessions[pair], said[pair], answered[pair]) for pair in sessions}
    people = [
        outside.Outsider(
            *row,
            colleagues=sum(one.person_id == row[0] for one in contacts),
            answered=sum(one.answered for one in contacts if one.person_id == row[0]),
        )
        for row in asked(
            f"{SAID} p.id, p.display_name, p.email, count(DISTINCT session_id), count(*), sum(files)::bigint,"
            " min(sent_at), max(sent_at) FROM said JOIN archive_person p ON p.id = sender_id"
            " WHERE p.is_external GROUP BY p.id ORDER BY count(*) DESC, p.id",
            period,
        )
    ]
    assert outside.people(*span) == people, period.name
    found = outside.contacts(*span)
    assert (set(found), len(found)) == (contacts, len(contacts)), period.name
    for one in people[:3]:
        of_one = {contact for contact in contacts if contact.person_id == one.person_id}
        assert set(outside.contacts(*span, person_id=one.person_id)) == of_one, period.name
    unknown = "count(DISTINCT p.id), count(*) FROM said JOIN archive_person p ON p.id = sender_id"
    assert [outside.unknown(*span)] == asked(f"{SAID} {unknown} WHERE p.is_external IS NULL", period)


def files(period: Period) -> None:
    """Each file of a message that is still here; one without a size as that."""
    count, size = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for name, claimed in asked(FILES, period):
        key = KINDS[name], -1 if claimed is None else len(str(claimed))
        count[key] += 1
        size[key] += claimed or 0
    found = figures.files(period.begins_at, period.ends_at)
    assert {(one.kind, one.size_class): (one.files, one.file_bytes) for one in found} == {
        key: (count[key], size[key]) for key in count
    }, period.name
    assert [one.files for one in found] == sorted(count.values(), reverse=True)


def languages(period: Period, *, by: User) -> None:
    """A message counts for each language it was ever written in, and as unknown where none of its wordings is known."""
    rows = asked(WORDINGS, period)
    written: dict[int, set[str]] = {}
    for (message_id, _), code in zip(rows, detection.of([text for _, text in rows]), strict=True):
        written.setdefault(message_id, set()).add(code)
    truth = Counter(code for codes in written.values() for code in (codes - {UNKNOWN} or codes))
    found = content.seen(period=period, by=by, now=scenes.NOW).languages
    assert found is not None
    assert {code: count for _, code, count in found.counted} == truth, period.name
    assert found.messages == len(written), period.name


def compared(period: Period, other: Period, *, by: User) -> None:
    """Each figure of both sides, by day too; of a time nobody asked about there is none, and no difference."""
    report = months.seen(period=period, other=other, by=by, now=scenes.NOW)
    sides = [truth_of(one) for one in (period, other)]
    for line, name in zip(report.lines, (name for _, name in months.MEASURES), strict=True):
        one, two = (None if side is None else side[name] for side in sides)
        assert (line.one, line.other) == (one, two), (period.name, name)
        assert line.difference == (None if one is None or two is None else one - two), (period.name, name)
    for side, truth in zip(report.sides, sides, strict=True):
        by_day = f"{SAID} (sent_at AT TIME ZONE %s)::date, {FIGURES} FROM said GROUP BY 1 ORDER BY 1"
        rows = [] if truth is None else asked(by_day, side.period, side.period.zone)
        assert list(side.by_day.items()) == [(day, times.Said(*row)) for day, *row in rows]


def truth_of(period: Period) -> Mapping[str, int] | None:
    """The figures that two periods are compared by; None where nothing was said, since nobody asked Zoom here."""
    (row,) = asked(SAID + SUMS, period)
    (destroyed,) = asked(DESTROYED, period)
    sizes = [size for _, size in asked(FILES, period)]
    if row[3] == 0 and destroyed[0] == 0:
        return None
    names = "sessions", "people", "outsiders", "messages", "unsigned", "edited", "deleted"
    more = {"destroyed": destroyed[0], "files": len(sizes), "file_bytes": sum(size or 0 for size in sizes)}
    return dict(zip(names, row, strict=True)) | more
