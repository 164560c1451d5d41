"""How fast an account is captured end to end while the index follows, as a share of what its parts allow.

A pretend Zoom serves a computed account over real HTTP from a process of its own; it costs CPU of the same
machine, and its share is printed. Measured one after another, in a database that writes to the disk:

1. The bare pipeline: four threads fetch the same pages, decode them, hash each record and insert its id and bytes
   into a table with one unique index. No people, no log, no windows, nothing kept in order.
2. `manage.py capture` of a tenth of the messages, and then the index catching up with it.
3. `manage.py capture` of all of them with `manage.py indexer` following, until the index is complete.

A capture lasts from the first reply to the last closed window, the following from the same moment until every
message is findable.
"""

from __future__ import annotations

import hashlib
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter, sleep
from typing import Any

import httpx
import msgspec
import psycopg
from django.db.models import Max, Min
from django.utils import timezone

from archive import gateway, search
from archive.models import Account, IndexState, Message, Page, Revision, Window
from archive.scope import EVERYTHING
from benchmarks import search as search_benchmark
from benchmarks._programs import Backends, Program, manage, sandbox

MESSAGES = 1_000_000
UNMETERED = {"HOLDFAST_UNMETERED": "true"}
_THREADS = 4
_PAGES_A_TRANSACTION = 10
_SPAN_DAYS = 175
_LISTS = ("messages", "edited_messages", "deleted_messages")
SEARCHES = {
    "a common word": "contract",
    "two words": "contract friday",
    "a phrase": '"signed contract"',
    "a prefix": "ship*",
    "Chinese": "合同",
}


@dataclass(frozen=True, slots=True)
class Captured:
    """One capture: how many messages, how long it and the following took, and the processes it took."""

    messages: int
    seconds: float
    following_seconds: float
    programs: dict[str, Program | Backends]


