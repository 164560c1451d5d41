"""What every page of the console costs with five million messages and 500 matters, and that none asks more for more.

500 people talk in 2,000 sessions over the year up to yesterday, a tenth of it in one session. Of a hundred messages four
were edited or deleted, of twenty-five one has a file; matters have ten custodians each with holds, notices, zips,
findings, exports and requests; the audit trail has an event for every five messages. Reports are counted by their worker.
The index stays empty: the benchmark `search` has what searches cost.

All of it is made small first (a hundred thousand messages, twenty matters) and every page's queries counted, then made
large in the same database and counted again: more queries than a file or an edit on the page account for fail.
Milliseconds are of warm requests, from the request to the last byte, signed in, with the look recorded. In a database
of its own; for the real thing: `python -m benchmarks console --messages 5000000`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.db import connection
from django.db.models import Max, Min
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive import log, transcript
from archive.models import Message, Revision, Session
from archive.reporting import following
from benchmarks import _console_archive, _console_cases, _console_desks, _console_pages, _record, _texts
from benchmarks._timing import warm
from compliance import tokens
from compliance.models import (
    AuditEvent,
    ChannelSetting,
    Disposition,
    Erasure,
    Export,
    KeepingRule,
    Matter,
    MessageList,
    ReconciliationRun,
    Request,
    RetentionPlan,
    SavedSearch,
)
from compliance.permissions import Role

BUDGET_MS = 200
"""What a page may take, as the median."""
SPARE = 2
"""Queries that a page may ask more of the large record: one where the first file, edit or forward is on it."""
BUSY = 0.1
BUSY_MEMBERS = 200
SECONDS = 1.5
YEAR = timedelta(days=365)
Row = dict[str, float | None]
Figures = dict[str, float | Row]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of what a year leaves."""

    messages: int
    matters: int
    events: int
    staff: int
    kept: int
    """Saved searches, lists, rules, erasures, dispositions, lines told: so many of each."""


FEW = Size(messages=100_000, matters=20, events=20_000, staff=10, kept=20)
NOTHING = Size(0, 0, 0, 0, 0)


def run(*, messages: int = 200_000) -> Figures:
    """A row of each page; needs an empty, migrated database."""
    few, many = sizes(messages)
    begun = perf_counter()
    town = settled()
    grow(town, NOTHING, few)
    client = signed_in()
    before = counted(client)
    grow(town, few, many)
    return {"loading, s": perf_counter() - begun, **measured(client, before=before)}


