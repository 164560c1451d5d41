"""The product as it is run, as real processes: `manage.py up` in a folder of its own beside a pretend Zoom.

Nothing here is of the product's own code: it is started, asked and killed from the outside, as its people would.
"""

import json
import subprocess
import sys
import urllib.request
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg
from celery import Celery
from kombu.exceptions import OperationalError

from tests.standalone.command import ROOT, bare_environment, eventually
from tests.standalone.test_up import free_port

OFFICER = "ines"
PASSWORD = "a-long-enough-password"
COMPLETE, WITH_GAPS = 0, 3


class Stack:
    """One installation and its Zoom."""

    def __init__(self, *, folder: Path, zoom: str) -> None:
        self.folder, self.zoom = folder, zoom
        self.port = free_port()
        self.up: subprocess.Popen[bytes] | None = None
        self._log = folder.parent / "up.log"

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every command of the installation is given."""
        return bare_environment() | {
            "HOLDFAST_DATA": str(self.folder),
            "HOLDFAST_UNMETERED": "1",
            "DJANGO_SETTINGS_MODULE": "compliance.settings",
            "ZOOM_ACCOUNT_ID": "sandbox",
            "ZOOM_CLIENT_ID": "sandbox",
            "ZOOM_CLIENT_SECRET": "sandbox",
            "ZOOM_API_URL": f"{self.zoom}/v2",
            "ZOOM_OAUTH_URL": f"{self.zoom}/oauth/token",
        }

    @property
    def said(self) -> str:
        """Everything `up` printed, and what happened to the servers."""
        logs = [self._log, self.folder / "logs" / "servers.log"]
        return "\n".join(log.read_text(errors="replace") for log in logs if log.exists())

    def start(self) -> None:
        """Start everything and wait until it says that it is up."""
        with self._log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        up = self.up
        assert eventually(lambda: "Holdfast is up" in self.said or up.poll() is not None, seconds=150)
        assert up.poll() is None, self.said
        assert self.servers["REDIS_URL"]

    def manage(self, *command: str, told: str = "") -> subprocess.CompletedProcess[str]:
        """Run a `manage.py` command to its end; `told` is its standard input."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            input=told,
            capture_output=True,
            text=True,
            timeout=280,
            start_new_session=True,  # no terminal to ask for a password on
            check=False,
        )

    def must(self, *command: str, told: str = "") -> str:
        """Run a command that has to succeed; what it said."""
        done = self.manage(*command, told=told)
        assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def status(self) -> dict[str, Any]:
        """`manage.py status --json`."""
        told: dict[str, Any] = json.loads(self.must("status", "--json"))
        return told

    def nudge(self) -> None:
        """What beat does every minute; lost when Redis is down, like a real one."""
        broker = self.servers["REDIS_URL"].replace("unix://", "redis+socket://", 1)
        # Not as the current one: the tasks of tests after this would be sent to a broker that is gone.
        with Celery(broker=broker.replace("?db=", "?virtual_host=", 1), set_as_current=False) as celery:
            try:
                celery.send_task("archive.tasks.tick", expires=55, retry=False)
            except OperationalError:
                return

    def leaves(self) -> int | None:
        """How far the log has come, in a blink; None while the database is away."""
        try:
            with psycopg.connect(self.servers["DATABASE_URL"], connect_timeout=2) as connection:
                row = connection.execute("SELECT max(index) FROM archive_leaf").fetchone()
        except psycopg.Error:
            return None
        return None if row is None else row[0]

    @cached_property
    def servers(self) -> dict[str, str]:
        """Where the servers listen, and go on to listen whatever is killed."""
        told: dict[str, str] = json.loads((self.folder / "running.json").read_text())
        return told

    def truth(self, **question: str) -> dict[str, Any]:
        """What the pretend Zoom knows a complete archive must show."""
        return self._control("truth", question=question)

    def world(self) -> dict[str, Any]:
        """Everybody and every conversation at the pretend Zoom."""
        return self._control("world")

    def misbehave(self, spec: str) -> None:
        """Let Zoom misbehave from now on."""
        self._control("faults", method="POST", body={"spec": spec})

    def behave(self) -> dict[str, int]:
        """Let it behave again; how often each fault struck."""
        fired: dict[str, int] = self._control("faults", method="DELETE")["fired"]
        return fired

    def signed_in(self) -> httpx.Client:
        """A browser without JavaScript in which Ines has signed in."""
        browser = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", follow_redirects=True, timeout=60)
        browser.get("/accounts/login/")
        answer = browser.post(
            "/accounts/login/",
            data={
                "login": OFFICER,
                "password": PASSWORD,
                "csrfmiddlewaretoken": browser.cookies["csrftoken"],
            },
        )
        assert "/accounts/login/" not in str(answer.url), answer.text[:2000]
        return browser

    def _control(
        self,
        name: str,
        *,
        method: str = "GET",
        question: dict[str, str] | None = None,
        body: dict[str, object] | None = None,
    ) -> dict[str, Any]:
        url = f"{self.zoom}/_sandbox/{name}"
        if question:
            url += "?" + "&".join(f"{key}={value}" for key, value in question.items())
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told
