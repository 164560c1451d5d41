"""One installation of Holdfast, used as an operator uses it: by its commands, each a process of its own.

It has a database and a data folder that no other test has, so that many scenes can look at one captured archive,
and `copy` gives a scene an archive that it may damage.
"""

import atexit
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis

from tests import servers

_migrated: list["Installation"] = []
ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 240.0
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


class Installation:
    """Commands, database and data folder of one archive."""

    def __init__(self, folder: Path, *, database: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.database = database
        self.owner_url = servers.in_database(os.environ["DATABASE_OWNER_URL"], database)
        self.environment: dict[str, str] = {
            **os.environ,
            "DATABASE_URL": servers.in_database(os.environ["DATABASE_URL"], database),
            "DATABASE_OWNER_URL": self.owner_url,
            "HOLDFAST_DATA": str(self.data),
            "HOLDFAST_UNMETERED": "true",
            "DJANGO_SETTINGS_MODULE": "compliance.settings",
            "PYTHONPATH": str(ROOT),
        }

    @classmethod
    def make(cls, folder: Path) -> "Installation":
        """A new one: an empty database, migrated by its owner. All after the first are copies of what that one was then."""
        Redis.from_url(os.environ["REDIS_URL"]).flushdb()
        if len(_migrated) == 0:
            first = cls(folder, database=_create())
            first.must("migrate", "--no-input")
            _migrated.append(first)
            atexit.register(first.drop)
        return cls(folder, database=_create(template=_migrated[0].database))

    def copy(self, folder: Path) -> "Installation":
        """Another one with the same database and the same files. Nothing may be connected to this one."""
        made = type(self)(folder, database=_create(template=self.database))
        shutil.copytree(self.data, made.data, symlinks=True)
        return made

    def drop(self) -> None:
        with _server() as connection:
            connection.execute(f'DROP DATABASE "{self.database}" WITH (FORCE)'.encode())

    def run(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        stdin: str = "",
        deadline: float = DEADLINE_SECONDS,
    ) -> Said:
        """`manage.py` with these arguments, to its end."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **(environment or {})},
            input=stdin.encode(),
            capture_output=True,
            timeout=deadline,
            start_new_session=True,  # no terminal to ask for a password on
            check=False,
        )
        return Said(done.returncode, _text(done.stdout), _text(done.stderr))

    def run_unread(self, *arguments: str) -> Said:
        """The same with a reader who leaves before the first word, as `head` does after some."""
        argv = [sys.executable, "manage.py", *arguments]
        with subprocess.Popen(
            argv, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            err = _text(process.stderr.read())
        return Said(process.returncode, "", err)

    def must(self, *arguments: str, stdin: str = "") -> str:
        """The same for what has to succeed; what it printed."""
        said = self.run(*arguments, stdin=stdin)
        assert said.code == 0, f"{arguments}: {said}"
        return said.out

    def connect(self, zoom_url: str) -> None:
        """Connect the pretend Zoom's account."""
        credentials = ("--account-id=sandbox", "--client-id=sandbox", "--client-secret=sandbox")
        addresses = (f"--api-url={zoom_url}/v2", f"--oauth-url={zoom_url}/oauth/token")
        self.must("connect", *credentials, *addresses)

    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.must("status", "--json"))
        return told

    def verify(self) -> dict[str, Any]:
        """What `verify --json` found; its exit status always says the same."""
        said = self.run("verify", "--json")
        found: dict[str, Any] = json.loads(said.out)
        assert said.code == (0 if found["ok"] else 1), said
        return found

    @contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection of the owner of the tables, who can put the triggers aside and does."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            yield connection

    def rows(self, query: str) -> list[Row]:
        """What the database answers."""
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(query.encode()).fetchall()


def _text(printed: bytes) -> str:
    """What was printed; in whatever encoding a scene asked for, its ASCII is readable."""
    return printed.decode(errors="replace")


def _create(*, template: str = "template1") -> str:
    name = f"test_proof_{secrets.token_hex(4)}"
    with _server() as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return name


def _server() -> psycopg.Connection[Row]:
    """The owner's connection to the server's own database."""
    return psycopg.connect(servers.in_database(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True)
