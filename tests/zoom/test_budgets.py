"""Turns and pauses: evenly spaced, never more than the share, one count for all processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from redis import Redis

from tests.zoom.conftest import API, NOW, OAUTH, Clock, Wire, error
from zoom.auth import Credentials
from zoom.budgets import Budget, OwnBudget, Plan, SharedBudget, Turn, allowance
from zoom.client import ZoomClient
from zoom.errors import RateLimited
from zoom.operations.table import Label
from zoom.pacing import limit_of

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("plan", "label", "share", "spacing_ms", "daily"),
    [
        (Plan.BUSINESS, Label.MEDIUM, 1.0, 18, None),
        (Plan.BUSINESS, Label.MEDIUM, 0.5, 34, None),
        (Plan.BUSINESS, Label.HEAVY, 0.5, 50, 30_000),
        (Plan.PRO, Label.LIGHT, 0.1, 334, None),
        (Plan.FREE, Label.MEDIUM, 0.5, 1000, 1_000),
        (Plan.FREE, Label.LIGHT, 1.0, 264, 6_000),
        (Plan.BUSINESS, Label.RESOURCE_INTENSIVE, 0.5, 7_500, 30_000),
    ],
)
def test_a_share_of_each_plan(
    plan: Plan, label: Label, share: float, spacing_ms: int, daily: int | None
) -> None:
    """The published numbers, scaled; a pause between turns is never rounded down."""
    mine = allowance(plan=plan, label=label, share=share)
    assert spacing_ms - 1 < mine.interval_us / 1000 <= spacing_ms
    assert mine.daily == daily


@pytest.mark.parametrize("share", [0, -1, 1.01])
def test_a_share_is_a_part(share: float) -> None:
    """More than all of the budget cannot be had."""
    with pytest.raises(ValueError, match="budget_share"):
        allowance(plan=Plan.PRO, label=Label.LIGHT, share=share)


@pytest.fixture(params=["own", "shared"])
def fresh(request: pytest.FixtureRequest, loopback: None) -> Callable[[], Budget]:
    """Both budgets, for half of a Business plan, as new; the shared one goes by Redis's clock."""
    if request.param == "own":
        return lambda: OwnBudget(plan=Plan.BUSINESS, share=0.5, clock=lambda: datetime.now(UTC))
    redis: Redis = request.getfixturevalue("redis")
    return lambda: SharedBudget(redis=redis, account=uuid.uuid4().hex, plan=Plan.BUSINESS, share=0.5)


@pytest.fixture
def budget(fresh: Callable[[], Budget]) -> Budget:
    return fresh()


def in_one_go(ask: Callable[[], list[Turn]], *, seconds: float) -> list[Turn]:
    """What came of it when it took no longer, on one day: nobody can stop Redis's clock while a machine stands still."""
    until = time.monotonic() + 120
    while True:
        began, day = time.monotonic(), datetime.now(UTC).date()
        turns = ask()
        if time.monotonic() - began < seconds and datetime.now(UTC).date() == day:
            return turns
        assert time.monotonic() < until


def test_turns_are_reserved_ahead_and_evenly(fresh: Callable[[], Budget]) -> None:
    """Thirty a second: each asker is sent one interval behind the one before."""

    def ask() -> list[Turn]:
        budget = fresh()
        return [budget.turn(Label.MEDIUM, patience=MINUTE) for _ in range(31)]

    waits = in_one_go(ask, seconds=0.03)
    assert all(turn.granted for turn in waits)
    assert waits[0].wait_s == 0
    assert 0.9 < waits[30].wait_s <= 1.001
    assert [t.wait_s for t in waits] == sorted(t.wait_s for t in waits)


def test_a_turn_beyond_patience_is_not_taken(fresh: Callable[[], Budget]) -> None:
    """It is told when, and the place in the row is left to others."""

    def ask() -> list[Turn]:
        budget = fresh()
        for _ in range(31):
            budget.turn(Label.MEDIUM, patience=MINUTE)
        return [budget.turn(Label.MEDIUM, patience=timedelta(milliseconds=100)) for _ in range(5)]

    impatient = in_one_go(ask, seconds=0.5)
    assert not any(turn.granted for turn in impatient)
    assert impatient[-1].wait_s <= impatient[0].wait_s <= 1.04


