"""Reconciliations of real captures equal SQL that was written without them, and what the sandbox knows to be true."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from archive.models import Account
from compliance import reconciling
from compliance.models import ReconciliationRun
from tests.archive.capture.conftest import Town
from tests.archive.capture.test_faults import let_time_pass
from tests.archive.capture.test_truth import capture, connected

__all__ = ["connected"]
PUBLIC = next(
    (found for up in Path(__file__).parents if (found := up / "shared/corpus/public-sample").is_dir()), None
)
BY_DAY = """
    SELECT coalesce(sum(offered), 0), coalesce(sum(archived), 0), coalesce(sum(duplicate), 0),
        coalesce(sum(excluded), 0), coalesce(sum(failed), 0), coalesce(sum(destroyed), 0)
    FROM archive_daycount WHERE day BETWEEN %s AND %s
"""
RECORDS = """
    SELECT count(*) FROM archive_revision r JOIN archive_message m ON m.id = r.message_id
    WHERE (m.sent_at AT TIME ZONE 'UTC')::date BETWEEN %s AND %s
"""


def sql(statement: str, first: date, last: date) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [first, last])
        row: tuple[int, ...] = cursor.fetchone()
    return tuple(map(int, row))


def reconcile(first: date, last: date, *, now: Any) -> ReconciliationRun:
    run = reconciling.ask(account_ids=None, first=first, last=last, by=None, now=now)
    while run.state in ("due", "claimed"):
        reconciling.carry_out_next(clock=lambda: now)
        run.refresh_from_db()
    return run


def equals(run: ReconciliationRun, first: date, last: date) -> None:
    """The figures are those of the independent SQL, and they balance."""
    assert run.figures is not None
    names = ("offered", "archived", "duplicate", "excluded", "failed", "destroyed")
    assert tuple(run.figures[name] for name in names) == sql(BY_DAY, first, last)
    assert run.figures["difference"] == 0


def test_a_capture_balances_and_equals_sql(town: Town) -> None:
    """Everything said is offered, everything offered is in the archive; captured again, it is there already."""
    for number in range(40):
        town.say(f"number {number}", days_ago=30 + number, by=(town.ines, town.ravi)[number % 2])
    town.capture()
    last = town.now().date() - timedelta(days=3)
    first = last - timedelta(days=80)
    run = reconcile(first, last, now=town.now())
    equals(run, first, last)
    assert run.figures is not None
    assert (run.figures["offered"], run.figures["archived"]) == (40, 40)
    assert sql(RECORDS, first, last) == (40,)
    assert (run.figures["unknown_days"], run.figures["unlisted_days"]) == (0, 0)


@pytest.mark.parametrize(
    "spec",
    [
        "error_500@reportChatMessages:p=1",
        "cut_body@reportChatMessages:p=1",
        "wrong_types@reportChatMessages:p=1",
        "error_500@reportChatSessions:p=1",
    ],
)
def test_while_zoom_misbehaves_the_account_is_unknown_and_afterwards_it_balances(
    town: Town, spec: str
) -> None:
    """No number stands for what broke off; when the fault is over and capture has run, it is complete."""
    for number in range(10):
        town.say(f"number {number}", days_ago=60 + number)
    town.misbehave(spec)
    town.capture()
    last = town.now().date() - timedelta(days=59)
    first = last - timedelta(days=12)
    run = reconcile(first, last, now=town.now())
    assert run.figures is not None
    assert run.figures["unknown_days"] + run.figures["unlisted_days"] > 0
    equals(run, first, last)
    town.behave()
    let_time_pass(town)
    town.capture()
    run = reconcile(first, last, now=town.now())
    equals(run, first, last)
    assert run.figures is not None
    assert (run.figures["unknown_days"], run.figures["unlisted_days"], run.figures["offered"]) == (0, 0, 10)


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(PUBLIC is None, reason="no shared corpus beside the checkout")
def test_the_public_sample_equals_sql_and_its_own_files(connected: Callable[..., Any]) -> None:
    """Captured from a sandbox that plays it: the account equals SQL, and as many messages as the files have."""
    assert PUBLIC is not None
    _, account = connected("--corpus", str(PUBLIC))
    assert isinstance(account, Account)
    capture(account)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(day), max(day), now() FROM archive_daycount")
        first, last, now = cursor.fetchone()
    run = reconcile(first, last, now=now)
    equals(run, first, last)
    with gzip.open(PUBLIC / "messages.ndjson.gz", "rt") as said:
        told = sum(1 for _ in said)
    (records,) = sql(RECORDS, first, last)
    assert run.figures is not None
    assert run.figures["offered"] == records == told
