"""The door to the embedded servers: attach to those of a data folder, or start them.

`ensure()` is called by `manage.py` before Django is configured. With DATABASE_URL and REDIS_URL set it does
nothing. Otherwise it puts the addresses of the folder's own servers, and a SECRET_KEY kept in the folder,
into the environment, and holds on to the servers until this process ends, in whatever way (see `keeper`). Any
number of commands may do so at once; the last to leave turns the servers off.
"""

import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from standalone import folder as folders
from standalone import postgres
from standalone.folder import Folder
from standalone.keeper import ALREADY_KEPT
from standalone.problems import CannotStart
from standalone.processes import module

ROOT = Path(__file__).resolve().parent.parent
NEEDS_NO_SERVERS = frozenset(
    {
        "", "help", "--help", "-h", "version", "--version", "check", "collectstatic", "diffsettings",
        "findstatic", "verify-package",
    }
)  # fmt: skip

MARK = "HOLDFAST_SERVERS_HELD_BY"

_held: list[int] = []  # descriptors whose locks last as long as this process


def ensure(argv: list[str]) -> None:
    """Make `manage.py`'s command find its servers; `argv` is sys.argv. Raises CannotStart with a sentence."""
    verb = argv[1] if len(argv) > 1 else ""
    if not is_standalone() or verb in NEEDS_NO_SERVERS or "--help" in argv:
        return
    os.environ.update(attach(data_folder()))
    os.umask(0o077)  # what the command writes is read by nobody else on this machine
    os.environ[MARK] = str(os.getpid())


def is_standalone() -> bool:
    """Whether this machine is to run its own servers: no address of either is set."""
    return not os.environ.get("DATABASE_URL") and not os.environ.get("REDIS_URL")


def is_attached() -> bool:
    """Whether `ensure` gave this very process the servers of its data folder."""
    return os.environ.get(MARK) == str(os.getpid())


def data_folder() -> Path:
    """HOLDFAST_DATA, or `data` beside the program."""
    return Path(os.environ.get("HOLDFAST_DATA") or ROOT / "data")


def _a_moment() -> None:
    time.sleep(0.05)


def attach(path: Path, *, durable: bool = True, meanwhile: Callable[[], None] = _a_moment) -> dict[str, str]:
    """Start or join the servers of a folder and return the settings that lead to them.

    They stay up at least until this process ends. `durable=False` is for data that may be lost: no fsync. Servers that
    must recover may take minutes, after a crash as at a start: whoever has something to look after does so in
    `meanwhile`, for a moment each time.
    """
    folder = folders.open_folder(path)
    _hold(folder)
    running = _running(folder)
    until = time.monotonic() + postgres.READY_SECONDS
    while running is None or not postgres.answers(running["DATABASE_URL"]):
        if running is None:
            running = _start_or_wait(folder, durable=durable, meanwhile=meanwhile)
            continue
        if time.monotonic() > until:
            raise CannotStart(
                f"The database of {folder.path} has not answered for too long; see {folder.logs / 'postgres.log'}."
            )
        meanwhile()
        running = _running(folder)  # its keeper starts it again, unless that one ended too
    return {**running, "SECRET_KEY": os.environ.get("SECRET_KEY") or folders.secret_key(folder)}


def release(path: Path, *, seconds: float) -> bool:
    """Let go of all servers this process holds; True once those of `path` have stopped, False if they go on.

    They go on for as long as another command uses them.
    """
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()
    until = time.monotonic() + seconds
    with Folder(path.absolute(), None).lock("keeper").open() as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # the keeper's, until it ends
                return True
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(0.02)


def is_up(path: Path) -> bool:
    """Whether a folder's keeper is alive; it looks after the servers itself."""
    return _running(Folder(path.absolute(), None)) is not None


def _hold(folder: Folder) -> None:
    descriptor = os.open(folder.lock("users"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    folders.give(folder.lock("users"), folder.path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while a keeper that found nobody stops its servers
    _held.append(descriptor)


def _running(folder: Folder) -> dict[str, str] | None:
    """The addresses, when they were written by a keeper that is alive."""
    try:
        found: Mapping[str, object] = json.loads(folder.running.read_text())
        keeper = Path(f"/proc/{found['keeper']}")
        words = (keeper / "cmdline").read_bytes()
        state = (keeper / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError, KeyError, IndexError):
        return None
    if b"standalone.keeper" not in words or state in "ZX":
        return None
    return {name: str(value) for name, value in found.items() if name.isupper()}


def _start_or_wait(folder: Folder, *, durable: bool, meanwhile: Callable[[], None]) -> dict[str, str] | None:
    """Try to become the one that starts the keeper; None when another did and is not ready yet."""
    keeper = subprocess.Popen(
        module("standalone.keeper", str(folder.path), "durable" if durable else "hasty"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
        start_new_session=True,  # Ctrl-C is for the command; the keeper ends when the last command did
    )
    assert keeper.stdout is not None
    while not select.select([keeper.stdout], [], [], 0)[0]:
        meanwhile()
    told = keeper.stdout.readline().strip()
    keeper.stdout.close()
    if told == "ready":
        return _running(folder)
    status = keeper.wait()
    if status != ALREADY_KEPT:
        raise CannotStart(
            told or f"The servers of {folder.path} did not start; see {folder.logs / 'servers.log'}."
        )
    return _wait_for_another(folder, meanwhile=meanwhile)


def _wait_for_another(folder: Folder, *, meanwhile: Callable[[], None]) -> dict[str, str] | None:
    """Another command is starting the servers: wait for it, but no longer than its keeper lives."""
    until = time.monotonic() + postgres.READY_SECONDS
    with folder.lock("keeper").open() as lock:
        while time.monotonic() < until:
            running = _running(folder)
            if running is not None:
                return running
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None  # its keeper ended: start one ourselves
            except BlockingIOError:
                meanwhile()
    raise CannotStart(
        f"Another command has been starting the servers of {folder.path} for too long; look at {folder.logs}."
    )


def main() -> None:
    """`python -m standalone.servers`: print the settings as shell lines, to look at the database by hand."""
    for name, value in attach(data_folder()).items():
        if name != "SECRET_KEY":
            print(f"export {name}='{value}'", flush=True)
    print("# the servers stay up until this ends (Ctrl-D)", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    try:
        main()
    except CannotStart as problem:
        sys.exit(str(problem))
