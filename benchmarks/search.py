"""How fast the index follows the log and answers, as a share of what the engine does without us.

The texts are made up: a vocabulary of 50,000 words with a long tail, 4 to 24 words a message, one in twenty with
Chinese, one in thirty with an address or a piece of code. Measured in a database of its own: analysis alone; the
bare engine fed ready terms; following the log from rows to commits; and then the time of one search, the median
and the slowest of fifteen, with its exact count and its newest fifty hits; and what keeping the index true costs.
"""

from __future__ import annotations

import os
import random
import resource
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import perf_counter

import tantivy
from django.db import connection, transaction
from django.test import override_settings

from archive import log, search
from archive.models import Account, Leaf, Message, Page, Person, Session
from archive.scope import EVERYTHING
from archive.search import analysis, days, folder, forgetting, index, indexer, rebuild, watch

START = datetime(2026, 5, 1, tzinfo=UTC)
BATCH = 20_000
QUERIES = {
    "rare word": "zanzibar",
    "word in a tenth": "meeting",
    "word in a third": "the",
    "two words": "meeting budget",
    "phrase": '"quarterly budget meeting"',
    "prefix": "complian*",
    "boolean": "(meeting OR budget) NOT the",
    "word, person, month": "meeting from:person7 on:2026-05",
    "word in a session": "meeting in:channel-3",
    "Chinese, 2 characters": "合同",
    "Chinese, 4 characters": "合同审批",
    "code": "order_book.flush",
    "e-mail": "john.doe30@acme.example",
}


def run(*, messages: int = 200_000) -> dict[str, float]:
    """Messages per second of each step, then milliseconds of each search; needs an empty, migrated database."""
    texts = list(_texts(random.Random(1), min(messages, 100_000)))
    figures = {
        "analysis alone, messages/s": len(texts) / _timed(lambda: [analysis.indexed(text) for text in texts]),
        "bare engine, messages/s": len(texts) / _timed(lambda: bare(texts)),
    }
    with tempfile.TemporaryDirectory() as data, override_settings(HOLDFAST_DATA=Path(data)):
        _load(messages, texts)
        figures["following the log, messages/s"] = messages / _timed(_follow)
        figures["memory at most, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures["index, bytes a message"] = _size(Path(data)) / messages
        for name, query in QUERIES.items():
            figures |= _search(name, query)
        figures |= _trust(messages)
    return figures


def _trust(messages: int) -> dict[str, float]:
    """What keeping the index true costs: comparing every day, reading every byte, building anew, forgetting one."""
    every = days.of_the_archive()
    name = str(folder.current())
    compared = _timed(lambda: watch.look(now=START, only=every))
    read = _timed(lambda: index.check_files(name, thorough=True))
    built = _timed(
        lambda: rebuild.reindex(clock=lambda: datetime.now(UTC), progress=lambda _done, _all: None)
    )
    one = [Message.objects.earliest("id").pk]
    forgotten = _timed(lambda: forgetting.forget(message_ids=one, clock=lambda: datetime.now(UTC)))
    return {
        "comparing every day with the record, messages/s": messages / compared,
        "reading every byte of the index, s": read,
        "building anew, messages/s": messages / built,
        "forgetting one message, s": forgotten,
    }


def _search(name: str, query: str) -> dict[str, float]:
    times = [_timed(lambda: search.messages(query, scope=EVERYTHING)) * 1000 for _ in range(15)]
    count = search.messages(query, scope=EVERYTHING).count
    return {f"{name}: {count:,} hits, ms": median(times), f"{name}: slowest, ms": max(times)}


def _timed(step: object) -> float:
    begun = perf_counter()
    assert callable(step)
    step()
    return perf_counter() - begun


def _follow() -> None:
    indexer.follow(stop=threading.Event(), clock=lambda: datetime.now(UTC), once=True)


def _size(folder: Path) -> int:
    return sum(os.path.getsize(path) for path in folder.rglob("*") if path.is_file())


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


def _texts(chance: random.Random, number: int) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(50_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    for n in range(number):
        said = chance.choices(words, cum_weights=weights, k=chance.randint(4, 24))
        for share, extra in (
            (3, "the"),
            (10, "meeting"),
            (14, "budget"),
            (400, "compliance"),
            (9_000, "zanzibar"),
        ):
            if chance.randrange(share) == 0:
                said.insert(chance.randrange(len(said)), extra)
        if n % 20 == 0:
            said.append(chance.choice(["请尽快完成合同审批流程", "合同已经签署", "明天开会讨论预算"]))
        if n % 30 == 0:
            said.append(
                chance.choice(
                    [f"john.doe{n % 60}@acme.example", "order_book.flush()", "quarterly budget meeting"]
                )
            )
        yield " ".join(said)


def _load(messages: int, texts: list[str]) -> None:
    """Rows and leaves as ingest leaves them, put in by COPY."""
    account = Account.objects.create(zoom_account_id="bench", sealed_client_secret=b"", connected_at=START)
    page = Page.objects.create(
        pull=1, number=1, status=200, body_sha256=bytes(32), body_bytes=0, received_at=START, salt=bytes(16)
    )
    people = [
        Person.objects.create(account=account, member_id=f"m{n}", email=f"person{n}@acme.example")
        for n in range(60)
    ]
    sessions = [
        Session.objects.create(
            account=account, zoom_id=f"s{n}", name=f"channel-{n}", first_seen_at=START, last_seen_at=START
        )
        for n in range(200)
    ]
    step = timedelta(days=180) / messages
    for first in range(0, messages, BATCH):
        numbers = range(first, min(first + BATCH, messages))
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(
                "COPY archive_message (session_id, zoom_id, sent_at, sent_at_is_doubtful, sender_id, reply_to_zoom_id) FROM STDIN"
            ) as rows:
                for n in numbers:
                    rows.write_row(
                        (sessions[n % 200].pk, f"{n}", START + step * n, False, people[n % 60].pk, "")
                    )
            ids = sorted(Message.objects.order_by("-id").values_list("id", flat=True)[: len(numbers)])
            with cursor.copy(
                "COPY archive_revision (message_id, kind, digest, raw, salt, text, sender_name, page_id, stored_at) FROM STDIN"
            ) as rows:
                for n, message_id in zip(numbers, ids, strict=True):
                    rows.write_row(
                        (
                            message_id,
                            "sent",
                            os.urandom(32),
                            b"{}",
                            bytes(16),
                            texts[n % len(texts)],
                            f"Person{n % 60} Doe",
                            page.pk,
                            START,
                        )
                    )
            cursor.execute("SELECT id FROM archive_revision ORDER BY id DESC LIMIT %s", [len(numbers)])
            log.append(
                [log.Entry(Leaf.Kind.REVISION, row[0], bytes(32)) for row in reversed(cursor.fetchall())],
                now=START,
            )
