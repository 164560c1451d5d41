"""The embedded servers live as long as somebody uses them, and no longer."""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from tests.standalone.command import (
    Command,
    eventually,
    keeper_of,
    kill_9,
    processes_of,
    server_of,
)

pytestmark = pytest.mark.system
Start = Callable[[], Command]


def one(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        return None if row is None else row[0]


def write(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS said (what text)")
        connection.execute("INSERT INTO said VALUES (%s)", [text])


def is_gone(folder: Path) -> bool:
    return not processes_of(str(folder))


def is_keeper(pid: int) -> bool:
    try:
        return b"standalone.keeper" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_first_command_gets_both_servers(folder: Path, command: Start) -> None:
    """The application and the owner are different roles, and nothing listens on the network."""
    settings = command().settings
    assert one(settings["DATABASE_URL"], "SELECT current_user") == "holdfast_app"
    assert one(settings["DATABASE_OWNER_URL"], "SELECT current_user") == "holdfast_owner"
    assert (
        one(settings["DATABASE_OWNER_URL"], "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        is False
    )
    assert one(settings["DATABASE_URL"], "SHOW listen_addresses") == ""
    assert redis.Redis.from_url(settings["REDIS_URL"]).ping()
    assert settings["SECRET_KEY"] == (folder / "secret-key").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop root's rights")
def test_servers_started_by_root_are_not_root(folder: Path, command: Start) -> None:
    """A hole in a server is not a hole in the machine."""
    assert command().settings
    assert Path(f"/proc/{server_of(folder)}").stat().st_uid != 0


def test_the_last_to_leave_turns_the_servers_off(folder: Path, command: Start) -> None:
    """Commands come and go in any order without pulling the floor from under each other."""
    ines, ravi = command(), command()
    assert ines.settings == ravi.settings
    ines.leave()
    assert one(ravi.settings["DATABASE_URL"], "SELECT 1") == 1
    ravi.leave()
    assert eventually(lambda: is_gone(folder))
    assert not (folder / "running.json").exists()


def test_nothing_survives_a_command_killed_with_9(folder: Path, command: Start) -> None:
    """The kernel lets go of the dead command's lock, and the keeper notices."""
    ines = command()
    assert ines.settings
    ines.kill()
    assert eventually(lambda: is_gone(folder))


def test_servers_end_with_a_keeper_killed_with_9(folder: Path, command: Start) -> None:
    """Not even a server without a keeper is left, and the next command finds the data."""
    ines = command()
    write(ines.settings["DATABASE_OWNER_URL"], "kept")
    kill_9(keeper_of(folder))
    ines.leave()
    assert eventually(lambda: is_gone(folder))
    assert one(command().settings["DATABASE_OWNER_URL"], "SELECT what FROM said") == "kept"


def test_a_keeper_killed_while_it_starts_forgets_no_address(folder: Path, command: Start) -> None:
    """The processes of a running installation look for the servers where they were."""
    ines = command()
    assert ines.settings

    def refusal() -> str:
        """What a command said whose keeper was killed; nothing when that one had started before it was hit."""
        first = keeper_of(folder)
        kill_9(first)
        ravi = command()

        def is_hit() -> bool:
            keepers = [pid for pid in processes_of(str(folder)) if pid != first and is_keeper(pid)]
            kill_9(*keepers)
            return len(keepers) > 0

        assert eventually(is_hit)
        assert ravi.process.stdout is not None
        return "" if ravi.process.stdout.readline() else ravi.refusal

    assert "did not start" in next(filter(None, (refusal() for _ in range(10))))
    assert command().settings["DATABASE_URL"] == ines.settings["DATABASE_URL"]


def test_everything_killed_at_once_starts_again_on_the_same_data(folder: Path, command: Start) -> None:
    """As after a power cut: stale files of the dead are in nobody's way."""
    ines = command()
    write(ines.settings["DATABASE_OWNER_URL"], "kept")
    kill_9(ines.process.pid, keeper_of(folder), *processes_of(str(folder)))
    assert (folder / "postgres" / "postmaster.pid").exists()
    again = command()
    assert again.settings["DATABASE_URL"] == ines.settings["DATABASE_URL"]
    assert one(again.settings["DATABASE_OWNER_URL"], "SELECT what FROM said") == "kept"


def test_a_killed_postgres_comes_back_at_the_same_address(folder: Path, command: Start) -> None:
    """A command that reconnects goes on; it is told nothing and asked nothing."""
    settings = command().settings
    write(settings["DATABASE_OWNER_URL"], "kept")
    killed = server_of(folder)
    kill_9(killed)

    def answers() -> bool:
        try:
            return one(settings["DATABASE_OWNER_URL"], "SELECT what FROM said") == "kept"
        except psycopg.OperationalError:
            return False

    assert eventually(answers)
    assert server_of(folder) != killed
    assert "postgres: was ended by SIGKILL" in (folder / "logs" / "servers.log").read_text()


@contextmanager
def without_server(folder: Path, command: Start) -> Iterator[tuple[int, Command]]:
    """Its server killed and its keeper stopped until the end of the block; the keeper, and a command that waits."""
    keeper = keeper_of(folder)
    os.kill(keeper, signal.SIGSTOP)
    try:
        kill_9(server_of(folder))
        waiting = command()
        assert waiting.process.stdout is not None
        assert not select.select([waiting.process.stdout], [], [], 1.5)[0]
        yield keeper, waiting
    finally:
        with suppress(ProcessLookupError):
            os.kill(keeper, signal.SIGCONT)


def test_a_command_waits_until_a_killed_postgres_is_back(folder: Path, command: Start) -> None:
    """Whoever asks in the meantime gets an answer, not a refusal of a server that recovers."""
    write(command().settings["DATABASE_OWNER_URL"], "kept")
    with without_server(folder, command) as (_, ravi):
        pass
    assert one(ravi.settings["DATABASE_OWNER_URL"], "SELECT what FROM said") == "kept"


def test_a_command_waits_no_longer_than_there_is_a_keeper(folder: Path, command: Start) -> None:
    """When the keeper is killed beside its server, whoever waited starts another."""
    write(command().settings["DATABASE_OWNER_URL"], "kept")
    with without_server(folder, command) as (keeper, ravi):
        kill_9(keeper)
    assert one(ravi.settings["DATABASE_OWNER_URL"], "SELECT what FROM said") == "kept"


def test_a_dead_server_nobody_reaps_does_not_stop_the_next(folder: Path, command: Start) -> None:
    """In a container without init the old process stays as a zombie, and kill(pid, 0) still finds it."""
    first = command()
    assert first.settings
    first.leave()
    assert eventually(lambda: is_gone(folder))
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
    (folder / "postgres" / "postmaster.pid").write_text(
        f"{zombie}\n{folder}/postgres\n0\n5432\n/tmp\n\n0 0\nready\n"
    )
    try:
        assert one(command().settings["DATABASE_URL"], "SELECT 1") == 1
    finally:
        os.waitpid(zombie, 0)


def test_a_deep_data_folder_works(folder: Path, command: Start) -> None:
    """The path of a socket may have 107 bytes; a path of data may have more."""
    deep = folder / ("d" * 100) / ("e" * 100)
    ines = Command(deep)
    assert one(ines.settings["DATABASE_URL"], "SELECT 1") == 1
    ines.leave()


def test_an_interrupted_first_start_is_made_good(folder: Path, command: Start) -> None:
    """A cluster is there whole or not at all."""
    half = folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    assert one(command().settings["DATABASE_URL"], "SELECT 1") == 1
    assert not half.exists()


def test_a_cluster_of_another_release_is_refused_in_a_sentence(folder: Path, command: Start) -> None:
    """Postgres itself would only fail in its log."""
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("15\n")
    assert "written by Postgres 15" in command().refusal
