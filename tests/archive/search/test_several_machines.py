"""Every web host follows the log into an index of its own: several data folders, one database."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings

from archive import search
from archive.models import DayIndexed, IndexState, Message
from archive.scope import EVERYTHING
from archive.search import coverage, days, folder, indexer, watch
from archive.search import index as index_fields
from tests.archive.search.talk import NOON, Line, Talk
from tests.waiting import wait_until


@pytest.fixture
def hosts(tmp_path: Path) -> tuple[Path, Path]:
    """The data folders of two hosts."""
    return tmp_path / "north", tmp_path / "south"


def on(host: Path) -> override_settings:
    return override_settings(HOLDFAST_DATA=host)


def follow(host: Path) -> None:
    with on(host):
        call_command("indexer", "--once")


def test_what_one_host_discards_is_its_own(talk: Talk, hosts: tuple[Path, Path]) -> None:
    """A rebuild here, a lost folder there: the other's index, its rows and its answers stay."""
    north, south = hosts
    talk.say("one")
    follow(north)
    follow(south)
    with on(north):
        call_command("reindex")
    follow(north)
    with on(south):
        kept = folder.current()
        assert (coverage.check(), search.messages("one", scope=EVERYTHING).count) == ([], 1)
        assert DayIndexed.objects.filter(state__name=kept).exists()
        shutil.rmtree(south / "index")
        assert "is gone" in coverage.check()[0]
    with on(north):
        assert coverage.check() == []
    follow(south)
    with on(south):
        assert coverage.check() == []
    assert IndexState.objects.count() == 3  # as long as the lost one was heard of just now
    IndexState.objects.filter(name=kept).update(seen_at=F("seen_at") - timedelta(minutes=5))
    follow(south)
    assert IndexState.objects.count() == 2


def test_hosts_of_one_name_and_one_path_let_each_other_be(talk: Talk, hosts: tuple[Path, Path]) -> None:
    """Two machines called localhost: neither takes the other's index for one it lost."""
    talk.say("one")
    for host in hosts:
        follow(host)
    IndexState.objects.update(home="localhost:/data/index")
    for host in hosts:
        follow(host)
        with on(host):
            assert coverage.check() == []


def test_a_new_host_has_no_index_yet_which_is_not_wrong(talk: Talk, hosts: tuple[Path, Path]) -> None:
    """What others have is no alarm of its own; searching there says that there is none."""
    talk.say("one")
    follow(hosts[0])
    with on(hosts[1]):
        assert coverage.check() == []
        with pytest.raises(search.IndexUnavailable, match="no search index yet"):
            search.messages("one", scope=EVERYTHING)


def test_a_fault_is_the_fault_of_one_host(talk: Talk, hosts: tuple[Path, Path]) -> None:
    """It is named with the alarm, and healed there, while the other's answers carry nothing of it."""
    talk.say("one")
    for host in hosts:
        follow(host)
    with on(hosts[0]):
        with indexer.Writer(str(folder.current())) as writer:
            writer._writer.delete_all_documents()  # somebody with tools of their own
            writer.commit(now=NOON)
        watch.look(now=NOON)
        assert coverage.now().days_at_fault == 1
    with on(hosts[1]):
        assert (coverage.check(), coverage.now().days_at_fault) == ([], 0)
    found = [sentence for sentence in watch.alarms(now=NOON) if "1 day differs" in sentence]
    assert len(found) == 1
    assert found[0].startswith("On ")
    follow(hosts[0])
    with on(hosts[0]):
        assert coverage.check() == []


@pytest.fixture
def indexers(
    product_environment: dict[str, str], hosts: tuple[Path, Path]
) -> Iterator[Callable[[], list["subprocess.Popen[bytes]"]]]:
    """The real command, once a host; ended at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> list["subprocess.Popen[bytes]"]:
        for host in hosts:
            running.append(
                subprocess.Popen(
                    [sys.executable, "manage.py", "indexer"],
                    env={**product_environment, "HOLDFAST_DATA": str(host)},
                    stderr=subprocess.DEVNULL,
                )
            )
        return running

    yield start
    for child in running:
        child.terminate()
    for child in running:
        child.wait()


@pytest.mark.system
@pytest.mark.timeout(900)
def test_two_indexers_follow_one_log_while_messages_are_stored(
    indexers: Callable[[], list["subprocess.Popen[bytes]"]], hosts: tuple[Path, Path]
) -> None:
    """Each ends with everything, and the two with the same, day by day and answer by answer."""
    talk = Talk()
    running = indexers()
    for n in range(20):
        said = talk.say_all(Line(f"common word{n}") for _ in range(100))
        talk.edit(said[0], "edited")
    for host in hosts:
        with on(host):
            wait_until(lambda: folder.current() is not None, seconds=180)
            wait_until(lambda: coverage.now().pending == 0, seconds=180)
    assert [child.poll() for child in running] == [None, None]
    ends = []
    for host in hosts:
        with on(host):
            answers = [
                search.messages(q, scope=EVERYTHING, limit=1000) for q in ("common", "edited", "word7")
            ]
            wait_until(lambda: coverage.check() == [])
            snapshot = index_fields.snapshot()
            ends.append(
                (
                    [(one.count, [hit.message_id for hit in one.hits]) for one in answers],
                    days.in_index(snapshot),
                    snapshot.marker,
                )
            )
    assert ends[0] == ends[1]
    assert ends[0][0][0][0] == Message.objects.count()
    assert IndexState.objects.count() == 2
