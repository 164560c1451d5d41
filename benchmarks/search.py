"""How fast the index follows the log and answers, beside what the engine and two others do with the same messages.

In a database of its own, on made-up messages (`_texts`, `_record`):

1. The analysis alone, and the bare engine fed ready terms.
2. `manage.py indexer` from the first message to the last: documents a second, memory, and the size of the index
   beside the texts, the records as Zoom sends them, and the bare engine's index of the same words and numbers.
3. Each search with its exact count and its newest fifty, by `archive.search.messages` and by the engine without our
   layers, in turns; then by Postgres and by SQLite; then ours and the engine's once more from the disk.
4. `manage.py reindex` while searches go on: documents a second, and how much slower the searches get, in the median and
   at p95, beside the same searches before and after it.

Messages for the real thing: `python -m benchmarks search --messages 5000000`, which takes an hour and 20 GB.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from math import inf
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import psycopg
import tantivy
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from archive import search
from archive.scope import EVERYTHING
from archive.search import analysis, documents
from archive.search import folder as folder_on_disk
from archive.search import index as index_on_disk
from archive.search.places import Place
from benchmarks import _record, _texts, _timing, _trust
from benchmarks._programs import kilobytes, manage
from benchmarks._rivals import Engine, Postgres, Sqlite, opened
from benchmarks._searches import SEARCHES, Search
from benchmarks._timing import Times, warm
from compliance.permissions import Role

SECONDS_A_SEARCH = 2.0
COLD_RUNS = 5
MOST_AMISS = 0.02  # how far a rival that cuts words otherwise may be from the number of hits
SAMPLE = 100_000
LARGE = 1_000_000
WHILE_INDEXING = ("rare word", "word in 10 %", "two words", "phrase", "prefix")
FIRST_PAGES = ("rare word", "word in 10 %", "word in 33 %", "prefix", "boolean")
Row = dict[str, float | None]
Figures = dict[str, float | Row]


def run(*, messages: int = 200_000) -> Figures:
    """The figures, and a row of them for each search; needs an empty, migrated database."""
    texts = list(_texts.texts(min(messages, SAMPLE)))
    figures: Figures = {
        "analysis alone, messages/s": len(texts)
        / _seconds(lambda: [analysis.indexed(text) for text in texts]),
        "bare engine, messages/s": len(texts) / _seconds(lambda: bare(texts)),
    }
    loaded = _record.load(_texts.texts(messages), messages=messages)
    figures |= _follow(messages)
    figures |= _sizes(loaded)
    connection.close()
    way, from_disk = _from_disk(large=messages >= LARGE)
    figures[f"from the disk, {way}, runs"] = COLD_RUNS
    seconds = SECONDS_A_SEARCH if messages >= SAMPLE else 0.1
    with tempfile.TemporaryDirectory() as folder:
        rows = _beside_others(Path(folder), seconds=seconds)
    figures |= {name: row | from_disk[name] for name, row in rows.items()}
    figures |= _memory()
    figures |= _first_page(seconds=seconds)
    figures |= _rebuild_while_searching(messages, seconds=seconds)
    figures |= _trust.figures(messages)
    return figures


def bare(texts: list[str]) -> None:
    """The engine with one field, fed the same terms ready-made."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    terms = [" ".join(term for term, _ in analysis.indexed(text)) for text in texts]
    with tempfile.TemporaryDirectory() as path:
        writer = tantivy.Index(builder.build(), path=path).writer(128_000_000, 1)
        for line in terms:
            document = tantivy.Document()
            document.add_text("text", line)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()


def _follow(messages: int) -> Figures:
    with manage("indexer", "--once") as program:
        seconds = _seconds(program.wait)
    return {
        "following the log, messages/s": messages / seconds,
        "indexer: processor time, µs a message": 1e6 * program.cpu_s / messages,
        "indexer: own memory at most, MB": program.own_mb,
        "indexer: with mapped files, MB": program.peak_mb,
    }


