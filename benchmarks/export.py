"""How fast a package is written, beside the same rows read by a bare cursor, and in how much memory.

The record of the benchmark `search`: 500 people, 2,000 sessions, a year; all of it is exported. In one run:

1. The bare cursor: the columns that a record's line has, read by a cursor on the server and written as JSON, in no
   order and without files, people or a proof. It is the ceiling of everything below it.
2. The records: choosing apart, every line in the order of the log, hashed and written to the disk.
3. The cover: what proves all of them, up to the root.
4. The days that every other form is made of, read, and written as tables; the other forms are measured by `formats`.
5. A whole package with records and tables: measured, made into parts, and verified offline by its own `verify.py`.

The records and the whole package are each written in a process of their own that has done nothing else: their memory
is what such a process had at its highest, and how much more that is than before its first step. In a database of its own;
for the real thing:
`python -m benchmarks export --messages 1000000`.
"""

from __future__ import annotations

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

from django.db import connection, transaction

from archive import collecting, log
from archive.models import Checkpoint, Session
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
from benchmarks import _apart, _record, _texts
from compliance import audit

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


def run(*, messages: int = 100_000) -> Figures:
    """Messages a second and megabytes; needs an empty, migrated database."""
    _record.load(_texts.texts(messages), messages=messages, only_members_speak=True)
    collecting.seldom()  # as every worker does
    checkpoint = log.checkpoint(now=_record.START)
    assert checkpoint is not None
    request = _request(checkpoint.size)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        figures = {"bare cursor with JSON, messages/s": messages / _timed(lambda: _bare(folder / "bare"))}
        figures["choosing, messages/s"] = messages / _timed(lambda: _choose(checkpoint.size))
        figures["what changes kept, s"] = _timed(lambda: facts.keep(export_id=EXPORT, moment=request.made_at))
        with streams.by_indexes():
            figures["places in the log kept, s"] = _timed(lambda: references.keep(request))
        figures |= _apart.run(records, made, checkpoint.size, messages)
        figures["days read, messages/s"] = messages / _timed(lambda: _read(request))
        figures["tables (CSV), messages/s"] = messages / _timed(lambda: _tables(request, folder))
        return figures | _apart.run(whole, made, checkpoint.size, messages)


def _request(size: int) -> Request:
    made_at = Checkpoint.objects.values_list("made_at", flat=True).get(size=size)
    asked = frozenset({Format.NDJSON, Format.CSV})
    return Request(export_id=EXPORT, title="", formats=asked, size=size, made_at=made_at)


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


def records(folder: str, size: int, messages: int) -> Figures:
    """The records and what proves them; the time to the first of them is what a reader waits for."""
    collecting.seldom()
    request, before_mb, first = _request(size), _apart.resident_mb(), list[float]()
    began = perf_counter()

    def step(_: int) -> None:
        if len(first) == 0:
            first.append(perf_counter() - began)

    with _sink(Path(folder)) as sink:
        copied = natives.Copied(0, 0, {})
        leaves, _ = ndjson.write(request, copied=copied, into=sink, step=step)
        took = perf_counter() - began
        proven = _timed(lambda: [None for _ in cover.lines(leaves, size=request.size)])
    return {
        "records (NDJSON), messages/s": messages / took,
        "first thousand records after, ms": first[0] * 1000,
        "records, memory, MB": _apart.highest_mb(),
        "records, memory above before, MB": _apart.highest_mb() - before_mb,
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


def whole(folder: str, size: int, messages: int) -> Figures:
    """A package as an export makes it: measured, recorded in the log, settled, made, and verified."""
    collecting.seldom()
    request, before_mb = _request(size), _apart.resident_mb()
    began = perf_counter()
    contents = making.measure(request)
    measured = perf_counter() - began
    with transaction.atomic():
        details = {"sha256": contents.sha256, "contents": contents.as_data()}
        event = audit.record(
            action=audit.Action.MEASURED,
            subject=f"export/{EXPORT}",
            details=details,
            by=None,
            now=_record.START,
        )
    settled = custody.settle(request, custody={"event_ids": [event.pk]}, now=_record.START)
    place = Path(folder) / "whole"
    place.mkdir()
    began = perf_counter()
    making.make(request, folder=place, expected=contents, settled=settled)
    made, highest_mb = perf_counter() - began, _apart.highest_mb()
    assert contents.messages == messages
    return {
        "proofs and all else verified offline, records/s": size / _timed(lambda: _verify(Path(folder))),
        "whole package measured, messages/s": messages / measured,
        "whole package made, messages/s": messages / made,
        "whole package, MB": contents.package_bytes / 1e6,
        "whole package, memory, MB": highest_mb,
        "whole package, memory above before, MB": highest_mb - before_mb,
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
