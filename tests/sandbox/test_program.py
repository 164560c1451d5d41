"""`python -m sandbox` as a program: its port file, its sentences, and life in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox import program
from tests.sandbox.subscriber import SECRET, Subscriber
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("loopback")


def start(port_file: Path, *options: str) -> "subprocess.Popen[str]":
    """The program with a port file, once it has said where it is."""
    command = [sys.executable, "-m", "sandbox", "--port-file", str(port_file), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("sandbox: ")
    return process


@pytest.fixture
def process(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A lively little world, far faster than real."""
    running = start(tmp_path / "port", "--scenario", "acme", "--live", "6000", "--client-id", "app")
    yield running
    running.kill()
    running.wait()


def test_it_answers_at_its_port_and_lives(process: "subprocess.Popen[str]", tmp_path: Path) -> None:
    """Messages come without being asked for, and SIGTERM ends it."""
    url = f"http://127.0.0.1:{(tmp_path / 'port').read_text()}"
    with httpx.Client(base_url=url, timeout=60) as http:
        form = {"grant_type": "account_credentials", "account_id": "x"}
        assert http.post("/oauth/token", data=form, auth=("app", "y")).status_code == 200
        assert http.post("/oauth/token", data=form, auth=("other", "y")).status_code == 401
        before = http.get("/_sandbox/truth").json()["messages"]
        wait_until(lambda: bool(http.get("/_sandbox/truth").json()["messages"] > before))
    os.kill(process.pid, signal.SIGTERM)
    process.wait(60)


def test_every_option_is_documented() -> None:
    """In docs/sandbox.md, by its name."""
    text = (ROOT / "docs/sandbox.md").read_text()
    options = [name for action in program.parser()._actions for name in action.option_strings]
    assert [name for name in options if name.startswith("--") and name != "--help" and name not in text] == []


@pytest.mark.parametrize(
    "options",
    [
        ["--faults", "nonsense"],
        ["--corpus", "/nowhere"],
        ["--now", "yesterday"],
        ["--scenario", "awkward", "--torture", "/nowhere"],
        ["--webhook-url", "ftp://127.0.0.1", "--webhook-secret", "s"],
        ["--webhook-url", "http://127.0.0.1"],
        ["--webhook-url", "http://127.0.0.1", "--webhook-secret", "s", "--webhook-events", "chat.sung"],
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with exit code 2, before anything listens."""
    assert program.main(options) == 2
    assert capsys.readouterr().err.startswith("sandbox: ")


def test_a_restart_remembers_what_was_said(tmp_path: Path) -> None:
    """With `--state` the same messages have the same ids, and what was said is still there."""
    options = ["--scenario", "acme", "--live", "0", "--state", str(tmp_path / "state")]
    seen = []
    for text in ("first", "second"):
        running = start(tmp_path / "port", *options)
        with httpx.Client(base_url=f"http://127.0.0.1:{(tmp_path / 'port').read_text()}", timeout=60) as http:
            session = http.get("/_sandbox/world").json()["sessions"][0]
            seen.append(http.get("/_sandbox/truth").json()["messages"])
            order = {"session_id": session["id"], "by": session["member_ids"][0], "text": text}
            assert http.post("/_sandbox/say", json=order).status_code == 200
        running.kill()
        running.wait()
    assert seen[1] == seen[0] + 1


def test_its_life_is_posted_to_a_subscriber(tmp_path: Path, subscriber: Subscriber) -> None:
    """From the start, and only the events that were named; a remembered past is not told."""
    told = ["--webhook-url", subscriber.url, "--webhook-secret", SECRET, "--webhook-events", "chat_message.*"]
    options = ["--scenario", "acme", "--live", "6000", "--state", str(tmp_path / "state"), *told]
    remembered = 0
    for _ in range(2):
        subscriber.deliveries.clear()
        running = start(tmp_path / "port", *options)
        # a subscriber that stood still at the handshake for three seconds is asked again after a minute
        wait_until(lambda: len(subscriber.deliveries) >= 5, seconds=180)
        os.kill(running.pid, signal.SIGTERM)
        running.wait(60)
        lines = [json.loads(line) for line in (tmp_path / "state").read_text().splitlines()]
        done = {one.get("message_id", one.get("id")) for one in lines[remembered:]}
        assert all(one.is_signed and one.name.startswith("chat_message.") for one in subscriber.deliveries)
        assert {one.event["payload"]["object"]["id"] for one in subscriber.deliveries} <= done
        remembered = len(lines)


def test_a_taken_port_is_said_in_a_sentence(
    process: "subprocess.Popen[str]", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a traceback."""
    port = (tmp_path / "port").read_text()
    assert program.main(["--scenario", "empty", "--port", port]) == 2
    assert "in use" in capsys.readouterr().err