def settled(*, places: int = _record.SESSIONS) -> _record.Town:
    """People and sessions over the year up to yesterday, one of them busy."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _record.settle(start=midnight - YEAR, places=places, busy=BUSY, busy_members=BUSY_MEMBERS)


def sizes(messages: int) -> tuple[Size, Size]:
    """The small and the large; of less than twice the small one, both are smaller."""
    if messages >= 2 * FEW.messages:
        return FEW, Size(messages, 500, messages // 5, staff=100, kept=200)
    few = Size(messages // 2, 12, messages // 10, staff=10, kept=12)
    return few, Size(messages, 24, messages // 5, staff=12, kept=24)


def grow(town: _record.Town, few: Size, many: Size) -> None:
    """Make what there is of `many` and not of `few`."""
    first, now = few.messages, town.start + YEAR
    if first == 0:
        _console_archive.surround(town)
        _bench()
    newest = Message.objects.aggregate(newest=Max("pk", default=0))["newest"]
    _record.say(
        town, _texts.texts(many.messages - first, seed=1 + first), numbers=range(first, many.messages),
        only_members_speak=True,
    )  # fmt: skip
    keys = Message.objects.filter(pk__gt=newest).aggregate(first=Min("pk"), last=Max("pk"))
    said = range(keys["first"], keys["last"] + 1)
    _console_archive.follow(town, first=said.start, last=said.stop - 1)
    _say("messages, versions and files are there")
    people = [User.objects.get(username="bench"), *_console_desks.staff(range(few.staff, many.staff))]
    _console_desks.tell(people[:1], numbers=range(few.kept, many.kept))
    of = range(few.matters, many.matters)
    matters = _console_cases.open_matters(town, numbers=of, members=people)
    _console_archive.list_zips(first=matters[0].pk, last=matters[-1].pk)
    kept = range(few.kept, many.kept)
    _console_cases.keep_work(town, numbers=kept, matters=matters, by=people[0], said=said)
    _console_desks.keep(town, numbers=kept)
    _console_desks.erase(town, numbers=kept)
    _console_desks.dispose(town, numbers=kept, fifth=True)
    _say("matters and what is kept are there")
    events = range(few.events, many.events)
    _console_desks.trail(town, people, numbers=events, of=many.events, matters=matters, said=said)
    _console_desks.plan_retention(range(few.kept // 10, many.kept // 10), now=now)
    _console_desks.reconcile(town, days=30, now=now)
    _console_cases.count_again(town, matters[0])
    _say("the trail, plans and counts are there")
    following.work(clock=lambda: now)
    log.checkpoint(now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _say("reports are counted and the log is signed")


def counted(client: Client, pages: Mapping[str, str] = _console_pages.EVERY) -> dict[str, int]:
    """How many queries each page makes when nothing of it is remembered."""
    found = {}
    for name, address in _console_pages.addresses(client, pages, _named()).items():
        caches["process"].clear()
        with CaptureQueriesContext(connection) as queries:
            _console_pages.get(client, address)
        found[name] = len(queries)
    return found


def measured(
    client: Client,
    pages: Mapping[str, str] = _console_pages.EVERY,
    *,
    before: Mapping[str, int],
    seconds: float = SECONDS,
) -> Figures:
    """Times, queries and the slowest statement of each page. Raises RuntimeError where there are more than `before`."""
    now, figures = counted(client, pages), Figures()
    more = {name: (before[name], queries) for name, queries in now.items() if queries > before[name] + SPARE}
    if len(more) > 0:
        raise RuntimeError(f"pages that ask more queries of more: {more}")
    for name, address in _console_pages.addresses(client, pages, _named()).items():
        caches["default"].clear()  # a program that asks as often as this does is told to wait
        times = warm(partial(_console_pages.get, client, address), seconds=seconds)[0]
        slowest, statement = _slowest(client, address)
        figures[name] = {"p50": times.p50, "p95": times.p95, "queries": now[name], "slowest": slowest}
        if times.p50 > BUDGET_MS:
            _say(f"over {BUDGET_MS} ms: {name} ({times.p50:,.0f}): {statement}")
    return figures


def _slowest(client: Client, address: str) -> tuple[float, str]:
    """Milliseconds of the slowest statement of a page, and its beginning."""
    taken: list[tuple[float, str]] = []

    def timed(execute: Callable[..., Any], statement: str, *given: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(statement, *given)
        finally:
            taken.append((1_000 * (perf_counter() - begun), " ".join(statement.split())[:200]))

    with connection.execute_wrapper(timed):
        _console_pages.get(client, address)
    return max(taken, default=(0.0, ""))


def _named() -> dict[str, object]:
    """What the addresses are about: the busy session, a message in its middle, the newest of everything else."""
    places = list(Session.objects.order_by("pk"))
    busy, quiet = places[0], places[-2]
    there = Message.objects.filter(session=busy).order_by("sent_at", "pk")
    at = busy.account.connected_at + YEAR / 2
    middle = there.filter(sent_at__gte=at)[0]
    lists = MessageList.objects.filter(purpose="frozen", matter=None).order_by("pk")
    last = (busy.account.connected_at + YEAR - timedelta(days=1)).date()
    return {
        "account": busy.account_id, "busy": busy.pk, "quiet": quiet.pk, "middle": middle.pk,
        "position": str(transcript.Position(middle.sent_at, middle.pk)), "day": middle.sent_at.date(),
        "week": middle.sent_at.date() - timedelta(days=7),
        "edited": Revision.objects.filter(kind="edited").order_by("pk")[0].message_id,
        "first": last - timedelta(days=364), "last": last, "search": SavedSearch.objects.order_by("pk")[0].pk,
        "list": lists[0].pk, "other_list": lists[1].pk, "matter": Matter.objects.order_by("pk")[0].pk,
        "export": Export.objects.order_by("pk")[0].pk, "run": ReconciliationRun.objects.latest("pk").pk,
        "plan": RetentionPlan.objects.latest("pk").pk, "setting": ChannelSetting.objects.order_by("pk")[0].pk,
        "disposition": Disposition.objects.latest("pk").pk, "rule": KeepingRule.objects.order_by("pk")[0].pk,
        "erasure": Erasure.objects.order_by("pk")[0].pk, "event": AuditEvent.objects.order_by("pk")[AuditEvent.objects.count() // 2].pk,
        "request": Request.objects.filter(state="asked").order_by("pk")[0].pk,
    }  # fmt: skip


def _bench() -> None:
    """Somebody who may do whatever any role may."""
    bench = User.objects.create_user("bench", "bench@acme.example")
    bench.groups.add(*Group.objects.filter(name__in=[role.value for role in Role]))


def signed_in() -> Client:
    """Signed in; and with the key of a token where REST is asked."""
    bench = User.objects.get(username="bench")
    made = tokens.make(
        name="bench", actions=tokens.FOR_PROGRAMS, matter_ids=None, days=30, by=bench, now=datetime.now(UTC)
    )
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {made.key}"})
    client.force_login(bench)
    return client


def _say(words: str) -> None:
    print(f"  {datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)
