"""Measuring a package, and making it: the same run, once into nothing that is kept and once into a folder.

`measure` says exactly what will come; `make` raises `Differs` unless that came. Both read the database of record below
the size of a checkpoint and the blob store, never the search index, and neither reads a clock: made twice, a package has
the same bytes. Long runs say how far they are by `report(done, total)`, in messages, outside of any transaction; it may
raise, and the run ends there.

Must never: leave anything out in silence, or hold more than a part of a day in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive import keys
from archive.models import Checkpoint
from archive.packages import (
    about,
    bag,
    choosing,
    cover,
    custody,
    exceptions,
    facts,
    formats,
    natives,
    ndjson,
    parts,
    reading,
    references,
    sinks,
    streams,
)  # fmt: skip
from archive.packages.content import Format, Request
from archive.packages.contents import Contents, Made
from archive.packages.differences import Differs, check
from archive.packages.natives import Copied

__all__ = ["Differs", "Report", "make", "measure"]

Report = Callable[[int, int], None]
_CHECKPOINT, _KEY, _COVER = "data/log/checkpoint.note", "data/log/log.vkey", "data/log/cover.ndjson"


class _Progress:
    """How far a run is: once through the records, and once through the days when a format wants them."""

    def __init__(self, request: Request, report: Report, *, passes: int) -> None:
        self._total = choosing.count(export_id=request.export_id) * passes
        self._done, self._report = 0, report

    def step(self, messages: int = 0) -> None:
        self._done = min(self._done + messages, self._total)
        self._report(self._done, self._total)


def measure(request: Request, *, report: Report = lambda *_: None) -> Contents:
    """What a package of this request has; nothing of it is kept. Raises Checkpoint.DoesNotExist for another size."""
    return _run(request, sinks.Counting(), report)


def make(
    request: Request,
    *,
    folder: Path,
    expected: Contents,
    settled: custody.Settled,
    report: Report = lambda *_: None,
) -> Made:
    """Make the zips of a package in an empty folder; `settled` is what `custody.settle` gave the first time.

    Raises Differs when what came is not what was measured; whatever was written then is to be removed.
    """
    sink = sinks.Folder(folder / bag.name(request.export_id))
    made = _run(request, sink, report)
    check(expected, made, request=request)
    bag.late(custody.files(settled), into=sink)
    bag.close(request, sink.entries, into=sink)
    zips = parts.write(
        sink.entries,
        folder=folder,
        export_id=request.export_id,
        part_bytes=request.part_bytes,
        expected=made.parts,
        step=lambda: report(made.messages, made.messages),
    )
    return Made(made, zips)


def _run(request: Request, sink: sinks.Listing, report: Report) -> Contents:
    """Everything that is known before a package is made; the rest comes of its counts."""
    with streams.by_indexes():
        return _written(request, sink, report)


def _written(request: Request, sink: sinks.Listing, report: Report) -> Contents:
    checkpoint = Checkpoint.objects.get(size=request.size)
    facts.keep(
        export_id=request.export_id,
        sessions=request.sessions,
        custodians=request.custodians,
        first=request.first_day,
        last=request.last_day,
        moment=request.made_at,
    )
    references.keep(request)
    progress = _Progress(request, report, passes=2 if len(request.formats - {Format.NDJSON}) > 0 else 1)
    copied = natives.copy(request, into=sink, step=progress.step)
    leaves, records = ndjson.write(request, copied=copied, into=sink, step=progress.step)
    _write_days(request, copied, sink, progress)
    missing, destroyed = exceptions.write(request, lost=copied.lost, into=sink)
    counted = about.counts(request, into=sink)
    days, open_days = about.coverage(request, into=sink)
    about.query(request, into=sink)
    with sink.file(_CHECKPOINT) as file:
        file.write(checkpoint.note.encode())
    with sink.file(_KEY) as file:
        file.write(f"{keys.load(may_create=False).verifier}\n".encode())
    with sink.file(_COVER) as file:
        for line in cover.lines(leaves, size=request.size):
            file.write(line)
            progress.step()
    package_files, package_bytes = 0, 0
    for entry in bag.measured(sink.entries):
        package_files, package_bytes = package_files + 1, package_bytes + entry.size_bytes
    return Contents(
        messages=counted.whole.messages,
        revisions=records["revision"],
        destroyed=destroyed,
        conversations=counted.sessions,
        days=days,
        open_days=open_days,
        files=copied.files,
        file_bytes=copied.size_bytes,
        missing=missing,
        documents=_documents(request, sink),
        package_files=package_files,
        package_bytes=package_bytes,
        parts=parts.measured(sink.entries, export_id=request.export_id, part_bytes=request.part_bytes),
        sha256=bag.digest(sink.entries),
    )


def _write_days(request: Request, copied: Copied, sink: sinks.Listing, progress: _Progress) -> None:
    """The formats that are made of days; nothing is read where none is asked for."""
    writers = formats.writers(request)
    if len(writers) == 0:
        return
    for day in reading.days(request, lost=copied.lost):
        for _, writer in writers:
            writer.day(day, sink)
        progress.step(len(day.messages))
    for _, writer in writers:
        writer.end(sink)
        progress.step()


def _documents(request: Request, sink: sinks.Listing) -> dict[str, int]:
    folders = {one: "data/records" if one is Format.NDJSON else f"data/{one.value}" for one in Format}
    return {
        one.value: sink.entries.folders[folder]
        for one, folder in folders.items()
        if one in request.formats or one is Format.NDJSON
    }
