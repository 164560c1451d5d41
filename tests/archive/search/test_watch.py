"""The index is compared with the record all the time, and what differs is indexed anew."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import tantivy
from django.core.management import call_command
from django.db import connection

from archive import search, tasks
from archive.models import DayIndexed, IndexState, Message
from archive.scope import EVERYTHING
from archive.search import coverage, days, folder, indexer, watch
from archive.search import index as index_fields
from tests.archive.conftest import Vacuum
from tests.archive.planning import rows_touched
from tests.archive.search.talk import NOON, Line, Talk

Index = Callable[[], None]
Change = Callable[[tantivy.IndexWriter, tantivy.Schema], object]
DAY = timedelta(days=1)


@pytest.fixture
def three_days(talk: Talk, index: Index) -> list[Message]:
    """A message a day, the second one edited; indexed, compared, in order."""
    said = talk.say_all(Line(f"word{n}", at=NOON + n * DAY) for n in range(3))
    talk.edit(said[1], "changed")
    index()
    assert (watch.look(now=NOON), coverage.check()) == (watch.Look(3, ()), [])
    return said


def tamper(change: Change) -> None:
    """Somebody opens the index in use with tools of their own and changes it."""
    opened = tantivy.Index.open(str(folder.root() / str(folder.current())))
    writer = opened.writer(20_000_000, 1)
    change(writer, opened.schema)
    writer.commit()
    writer.wait_merging_threads()


def without(message: Message) -> Change:
    return lambda writer, schema: writer.delete_documents_by_query(
        tantivy.Query.term_query(schema, "message", message.pk)
    )


def again(message: Message, *, digest: int) -> Change:
    """A document of the message without any words."""

    def change(writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        document = tantivy.Document()
        sent = int(message.sent_at.timestamp() * 1_000_000)
        for name, value in (
            ("message", message.pk),
            ("session", message.session_id),
            ("sent", sent),
            ("day", sent // days.MICROSECONDS),
            ("digest", digest),
        ):
            document.add_integer(name, value)
        writer.add_document(document)

    return change


def stale(message: Message) -> Change:
    """The message as it was before it was edited: the same number of messages, other words."""

    def change(writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        without(message)(writer, schema)
        again(message, digest=1)(writer, schema)

    return change


def test_both_sides_come_to_the_same_days(talk: Talk, three_days: list[Message], index: Index) -> None:
    """Whatever was said, edited and deleted in whichever order; and what only waits is no difference."""
    talk.delete(three_days[0])
    talk.edit(three_days[1], "changed again")
    snapshot = index_fields.snapshot()
    for _ in range(2):
        archived = days.in_archive(position=snapshot.marker.complete_to)
        assert archived == days.in_index(snapshot)
        assert archived == days.in_archive(position=snapshot.marker.complete_to, days=archived)
        index()
        snapshot = index_fields.snapshot()
    assert [day.messages for day in archived.values()] == [1, 1, 1]
    assert days.of_the_archive() == set(archived)


def test_the_index_is_of_its_position_exactly(
    talk: Talk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version logged later than the position is not in it, although its row was there to be read."""
    talk.edit(talk.say("ship it friday"), "ship it monday")
    monkeypatch.setattr(indexer, "LEAVES_A_STEP", 1)
    name = index_fields.create()
    folder.make_current(name)
    with indexer.Writer(name) as writer:
        for position, found in ((1, 0), (2, 1)):
            writer.step()
            writer.commit(now=NOON)
            assert days.in_archive(position=position) == days.in_index(index_fields.snapshot())
            assert search.messages("monday", scope=EVERYTHING).count == found


@pytest.mark.parametrize("how", [without, stale, lambda message: again(message, digest=5)])
def test_a_day_that_differs_is_an_alarm_and_is_healed(
    three_days: list[Message], how: Callable[[Message], Change]
) -> None:
    """A message lost, stale, or there twice: named with its day, told with every answer, then indexed anew."""
    tamper(how(three_days[1]))
    assert len(coverage.check()) == 1
    look = watch.look(now=NOON)
    assert [days.date_of(day) for day in look.differing] == [(NOON + DAY).date()]
    assert search.messages("word0", scope=EVERYTHING).coverage.days_at_fault == 1
    assert watch.alarms(now=NOON)[0].startswith("In the search index 1 day differs from the record")
    call_command("indexer", "--once")
    assert (coverage.check(), coverage.now().days_at_fault) == ([], 0)
    assert search.messages("word1 changed", scope=EVERYTHING).count == 1
    seen = watch.watched(now=NOON)[0]
    assert (seen.days_healed, seen.messages_healed, seen.days_at_fault) == (1, 1, 0)


def test_a_message_on_the_wrong_day_makes_both_days_whole(three_days: list[Message]) -> None:
    """The day it is missing from, and the day it is too much on."""
    three_days[2].sent_at = three_days[0].sent_at
    tamper(stale(three_days[2]))
    assert len(watch.look(now=NOON).differing) == 2
    call_command("indexer", "--once")
    assert (coverage.check(), search.messages("word2", scope=EVERYTHING).count) == ([], 1)