def _sizes(loaded: _record.Loaded) -> Figures:
    ours = _size(folder_on_disk.root())
    return {
        "texts, bytes a message": loaded.text_bytes / loaded.messages,
        "records, bytes a message": loaded.raw_bytes / loaded.messages,
        "index, bytes a message": ours / loaded.messages,
        "index / texts": ours / loaded.text_bytes,
        "index / records": ours / loaded.raw_bytes,
        "index / the engine's own of words and numbers": _plain_share(min(loaded.messages, SAMPLE)),
    }


def _plain_share(messages: int) -> float:
    """Our index of some messages as a share of one with their words and numbers alone, each written in one go."""
    said = list(documents.said(list(range(1, messages + 1)), complete_to=2**62))
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    for number in ("message", "session", "sender", "sent", "day"):
        builder.add_integer_field(number, indexed=number not in ("sent", "day"), fast=True)
    ours = _size_of(index_on_disk.schema(), (documents.document(one) for one in said))
    return ours / _size_of(builder.build(), map(_plain, said))


def _plain(one: documents.Said) -> tantivy.Document:
    document = tantivy.Document()
    day = one.sent // 86_400_000_000
    for name, number in (
        ("message", one.message_id),
        ("session", one.session_id),
        ("sent", one.sent),
        ("day", day),
    ):
        document.add_integer(name, number)
    if one.sender_id is not None:
        document.add_integer("sender", one.sender_id)
    documents._add_all(document, "text", one.texts)
    return document


