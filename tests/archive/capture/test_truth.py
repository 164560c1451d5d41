"""A whole world captured equals what the sandbox knows to be true of it."""

import json
import threading
import urllib.request
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from redis import Redis

from archive import gateway
from archive.capture import foreground
from archive.models import Account
from tests.archive.capture.conftest import unseen

Start = Callable[..., str]


@pytest.fixture
def connected(
    sandbox_server: Start, transactional_db: None, redis: Redis
) -> Callable[..., tuple[str, Account]]:
    """Start a sandbox and connect its account."""

    def connect(*arguments: str) -> tuple[str, Account]:
        url = sandbox_server("--no-rate-limit", "--live", "0", *arguments)
        app = gateway.App(
            account_id="sandbox",
            client_id="sandbox",
            client_secret="sandbox",
            api_url=f"{url}/v2",
            oauth_url=f"{url}/oauth/token",
            plan="unmetered",
        )
        return url, gateway.connect(app, name="Acme", now=timezone.now())[0]

    return connect


def capture(account: Account) -> None:
    foreground.Capture(account=account, clock=timezone.now, show=unseen, stop=threading.Event()).run()


def status() -> dict[str, Any]:
    out = StringIO()
    call_command("status", json=True, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def truth(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/_sandbox/truth") as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return told


COUNTED = ("sessions", "messages", "attachments")


@pytest.mark.slow
@pytest.mark.system
def test_a_busy_account_is_captured_whole(connected: Callable[..., Any]) -> None:
    """However many messages there are; other worlds are captured in tests/proof."""
    url, account = connected("--scenario", "busy", "--messages", "5000")
    capture(account)
    told, wanted = status(), truth(url)
    assert {name: told[name] for name in COUNTED} == {name: wanted[name] for name in COUNTED}
    assert told["gap_count"] == 0
