"""Zoom misbehaves in every way it can: while it does, everything says so; afterwards it is as if it never had."""

import html
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.standalone.command import eventually
from tests.system import town
from tests.system.stack import COMPLETE, OFFICER, PASSWORD, WITH_GAPS, Stack

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(560)]
COUNTED = ("sessions", "messages", "attachments")
EVERY_KIND = (
    "seed=7;rate_second:p=0.03,seconds=1;error_500:p=0.03;bad_gateway:p=0.03;cut_body:p=0.03;"
    "slow_body:p=0.02,seconds=0.3;revoked_token:p=0.02;dead_page_token:p=0.2,times=3;repeated_page:p=0.2,times=3;"
    "unknown_fields:p=0.2;wrong_types@reportChatMessages:p=0.05,times=6;file_vanished:p=0.1;file_corrupted:p=0.1;"
    "rate_day:nth=60,seconds=15;error_500@reportChatMessages:every=9"
)
LASTING = {  # tests/archive/capture/test_faults.py has them all, with a clock of its own
    "wrong_types@reportChatMessages:p=1": "unexpected_reply",
    "error_500@reportChatMessages:p=1": "unavailable",
}
STRUCK = ("rate_second", "rate_day", "error_500", "bad_gateway", "cut_body", "slow_body", "revoked_token",
          "dead_page_token", "repeated_page", "unknown_fields", "wrong_types", "file_vanished", "file_corrupted")  # fmt: skip


@pytest.fixture
def stack(installation: Callable[..., Stack], tmp_path: Path) -> Stack:
    """An installation with a small account connected; nothing is captured yet, and no worker runs."""
    corpus = town.write(tmp_path / "town", sessions=10, messages=30)
    made = installation("--corpus", str(corpus), "--live", "0", "--no-rate-limit")
    made.must("migrate", "--no-input")
    made.must("connect")
    return made


def test_every_kind_of_fault_leaves_no_trace(stack: Stack) -> None:
    """A capture through all of them says that it is not complete; the next one, without, has everything once."""
    stack.misbehave(EVERY_KIND)
    done = stack.manage("capture")
    assert (done.returncode, done.stdout.count("Not complete.")) == (WITH_GAPS, 1), done.stdout + done.stderr
    assert stack.status()["is_complete"] is False
    fired = stack.behave()
    assert [kind for kind in STRUCK if fired[kind] == 0] == []
    _captured_whole(stack)
    _captured_whole(stack)
    assert stack.must("verify").endswith("Everything agrees.\n")


def test_while_a_fault_lasts_everything_says_where(stack: Stack) -> None:
    """The exit code, status and the pages name the conversation and the reason, for each kind; then all is well."""
    stack.start()
    stack.must("appoint", OFFICER, "--role", "compliance-officer", told=f"{PASSWORD}\n")
    _captured_whole(stack)
    with closing(stack.signed_in()) as browser:
        for spec, code in LASTING.items():
            stack.misbehave(spec)
            done = stack.manage("capture", "--once")
            assert done.returncode == WITH_GAPS, f"{spec}: {done.stdout}{done.stderr}"
            assert "Not complete." in done.stdout
            _says_where(stack, browser, code)
            assert sum(stack.behave().values()) > 0
            assert eventually(lambda: stack.manage("capture").returncode == COMPLETE, seconds=180)
        assert "Everything Zoom could give" in browser.get("/").text
    _captured_whole(stack)


def _says_where(stack: Stack, browser: httpx.Client, code: str) -> None:
    """The same in figures and in words."""
    told = stack.status()
    gap = next(one for one in told["gaps"] if one["code"] == code)
    assert told["is_complete"] is False
    assert "not complete" in browser.get("/").text
    page = browser.get("/capture/").text
    assert html.escape(gap["reason"].partition(" (")[0][:40]) in page, gap
    assert gap["session"] is None or f"/sessions/{gap['session']}/" in page


def _captured_whole(stack: Stack) -> None:
    done = stack.manage("capture")
    assert done.returncode == COMPLETE, done.stdout + done.stderr
    told, wanted = stack.status(), stack.truth()
    assert {name: told[name] for name in COUNTED} == {name: wanted[name] for name in COUNTED}
    assert told["revisions"] == wanted["revisions"]["total"]
    assert told["attachments_by_state"]["stored"] == wanted["attachments"]
    assert (told["is_complete"], told["gaps"]) == (True, [])
