"""Building the index anew: beside the one in use, resumed after anything, complete at the swap."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from archive import search
from archive.management.commands import reindex
from archive.models import IndexState
from archive.scope import EVERYTHING
from archive.search import coverage, folder, indexer, rebuild
from archive.search import index as index_fields
from tests.archive.search.talk import NOON, Line, Talk
from tests.waiting import wait_until

Index = Callable[[], None]

SMALL_STEPS = """
import sys, time
import django; django.setup()
from django.core.management import call_command
from archive.search import indexer, rebuild
indexer.LEAVES_A_STEP = 20
rebuild.DOCUMENTS_A_COMMIT = 40
step = indexer.Writer.step
def step_while_there_is_time(writer):
    while writer.marker.complete_to >= int(sys.argv[1]):
        time.sleep(1)
    return step(writer)
indexer.Writer.step = step_while_there_is_time
call_command("reindex")
"""
"""From the leaf on that is named it stands still, so that it is not done before it is killed."""


class Stop(Exception):
    """Somebody pulls the plug."""


def interrupted(*, after: int) -> folder.Building:
    """A rebuild that dies at its so many-th step; what it left."""
    steps = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == after:
            raise Stop

    with pytest.raises(Stop):
        rebuild.reindex(clock=lambda: NOON, progress=progress)
    begun = folder.building()
    assert begun is not None
    return begun


@pytest.fixture
def many(talk: Talk, index: Index, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A hundred messages, indexed; steps of ten from now on, each committed."""
    talk.say_all(Line(f"word{n}") for n in range(100))
    index()
    monkeypatch.setattr(indexer, "LEAVES_A_STEP", 10)
    monkeypatch.setattr(rebuild, "DOCUMENTS_A_COMMIT", 10)
    return talk


def test_an_interrupted_rebuild_goes_on_from_its_last_commit(many: Talk) -> None:
    """Not from the beginning; the old index answers until then, and what was stored meanwhile is in the new one."""
    before = folder.current()
    begun = interrupted(after=4)
    assert (begun.done, begun.total, folder.current()) == (40, 100, before)
    many.say("later")
    seen: list[tuple[int, int]] = []
    assert rebuild.reindex(clock=lambda: NOON, progress=lambda *at: seen.append(at)) == 101
    assert seen[0] == (50, 101)
    assert (folder.current(), folder.building(), folder.generations()) == (begun.name, None, [begun.name])
    assert (search.messages("later", scope=EVERYTHING).count, coverage.check()) == (1, [])
    assert list(IndexState.objects.values_list("name", flat=True)) == [begun.name]


def test_fresh_begins_anew(many: Talk) -> None:
    """What an interrupted one left goes."""
    begun = interrupted(after=4)
    call_command("reindex", "--fresh")
    assert begun.name not in folder.generations()
    assert (len(folder.generations()), coverage.check()) == (1, [])


@pytest.mark.parametrize("damage", ["gone", "cut", "of another version"])
def test_what_is_left_of_a_rebuild_is_not_trusted(many: Talk, damage: str) -> None:
    """It goes on only with a whole index of this version."""
    begun = interrupted(after=4)
    path = folder.root() / begun.name
    if damage == "gone":
        path.rename(path.with_name("elsewhere"))
    elif damage == "cut":
        longest = max(path.glob("*.idx"), key=lambda one: one.stat().st_size)
        longest.write_bytes(longest.read_bytes()[:-20])
    else:
        age(begun.name)
    call_command("reindex")
    assert folder.current() != begun.name
    assert coverage.check() == []


def age(name: str) -> None:
    """Make a generation say that another version made it."""
    opened = index_fields.open_generation(name)
    marker = index_fields.marker_of(opened.searcher())
    writer = opened.writer(20_000_000, 1)
    writer.delete_documents_by_query(index_fields.marker_query(opened.schema))
    old = index_fields.Marker(marker.version - 1, marker.complete_to, marker.last_leaf)
    writer.add_document(index_fields.marker_document(old))
    writer.commit()
    writer.wait_merging_threads()


def test_an_index_of_another_version_is_built_anew_by_the_indexer(many: Talk) -> None:
    """Until then it answers nothing, and says how far the new one is."""
    old = str(folder.current())
    age(old)
    with pytest.raises(search.IndexUnavailable, match=r"another version\. The indexer builds a new one"):
        search.messages("word1", scope=EVERYTHING)
    interrupted(after=4)
    with pytest.raises(search.IndexUnavailable, match=r"was begun: 40 of 100 leaves are in it \(40%\)"):
        search.messages("word1", scope=EVERYTHING)
    with (
        folder.writing(folder.BUILD),
        pytest.raises(
            search.IndexUnavailable, match=r"is being built: 40 of 100 leaves are in it \(40%\)\.$"
        ),
    ):
        search.messages("word1", scope=EVERYTHING)
    call_command("indexer", "--once")
    assert (search.messages("word1", scope=EVERYTHING).count, coverage.check()) == (1, [])
    assert old not in folder.generations()


def test_progress_says_how_far_how_fast_and_how_long() -> None:
    """At the rate since it began, which is not the beginning when it goes on."""
    assert reindex.words(0, 100, 0, 0) == "0 of 100 leaves"
    assert (
        reindex.words(60_000, 100_000, 10_000, 2.0) == "60,000 of 100,000 leaves, 5,000 a second, 0:08 left"
    )


@pytest.mark.system
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_again_and_again_it_goes_on(product_environment: dict[str, str], data: Path) -> None:
    """A real process, killed with -9 in the middle; never does it begin again, and the end is complete."""
    talk = Talk()
    talk.say_all(Line(f"common word{n}") for n in range(2_000))
    indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)
    environment = {**product_environment, "HOLDFAST_DATA": str(data)}
    names, reached = set(), 0
    for _ in range(4):
        goal = reached + 100
        argv = [sys.executable, "-c", SMALL_STEPS, str(goal + 300)]
        child = subprocess.Popen(argv, env=environment)
        wait_until(lambda: committed() >= goal or child.poll() is not None, seconds=180)  # noqa: B023
        child.kill()
        child.wait()
        begun = folder.building()
        assert begun is not None
        names.add(begun.name)
        assert committed() >= goal
        reached = committed()
    talk.say("later")
    done = subprocess.run(
        [sys.executable, "-c", SMALL_STEPS, "9999"], env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip().endswith("complete to leaf 2,001.")
    assert (names, folder.generations()) == ({folder.current()}, [folder.current()])
    assert (search.messages("common", scope=EVERYTHING).count, coverage.check()) == (2_000, [])


def committed() -> int:
    """The position of the last commit of what is being built."""
    begun = folder.building()
    if begun is None or not (folder.root() / begun.name / "meta.json").exists():
        return 0
    return index_fields.marker_of(index_fields.open_generation(begun.name).searcher()).complete_to
