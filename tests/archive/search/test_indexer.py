"""Following the log: whatever happens to the indexer, the index ends up the same."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import search
from archive.scope import EVERYTHING
from archive.search import coverage, indexer, rebuild
from archive.search import folder as index_folder
from tests.archive.search.talk import NOON, Line, Talk
from tests.waiting import wait_until

SMALL_STEPS = """
import django; django.setup()
from django.core.management import call_command
from archive.search import indexer
indexer.LEAVES_A_STEP = 37
indexer.DOCUMENTS_A_COMMIT = 100
call_command("indexer")
"""


def everything() -> int:
    return search.messages("NOT zzz", scope=EVERYTHING, limit=1).count


def test_a_further_revision_replaces_the_message(talk: Talk, index: Callable[[], None]) -> None:
    """One document a message, however often it changes and whenever the index hears of it."""
    said = talk.say("ship it friday")
    talk.edit(said, "ship it monday")
    index()
    talk.edit(said, "ship it sunday")
    talk.delete(said)
    index()
    assert everything() == 1
    for day in ("friday", "monday", "sunday"):
        assert search.messages(f"{day} is:deleted", scope=EVERYTHING).count == 1


def test_steps_of_any_size_give_the_same_index(
    talk: Talk, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revisions of one message in different steps and commits are one document."""
    monkeypatch.setattr(indexer, "LEAVES_A_STEP", 3)
    monkeypatch.setattr(indexer, "DOCUMENTS_A_COMMIT", 4)
    messages = talk.say_all(Line(f"word{n}") for n in range(20))
    for message in messages[::3]:
        talk.edit(message, "changed")
    index()
    assert (everything(), search.messages("changed", scope=EVERYTHING).count) == (20, 7)
    assert coverage.check() == []


def test_leaves_that_are_no_messages_are_passed_over(talk: Talk, index: Callable[[], None]) -> None:
    """The position moves on although there is nothing to find."""
    talk.say("one")
    index()
    talk.look()
    assert coverage.now().pending == 0
    index()
    assert coverage.now().complete_to == 2


def test_only_one_indexer_follows(talk: Talk, index: Callable[[], None], data: Path) -> None:
    """A second one says so in a sentence."""
    with index_folder.writing(), pytest.raises(search.IndexBusy, match="already writes the index"):
        index()
    index()


def test_a_rebuild_swaps_and_the_old_one_goes(talk: Talk, index: Callable[[], None], data: Path) -> None:
    """Searches go on throughout; afterwards one folder is left."""
    talk.say("one")
    index()
    assert rebuild.reindex(clock=lambda: NOON, progress=lambda _done, _total: None) == 1
    assert everything() == 1
    assert len([path for path in (data / "index").iterdir() if path.is_dir()]) == 1
    talk.say("two")
    index()
    assert everything() == 2


def test_a_running_indexer_changes_over_after_a_rebuild(transactional_db: None, data: Path) -> None:
    """It follows whichever index is in use, and forgets the other."""
    talk, stop = Talk(), threading.Event()
    talk.say("one")
    follower = threading.Thread(target=indexer.follow, kwargs={"stop": stop, "clock": lambda: NOON})
    follower.start()
    try:
        wait_until(lambda: index_folder.current() is not None and everything() == 1)
        rebuild.reindex(clock=lambda: NOON, progress=lambda _done, _total: None)
        talk.say("two")
        wait_until(lambda: everything() == 2)
    finally:
        stop.set()
        follower.join()
    assert coverage.check() == []


@pytest.mark.system
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_in_the_middle_of_batches_it_goes_on_exactly(
    product_environment: dict[str, str], data: Path
) -> None:
    """After any number of kill -9, nothing is missing and nothing is there twice."""
    talk = Talk()
    messages = talk.say_all(Line(f"common word{n}") for n in range(3_000))
    for message in messages[::10]:
        talk.edit(message, "changed")
    environment = {**product_environment, "HOLDFAST_DATA": str(data)}
    chance = random.Random(3)
    for _ in range(6):
        child = subprocess.Popen([sys.executable, "-c", SMALL_STEPS], env=environment)
        goal = min(position() + chance.randrange(1, 600), 3_300)
        wait_until(lambda: position() >= goal, seconds=180)  # noqa: B023
        child.kill()
        child.wait()
    indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)
    assert (everything(), search.messages("common", scope=EVERYTHING).count) == (3_000, 3_000)
    assert search.messages("changed", scope=EVERYTHING).count == 300
    assert (position(), coverage.check()) == (3_300, [])


def position() -> int:
    return 0 if index_folder.current() is None else coverage.now().complete_to
