"""The counts that reports add up, against the record counted in another way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from archive import purge
from archive.models import (
    Message,
    ReportCount,
    ReportFile,
    ReportSlot,
    ReportState,
    Session,
)
from archive.reporting import checking, figures, following
from archive.reporting.sessions import Filters, Place, Sort, every, table
from tests.archive import scenes
from tests.archive.reporting import chatter

pytestmark = pytest.mark.django_db
SPANS = [
    (datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
    (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),  # October in Berlin
    (
        datetime(2026, 10, 14, 18, 15, tzinfo=UTC),
        datetime(2026, 10, 15, 18, 15, tzinfo=UTC),
    ),  # a day in Kathmandu
    (datetime(2026, 10, 14, tzinfo=UTC), datetime(2026, 10, 15, tzinfo=UTC)),
    (datetime(2026, 10, 14, 11, tzinfo=UTC), datetime(2026, 10, 15, 10, tzinfo=UTC)),
    (datetime(2025, 12, 31, 13, tzinfo=UTC), datetime(2026, 12, 31, 13, tzinfo=UTC)),
    (datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)),
    (datetime(1990, 1, 1, tzinfo=UTC), datetime(1991, 1, 1, tzinfo=UTC)),
]
TRUTH = """
    SELECT m.session_id, count(DISTINCT m.id), count(DISTINCT m.sender_id),
        count(DISTINCT m.id) FILTER (WHERE r.kind = 'edited'), count(DISTINCT m.id) FILTER (WHERE r.kind = 'deleted'),
        min(m.sent_at), max(m.sent_at)
    FROM archive_message m JOIN archive_revision r ON r.message_id = m.id
    WHERE m.sent_at >= %s AND m.sent_at < %s GROUP BY 1
"""
TRUTH_OF_FILES = """
    SELECT m.session_id, count(*), coalesce(sum(a.size_bytes_claimed), 0)::bigint,
        sum((a.size_bytes_claimed IS NULL)::int)
    FROM archive_attachment a JOIN archive_message m ON m.id = a.message_id
    WHERE m.sent_at >= %s AND m.sent_at < %s GROUP BY 1
"""


def rows(sql: str, *given: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall() if cursor.description is not None else []


def truth(begins: datetime, ends: datetime) -> dict[int, tuple[Any, ...]]:
    """What every session that spoke comes to."""
    files = {key: tuple(figures) for key, *figures in rows(TRUTH_OF_FILES, begins, ends)}
    return {
        key: (messages, people, edited, deleted, *files.get(key, (0, 0, 0)), first, last)
        for key, messages, people, edited, deleted, first, last in rows(TRUTH, begins, ends)
    }


def reported(begins: datetime, ends: datetime) -> dict[int, tuple[Any, ...]]:
    """The same as the report says it."""
    return {
        one.id: (one.messages, one.people, one.edited, one.deleted, one.files, one.file_bytes, one.files_unsized,
                 one.first_at, one.last_at)
        for one in every(begins, ends, filters=Filters(is_active=True))
    }  # fmt: skip


def counts() -> list[list[tuple[Any, ...]]]:
    """Everything that is kept, without the keys of its rows."""
    names = [[f.attname for f in m._meta.fields if f.name != "id"] for m in (ReportCount, ReportFile)]
    slots = ReportSlot.objects.exclude(messages=0, edited=0, deleted=0, files=0).order_by("begins_at")
    return [
        sorted(ReportCount.objects.values_list(*names[0]), key=repr),
        sorted(ReportFile.objects.values_list(*names[1]), key=repr),
        list(slots.values_list("begins_at", "messages", "edited", "deleted", "files")),
    ]


def test_a_report_of_generated_talk_is_what_the_record_says() -> None:
    """Of every span: whole months, single days, hours beside them, and a time in which nothing was said."""
    chatter.generated(messages=600, seed=1)
    chatter.count()
    for span in SPANS:
        assert reported(*span) == truth(*span), span


def test_a_report_of_the_public_sample_is_what_the_record_says() -> None:
    """Real talk of eleven years, counted by SQL of the test's own."""
    chatter.sample()
    chatter.count()
    for span in SPANS:
        assert reported(*span) == truth(*span), span
    assert sum(figures[0] for figures in truth(*SPANS[6]).values()) > 5_000


