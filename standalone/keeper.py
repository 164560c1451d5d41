"""The keeper: one process per data folder that runs its Postgres and Redis for as long as anybody uses them.

Every Holdfast command that needs the servers holds a shared lock on `users.lock`; the kernel lets go of it
when the command ends in whatever way. The keeper holds `keeper.lock` alone, starts the servers, writes
`running.json` and waits until it can have `users.lock` for itself: then nobody is left, and it stops the
servers and ends. A server that dies is started again at the same address. When the keeper itself is killed,
the kernel stops its servers, and the next command starts a new keeper on the same data.

It tells the command that started it how it went in one line on its standard output: `ready` or a sentence.
"""

import fcntl
import json
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from standalone import folder as folders
from standalone import postgres, redis
from standalone.folder import Folder
from standalone.problems import CannotStart
from standalone.processes import Crew

ALREADY_KEPT = 3  # exit status: another keeper has this folder
REDIS_SECONDS = 60.0
FAILURES = 4  # a server that died so often while starting will not start
LOG_BYTES = 10 * 1024 * 1024


def main(path: str, *, durable: bool) -> int:
    """Run the servers of one folder until nobody needs them; the exit status of the process."""
    folder = folders.open_folder(Path(path))
    held = os.open(folder.lock("keeper"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    folders.give(folder.lock("keeper"), folder.path)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ALREADY_KEPT
    last = _last_sockets(folder)
    log = _Log(_fresh_log(folder, "servers.log"))
    crew = Crew(say=log.write)
    sockets = folders.socket_directory(folder, last=last)
    # not only once they listen: killed while it starts, the next keeper must find the same place
    _write(folder, {"keeper": 0, "sockets": str(sockets)})
    try:
        running = _start(folder, crew, sockets, durable=durable)
        _write(folder, running | {"keeper": os.getpid(), "sockets": str(sockets)})
        _tell("ready")
        _until_unused(folder, crew)
    finally:
        folder.running.unlink(missing_ok=True)
        crew.stop()
        with suppress(OSError):
            for left in sockets.iterdir():
                left.unlink()
            sockets.rmdir()
        log.write("keeper", "stopped")
    return 0


def _start(folder: Folder, crew: Crew, sockets: Path, *, durable: bool) -> dict[str, str]:
    for name in ("postgres.log", "redis.log"):
        _fresh_log(folder, name)
    install = postgres.binaries(folder.account)
    cluster = folders.cluster(folder)
    postgres.initialise(cluster, install=install, account=folder.account, durable=durable)
    database_log = folder.logs / "postgres.log"
    crew.start(
        postgres.program(
            folder, cluster=cluster, install=install, sockets=sockets, durable=durable, log=database_log
        )
    )
    server, redis_url = redis.program(folder, sockets=sockets, log=folder.logs / "redis.log")
    crew.start(server)
    until = time.monotonic() + postgres.READY_SECONDS
    redis_until = time.monotonic() + REDIS_SECONDS
    while not redis.answers(redis_url):
        if crew.failures() > FAILURES or time.monotonic() > redis_until:
            raise CannotStart(f"Redis does not start; it says: {_last_words(folder.logs / 'redis.log')}")
        crew.tend(seconds=0.02)
    while (pid := crew.pid("postgres")) is None or not postgres.is_ready(cluster, pid=pid):
        if crew.failures() > FAILURES or time.monotonic() > until:
            raise CannotStart(f"The servers do not start. Postgres says: {_last_words(database_log)}")
        crew.tend(seconds=0.02)
    postgres.set_up(sockets)
    return {**postgres.urls(sockets), "REDIS_URL": redis_url}


def _until_unused(folder: Folder, crew: Crew) -> None:
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    users = os.open(folder.lock("users"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while not stopping:
        crew.tend(seconds=0.2)
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return


def _write(folder: Folder, running: dict[str, object]) -> None:
    draft = folder.path / "running.json.new"
    draft.write_text(json.dumps(running, indent=1))
    draft.chmod(0o600)
    folders.give(draft, folder.path)
    draft.rename(folder.running)


def _last_sockets(folder: Folder) -> Path | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return Path(json.loads(folder.running.read_text())["sockets"])
    return None


def _fresh_log(folder: Folder, name: str) -> Path:
    """A log of the folder, readable by its owner only; a long one of earlier runs is put aside."""
    log = folder.logs / name
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.rename(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    folders.give(log, folder.path)
    return log


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return (fatal or lines or ["nothing"])[-1]


def _tell(line: str) -> None:
    """Tell the command that started us, if it still listens."""
    with suppress(OSError):
        print(line, flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Log:
    """The keeper's own log: what happened to the servers, one line each."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def write(self, name: str, line: str) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._file.write(f"{moment} {name}: {line}\n")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], durable=sys.argv[2] == "durable"))
    except CannotStart as problem:
        _tell(str(problem))
        sys.exit(2)