def test_what_cannot_be_healed_is_built_anew_once(three_days: list[Message]) -> None:
    """After two tries the whole index is; and when that does not help either, the alarm stays."""
    before = folder.current()
    DayIndexed.objects.update(tries=2)
    tamper(without(three_days[0]))
    call_command("indexer", "--once")
    assert (coverage.check(), len(folder.generations())) == ([], 1)
    after = folder.current()
    assert after != before
    assert IndexState.objects.get().is_last_resort
    DayIndexed.objects.update(tries=2)
    tamper(without(three_days[0]))
    call_command("indexer", "--once")
    assert (folder.current(), coverage.now().days_at_fault) == (after, 1)
    assert watch.alarms(now=NOON)[0].startswith("In the search index 1 day differs")


def test_every_day_has_its_turn(talk: Talk, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look takes the newest days and those not compared for longest; nine days are through after a few looks."""
    monkeypatch.setattr(watch, "DAYS_A_LOOK", 2)
    said = talk.say_all(Line("word", at=NOON + n * DAY) for n in range(9))
    index()
    tamper(without(said[0]))
    looks = [watch.look(now=NOON + timedelta(minutes=n)) for n in range(6)]
    assert all(look.compared <= watch.NEWEST + 2 for look in looks)
    assert any(look.differing for look in looks)
    assert DayIndexed.objects.filter(checked_at=None).count() == 0


def test_an_indexer_that_says_nothing_is_an_alarm(three_days: list[Message]) -> None:
    """Its host is silent for longer than it may be."""
    call_command("indexer", "--once")
    seen = IndexState.objects.get().seen_at
    assert seen is not None
    assert watch.alarms(now=seen + timedelta(minutes=4)) == []
    assert "Nothing was heard of the indexer" in watch.alarms(now=seen + timedelta(minutes=6))[0]


def test_the_task_looks_where_there_is_an_index(three_days: list[Message], data: Path) -> None:
    """And does nothing where there is none."""
    tamper(without(three_days[2]))
    tasks.watch_index()
    assert coverage.now().days_at_fault == 1
    (data / "index" / "current").unlink()
    tasks.watch_index()


def test_the_text_of_a_file_that_is_missing_is_an_alarm_and_is_healed(
    talk: Talk, index: Index, read: Callable[[], int]
) -> None:
    """An index with the message and every version of it, but without what was read in its file, differs."""
    message = talk.say("see attached", at=NOON)
    talk.attach(message, "note.txt", b"the harbour is closed")
    index()
    before = days.in_index(index_fields.snapshot())
    read()
    index()
    position = index_fields.snapshot().marker.complete_to
    archived = days.in_archive(position=position)
    assert (
        archived
        == days.in_archive(position=position, days=archived)
        == days.in_index(index_fields.snapshot())
    )
    assert watch.look(now=NOON).differing == ()
    digest = next(iter(before.values())).digest
    tamper(
        lambda writer, schema: (
            without(message)(writer, schema),
            again(message, digest=digest)(writer, schema),
        )
    )
    assert search.messages("harbour", scope=EVERYTHING).count == 0
    assert len(coverage.check()) == 1
    assert len(watch.look(now=NOON).differing) == 1
    call_command("indexer", "--once")
    assert (coverage.check(), search.messages("harbour", scope=EVERYTHING).count) == ([], 1)


def test_a_reading_counts_from_its_place_in_the_log_on(
    talk: Talk, index: Index, read: Callable[[], int]
) -> None:
    """What was read waits like a version does; a file without text adds nothing."""
    message = talk.say("see attached", at=NOON)
    index()
    position = index_fields.snapshot().marker.complete_to
    before = days.in_archive(position=position)
    talk.attach(message, "note.txt", b"the harbour is closed")
    talk.attach(message, "empty.txt", b"")
    read()
    assert days.in_archive(position=position) == before == days.in_index(index_fields.snapshot())
    index()
    after = days.in_archive(position=index_fields.snapshot().marker.complete_to)
    assert after == days.in_index(index_fields.snapshot()) != before


@pytest.mark.parametrize("is_taken_for_empty", [False, True])
@pytest.mark.usefixtures("tall")
def test_a_day_is_added_up_from_its_own_records(vacuum: Vacuum, talk: Talk, is_taken_for_empty: bool) -> None:
    """Nothing known of the tables, or that they were empty: no message goes through the log, and no day through the rest."""
    talk.say_all(Line(f"word{n} " * 20, at=NOON + (n % 60) * DAY) for n in range(2_400))
    if is_taken_for_empty:
        vacuum("archive_message", "archive_revision", "archive_leaf")
    first = days.number_of(NOON.date())
    wanted = list(range(first, first + 20))
    with connection.cursor() as cursor:
        cursor.execute(days._BY_INDEX)
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + days._OF_SOME, {"position": 10**6, "days": wanted})
        ((plan,),) = cursor.fetchall()
    assert rows_touched(plan[0]["Plan"]) < 20 * 800
    found = days.in_archive(position=10**6, days=wanted)
    assert {number: one.messages for number, one in found.items()} == dict.fromkeys(wanted, 40)
    assert found.items() < days.in_archive(position=10**6).items()
