"""`manage.py up`: every process of the product on this machine, in one terminal, until Ctrl-C.

Order: the servers (unless DATABASE_URL and REDIS_URL name others), the migrations, for `--demo` a pretend
Zoom and people to sign in as, then web, worker, beat and indexer. It stops in reverse order, starts again
what dies, and leaves nothing behind, however it ends. One data folder runs once.
"""

import fcntl
import os
import secrets
import signal
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from compliance import demonstration, people
from compliance.celery import app
from standalone import folder as folders
from standalone import ports, programs, servers
from standalone.folder import Folder
from standalone.problems import CannotStart
from standalone.processes import Crew, Program
from standalone.terminal import Follower, Terminal


class Command(BaseCommand):
    help = "Run everything on this machine until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="Address to serve on (default: this machine only)."
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--demo", action="store_true", help="With a pretend Zoom account and people to sign in as."
        )
        parser.add_argument("--scenario", default="acme", help="The pretend company of --demo.")

    def handle(self, *_args: Any, host: str, port: int, demo: bool, scenario: str, **_options: Any) -> None:
        try:
            Together(host=host, port=port, demo=demo, scenario=scenario).run()
        except CannotStart as problem:
            raise CommandError(str(problem), returncode=2) from problem


class _Stop(BaseException):
    """The person at the terminal, or the system, wants everything to stop."""


