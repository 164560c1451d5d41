"""Reading the next leaves while those before are written."""

import threading

import pytest
from django.db import connection, connections

from archive import search
from archive.models import Revision
from archive.scope import EVERYTHING
from archive.search import ahead, coverage, indexer
from tests.archive.conftest import Vacuum
from tests.archive.planning import rows_touched
from tests.archive.search.talk import NOON, Line, Talk


@pytest.mark.django_db(transaction=True)
def test_what_is_read_ahead_is_what_would_have_been_read() -> None:
    """Step by step to the log's end, also when more is said meanwhile; the connection is let go of."""
    talk = Talk()
    messages = talk.say_all(Line(f"word{n}") for n in range(10))
    reader, steps, position = ahead.Ahead(), [], 0
    try:
        while (step := reader.step(position, most=4)).leaves > 0:
            steps.append(step)
            assert step == ahead.read(position, most=4)
            position = step.complete_to
            if len(steps) == 3:
                talk.edit(messages[0], "changed")
    finally:
        reader.end()
    assert [step.leaves for step in steps] == [4, 4, 2, 1]
    assert steps[-1].again == (messages[0].pk,)


@pytest.mark.django_db(transaction=True)
def test_an_index_made_with_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many full steps, and with messages whose versions are in several."""
    monkeypatch.setattr(indexer, "LEAVES_A_STEP", 7)
    monkeypatch.setattr(indexer, "DOCUMENTS_A_COMMIT", 20)
    talk = Talk()
    messages = talk.say_all(Line(f"word{n} common") for n in range(60))
    for message in messages[::5]:
        talk.edit(message, "changed")
    indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)
    assert search.messages("common", scope=EVERYTHING).count == 60
    assert search.messages("changed", scope=EVERYTHING).count == 12
    assert coverage.check() == []
    assert len(connections.all(initialized_only=True)) == 1


def test_within_a_transaction_nothing_is_read_ahead(db: None) -> None:
    """Another connection would not see what this one wrote."""
    Talk().say_all(Line(f"word{n}") for n in range(8))
    reader = ahead.Ahead()
    assert [reader.step(0, most=4).leaves, reader.step(4, most=4).leaves] == [4, 4]
    assert reader._thread is None


def test_a_step_grows_with_its_leaves_while_the_planner_takes_the_tables_for_empty(
    vacuum: Vacuum, talk: Talk
) -> None:
    """Each of four hundred replies is looked up by its keys; before, it went through every message."""
    first = talk.say("first")
    talk.say_all(Line(f"word{n}", reply_to=first.zoom_id) for n in range(400))
    vacuum("archive_message", "archive_revision", "archive_leaf")
    revisions = list(Revision.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + ahead._MESSAGES_OF, [revisions, [], []])
        ((plan,),) = cursor.fetchall()
    assert rows_touched(plan[0]["Plan"]) < 20 * 400
    assert len(ahead.read(0, most=1_000).said) == 401
