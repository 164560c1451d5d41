"""Measuring a package, and making it: the same run, once into nothing that is kept and once into a folder.

`measure` says exactly what will come; `make` raises `Differs` unless that came. Both read the database of record below
the size of a checkpoint and the blob store, never the search index, and neither reads a clock: made twice, a package has
the same bytes. Long runs are told how far they are by `report(done, total)`, in messages written; it may raise, and the
run ends there.

Must never: leave anything out in silence, or hold more than a day's messages in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from archive.capture.spans import Span
from archive.packages import bag, choosing, facts, formats, natives, reading, sinks
from archive.packages.content import Contents, Format, Request

Report = Callable[[int, int], None]


class Differs(Exception):
    """What came is not what was measured; the sentence says in what. Measure again before making it."""


def measure(request: Request, *, report: Report = lambda *_: None) -> Contents:
    """What a package of this request has; nothing of it is kept."""
    return _run(request, sinks.Counting(), report)


def make(request: Request, *, folder: Path, expected: Contents, report: Report = lambda *_: None) -> Contents:
    """Make the package in a folder that is made for it. Raises Differs, and leaves what was written to be removed."""
    made = _run(request, sinks.Folder(folder / bag.name(request.export_id)), report)
    if made != expected:
        raise Differs(_difference(expected, made))
    return made


def _run(request: Request, sink: sinks.Listing, report: Report) -> Contents:
    _keep(request)
    chosen = choosing.count(export_id=request.export_id)
    copied = natives.copy(request, into=sink, step=lambda: report(0, chosen))
    counts: Counter[str] = Counter()
    sessions: set[int] = set()
    writers = formats.writers(request)
    for day in reading.days(request, lost=copied.lost):
        sessions.add(day.conversation.session_id)
        counts["messages"] += len(day.messages)
        counts["revisions"] += sum(len(message.versions) for message in day.messages)
        for _, writer in writers:
            writer.day(day, sink)
        report(counts["messages"], chosen)
    for _, writer in writers:
        writer.end(sink)
    return Contents(
        messages=counts["messages"],
        revisions=counts["revisions"],
        conversations=len(sessions),
        files=copied.files,
        file_bytes=copied.size_bytes,
        missing={},
        documents={one.value: 0 for one in Format if one in request.formats},
        package_files=sink.entries.count,
        size_bytes=sink.entries.size_bytes,
        parts=(),
        sha256=bag.digest(sink.entries),
    )


def _keep(request: Request) -> None:
    span = None
    if request.first_day is not None and request.last_day is not None:
        span = Span(request.first_day, request.last_day)
    facts.keep(export_id=request.export_id, sessions=request.sessions, span=span, moment=request.made_at)


def _difference(expected: Contents, made: Contents) -> str:
    names = [one.name for one in fields(Contents) if getattr(expected, one.name) != getattr(made, one.name)]
    return f"The package is not what was measured: {', '.join(names)} differ."
