"""The computed world: the truth equals what paging returns, and size costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import busy, server
from sandbox.clock import Clock
from sandbox.instance import Account
from sandbox.pages import Place
from sandbox.reports import Window
from tests.sandbox.conftest import NOON, Client
from tests.sandbox.test_corpus import MONTHS


def clock() -> Clock:
    """The world stands still at noon."""
    return Clock(start=NOON, speed=0)


def test_paging_a_computed_world_yields_its_truth(account: Account) -> None:
    """Messages, edits, deletions and files of six months, page by page."""
    world, source = busy.build(clock=clock(), seed="1", messages=25_001)
    with server.running(world, account=account, source=source) as sandbox:
        client = Client(sandbox)
        ids: set[tuple[str, str]] = set()
        files = edited = deleted = 0
        for first, last in MONTHS:
            for row in client.sessions(first, last):
                found = client.messages(row["id"], first, last, page_size=100)
                ids |= {(row["id"], m["id"]) for m in found["messages"] + found["deleted_messages"]}
                files += sum(len(m.get("files", [])) for m in found["messages"] + found["deleted_messages"])
                edited += len(found["edited_messages"])
                deleted += len(found["deleted_messages"])
        truth = client.control("truth")
    assert truth["messages"] == len(ids) == 25_001
    assert (truth["attachments"], truth["offered"]["edited_messages"]) == (files, edited)
    assert truth["revisions"]["deleted"] == deleted


def test_modifications_of_a_computed_world_are_offered_once(account: Account) -> None:
    """Over six months every edit and every deletion appears exactly once in the delta feed."""
    world, source = busy.build(clock=clock(), seed="1", messages=3_000)
    with server.running(world, account=account, source=source) as sandbox:
        client = Client(sandbox)
        session_id = next(iter(world.sessions))
        feed = [client.messages(session_id, *m, query_all_modifications="true") for m in MONTHS]
    assert sum(len(one["edited_messages"]) for one in feed) == 12
    assert sum(len(one["deleted_messages"]) for one in feed) == 6


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_seed_makes_the_same_world(seed: str) -> None:
    """Ids and texts are a function of the seed."""
    window = Window(0, 1 << 60, link=lambda stored: stored.id)
    first, second = (busy.build(clock=clock(), seed=seed, messages=500) for _ in range(2))
    session_id = next(iter(first[0].sessions))
    pages = [one[1].page(session_id, window=window, place=Place(), count=100) for one in (first, second)]
    assert pages[0] == pages[1]


def test_a_file_of_a_computed_world_can_be_found() -> None:
    """By its id alone, and no other id finds one."""
    _, source = busy.build(clock=clock(), seed="1", messages=1_000)
    stored = source.file("busy-0-777")
    assert stored is not None
    assert len(b"".join(stored.content.chunks(0, stored.content.size))) == stored.content.size
    assert source.file("busy-0-778") is None
    assert source.file("../etc") is None


def test_nothing_can_be_said_in_a_computed_world(account: Account) -> None:
    """Nor can the truth of a single session be asked: both are refused in a sentence."""
    world, source = busy.build(clock=clock(), seed="1", messages=10)
    with server.running(world, account=account, source=source) as sandbox:
        client = Client(sandbox)
        assert client.control("say", {"session_id": next(iter(world.sessions))})["code"] == 400
        assert client.control(f"truth?session_id={next(iter(world.sessions))}")["code"] == 400


def test_five_million_messages_start_small() -> None:
    """The computed world takes less than 150 MB at any size."""
    code = (
        "from sandbox import busy; from sandbox.clock import Clock;"
        "busy.build(clock=Clock(), seed='1', messages=5_000_000);"
        "print(next(line for line in open('/proc/self/status') if 'VmHWM' in line).split()[1])"
    )
    root = Path(__file__).parents[2]
    used = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert int(used.stdout) < 150 * 1024
