"""Fifty kills with -9 at random moments of a capture: afterwards it is as if nothing had been.

The workers, also those that read files, fetch zips and make exports, the web, the indexer, Postgres, Redis and their keeper are hit
while an account is captured, the leaders and their children. Nobody repairs anything: the supervisor starts what died,
the rows are the jobs, and the next nudge goes on. `HOLDFAST_CHAOS_SEED` repeats an
order of kills; `HOLDFAST_CHAOS_CORPUS` names a corpus folder to capture instead of the made-up account.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.standalone.command import eventually, processes_of
from tests.standalone.test_up import is_alive
from tests.system import killing, town
from tests.system.stack import COMPLETE, Stack

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(560)]
SEED = int(os.environ.get("HOLDFAST_CHAOS_SEED", "1"))
COUNTED = ("sessions", "messages", "attachments")
LISTS = {"sent": "messages", "edited": "edited_messages", "deleted": "deleted_messages"}
HEALED_WITHIN_S = 240
LOOK_EVERY_S = 3.0
PATIENCE_S = 2.5

_PER_DAY = """
SELECT s.zoom_id, d.day::text, d.offered FROM archive_daycount d JOIN archive_session s ON s.id = d.session_id
WHERE d.offered > 0
"""
_UNREAD = """
SELECT count(*) FILTER (WHERE a.inside = ''), count(*) FILTER (WHERE (
    SELECT count(*) FROM archive_leaf l JOIN archive_reading r ON r.id = l.subject_id AND l.kind = 8
    WHERE r.attachment_id = a.id) <> 1)
FROM archive_attachment a WHERE a.blob_id IS NOT NULL
"""


def test_fifty_kills_leave_no_trace(installation: Callable[..., Stack], tmp_path: Path) -> None:
    """Equal counts, no duplicates, no gap, nothing unindexed, proofs that hold, and no process left."""
    given = os.environ.get("HOLDFAST_CHAOS_CORPUS")
    corpus = Path(given) if given else town.write(tmp_path / "town", sessions=60, messages=100)
    stack = installation("--corpus", str(corpus), "--live", "0", "--no-rate-limit")
    stack.start()
    stack.must("connect")
    stack.nudge()
    _kill_all_planned(stack)
    _healed(stack)
    _read(stack)
    assert '"ok": true' in stack.must("verify", "--json")
    _compare(_indexed(stack), stack.truth())
    assert _offered_by_day(stack) == _truth_by_day(stack)
    assert httpx.get(f"http://127.0.0.1:{stack.port}/readyz", timeout=60).status_code == 200
    _ends_clean(stack)


def _kill_all_planned(stack: Stack) -> None:
    """At a random moment each, soon after the capture has come further since the one before."""
    assert stack.up is not None
    blows, leaves = killing.plan(SEED), stack.leaves()
    while blows:
        eventually(lambda: stack.leaves() not in (None, leaves), seconds=PATIENCE_S)  # noqa: B023
        leaves = stack.leaves()
        time.sleep(blows[0].wait_s)
        assert stack.up.poll() is None, f"seed {SEED}: {stack.said[-6000:]}"
        struck = killing.strike(blows, root=stack.up.pid)
        left = sorted({blow.role for blow in blows})
        assert struck is not None, f"seed {SEED}: nobody of {left} came back {stack.said[-6000:]}"
        stack.nudge()


def _healed(stack: Stack) -> dict[str, Any]:
    """Wait, without lending a hand, until status says that everything is here."""
    until = time.monotonic() + HEALED_WITHIN_S
    while True:
        time.sleep(LOOK_EVERY_S)
        stack.nudge()
        # Refused, where Postgres noticed only now whom the last blow hit.
        done = stack.manage("status", "--json")
        assert "Traceback" not in done.stderr
        told: dict[str, Any] = json.loads(done.stdout) if done.returncode == COMPLETE else {}
        if told and told["is_complete"] and told["run"] is None:
            return told
        assert time.monotonic() < until, f"seed {SEED}: {told} {done.stderr[-3000:]} {stack.said[-6000:]}"


def _indexed(stack: Stack) -> dict[str, Any]:
    """Wait until everything that is here can be found, too."""
    until = time.monotonic() + HEALED_WITHIN_S
    while True:
        told = stack.status()
        index = told["index"] or {"complete_to": 0}
        if index["complete_to"] == told["log_size"]:
            return told
        assert time.monotonic() < until, f"seed {SEED}: {told} {stack.said[-6000:]}"
        time.sleep(LOOK_EVERY_S)


def _read(stack: Stack) -> None:
    """Wait until every file that is here was looked into, and what its reading said is in the log."""
    until = time.monotonic() + HEALED_WITHIN_S
    with psycopg.connect(stack.servers["DATABASE_URL"], autocommit=True) as connection:
        while connection.execute(_UNREAD).fetchone() != (0, 0):
            assert time.monotonic() < until, f"seed {SEED}: {stack.said[-6000:]}"
            time.sleep(LOOK_EVERY_S)


def _compare(told: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert {name: told[name] for name in COUNTED} == {name: wanted[name] for name in COUNTED}, f"seed {SEED}"
    assert told["revisions_by_kind"] == {kind: wanted["revisions"][kind] for kind in LISTS}, f"seed {SEED}"
    assert told["attachments_by_state"]["stored"] == wanted["attachments"], f"seed {SEED}"
    assert told["index"]["documents"] == wanted["messages"], f"seed {SEED}"
    assert (told["gap_count"], told["gaps"], told["lost"]) == (0, [], 0)


def _offered_by_day(stack: Stack) -> dict[str, dict[str, int]]:
    with psycopg.connect(stack.servers["DATABASE_URL"]) as connection:
        rows = connection.execute(_PER_DAY).fetchall()
    found: dict[str, dict[str, int]] = {}
    for session, day, offered in rows:
        found.setdefault(session, {})[day] = offered
    return found


def _truth_by_day(stack: Stack) -> dict[str, dict[str, int]]:
    wanted = {}
    for session in stack.world()["sessions"]:
        days = stack.truth(session_id=session["id"])["days"]
        wanted[session["id"]] = {day: sum(row[name] for name in LISTS.values()) for day, row in days.items()}
    return wanted


def _ends_clean(stack: Stack) -> None:
    assert stack.up is not None
    everybody = [one.pid for one in killing.family(stack.up.pid)]
    assert len(everybody) > 8
    stack.up.send_signal(signal.SIGINT)
    assert stack.up.wait(120) == 0
    assert eventually(lambda: not processes_of(str(stack.folder)))
    assert eventually(lambda: not any(map(is_alive, everybody)))
