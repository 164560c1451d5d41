"""Whatever happens to the index folder: a sentence, an alarm, no wrong answer, and recovery without losing a record."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive import search
from archive.models import DayIndexed, IndexState, Message
from archive.scope import EVERYTHING
from archive.search import coverage, folder, indexer, watch
from tests.archive.search.talk import NOON, Line, Talk
from tests.waiting import wait_until

Damage = Callable[[Path], None]
STARTING_SECONDS = 180.0
"""For what a program does that has to start first."""


@pytest.fixture
def generation(talk: Talk, index: Callable[[], None], data: Path) -> Path:
    """The folder of an index of three hundred messages in several segments, one of them edited."""
    for part in range(3):
        said = talk.say_all(Line(f"common word{part} once{part * 100 + n}") for n in range(100))
        talk.edit(said[0], f"edited common {part}")
        index()
    assert count("common") == 300
    return data / "index" / str(folder.current())


def count(query: str) -> int | str:
    """How many messages match, or the sentence that says why nobody knows."""
    try:
        return search.messages(query, scope=EVERYTHING).count
    except search.IndexUnavailable as error:
        return str(error)


def largest(generation: Path, suffix: str) -> Path:
    return max(generation.glob(f"*.{suffix}"), key=lambda path: path.stat().st_size)


def cut(suffix: str) -> Damage:
    def damage(generation: Path) -> None:
        path = largest(generation, suffix)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def flipped(suffix: str) -> Damage:
    """One bit, in the middle, as a disk would: the engine itself would not notice."""

    def damage(generation: Path) -> None:
        path = largest(generation, suffix)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    return damage


def remove(place: Path) -> None:
    """From one moment to the next, so that nobody puts something into what is half gone."""
    shutil.rmtree(place.rename(place.with_name("removed")))


def gone(suffix: str) -> Damage:
    return lambda generation: largest(generation, suffix).unlink()


DAMAGES: dict[str, Damage] = {
    **{f"{suffix} cut": cut(suffix) for suffix in ("term", "idx", "pos", "fieldnorm", "fast", "store")},
    **{
        f"{suffix} flipped": flipped(suffix)
        for suffix in ("term", "idx", "pos", "fieldnorm", "fast", "store", "del")
    },
    **{f"{suffix} gone": gone(suffix) for suffix in ("term", "idx", "store", "del")},
    "meta garbage": lambda generation: (generation / "meta.json").write_bytes(b"\x00garbage\xff"),
    "meta empty": lambda generation: (generation / "meta.json").write_bytes(b""),
    "meta gone": lambda generation: (generation / "meta.json").unlink(),
    "generation gone": shutil.rmtree,
    "folder gone": lambda generation: remove(generation.parent),
    "current gone": lambda generation: (generation.parent / "current").unlink(),
    "current empty": lambda generation: (generation.parent / "current").write_bytes(b""),
    "current garbage": lambda generation: (generation.parent / "current").write_bytes(b"\xff\xfe../../etc\n"),
    "current of nothing": lambda generation: (generation.parent / "current").write_text("2002-00000000"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_a_sentence_and_an_alarm_and_mends_itself(
    generation: Path, damage: Damage, talk: Talk
) -> None:
    """No wrong answer before, while or after; and what was stored meanwhile is there as well."""
    damage(generation)
    said = count("common")
    assert isinstance(said, str)
    assert "search index" in said
    assert coverage.check() != []
    with pytest.raises(CommandError, match="search index"):
        call_command("search", "common")
    talk.say("common and later")
    call_command("indexer", "--once")
    assert (count("common"), count("edited"), count("later")) == (301, 3, 1)
    assert (coverage.check(), watch.alarms(now=timezone.now())) == ([], [])
    assert folder.generations() == [folder.current()]


@pytest.mark.parametrize("damage", [DAMAGES["current gone"], DAMAGES["current garbage"]])
def test_a_lost_name_costs_no_rebuild(generation: Path, damage: Damage) -> None:
    """The index itself is whole, and is found again."""
    damage(generation)
    call_command("indexer", "--once")
    assert (folder.current(), count("common")) == (generation.name, 300)


def test_an_index_rolled_back_answers_as_of_then_and_catches_up(
    generation: Path, talk: Talk, tmp_path: Path
) -> None:
    """An old copy in its place is right as far as it goes, and says how far; every record comes again."""
    shutil.copytree(generation, tmp_path / "kept")
    talk.say("common and later")
    call_command("indexer", "--once")
    shutil.rmtree(generation)
    shutil.copytree(tmp_path / "kept", generation)
    answer = search.messages("common", scope=EVERYTHING)
    assert (answer.count, answer.coverage.pending) == (300, 1)
    assert "rolled back" in coverage.check()[0]
    call_command("indexer", "--once")
    assert (count("later"), coverage.check()) == (1, [])


def test_damage_while_a_reader_has_it_open_ends_nothing(generation: Path) -> None:
    """A file cut under a running search would end the process: it is noticed before each search."""
    for suffix in ("idx", "pos", "term", "fast"):
        assert count("common") == 300
        path = largest(generation, suffix)
        whole = path.read_bytes()
        path.write_bytes(b"")
        assert "is damaged" in str(count('"common word0"'))
        path.write_bytes(whole)


@pytest.fixture
def environment(product_environment: dict[str, str], data: Path) -> dict[str, str]:
    return {**product_environment, "HOLDFAST_DATA": str(data)}


@pytest.fixture
def started(environment: dict[str, str]) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Start indexers as real processes; whatever still runs at the end is ended."""
    running: list[subprocess.Popen[bytes]] = []

    def start(program: str = FOLLOW) -> "subprocess.Popen[bytes]":
        running.append(  # what it says at each try would fill a pipe that nobody reads
            subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
        )
        return running[-1]

    yield start
    for child in running:
        child.kill()
        child.wait()