def _size_of(schema: tantivy.Schema, made: Iterable[tantivy.Document]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(schema, path=folder, sort_by_field="sent", sort_order=tantivy.Order.Desc)
        writer = index.writer(1_000_000_000, 1)
        for document in made:
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return _size(Path(folder))


def _from_disk(*, large: bool) -> tuple[str, dict[str, Row]]:
    """Each search when nothing of the index is in memory, and how that was brought about.

    This process must not have opened the index yet. A small benchmark leaves the rest of the machine alone.
    """
    way = "its files evicted"
    forget: Callable[[], None] = partial(_timing.evict, folder_on_disk.root())
    if large:
        with suppress(OSError):
            _timing.drop_caches()
            way = "all caches dropped"
            forget = _timing.drop_caches
    rows: dict[str, Row] = {}
    ready = connection.ensure_connection
    for one in SEARCHES:
        place = Place.from_text(_timing.told(partial(_place_as_text, one), before=ready))
        ours, bare = (
            _timing.cold(partial(ask, one, place), before=ready, forget=forget, runs=COLD_RUNS)
            for ask in (_ask, _ask_bare)
        )
        rows[one.name] = {"cold p50": ours.p50, "cold p95": ours.p95, "bare cold": bare.p50}
    return way, rows


def _beside_others(folder: Path, *, seconds: float) -> dict[str, Row]:
    """Each search in turns with the bare engine, then by the rivals."""
    url = os.environ["DATABASE_URL"]
    Sqlite.build(folder / "fts5", url=url)
    Postgres.build()
    engine, postgres, sqlite = Engine(opened()), Postgres(url), Sqlite(folder / "fts5")
    rows: dict[str, Row] = {}
    for one in SEARCHES:
        place = _place(one)
        engine.prepare(one, place)
        ours, bare = warm(partial(_ask, one, place), partial(engine.ask, one), seconds=seconds)
        hits = engine.ask(one)
        rows[one.name] = {
            "hits": hits,
            "p50": ours.p50,
            "p95": ours.p95,
            "bare": bare.p50,
            "times bare": ours.p50 / bare.p50,
            "Postgres": _of_rival(postgres, one, hits, seconds),
            "SQLite": _of_rival(sqlite, one, hits, seconds),
        }
    return rows


def _of_rival(rival: Postgres | Sqlite, one: Search, hits: int, seconds: float) -> float | None:
    """The median, infinite past the longest wait; None when it cannot be asked or finds other messages."""
    try:
        found = rival.ask(one)
    except psycopg.errors.QueryCanceled:
        return inf
    if found is None or abs(found - hits) > MOST_AMISS * hits:
        return None
    return warm(lambda: rival.ask(one), seconds=seconds)[0].p50


def _rebuild_while_searching(messages: int, *, seconds: float) -> Figures:
    """Searches alone before and after, and beside a rebuild, which is indexing at full speed."""
    searches = [one for one in SEARCHES if one.name in WHILE_INDEXING]
    before = warm(*(partial(_ask, one, None) for one in searches), seconds=5 * seconds)
    during: list[list[float]] = [[] for _ in searches]
    begun = perf_counter()
    with manage("reindex") as program:
        while program.process.poll() is None:
            for one, times in zip(searches, during, strict=True):
                times.append(1_000 * _seconds(partial(_ask, one, None)))
            sleep(0.05)
        taken = perf_counter() - begun
        program.wait()
    after = warm(*(partial(_ask, one, None) for one in searches), seconds=5 * seconds)
    rows: dict[str, Row] = {}
    for one, times, *alone in zip(searches, during, before, after, strict=True):
        best, beside = Times(tuple(ms for each in alone for ms in each.ms)), Times(tuple(times))
        rows[f"beside indexing: {one.name}"] = {
            "p50 alone": best.p50,
            "p50": beside.p50,
            "times": beside.p50 / best.p50,
            "p95 alone": best.p95,
            "p95": beside.p95,
            "times, p95": beside.p95 / best.p95,
        }
    return {
        "rebuilding while searches run, messages/s": messages / taken,
        "searches meanwhile, times as long, p50": median(row["times"] or 0.0 for row in rows.values()),
        "searches meanwhile, times as long, p95": median(row["times, p95"] or 0.0 for row in rows.values()),
        **rows,
    }


def _memory() -> Figures:
    """What a process takes that has asked everything once: its own, and with the index that it maps."""

    def after() -> str:
        for one in SEARCHES:
            _ask(one, None)
        return f"{kilobytes(os.getpid(), 'RssAnon')} {kilobytes(os.getpid(), 'VmRSS')}"

    own, all_of_it = _timing.told(after, before=connection.ensure_connection).split()
    return {
        "searching: own memory, MB": float(own) / 1_000,
        "searching: with mapped files, MB": float(all_of_it) / 1_000,
    }


def _first_page(*, seconds: float) -> Figures:
    """The console's page with an answer, from the request to its last byte, without a network."""
    user = User.objects.create_user("bench", "bench@acme.example", "never signs in")
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    rows: dict[str, Row] = {}
    for one in SEARCHES:
        if one.name in FIRST_PAGES:
            times = warm(partial(_get, client, one), seconds=seconds)[0]
            rows[f"page of the console: {one.name}"] = {"p50": times.p50, "p95": times.p95}
    return {**rows}


def _get(client: Client, one: Search) -> None:
    answer = client.get("/search/", {"q": one.ours})
    if answer.status_code != 200:
        raise RuntimeError(f"the console answered {answer.status_code}")


def _ask(one: Search, place: Place | None) -> object:
    answer = search.messages(
        one.ours, scope=EVERYTHING, after=place, limit=one.limit, order=one.order, with_facets=one.facets
    )
    return answer, answer.facets  # which are waited for


def _ask_bare(one: Search, place: Place | None) -> object:
    engine = Engine(opened())
    engine.prepare(one, place)
    return engine.ask(one)


def _place(one: Search) -> Place | None:
    """The place after which the page begins that is wanted, or the last one before the end."""
    place, left = None, (one.page - 1) * one.limit
    while left > 0:
        answer = search.messages(
            one.ours, scope=EVERYTHING, after=place, limit=min(left, 1_000), order=one.order
        )
        if answer.next is None:
            break
        place, left = answer.next, left - len(answer.hits)
    return place


def _place_as_text(one: Search) -> str:
    return str(_place(one))


def _seconds(step: Callable[[], object]) -> float:
    begun = perf_counter()
    step()
    return perf_counter() - begun


def _size(folder: Path) -> int:
    return sum(os.path.getsize(path) for path in folder.rglob("*") if path.is_file())
