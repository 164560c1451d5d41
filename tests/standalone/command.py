"""A Holdfast command, as far as the servers care: a process that attaches to a data folder and stays a while."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys
from pathlib import Path
from standalone import problems, servers
try:
    print(json.dumps(servers.attach(Path(sys.argv[1]), durable=False)), flush=True)
except problems.CannotStart as problem:
    sys.exit(str(problem))
sys.stdin.read()
"""


NAMED_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")


def bare_environment() -> dict[str, str]:
    """An environment that names no servers: what a person has who starts Holdfast for the first time."""
    return {name: value for name, value in os.environ.items() if name not in NAMED_SERVERS}


class Command:
    """One running command; `settings` is what it was given."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder)],
            cwd=ROOT,
            env=bare_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def settings(self) -> dict[str, str]:
        """The servers' addresses, once they are up."""
        if not hasattr(self, "_settings"):
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, self.refusal
            self._settings: dict[str, str] = json.loads(line)
        return self._settings

    @property
    def refusal(self) -> str:
        """What it said when it could not start."""
        assert self.process.stderr is not None
        return self.process.stderr.read().strip()

    def leave(self) -> None:
        """End as a command that is done."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)

    def kill(self) -> None:
        """End by kill -9."""
        self.process.kill()
        self.process.wait(60)


def processes_of(text: str) -> list[int]:
    """Live processes with this text in their command line or their working directory; zombies are dead."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                continue
            if text in (entry / "cmdline").read_bytes().decode(errors="replace") + os.readlink(entry / "cwd"):
                found.append(int(entry.name))
        except (OSError, IndexError):
            continue
    return found


def server_of(folder: Path) -> int:
    """The process id of a folder's Postgres."""
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def keeper_of(folder: Path) -> int:
    """The process id of a folder's keeper."""
    return int(json.loads((folder / "running.json").read_text())["keeper"])


def eventually(check: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    """Whether something becomes true in time."""
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def kill_9(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
