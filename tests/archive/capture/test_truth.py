"""A whole world captured equals what the sandbox knows to be true of it."""

import json
import threading
import urllib.request
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from redis import Redis

from archive import gateway
from archive.capture import foreground
from archive.models import Account
from tests.archive.capture.conftest import unseen

SHARED = next((up / "shared" for up in Path(__file__).parents if (up / "shared/corpus").is_dir()), None)
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
@pytest.mark.skipif(SHARED is None, reason="no shared corpus beside the checkout")
def test_the_public_sample_is_captured_whole_and_only_once(connected: Callable[..., Any]) -> None:
    """Sessions, messages, revisions and attachments are the corpus's, after one capture and after two."""
    url, account = connected("--corpus", f"{SHARED}/corpus/public-sample")
    for _ in range(2):
        capture(account)
        told, wanted = status(), truth(url)
        assert {name: told[name] for name in COUNTED} == {name: wanted[name] for name in COUNTED}
        assert told["revisions"] == wanted["revisions"]["total"]
        assert told["is_complete"] is True


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize("scenario", ["acme", "awkward", "busy"])
def test_a_scenario_is_captured_whole(connected: Callable[..., Any], scenario: str) -> None:
    """However lively or strange the account is."""
    more = ("--messages", "5000") if scenario == "busy" else ()
    url, account = connected("--scenario", scenario, *more)
    capture(account)
    told, wanted = status(), truth(url)
    assert {name: told[name] for name in COUNTED} == {name: wanted[name] for name in COUNTED}
    assert told["gap_count"] == 0