def run(*, messages: int = MESSAGES) -> dict[str, float]:
    """Messages per second of each step, then memory, CPU and milliseconds of searches."""
    few = max(messages // 10, 1_000)
    with sandbox("sandbox", *_busy(few)) as (_, origin):
        bare = few / _timed(lambda: _bare(origin))
        small = _capture(origin, name="small", follow=False)
    texts = list(Revision.objects.values_list("text", flat=True)[:few])
    bare_engine = len(texts) / _timed(lambda: search_benchmark.bare(texts))
    with sandbox("sandbox", *_busy(messages)) as (program, origin):
        large = _capture(origin, name="large", follow=True)
        large.programs["the pretend Zoom"] = program
    return {
        "bare fetch, decode, hash and insert, messages/s": bare,
        f"capture of {small.messages:,}, messages/s": small.messages / small.seconds,
        f"capture of {large.messages:,}, index following, messages/s": large.messages / large.seconds,
        "bare engine, messages/s": bare_engine,
        f"index catching up with {small.messages:,}, messages/s": small.messages / small.following_seconds,
        f"index following {large.messages:,}, messages/s": large.messages / large.following_seconds,
        **_used(small, large),
        **_searches(),
    }


def _busy(messages: int) -> list[str]:
    return ["--scenario", "busy", "--messages", str(messages), "--no-rate-limit", "--speed", "0"]


def _timed(step: Any) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun


def _capture(origin: str, *, name: str, follow: bool) -> Captured:
    """Connect the account and capture it, with the indexer beside it or after it."""
    Account.objects.update(is_active=False)
    app = gateway.App(
        account_id=name,
        client_id="bench",
        client_secret="bench",
        api_url=f"{origin}/v2",
        oauth_url=f"{origin}/oauth/token",
    )
    account, _ = gateway.connect(app, name=name, now=timezone.now())
    with Backends(os.environ["DATABASE_URL"]) as backends:
        indexer = manage("indexer") if follow else None
        capture = manage("capture", environment=UNMETERED)
        if indexer is None:
            capture.wait()
            begun, indexer = timezone.now(), manage("indexer")
        indexed_at = _indexed(indexer, capture)
        capture.wait()
        indexer.end()
    windows = Window.objects.filter(account=account, kind=Window.Kind.MESSAGES)
    replied = Page.objects.filter(window__in=windows).aggregate(first=Min("received_at"))["first"]
    closed = windows.aggregate(last=Max("closed_at"))["last"]
    count = Message.objects.filter(session__account=account).count()
    return Captured(
        messages=count,
        seconds=(closed - replied).total_seconds(),
        following_seconds=(indexed_at - (replied if follow else begun)).total_seconds(),
        programs={"capture": capture, "the indexer": indexer, "Postgres": backends},
    )


def _indexed(indexer: Program, capture: Program) -> datetime:
    """Wait until every message is findable; the moment that was so. The capture still has files to fetch then."""
    findable, since = -1, timezone.now()
    while True:
        now = timezone.now()
        documents = IndexState.objects.aggregate(found=Max("documents"))["found"] or 0
        if documents != findable:
            findable, since = documents, now
        if capture.process.poll() is not None and findable == Message.objects.count():
            return since
        if indexer.process.poll() is not None:
            raise RuntimeError("the indexer ended")
        sleep(0.1)


def _used(small: Captured, large: Captured) -> dict[str, float]:
    """Peak memory of each process without mapped files at both sizes, and the CPU each took for a message at the large one."""
    figures = {}
    for name in ("capture", "the indexer", "Postgres"):
        for one in (small, large):
            figures[f"own memory of {name} at {one.messages:,}, MB"] = one.programs[name].own_mb
    for name, program in large.programs.items():
        figures[f"CPU of {name}, µs a message"] = program.cpu_s / large.messages * 1e6
    return figures


def _searches() -> dict[str, float]:
    """Milliseconds of one search with its exact count and its newest fifty hits; the median of fifteen."""
    figures = {}
    rare = Revision.objects.latest("id").text.split()[-1]  # each text ends in a number of its own
    for name, query in {"a rare word": rare, **SEARCHES}.items():
        hits = search.messages(query, scope=EVERYTHING).count
        times = [_timed(lambda q=query: search.messages(q, scope=EVERYTHING)) * 1000 for _ in range(15)]
        figures[f"search for {name}, {hits:,} hits, ms"] = median(times)
    return figures


class _Slim(msgspec.Struct):
    messages: list[msgspec.Raw] = []
    edited_messages: list[msgspec.Raw] = []
    deleted_messages: list[msgspec.Raw] = []
    next_page_token: str = ""


class _Record(msgspec.Struct):
    id: str
    message: str
    timestamp: int


def _bare(origin: str) -> None:
    """All pages of all sessions by four threads: fetched, decoded, hashed and inserted, and nothing else."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, zoom_id text, digest bytea,"
            " raw bytea, UNIQUE (zoom_id, digest))"
        )
        todo: queue.SimpleQueue[tuple[str, date, date]] = queue.SimpleQueue()
        with closing(_client(origin)) as client:
            for window in _windows(client):
                todo.put(window)
        threads = [threading.Thread(target=_bare_worker, args=(origin, todo)) for _ in range(_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection.execute("DROP TABLE bare")


def _client(origin: str) -> httpx.Client:
    client = httpx.Client(base_url=origin, timeout=30)
    form = {"grant_type": "account_credentials", "account_id": "bare"}
    token = client.post("/oauth/token", data=form, auth=("bench", "bench")).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def _windows(client: httpx.Client) -> Iterator[tuple[str, date, date]]:
    today = datetime.now(UTC).date()
    for ago in range(0, _SPAN_DAYS, 30):
        last = today - timedelta(days=ago)
        first = last - timedelta(days=29)
        token = ""
        while True:
            query = {"from": str(first), "to": str(last), "page_size": "300", "next_page_token": token}
            reply = client.get("/v2/report/chat/sessions", params=query).json()
            yield from ((session["id"], first, last) for session in reply["sessions"])
            token = reply["next_page_token"]
            if not token:
                break


def _bare_worker(origin: str, todo: queue.SimpleQueue[tuple[str, date, date]]) -> None:
    with closing(_client(origin)) as client, psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SET synchronous_commit = off")
        while True:
            try:
                window = todo.get_nowait()
            except queue.Empty:
                return
            kept: list[tuple[str, bytes, bytes]] = []
            for number, page in enumerate(_pages(client, *window), 1):
                kept.extend(page)
                if number % _PAGES_A_TRANSACTION == 0:
                    _insert(connection, kept)
                    kept = []
            _insert(connection, kept)


def _pages(
    client: httpx.Client, session: str, first: date, last: date
) -> Iterator[list[tuple[str, bytes, bytes]]]:
    envelope, record = msgspec.json.Decoder(_Slim), msgspec.json.Decoder(_Record)
    query = {
        "from": str(first),
        "to": str(last),
        "page_size": "100",
        "include_fields": "edited_messages,deleted_messages",
        "include_reactions": "true",
    }
    token = ""
    while True:
        body = client.get(
            f"/v2/report/chat/sessions/{session}", params={**query, "next_page_token": token}
        ).content
        reply = envelope.decode(body)
        raws = [bytes(raw) for name in _LISTS for raw in getattr(reply, name)]
        yield [(record.decode(raw).id, hashlib.sha256(raw).digest(), raw) for raw in raws]
        token = reply.next_page_token
        if not token:
            return


def _insert(connection: psycopg.Connection[Any], kept: list[tuple[str, bytes, bytes]]) -> None:
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(
            "INSERT INTO bare (zoom_id, digest, raw) SELECT * FROM unnest(%b::text[], %b::bytea[], %b::bytea[])"
            " ON CONFLICT DO NOTHING",
            ([one[0] for one in kept], [one[1] for one in kept], [one[2] for one in kept]),
            prepare=True,
        )
    connection.commit()
