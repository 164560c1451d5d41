"""What every test may use. The servers behind it are in tests/servers.py.

The test database is made and migrated by the owner of the tables; tests then run as `holdfast_app`, the role
the application has. Emptying tables after a transactional test is the owner's work again, with triggers put
aside, and puts back the rows that the migrations made.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_py
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql

from tests import servers

# A machine that others use is slow now and then: that is no finding. A test that hangs is ended by pytest-timeout.
hypothesis_settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shared")

ROOT = Path(__file__).resolve().parent.parent
CHROMIUMS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = tuple(ROOT / "tests" / name for name in ("zoom", "sandbox", "conformance"))
KEPT = "kept_for_tests"  # the schema that holds what the migrations made
_QUOTED = re.compile(r'"(\w+)"')
_FEW_BYTES = 1 << 18


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The long ones first, and those that wait much: at the end no worker is left alone with one for minutes.
    items.sort(key=lambda item: item.get_closest_marker("system") is None)
    if _chromium() is None:
        skip = pytest.mark.skip(
            reason="no Chromium on this machine (apt-get install chromium, or set CHROMIUM)"
        )
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)
    for item in items:
        is_quiet = any(item.path.is_relative_to(folder) for folder in QUIET)
        if is_quiet and "loopback" not in getattr(item, "fixturenames", ()):
            item.add_marker("disable_socket")


@pytest.fixture(scope="session")
def loopback() -> None:
    """A test that asks for this may open sockets to this machine.

    The tests of client and sandbox (`QUIET`) open none otherwise, but for those between processes of this machine
    that have no address (Unix sockets).
    """


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Make the database as its owner, then go on as the application."""
    with django_db_blocker.unblock():
        _keep_what_migrations_made()
        _become("app")
        # On the class: Django makes a connection for each context it runs in, and a browser's driver has its own.
        type(connection.ops).execute_sql_flush = staticmethod(_empty)
    yield
    with django_db_blocker.unblock():
        _become("owner")


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the tables' owner in autocommit: it sees only what is committed (use transactional_db)."""
    with psycopg.connect(_owner_url(), autocommit=True) as opened:
        yield opened


@pytest.fixture
def product_environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """The environment of a program under test: this test's database as the application, and an empty folder."""
    database = str(connection.settings_dict["NAME"])
    return {
        **os.environ,
        "DATABASE_URL": servers.in_database(os.environ["DATABASE_URL"], database),
        "DATABASE_OWNER_URL": _owner_url(),
        "HOLDFAST_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "compliance.settings",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def redis(loopback: None) -> Iterator[redis_py.Redis]:
    """The run's Redis, empty before and after."""
    client = redis_py.Redis.from_url(os.environ["REDIS_URL"])
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that browser tests drive; a test that asks for it is skipped where there is none."""
    found = _chromium()
    if found is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium, or set CHROMIUM)")
    return found


@pytest.fixture
def sandbox_server(tmp_path: Path, loopback: None) -> Iterator[Callable[..., str]]:
    """Start a pretend Zoom: `url = sandbox_server("--scenario", "empty")`; as many as a test wants."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> str:
        port_file = tmp_path / f"sandbox-{len(started)}.port"
        argv = [sys.executable, "-m", "sandbox", "--port", "0", "--port-file", str(port_file), *arguments]
        with (tmp_path / f"sandbox-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(argv, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        started.append(process)
        until = time.monotonic() + 180
        while not (port_file.exists() and (port := port_file.read_text().strip())):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail("the sandbox did not start: " + Path(log.name).read_text()[-2000:])
            time.sleep(0.01)
        return f"http://127.0.0.1:{port}"

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else shutil.which(named)
    return next((path for path in CHROMIUMS if os.access(path, os.X_OK)), None)


def _owner_url() -> str:
    return servers.in_database(os.environ["DATABASE_OWNER_URL"], str(connection.settings_dict["NAME"]))


def _become(role: str) -> None:
    connection.close()
    connection.settings_dict.update(settings.TEST_ROLES[role])


def _keep_what_migrations_made() -> None:
    """Copy every row that the migrations wrote (groups, permissions, single rows) to a schema of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {KEPT}")
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone() == (True,):
                cursor.execute(f'CREATE TABLE IF NOT EXISTS {KEPT}."{table}" AS TABLE "{table}"')


def _empty(statements: list[str]) -> None:
    """Empty the tables as the owner, without triggers, and put back what the migrations made.

    Not by Django's `statements`: one TRUNCATE of all tables makes new files for each and for its indexes, most of them
    empty before, and was a third of the time the tests take. Rows are deleted instead where there are few.
    """
    with psycopg.connect(_owner_url()) as opened:
        opened.execute("SET session_replication_role = replica")
        tables = [table for statement in statements for table in _QUOTED.findall(statement)]
        large = _filled(
            opened, tables, f"pg_relation_size('{{table}}') > {_FEW_BYTES} AND EXISTS (SELECT FROM {{table}})"
        )
        if len(large) != 0:
            names = sql.SQL(", ").join(map(sql.Identifier, large))
            opened.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for table in _filled(opened, tables, "EXISTS (SELECT FROM {table})"):
            opened.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for (table,) in opened.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT]
        ).fetchall():
            kept, real = sql.Identifier(KEPT, str(table)), sql.Identifier(str(table))
            opened.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(real, kept))


def _filled(opened: psycopg.Connection[tuple[object, ...]], tables: list[str], condition: str) -> list[str]:
    """Those of the tables of which the condition on `{table}` is true, asked in one query."""
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE {condition.format(table=table)}" for table in tables)
    return [str(table) for (table,) in opened.execute(asked.encode()).fetchall()]
