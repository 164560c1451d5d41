"""Reading the next leaves while those before are written."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from archive import bulk, search
from archive.models import Revision
from archive.scope import EVERYTHING
from archive.search import ahead, coverage, indexer
from tests.archive.conftest import Vacuum
from tests.archive.planning import rows_touched
from tests.archive.search.talk import NOON, Line, Talk
from tests.waiting import wait_until


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[ahead.Ahead]:
    """One to which little is much."""
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 4)
    reader = ahead.Ahead()
    yield reader
    reader.end()


@pytest.mark.django_db(transaction=True)
def test_what_is_read_ahead_is_what_would_have_been_read(reader: ahead.Ahead) -> None:
    """Step by step to the log's end, with what only some messages have, also when more is said meanwhile."""
    talk = Talk()
    messages = talk.say_all(
        Line(f"word{n} 東京", files=("plan.pdf",) if n % 3 == 0 else ()) for n in range(15)
    )
    steps, position, pids = [], 0, set()
    while (step := reader.step(position, most=4)).leaves > 0:
        steps.append(step)
        assert step == ahead.read(position, most=step.leaves)
        position = step.complete_to
        pids.add(reader._process.pid if reader._process is not None else 0)
        if len(steps) == 2:
            talk.edit(messages[0], "changed")
    assert sum(step.leaves for step in steps) == 16
    assert steps[-1].again == (messages[0].pk,)
    assert len(pids - {0}) == 1
    assert reader._process is None


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_is_done_without(reader: ahead.Ahead) -> None:
    """And not started again."""
    Talk().say_all(Line(f"word{n}") for n in range(20))
    steps = [reader.step(0, most=4)]
    assert reader._process is not None
    assert reader._process.pid is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    while (step := reader.step(steps[-1].complete_to, most=4)).leaves > 0:
        steps.append(step)
    assert steps == [ahead.read(position, most=4) for position in range(0, 20, 4)]
    assert reader._process is None


@pytest.mark.django_db(transaction=True)
def test_what_the_process_cannot_read_is_read_here(reader: ahead.Ahead) -> None:
    """Its connection is cut: it ends, and what it was to read is read by the indexer, which would meet the error itself."""
    Talk().say_all(Line(f"word{n} " * 8_000) for n in range(40))  # more than there is room for in the pipe
    steps = [reader.step(0, most=4), reader.step(4, most=4)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
        assert (True,) in cursor.fetchall()
    while (step := reader.step(steps[-1].complete_to, most=4)).leaves > 0:
        steps.append(step)
    assert steps == [ahead.read(position, most=4) for position in range(0, 40, 4)]
    assert reader._is_lost


@pytest.mark.django_db(transaction=True)
def test_it_ends_with_an_indexer_that_is_killed(tmp_path: Path) -> None:
    """Nothing is told to a process whose parent is killed: it sees that nobody takes what it reads."""
    Talk().say_all(Line(f"word{n}") for n in range(40))
    database = connection.settings_dict["NAME"]
    program = f"""
import django, os, signal
django.setup()
from django.db import connection
from archive.search import ahead
connection.settings_dict["NAME"] = {database!r}
ahead.WORTH_A_PROCESS = 4
reader = ahead.Ahead()
reader.step(0, most=4)
print(reader._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    argv = [sys.executable, "-c", program]
    said = subprocess.run(argv, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    pid = int(said.stdout)
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


@pytest.mark.django_db(transaction=True)
def test_an_index_made_with_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many full steps, and with messages whose versions are in several."""
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 7)
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
    assert multiprocessing.active_children() == []


@pytest.mark.django_db(transaction=True)
def test_for_a_little_no_process_is_started() -> None:
    Talk().say_all(Line(f"word{n}") for n in range(8))
    reader = ahead.Ahead()
    assert [reader.step(0, most=4).leaves, reader.step(4, most=4).leaves] == [4, 4]
    assert reader._process is None


def test_within_a_transaction_nothing_is_read_ahead(db: None, reader: ahead.Ahead) -> None:
    """Another connection would not see what this one wrote."""
    Talk().say_all(Line(f"word{n}") for n in range(8))
    assert [reader.step(0, most=4).leaves, reader.step(4, most=4).leaves] == [4, 4]
    assert reader._process is None


@pytest.mark.usefixtures("tall")
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
        ((plan,),) = bulk.run(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + ahead._MESSAGES_OF, [bulk.numbers(revisions), "{}", "{}"]
        )
    assert rows_touched(plan[0]["Plan"]) < 20 * 400
    assert len(ahead.read(0, most=1_000).said) == 401
