"""Taking the files of an export: the whole of one, or the rest of one that broke off.

The beginning of each download is an event of the trail before the first byte is given, and so is its end, with how many
bytes were given: what broke off says so too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import structlog
from django.contrib.auth.models import User
from django.db import transaction

from archive.packages import gone
from compliance import audit, refusals
from compliance.exports import endings, folders, keeping, reading
from compliance.exports.reading import NoSuchExport
from compliance.models import Export
from compliance.permissions import Action
from compliance.ranges import Stretch

log = structlog.get_logger(__name__)

State = Export.State
CHUNK_BYTES = 1 << 18
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Part:
    """One file of an export that is ready."""

    export: Export
    number: int
    name: str
    size_bytes: int
    sha256: str

    @property
    def etag(self) -> str:
        """Strong: it is the digest of the bytes."""
        return f'"{self.sha256}"'

    @property
    def path(self) -> Path:
        return folders.of(self.export.pk) / self.export.folder / self.name


def part(*, export_id: int, number: int, by: User | None, now: datetime) -> Part:
    """A part by its number, from 1. Raises NoSuchExport also when the files are gone.

    What was destroyed since withdraws the export here, too, before anything of it is given.
    """
    refusals.check(Action.EXPORT, subject=f"export/{export_id}", by=by, now=now)
    row = reading.find(export_id=export_id, by=by, now=now)
    if row.state == State.READY and gone.among(row.pk, size=row.size or 0, looked_to=row.looked_to) > 0:
        keeping.withdraw(row, now=now)
    parts = row.parts or []
    is_gone = row.expires_at is not None and row.expires_at <= now
    if row.state != State.READY or is_gone or not 1 <= number <= len(parts):
        raise NoSuchExport
    found = parts[number - 1]
    return Part(row, number, found["name"], found["size_bytes"], found["sha256"])


def take(taken: Part, stretch: Stretch | None, *, by: User | None, clock: Clock) -> Iterator[bytes]:
    """The bytes, from a file that is open already; recorded before the first one. Raises NoSuchExport."""
    try:
        stream = taken.path.open("rb")
    except FileNotFoundError as error:
        log.error("export_files_missing", export=taken.export.pk)
        raise NoSuchExport from error
    whole = stretch or Stretch(0, taken.size_bytes, taken.size_bytes)
    details = {
        "part": taken.number, "name": taken.name, "sha256": taken.sha256, "from": whole.first, "to": whole.end,
        "of": whole.size,
    }  # fmt: skip
    try:
        with transaction.atomic():
            audit.record(
                action=audit.Action.DOWNLOADED,
                subject=endings.subject(taken.export),
                details=details,
                by=by,
                now=clock(),
            )
    except BaseException:
        stream.close()
        raise
    return _given(taken, stream, whole, details, by=by, clock=clock)


def _given(
    taken: Part,
    stream: BinaryIO,
    whole: Stretch,
    details: dict[str, object],
    *,
    by: User | None,
    clock: Clock,
) -> Iterator[bytes]:
    sent = 0
    try:
        stream.seek(whole.first)
        while sent < whole.length:
            chunk = stream.read(min(CHUNK_BYTES, whole.length - sent))
            if chunk == b"":
                break
            yield chunk
            sent += len(chunk)
    finally:  # also when whoever took it hung up
        stream.close()
        ended = {**details, "bytes": sent, "is_whole": sent == whole.length}
        with transaction.atomic():
            audit.record(
                action=audit.Action.SENT, subject=endings.subject(taken.export), details=ended, by=by,
                now=clock(),  # a download lasts: its end is another moment than its beginning
            )  # fmt: skip
