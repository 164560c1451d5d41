"""`manage.py up`: everything in one terminal, and nothing left of it afterwards."""

import fcntl
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest

from standalone import servers
from tests.standalone.command import ROOT, bare_environment, eventually, keeper_of, kill_9

pytestmark = [pytest.mark.system, pytest.mark.slow]
Up = Callable[..., "Run"]


class Run:
    """One `manage.py up`."""

    def __init__(self, folder: Path, port: int, *arguments: str) -> None:
        self._log = folder.parent / f"up-{port}.log"
        environment = bare_environment() | {
            "HOLDFAST_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "compliance.settings",
        }
        argv = [sys.executable, "manage.py", "up", "--port", str(port), *arguments]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def is_up(self) -> bool:
        """Wait until it says that it is."""
        return (
            eventually(lambda: "Holdfast is up" in self.said or self.process.poll() is not None, seconds=120)
            and "Holdfast is up" in self.said
        )


def free_port() -> int:
    """One that stays free until it is used: the system gives those from 32768 on to whoever asks for any."""
    while True:
        port = SystemRandom().randrange(10_000, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def offspring(pid: int) -> set[int]:
    """Every live descendant of a process."""
    parents = {}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):
            continue
        if entry.name.isdigit() and fields[0] not in "ZX":
            parents[int(entry.name)] = int(fields[1])
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found


def words_of(pid: int) -> bytes:
    """Its command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    started: list[Run] = []

    def start(*arguments: str, port: int | None = None) -> Run:
        started.append(Run(folder, free_port() if port is None else port, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            kill_9(each.process.pid)
            each.process.wait(60)


def test_killed_with_9_it_leaves_no_process_and_starts_again(up: Up, folder: Path) -> None:
    """Not a pool process of a worker, not a thread of the web server, not a server; the data is whole."""
    port = free_port()
    first = up(port=port)
    assert first.is_up(), first.said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
        assert page.status == 200
    family = offspring(first.process.pid)
    assert len(family) >= 12
    shared = [
        path.name for path in folder.iterdir() if path.lstat().st_mode & 0o077 and not path.is_symlink()
    ]
    assert shared == [], "other users of the machine could read these"
    kill_9(first.process.pid)
    first.process.wait(60)
    assert eventually(lambda: not any(map(is_alive, family)))
    again = up(port=port)
    assert again.is_up(), again.said
    assert "No migrations to apply" in again.said
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(120) == 0


def test_while_the_servers_are_started_again_the_others_are_tended(up: Up, folder: Path) -> None:
    """A worker that dies comes back at once, however long the database takes to recover from the death of its keeper."""
    run = up()
    assert run.is_up(), run.said

    def beats() -> list[int]:
        return [pid for pid in offspring(run.process.pid) if b"\0beat\0" in words_of(pid)]

    with (folder / "keeper.lock").open() as lock:
        kill_9(keeper_of(folder))
        fcntl.flock(lock, fcntl.LOCK_EX)  # as long as a keeper that waits for Postgres holds it
        assert eventually(lambda: "their keeper is gone" in run.said)
        (dead,) = beats()
        kill_9(dead)
        assert eventually(lambda: beats() not in ([], [dead])), run.said
    assert eventually(lambda: servers.is_up(folder))


def test_the_demo_shows_a_company_and_stops_in_reverse_order(up: Up, folder: Path) -> None:
    """One command, people to sign in as, and Ctrl-C ends it all."""
    run = up("--demo", "--scenario", "awkward")
    assert run.is_up(), run.said
    password = (folder / "demo-password").read_text()
    assert f"sign in as ines (compliance officer) with the password {password}" in run.said
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(120) == 0
    stopped = [line.split()[0] for line in run.said.splitlines() if line.endswith("| stopping")]
    assert stopped == [
        "indexer", "beat", "exporter", "fetcher", "reader", "capturer", "worker", "web", "sandbox",
    ]  # fmt: skip
    assert run.said.rstrip().endswith("Stopped.")


def test_a_port_that_is_taken_is_said_in_a_sentence(up: Up) -> None:
    """With the command that would work."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        run = up(port=port)
        assert run.process.wait(120) == 2
    assert f"Port {port} is taken by another program. Choose another: `manage.py up --port" in run.said
    assert "Traceback" not in run.said


def test_one_folder_runs_once(up: Up, folder: Path) -> None:
    """Two beats and two indexers on one archive would fight."""
    first = up()
    assert eventually(lambda: "migrate" in first.said, seconds=120)
    second = up()
    assert second.process.wait(120) == 2
    assert f"Holdfast is already up on {folder} (process {first.process.pid})" in second.said
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(120) in (0, 2)
