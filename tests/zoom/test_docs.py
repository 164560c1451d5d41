"""The documentation of the client does what it says, and lists what there is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import server
from sandbox.clock import Clock
from sandbox.instance import Account
from sandbox.people import Person
from sandbox.world import World
from zoom import reference
from zoom.operations.table import OPERATIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLES = DOCS / "zoom-client.md"


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loopback: None) -> Iterator[server.Running]:
    """Ines owns the account and talked with Ravi ten days ago; the program of the page runs in an empty folder."""
    world = World(Clock(start=datetime.now(UTC)))
    ines = world.add_person(Person("ines", "ines@acme.example", "Ines", "m-ines"))
    ravi = world.add_person(Person("ravi", "ravi@acme.example", "Ravi", "m-ravi"))
    world.own_user_id = ines.id
    ago = world.clock.now_ms() - round(timedelta(days=10).total_seconds() * 1000)
    general = world.sessions[world.open_channel("general", members=[ines, ravi], type=3, at=ago).session_id]
    world.edit(world.say(general, ines, "ship it friday", at=ago), "ship it monday", at=ago + 60_000)
    monkeypatch.chdir(tmp_path)
    with server.running(world, account=Account(rate_limit=False)) as running:
        for name in ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET"):
            monkeypatch.setenv(f"ZOOM_{name}", "sandbox")
        monkeypatch.setenv("ZOOM_API_URL", running.api_url)
        monkeypatch.setenv("ZOOM_OAUTH_URL", running.oauth_url)
        yield running


def test_the_examples_run(sandbox: server.Running) -> None:
    """From the first to the last, as one program; what they make is there."""
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", EXAMPLES.read_text(), re.DOTALL | re.MULTILINE))
    names: dict[str, object] = {}
    for block in blocks:
        line = EXAMPLES.read_text()[: block.start(1)].count("\n")
        exec(compile("\n" * line + block[1], str(EXAMPLES), "exec"), names)
        sandbox.world.clock.advance(seconds=60)  # zips take a while to be ready
    (general,) = (one for one in sandbox.world.sessions.values() if one.name == "general")
    assert [message.text for message in general.messages] == ["ship it monday", "The hold began today.", ""]
    assert Path("kept.txt").read_text() == "You must keep what you have."
    assert Path("evidence.zip").stat().st_size > 0
    assert sandbox.world.matters == {}
    assert next(iter(sandbox.world.channels.values())).retention_period == "7y"


def test_the_page_of_operations_is_what_the_code_says() -> None:
    """Made by `python -m zoom`, with every operation once."""
    assert (DOCS / "zoom-operations.md").read_text() == reference.page()
    listed = [one.operation.id for one in reference.methods() if one.operation is not None]
    assert sorted(listed) == sorted(OPERATIONS)
    assert "ZOOM_CLIENT_SECRET" not in os.environ
