"""How fast a package is written, beside the same rows read by a bare cursor, and in how much memory.

The record of the benchmark `search`: 500 people, 2,000 sessions, a year; all of it is exported. In one run:

1. The bare cursor: the columns that a record's line has, read by a cursor on the server and written as JSON, in no
   order and without files, people or a proof. It is the ceiling of everything below it.
2. The records: choosing apart, every line in the order of the log, hashed and written to the disk.
3. The cover: what proves all of them, up to the root.
4. The days that every other form is made of, read, and written as tables; the other forms are measured by `formats`.
5. A whole package with records and tables: measured, made into parts, and verified offline by its own `verify.py`.

Memory is the process's own at its highest while each was written. In a database of its own; for the real thing:
`python -m benchmarks export --messages 1000000`.
"""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from django.db import connection

from archive import collecting, log
from archive.models import Session
from archive.packages import (
    choosing,
    cover,
    csv,
    custody,
    facts,
    making,
    natives,
    ndjson,
    reading,
    references,
    sinks,
    streams,
)
from archive.packages.content import Format, Request
from benchmarks import _record, _texts

EXPORT = 1
Figures = dict[str, float]

_BARE = """
SELECT version.id, version.kind, version.raw, version.salt, version.page_id, version.stored_at, version.text,
       version.sender_name, said.id, said.zoom_id, said.sent_at, said.session_id, place.zoom_id, leaf.index, leaf.at,
       leaf.commitment
FROM archive_revision version JOIN archive_message said ON said.id = version.message_id
JOIN archive_session place ON place.id = said.session_id
JOIN archive_leaf leaf ON leaf.kind = 1 AND leaf.subject_id = version.id
"""


class _Memory:
    """The highest that the process has been at, in megabytes."""

    def __init__(self) -> None:
        gc.collect()
        self.before_mb = self.highest_mb = _resident_mb()

    def look(self, *_: object) -> None:
        self.highest_mb = max(self.highest_mb, _resident_mb())


def run(*, messages: int = 100_000) -> Figures:
    """Messages a second and megabytes; needs an empty, migrated database."""
    _record.load(_texts.texts(messages), messages=messages, only_members_speak=True)
    collecting.seldom()  # as every worker does
    checkpoint = log.checkpoint(now=_record.START)
    assert checkpoint is not None
    asked = frozenset({Format.NDJSON, Format.CSV})
    request = Request(
        export_id=EXPORT, title="", formats=asked, size=checkpoint.size, made_at=checkpoint.made_at
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        figures = {"bare cursor with JSON, messages/s": messages / _timed(lambda: _bare(folder / "bare"))}
        figures["choosing, messages/s"] = messages / _timed(lambda: _choose(checkpoint.size))
        figures["what changes kept, s"] = _timed(
            lambda: facts.keep(export_id=EXPORT, sessions=(), span=None, moment=request.made_at)
        )
        with streams.by_indexes():
            figures["places in the log kept, s"] = _timed(lambda: references.keep(request))
        figures |= _records(request, folder, messages)
        figures["days read, messages/s"] = messages / _timed(lambda: _read(request))
        figures["tables (CSV), messages/s"] = messages / _timed(lambda: _tables(request, folder))
        return figures | _whole(request, folder, messages)


def _bare(path: Path) -> None:
    with path.open("wb") as file, connection.chunked_cursor() as cursor:
        cursor.execute(_BARE)
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                line = {
                    "kind": row[1], "raw": b64encode(row[2]).decode(), "salt": bytes(row[3]).hex(), "page_id": row[4],
                    "stored_at": row[5].isoformat(), "text": row[6], "sender_name": row[7], "message_id": row[8],
                    "message": row[9], "sent_at": row[10].isoformat(), "session_id": row[11], "session": row[12],
                    "leaf": row[13], "at": row[14].isoformat(), "commitment": bytes(row[15]).hex(),
                }  # fmt: skip
                file.write(json.dumps(line).encode() + b"\n")
    path.unlink()


def _choose(size: int) -> None:
    for session_id in Session.objects.order_by("pk").values_list("pk", flat=True):
        choosing.put_session(export_id=EXPORT, session_id=session_id, size=size)


def _records(request: Request, folder: Path, messages: int) -> Figures:
    """The records and what proves them; the time to the first of them is what a reader waits for."""
    memory, began, first = _Memory(), perf_counter(), list[float]()

    def step(_: int) -> None:
        memory.look()
        if len(first) == 0:
            first.append(perf_counter() - began)

    with _sink(folder) as sink:
        copied = natives.Copied(0, 0, {})
        leaves, _ = ndjson.write(request, copied=copied, into=sink, step=step)
        took = perf_counter() - began
        proven = _timed(lambda: [None for _ in cover.lines(leaves, size=request.size)])
    return {
        "records (NDJSON), messages/s": messages / took,
        "first thousand records after, ms": first[0] * 1000,
        "records, memory, MB": memory.highest_mb,
        "records, memory above before, MB": memory.highest_mb - memory.before_mb,
        "cover, leaves/s": request.size / proven,
    }


def _read(request: Request) -> None:
    for _ in reading.days(request, lost={}):
        pass


def _tables(request: Request, folder: Path) -> None:
    """Both tables, from the rows of the record to the disk."""
    with _sink(folder) as sink, streams.by_indexes():
        writer = csv.Writer(request)
        for day in reading.days(request, lost={}):
            writer.day(day, sink)
        writer.end(sink)


def _whole(request: Request, folder: Path, messages: int) -> Figures:
    memory, began = _Memory(), perf_counter()
    contents = making.measure(request, report=memory.look)
    measured = perf_counter() - began
    settled = custody.settle(request, custody={}, now=_record.START)
    (folder / "whole").mkdir()
    began = perf_counter()
    making.make(request, folder=folder / "whole", expected=contents, settled=settled, report=memory.look)
    made = perf_counter() - began
    assert contents.messages == messages
    return {
        "proofs and all else verified offline, records/s": request.size / _timed(lambda: _verify(folder)),
        "whole package measured, messages/s": messages / measured,
        "whole package made, messages/s": messages / made,
        "whole package, MB": contents.package_bytes / 1e6,
        "whole package, memory, MB": memory.highest_mb,
        "whole package, memory above before, MB": memory.highest_mb - memory.before_mb,
    }


def _verify(folder: Path) -> None:
    """As whoever got the package does: unpacked, and with nothing but Python."""
    for part in sorted((folder / "whole").glob("*.zip")):
        with zipfile.ZipFile(part) as zipped:
            zipped.extractall(folder / "unpacked")
    (bag,) = (folder / "unpacked").iterdir()
    subprocess.run([sys.executable, "-I", "-S", "verify.py"], cwd=bag, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _sink(folder: Path) -> Iterator[sinks.Folder]:
    yield sinks.Folder(folder / "sink")
    shutil.rmtree(folder / "sink")


def _timed(step: Callable[[], object]) -> float:
    began = perf_counter()
    step()
    return perf_counter() - began


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