FOLLOW = """
import django; django.setup()
from django.core.management import call_command
from archive.search import indexer
indexer.LEAVES_A_STEP = 50
indexer.DOCUMENTS_A_COMMIT = 50
indexer.RETRY_SECONDS = 0.1
call_command("indexer")
"""
# Files may have no more than so many bytes, as if the disk were full: writing beyond is an error, not a signal.
FULL = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, resource.RLIM_INFINITY))
def room(*_):
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
signal.signal(signal.SIGUSR1, room)
{FOLLOW}
"""


@pytest.mark.system
@pytest.mark.timeout(900)
def test_searches_go_on_while_the_indexer_is_killed_in_commits(
    started: Callable[..., "subprocess.Popen[bytes]"], environment: dict[str, str], data: Path
) -> None:
    """Every answer is that of some commit: as many as its position says, and never a sentence."""
    talk = Talk()
    talk.say("common")
    indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)
    for _ in range(4):
        talk.say_all(Line("common") for _ in range(300))
        child = started()
        goal = coverage.now().complete_to + 100

        def is_there() -> bool:
            answer = search.messages("common", scope=EVERYTHING)
            assert answer.count == answer.coverage.complete_to
            return answer.coverage.complete_to >= goal  # noqa: B023

        wait_until(is_there, seconds=STARTING_SECONDS)
        child.kill()
        child.wait()
        is_there()
    call_command("indexer", "--once")
    assert (count("common"), coverage.check()) == (Message.objects.count(), [])


@pytest.mark.system
@pytest.mark.timeout(900)
def test_a_full_disk_is_an_alarm_and_nothing_is_lost(
    started: Callable[..., "subprocess.Popen[bytes]"], environment: dict[str, str], data: Path
) -> None:
    """What is there goes on answering and says what waits; with room again the indexer goes on by itself."""
    talk = Talk()
    talk.say_all(Line("common") for _ in range(10))
    indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)
    talk.say_all(Line(f"common {'word' * 5}{n} {n * 7919}") for n in range(1_000))
    child = started(FULL)
    wait_until(
        lambda: IndexState.objects.get().last_error != "" or child.poll() is not None,
        seconds=STARTING_SECONDS,
    )
    state = IndexState.objects.get()
    assert "There is no room to write the search index" in state.last_error
    assert watch.alarms(now=NOON)[0] == state.last_error
    answer = search.messages("common", scope=EVERYTHING)
    assert answer.count == answer.coverage.complete_to
    assert answer.coverage.pending == 1_010 - answer.count > 0
    child.send_signal(signal.SIGUSR1)
    wait_until(lambda: coverage.now().pending == 0 or child.poll() is not None)
    assert (count("common"), coverage.check()) == (1_010, [])
    wait_until(lambda: IndexState.objects.get().last_error == "" or child.poll() is not None)
    assert child.poll() is None


@pytest.mark.system
@pytest.mark.timeout(900)
def test_a_running_indexer_mends_what_is_damaged_under_it(
    started: Callable[..., "subprocess.Popen[bytes]"], environment: dict[str, str], data: Path
) -> None:
    """Nobody does anything: the folder goes, a file is cut, and soon all is there again."""
    talk = Talk()
    talk.say_all(Line("common") for _ in range(10))
    child = started()
    for expected, damage in (
        (10, "folder gone"),
        (11, "idx cut"),
        (12, "meta garbage"),
        (13, "current garbage"),
    ):
        wait_until(lambda: is_at_rest(expected) or child.poll() is not None, seconds=STARTING_SECONDS)  # noqa: B023
        DAMAGES[damage](folder.root() / str(folder.current()))
        talk.say("common")
    wait_until(lambda: is_at_rest(14) or child.poll() is not None)
    assert (child.poll(), coverage.check()) == (None, [])


def is_at_rest(messages: int) -> bool:
    """Whether an indexer has all of them, has told the database and compared every day: it looks into no file now.

    A file that is cut while the engine reads it would end the process.
    """
    if count("common") != messages or coverage.check() != []:
        return False
    name = folder.current()
    compared = DayIndexed.objects.filter(state__name=name, checked_at__isnull=False)
    return (
        IndexState.objects.filter(name=name, documents=messages).exists()
        and compared.exists()
        and not DayIndexed.objects.filter(state__name=name, checked_at=None).exists()
    )
