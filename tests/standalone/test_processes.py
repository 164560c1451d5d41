"""A crew keeps its programs alive, shows what they say, and leaves none behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from standalone.processes import Crew, Program
from tests.standalone.command import ROOT, eventually, kill_9, processes_of

Said = list[tuple[str, str]]


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
def crew(said: Said) -> Iterator[Crew]:
    crew = Crew(say=lambda name, line: said.append((name, line)))
    yield crew
    crew.hurry()
    crew.stop()


def shell(name: str, script: str, *, grace_seconds: float = 60.0) -> Program:
    return Program(name, ["/bin/sh", "-c", script], {"PATH": "/usr/bin:/bin"}, grace_seconds=grace_seconds)


def tend_until(crew: Crew, said: Said, line: tuple[str, str]) -> bool:
    # for no time at all, so that it is looked at after each single round
    return eventually(lambda: crew.tend(seconds=0) is None and line in said)


def test_every_line_stands_behind_its_name(crew: Crew, said: Said) -> None:
    """One log for all, and one knows who speaks."""
    crew.start(shell("web", "echo one; echo two >&2; exec sleep 60"))
    crew.start(shell("worker", "printf unfinished; exit 0"))
    assert tend_until(crew, said, ("web", "two"))
    assert ("web", "one") in said
    assert tend_until(crew, said, ("worker", "unfinished"))


def test_the_dead_are_started_again_and_it_is_said(crew: Crew, said: Said) -> None:
    """At once the first time, then with a growing pause."""
    crew.start(shell("worker", "exec sleep 60"))
    first = crew.pid("worker")
    assert first is not None
    kill_9(first)
    assert tend_until(crew, said, ("worker", "was ended by SIGKILL; starts again at once"))
    second = crew.pid("worker")
    assert second not in (None, first)
    kill_9(second or 0)
    assert tend_until(crew, said, ("worker", "was ended by SIGKILL; starts again in 1 s"))
    assert crew.pid("worker") is None


def test_a_program_that_ends_by_itself_gives_its_status(crew: Crew, said: Said) -> None:
    """Migrations run to their end before anything else starts."""
    assert crew.run(shell("migrate", "echo done; exit 3")) == 3
    assert said == [("migrate", "done")]


def test_they_stop_in_reverse_order(crew: Crew, said: Said) -> None:
    """The web server goes on until its workers are gone."""
    for name in ("web", "worker"):
        crew.start(shell(name, "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"))
        assert tend_until(crew, said, (name, "up"))
    crew.stop()
    assert [name for name, line in said if line == "bye"] == ["worker", "web"]


def test_one_that_does_not_listen_is_killed_with_its_children(crew: Crew, said: Said, tmp_path: Path) -> None:
    """Grace ends; a process group does not outlive its program."""
    script = f"trap '' TERM; (trap '' TERM; cd {tmp_path}; sleep 61 & echo up; wait) & wait"
    crew.start(shell("worker", script, grace_seconds=0.2))
    assert tend_until(crew, said, ("worker", "up"))
    crew.stop()
    assert ("worker", "did not stop in time: killed") in said
    assert eventually(lambda: not processes_of(str(tmp_path)))


def test_a_program_cannot_outlive_a_crew_killed_with_9(tmp_path: Path) -> None:
    """The kernel ends it: nobody else could."""
    code = f"""
import os, sys
from standalone.processes import Crew, Program
crew = Crew(say=lambda name, line: print(line, flush=True))
os.chdir({str(tmp_path)!r})
crew.start(Program("worker", ["/bin/sh", "-c", "echo up; exec sleep 62"], {{}}))
crew.tend(seconds=60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        assert len(processes_of(str(tmp_path))) >= 2
        parent.send_signal(signal.SIGKILL)
    assert eventually(lambda: not processes_of(str(tmp_path)))


def test_a_program_whose_parent_is_gone_already_never_starts() -> None:
    """The parent may die between fork and the request to the kernel."""
    argv = [
        sys.executable,
        "-I",
        "-S",
        str(ROOT / "standalone" / "tether.py"),
        "1",
        str(int(signal.SIGKILL)),
        "-",
    ]
    done = subprocess.run([*argv, "/bin/echo", "alive"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "alive" not in done.stdout
    assert os.getpid() != 1
