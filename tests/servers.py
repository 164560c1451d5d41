"""The servers a test run uses: its own embedded ones, or those the environment names.

`provide()` runs before the product's settings are read (see tests/settings.py), in the controlling process
only: xdist workers and programs started by tests inherit what it puts into the environment. With
DATABASE_OWNER_URL set no server is started; the role must be allowed to create databases and roles. The data
of a run is thrown away.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import errors

from standalone import servers

APP = "holdfast_app"
OWNER = "holdfast_owner"
PROVIDED = "HOLDFAST_TEST_FOLDER"


def provide() -> None:
    """Put a data folder, both database URLs and a Redis URL for this run into the environment."""
    if PROVIDED in os.environ:
        _share_redis()
        return
    folder = Path(tempfile.mkdtemp(prefix="holdfast-test-"))
    atexit.register(_throw_away, folder)
    folder.chmod(0o711)
    os.environ[PROVIDED] = str(folder)
    os.environ["HOLDFAST_DATA"] = str(folder / "data")
    if "DATABASE_OWNER_URL" not in os.environ or "REDIS_URL" not in os.environ:
        for name, value in servers.attach(folder / "servers", durable=False).items():
            os.environ.setdefault(name, value)
    owner = os.environ["DATABASE_OWNER_URL"]
    os.environ.setdefault("DATABASE_URL", as_role(owner, APP))
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    _allow(owner)


def as_role(url: str, role: str, *, database: str | None = None) -> str:
    """The same server and database under another role, without a password."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    path = parts.path if database is None else "/" + quote(database)
    return urlunsplit(parts._replace(netloc=f"{role}@{place}", path=path))


def in_database(url: str, database: str) -> str:
    """The same server and role in another database."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(database)))


def _allow(owner: str) -> None:
    """Let the application's role log in; tests of two worktrees may do so at once."""
    with psycopg.connect(in_database(owner, "postgres"), autocommit=True) as connection:
        known = "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s"
        row = connection.execute(known, [APP]).fetchone()
        if row is None:
            with suppress(errors.DuplicateObject, errors.UniqueViolation):
                connection.execute(f"CREATE ROLE {APP}")
        if row != (True,):
            connection.execute(f"ALTER ROLE {APP} LOGIN")
    if urlsplit(owner).username == OWNER:  # a server of our own: its owner empties tables between tests
        with psycopg.connect(as_role(owner, "postgres", database="postgres"), autocommit=True) as connection:
            connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")


def _share_redis() -> None:
    """Give each xdist worker a database of its own in the run's Redis (there are 16, and at most four workers)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if "HOLDFAST_TEST_REDIS" in os.environ or not worker.isdigit() or worker == "0":
        return
    os.environ["HOLDFAST_TEST_REDIS"] = url = os.environ["REDIS_URL"]
    mark = "?db=" if url.startswith("unix:") else "/"
    head, _, number = url.rpartition(mark)
    os.environ["REDIS_URL"] = f"{head}{mark}{(int(number or 0) + 4 * int(worker)) % 16}"


def _throw_away(folder: Path) -> None:
    if (folder / "servers").exists():
        servers.release(folder / "servers", seconds=60.0)
    shutil.rmtree(folder, ignore_errors=True)