def test_every_quarter_of_an_hour_is_what_the_record_says() -> None:
    """Of messages, edited ones, deleted ones and files."""
    chatter.generated(messages=300, seed=2)
    chatter.count()
    quarter = "date_bin('15 minutes', m.sent_at, timestamptz '2026-01-01Z')"
    kinds = "count(DISTINCT m.id), count(DISTINCT m.id) FILTER (WHERE r.kind = 'edited')," \
        " count(DISTINCT m.id) FILTER (WHERE r.kind = 'deleted')"  # fmt: skip
    joined = "archive_message m JOIN archive_revision r ON r.message_id = m.id"
    said = {row[0]: row[1:] for row in rows(f"SELECT {quarter}, {kinds} FROM {joined} GROUP BY 1")}
    with_files = "archive_message m JOIN archive_attachment a ON a.message_id = m.id"
    files = dict(rows(f"SELECT {quarter}, count(*) FROM {with_files} GROUP BY 1"))
    kept = {
        row[0]: row[1:]
        for row in ReportSlot.objects.values_list("begins_at", "messages", "edited", "deleted", "files")
    }
    assert kept == {at: (*figures, files.get(at, 0)) for at, figures in said.items()}


def test_following_in_small_steps_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes together in a transaction; and counting anew gives it again."""
    chatter.generated(messages=200, seed=3)
    chatter.count()
    at_once = counts()
    following.rebuild()
    assert counts() == [[], [], []]
    monkeypatch.setattr(following, "AT_ONCE", 37)
    chatter.count()
    assert counts() == at_once


def test_a_late_message_and_a_late_edit_correct_an_old_day() -> None:
    """A day counted long ago is counted anew when the log tells of it, and no other."""
    window = scenes.conversation()
    chatter.say(window, [scenes.said("hello", id="a"), scenes.said("bye", id="b", minute=60 * 24 * 3)])
    chatter.count()
    kept = dict(ReportCount.objects.filter(grain="d").values_list("begins", "pk"))
    late = scenes.said("hello?", id="a", action_timestamp=1793628300000)
    chatter.say(window, [scenes.said("me too", id="c", minute=5)], edited=[late])
    chatter.count()
    first = ReportCount.objects.get(grain="d", begins=date(2026, 11, 2))
    assert (first.messages, first.edited) == (2, 1)
    assert ReportCount.objects.get(grain="m").messages == 3
    assert ReportCount.objects.get(begins=date(2026, 11, 5)).pk == kept[date(2026, 11, 5)]


def test_the_counts_say_how_far_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, in the middle of building, at the end, and behind again."""
    window = scenes.conversation()
    assert following.standing().counted_at is None
    chatter.say(window, [scenes.said("hello", id="a"), scenes.said("hello", id="b")])
    monkeypatch.setattr(following, "AT_ONCE", 1)
    assert following.follow(clock=lambda: scenes.NOW)
    half = following.standing()
    assert (half.is_building, half.waits, half.counted_at) == (True, True, None)
    assert 0 < half.share < 1
    chatter.count()
    done = following.standing()
    assert (done.is_building, done.waits, done.share, done.counted_at) == (False, False, 1.0, scenes.NOW)
    chatter.say(window, [scenes.said("more", id="c")])
    assert following.standing().waits