def test_a_minutes_budget_allows_a_few_at_once(fresh: Callable[[], Budget]) -> None:
    """An officer who makes three matters in a row does not wait; then it is one in 7.5 s, ten a minute."""

    def ask() -> list[Turn]:
        budget = fresh()
        return [budget.turn(Label.RESOURCE_INTENSIVE, patience=MINUTE) for _ in range(10)]

    waits = [turn.wait_s for turn in in_one_go(ask, seconds=0.1)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(7.5, abs=0.1)
    assert waits[9] == pytest.approx(52.5, abs=0.1)


def test_labels_do_not_wait_for_each_other(budget: Budget) -> None:
    """A busy capture does not hold back the directory."""
    for _ in range(20):
        budget.turn(Label.MEDIUM, patience=MINUTE)
    assert budget.turn(Label.LIGHT, patience=MINUTE).wait_s == 0


def test_a_pause_holds_and_is_never_shortened(budget: Budget) -> None:
    """The later of two moments counts."""
    now = datetime.now(UTC)
    budget.pause(Label.MEDIUM, until=now + timedelta(hours=9), for_the_day=False)
    budget.pause(Label.MEDIUM, until=now + timedelta(seconds=1), for_the_day=False)
    turn = budget.turn(Label.MEDIUM, patience=timedelta(days=1))
    assert (turn.granted, budget.is_paused(Label.MEDIUM)) == (False, True)
    assert turn.wait_s == pytest.approx(9 * 3600, abs=60)
    assert budget.turn(Label.LIGHT, patience=MINUTE).granted


def test_labels_that_share_a_day_pause_together(budget: Budget) -> None:
    """Heavy and resource-intensive requests are counted in one."""
    until = datetime.now(UTC) + timedelta(hours=1)
    budget.pause(Label.HEAVY, until=until, for_the_day=True)
    assert budget.is_paused(Label.RESOURCE_INTENSIVE)
    assert not budget.is_paused(Label.MEDIUM)


@pytest.mark.parametrize("kind", ["own", "shared"])
def test_the_days_share_ends_at_midnight(kind: str, request: pytest.FixtureRequest, loopback: None) -> None:
    """Ten of the day's 6,000 may be used: the eleventh is for tomorrow."""
    share = 10 / 6000

    def ask() -> list[Turn]:
        budget: Budget = (
            OwnBudget(plan=Plan.FREE, share=share, clock=Clock())
            if kind == "own"
            else SharedBudget(
                redis=request.getfixturevalue("redis"),
                account=uuid.uuid4().hex,
                plan=Plan.FREE,
                share=share,
            )
        )
        return [budget.turn(Label.LIGHT, patience=timedelta(days=9)) for _ in range(11)]

    turns = in_one_go(ask, seconds=30)
    assert [turn.granted for turn in turns] == [True] * 10 + [False]
    assert 0 < turns[10].wait_s <= 86_400
    if kind == "own":
        assert turns[10].wait_s == 12 * 3600


@pytest.mark.parametrize(
    ("sentence", "header", "seconds", "is_daily"),
    [
        ("the maximum per-second rate limit", None, 1, False),
        ("the maximum per-second rate limit", "3", 3, False),
        ("the maximum daily rate limit", "2026-03-16T00:00:00Z", 12 * 3600, True),
        ("the maximum daily rate limit", None, 12 * 3600, True),
        ("the maximum daily rate limit", "soon", 12 * 3600, True),
        ("too many concurrent requests", None, 1, False),
        ("", "Sun, 15 Mar 2026 12:00:30 GMT", 30, False),
        ("", "2026-03-15T11:00:00Z", 1, False),
        ("the maximum daily rate limit", "2026-03-20T00:00:00Z", 4.5 * 86400, True),
    ],
)
def test_both_kinds_of_429_are_understood(
    sentence: str, header: str | None, seconds: float, is_daily: bool
) -> None:
    """A moment is never clipped, and never in the past."""
    reply = error(429, 429, sentence, **({} if header is None else {"retry_after": header}))
    limit = limit_of(headers=httpx.Headers(reply.headers), body=reply.content, now=NOW)
    assert (limit.until, limit.is_daily) == (NOW + timedelta(seconds=seconds), is_daily)


def test_a_daily_429_is_heard_by_every_client(redis: Redis, account: str, wire: Wire) -> None:
    """The second worker asks nothing, and knows the moment as the first does."""
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=9)
    reached = error(429, 429, "maximum daily rate limit", retry_after=tomorrow.isoformat())
    wire.answer(reached)
    credentials = Credentials(account_id=account, client_id="cid", client_secret="s")
    for _ in range(2):
        with (
            ZoomClient(
                credentials=credentials, api_url=API, oauth_url=OAUTH, redis=redis,
                transport=httpx.MockTransport(wire),
            ) as client,
            pytest.raises(RateLimited) as caught,
        ):  # fmt: skip
            client.files.info("f")
        assert len(wire.asked) == 1
        assert abs(caught.value.retry_at - tomorrow) < MINUTE


WORKER = """
import json, sys, time
from datetime import timedelta
from redis import Redis
from zoom.budgets import Plan, SharedBudget
from zoom.client import ZoomClient
from zoom.operations.table import Label
budget = SharedBudget(redis=Redis.from_url(sys.argv[1]), account=sys.argv[2], plan=Plan.BUSINESS, share=0.0005)
print("ready", flush=True)
sys.stdin.readline()
taken = []
for _ in range(50):
    turn = budget.turn(Label.MEDIUM, patience=timedelta(days=9))
    taken.append((turn.granted, time.time() + turn.wait_s))
print(json.dumps(taken))
"""
SPACING_S = allowance(plan=Plan.BUSINESS, label=Label.MEDIUM, share=0.0005).interval_us / 1e6
"""Over half a minute."""


def workers(redis_url: str, account: str) -> list[list[tuple[bool, float]]]:
    """Fifty turns of each of two processes at once: whether it was granted, and for when."""
    argv = [sys.executable, "-c", WORKER, redis_url, account]
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(argv, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate(timeout=120)[0]) for process in started]


def test_two_processes_share_one_budget(redis: Redis, account: str, redis_url: str) -> None:
    """Together they get what one would get, and not one more: no two turns are nearer than those of one."""
    got = workers(redis_url, account)
    assert all(granted for turns in got for granted, _ in turns)
    moments = sorted(at for turns in got for _, at in turns)
    assert len(moments) == 100
    nearest = min(later - sooner for sooner, later in pairwise(moments))
    assert nearest > SPACING_S / 2
    assert moments[-1] - moments[0] < 100 * SPACING_S


def test_a_429_seen_here_stops_the_others(redis: Redis, account: str, redis_url: str) -> None:
    """A pause set by this process reaches two others, which know its end."""
    mine = SharedBudget(redis=redis, account=account, plan=Plan.BUSINESS, share=1.0)
    until = datetime.now(UTC) + timedelta(hours=1)
    mine.pause(Label.MEDIUM, until=until, for_the_day=False)
    told = [turn for turns in workers(redis_url, account) for turn in turns]
    assert not any(granted for granted, _ in told)
    assert all(abs(at - until.timestamp()) < 60 for _, at in told)