class Together:
    """One run of everything."""

    def __init__(self, *, host: str, port: int, demo: bool, scenario: str) -> None:
        self._host, self._port, self._demo, self._scenario = host, port, demo, scenario
        self._terminal = Terminal()
        self._crew = Crew(say=self._terminal.say)
        self._folder = folders.open_folder(settings.HOLDFAST_DATA)
        self._root: Path = settings.BASE_DIR
        self._environment = dict(os.environ)
        self._environment.setdefault("HOLDFAST_URL", f"http://{_shown(host)}:{port}")
        if demo:
            self._environment.setdefault("EMAIL_URL", f"filemail://{self._folder.path.resolve() / 'mail'}")

    def run(self) -> None:
        """Start, tend until told to stop, stop."""
        instead = (
            f"Choose another: `manage.py up --port {self._port + 1}` or `make demo PORT={self._port + 1}`."
        )
        lock = _only_one(self._folder)
        ports.check_free(self._host, self._port, instead=instead)
        stopping = _stop_on_signals(self._crew)
        try:
            self._start()
            self._tend()
        except _Stop:
            self._terminal.plain("\nStopping …")
        finally:
            stopping.append(True)
            self._crew.stop()
            connection.close()
            if servers.is_attached():
                servers.release(self._folder.path, seconds=10.0)
            os.close(lock)
        self._terminal.plain("Stopped.")

    def _start(self) -> None:
        self._must("migrate", "migrate", "--no-input")
        if self._demo:
            self._start_sandbox()
        bind = f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"
        for program in programs.product(
            root=self._root, bind=bind, environment=self._environment, data=self._folder.path
        ):
            self._crew.start(program)
        self._wait_for_web()
        app.send_task("archive.tasks.tick", expires=55)  # beat would first do so in a minute
        self._greet()

    def _start_sandbox(self) -> None:
        port = ports.lasting(self._folder.path / "sandbox-port")
        program = programs.sandbox(
            root=self._root,
            port=port,
            scenario=self._scenario,
            state=self._folder.path / f"sandbox-{self._scenario}-world",
            environment=self._environment,
        )
        self._crew.start(program)
        self._until(lambda: ports.answers("127.0.0.1", port), "The pretend Zoom does not start.")
        zoom = f"http://127.0.0.1:{port}"
        self._environment |= {
            "ZOOM_ACCOUNT_ID": "sandbox",
            "ZOOM_CLIENT_ID": "sandbox",
            "ZOOM_CLIENT_SECRET": "sandbox",
            "ZOOM_API_URL": f"{zoom}/v2",
            "ZOOM_OAUTH_URL": f"{zoom}/oauth/token",
        }
        self._must("connect", "connect")

    def _must(self, name: str, *command: str) -> None:
        argv = programs.manage(self._root, *command)
        if self._crew.run(Program(name, argv, self._environment)) != 0:
            raise CannotStart(f"`manage.py {' '.join(command)}` failed; its words are above.")

    def _wait_for_web(self) -> None:
        host = "127.0.0.1" if self._host in ("0.0.0.0", "::") else self._host
        self._until(
            lambda: ports.answers(host, self._port), "The web server does not start; its words are above."
        )

    def _until(self, reached: Any, otherwise: str) -> None:
        until = time.monotonic() + 90
        while not reached():
            if time.monotonic() > until:
                raise CannotStart(otherwise)
            self._crew.tend(seconds=0.1)

    def _tend(self) -> None:
        logs = self._folder.logs
        files = {
            "postgres": logs / "postgres.log",
            "redis": logs / "redis.log",
            "servers": logs / "servers.log",
        }
        follower = Follower(files if servers.is_attached() else {}, terminal=self._terminal)
        is_shown = not self._demo
        while True:
            self._crew.tend(seconds=0.5)
            follower.catch_up()
            if not is_shown:
                is_shown = self._show()
            if servers.is_attached() and not servers.is_up(self._folder.path):
                self._terminal.say("servers", "their keeper is gone; starting them again")
                self._attach_again()

    def _show(self) -> bool:
        """What the demo shows of its own, when that can be done; a database that is away is no reason to end."""
        try:
            return demonstration.show(now=timezone.now())
        except (InterfaceError, OperationalError):
            connection.close()
            return False

    def _attach_again(self) -> None:
        """What was up once is not given up: what stands in the way may pass, and everything else is tended meanwhile."""
        try:
            servers.attach(self._folder.path, meanwhile=lambda: self._crew.tend(seconds=0.1))
        except CannotStart as problem:
            self._terminal.say("servers", f"{problem} Trying again.")
            self._crew.tend(seconds=5.0)

    def _greet(self) -> None:
        lines = ["", f"Holdfast is up: http://{_shown(self._host)}:{self._port}/"]
        if self._demo:
            password = demo_password(self._folder)
            for username, full_name, role in demonstration.PEOPLE:
                if not User.objects.filter(username=username).exists():
                    people.appoint(
                        username=username,
                        email=f"{username}@holdfast.example",
                        full_name=full_name,
                        roles=[role],
                        password=password,
                        by=None,
                        now=timezone.now(),
                    )
                lines.append(f"  sign in as {username} ({role.value.lower()}) with the password {password}")
        elif not User.objects.exists():
            lines.append(
                "  nobody can sign in yet: `manage.py appoint ada --role administrator` makes the first person"
            )
        lines += [f"  data in {self._folder.path}", "  Ctrl-C stops everything", ""]
        self._terminal.plain("\n".join(lines))


def _shown(host: str) -> str:
    """The name under which people on this machine reach an address that is bound."""
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host


def demo_password(folder: Folder) -> str:
    """The password of the demo's people: made once for a data folder and shown at every start."""
    path = folder.path / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def _only_one(folder: Folder) -> int:
    """Take the folder's `up` for this process; the descriptor that holds it."""
    descriptor = os.open(folder.lock("up"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        other = os.read(descriptor, 100).decode(errors="replace").strip() or "another process"
        raise CannotStart(
            f"Holdfast is already up on {folder.path} ({other}). Stop it first, or set HOLDFAST_DATA to another folder."
        ) from problem
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()}".encode())
    return descriptor


def _stop_on_signals(crew: Crew) -> list[bool]:
    """Make signals stop the run; once the returned list says that it stops, a further signal only hurries it."""
    stopping: list[bool] = []

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopping:
            crew.hurry()
        else:
            raise _Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    return stopping