def test_other_rules_of_counting_count_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade no figure is half of the old and half of the new."""
    chatter.generated(messages=60, seed=4)
    chatter.count()
    ReportCount.objects.filter(grain="d").update(messages=99)
    ReportState.objects.update(version=0)
    assert following.standing().is_building
    chatter.count()
    assert reported(*SPANS[0]) == truth(*SPANS[0])


@pytest.mark.parametrize(
    "harm",
    [
        lambda: ReportCount.objects.filter(grain="d", pk=ReportCount.objects.filter(grain="d")[3].pk).update(messages=99),
        lambda: ReportCount.objects.filter(grain="m").update(edited=7),
        lambda: ReportCount.objects.filter(grain="d", begins__day=20).delete(),
        lambda: ReportSlot.objects.update(messages=3),
        lambda: ReportSlot.objects.all().delete(),
    ],
    ids=["a day", "a month", "missing days", "slots", "no slots"],
)  # fmt: skip
def test_what_differs_from_the_record_is_found_and_healed(harm: Callable[[], object]) -> None:
    """Whatever happened to the counts, a round of comparing puts them right, and says that it did."""
    chatter.generated(messages=150, seed=5)
    chatter.count()
    before = counts()
    harm()
    assert counts() != before
    later = scenes.NOW + timedelta(hours=1)
    checking.work(clock=lambda: scenes.NOW, until=later)
    assert counts() == before
    state = ReportState.objects.get()
    assert (state.rounds, state.healed > 0, state.healed_at) == (1, True, scenes.NOW)


def test_what_agrees_is_left_alone_and_what_waits_is_not_judged() -> None:
    """A message stored and not yet counted is no damage."""
    window = scenes.conversation()
    chatter.say(window, [scenes.said("hello", id="a")])
    chatter.count()
    chatter.say(window, [scenes.said("more", id="b")])
    checking.work(clock=lambda: scenes.NOW, until=scenes.NOW + timedelta(hours=1))
    assert ReportState.objects.get().healed == 0
    assert ReportCount.objects.get(grain="d").messages == 1


def test_pages_of_the_table_are_all_of_it_once() -> None:
    """In every order, however many are equal, and with an exact total on each."""
    chatter.generated(messages=200, seed=6, sessions=9)
    Session.objects.filter(zoom_id="g3").update(name="")
    chatter.count()
    for sort in Sort:
        whole = [line.id for line in every(*SPANS[0], filters=Filters(), sort=sort)]
        seen: list[int] = []
        after: Place | None = None
        while True:
            page = table(*SPANS[0], filters=Filters(), sort=sort, after=after, limit=2)
            assert page.totals.sessions == 9
            seen += [line.id for line in page.lines]
            after = page.next
            if after is None:
                break
        assert seen == whole, sort


def test_filters_narrow() -> None:
    """By kind, name, person, outsiders, activity; signs in what is typed are signs."""
    chatter.generated(messages=200, seed=7, sessions=4)
    chatter.count()
    Session.objects.filter(zoom_id="g1").update(type="1:1", name="100% off", has_external_member=True)
    empty = scenes.conversation("quiet", of=Session.objects.get(zoom_id="g0").account)

    def found(**filters: Any) -> set[str]:
        lines = every(*SPANS[0], filters=Filters(**filters))
        return set(Session.objects.filter(pk__in=[one.id for one in lines]).values_list("zoom_id", flat=True))

    everything = {"g0", "g1", "g2", "g3", "quiet"}
    assert found() == everything
    assert found(type="1:1") == {"g1"}
    assert found(named="0% o") == {"g1"}
    assert found(named="0_ o") == set()
    assert found(external=True) == {"g1"}
    assert found(is_active=False) == {"quiet"}
    assert found(is_active=True) == everything - {"quiet"}
    assert found(person="speaker 2") == everything - {"quiet"}
    assert found(person="nobody") == set()
    assert found(has_gap=True) == set()
    empty.state = empty.State.GAP
    empty.save()
    assert found(has_gap=True) == {"quiet"}


def test_a_destroyed_message_is_counted_as_destroyed_and_as_nothing_else() -> None:
    """It leaves the day, the month, the quarter of an hour and the files, by the leaf of its tombstone."""
    window = scenes.conversation()
    file = {"file_id": "F", "file_name": "plan.pdf", "file_size": 12}
    chatter.say(window, [scenes.said("hello", id="a"), scenes.said("bye", id="b", minute=40, files=[file])])
    chatter.count()
    assert table(*SPANS[0], filters=Filters()).totals.files == 1
    gone = Message.objects.get(zoom_id="b").pk
    with transaction.atomic():
        rows("LOCK TABLE compliance_hold IN SHARE MODE")
        done = purge.destroy([gone], holds=[], disposition=1, now=scenes.NOW)
    assert done.destroyed == (gone,)
    assert following.standing().waits
    chatter.count()
    line = table(*SPANS[0], filters=Filters()).lines[0]
    assert (line.messages, line.destroyed, line.people, line.files, line.last_at) == (1, 1, 1, 0, scenes.NOON)
    assert ReportSlot.objects.exclude(messages=0).get().begins_at == scenes.NOON
    assert not ReportFile.objects.exists()
    assert checking.differing(line.id, complete_to=ReportState.objects.get().complete_to) == []
    following.rebuild()
    chatter.count()
    assert table(*SPANS[0], filters=Filters()).lines == [line]


def test_the_sums_of_a_period_are_what_the_record_says() -> None:
    """Sessions and people are counted once each, and whoever is not known as a sender is nobody."""
    chatter.generated(messages=300, seed=8)
    chatter.count()
    external = "count(DISTINCT p.id) FILTER (WHERE p.is_external)"
    unsigned = "count(*) FILTER (WHERE m.sender_id IS NULL)"
    said = "archive_message m LEFT JOIN archive_person p ON p.id = m.sender_id"
    for begins, ends in SPANS:
        counted = rows(
            f"SELECT count(DISTINCT m.session_id), count(DISTINCT p.id), {external}, count(*), {unsigned}"
            f" FROM {said} WHERE m.sent_at >= %s AND m.sent_at < %s", begins, ends,
        )[0]  # fmt: skip
        sums = figures.sums(begins, ends)
        assert (sums.sessions, sums.people, sums.outsiders, sums.messages, sums.unsigned) == counted


@pytest.mark.parametrize("most", [3, 1_000])
def test_one_reading_says_what_three_say(most: int) -> None:
    """Sums, people and sessions, in the same order, also of a time in which nothing was said."""
    chatter.generated(messages=300, seed=9)
    chatter.count()
    for span in SPANS:
        counted = figures.activity(*span, most=most)
        assert counted.sums == figures.sums(*span)
        assert counted.people == figures.by_person(*span, most=most)
        assert counted.sessions == figures.by_session(*span, most=most)
    assert counted.people == counted.sessions == []
