"""Files and forwards of messages: working rows that lead to evidence, and must lead to the right evidence.

The application may change these rows, because they are the jobs that fetch what hangs on a message. What they say is
derived again: that a message has the file, and its name, from the message's bytes; which bytes are the file's from the
SHA-256 in what Zoom said of it; which original was forwarded from the id. Both ends of each link are in the log.

What it cannot see: the bytes exchanged of a file for which Zoom named no digest. Such files are counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar

from archive import bulk, readable
from archive.ingest import details, rows
from archive.inspection.problems import Findings
from archive.models import Attachment, Forward, Observation

CHUNK = 500
UNPROMISED = "files without a digest of Zoom's"

_REVISIONS = (
    "SELECT message_id, kind, raw FROM archive_revision WHERE message_id = ANY(%b::bigint[]) ORDER BY id"
)
_HANGING = """
    SELECT message_id, zoom_file_id, 'file' FROM archive_attachment WHERE message_id = ANY(%b::bigint[])
    UNION ALL
    SELECT message_id, forward_id, 'forward' FROM archive_forward WHERE message_id = ANY(%b::bigint[])
"""
_LONG_AGO, _LONG_AGO_DAY = datetime(2011, 1, 1, tzinfo=UTC), date(2011, 1, 1)

Hanging = tuple[int, str, str]
T = TypeVar("T")


def hanging(messages: Iterable[int]) -> frozenset[Hanging]:
    """The files and forwards that have a row: message, id at Zoom, which of the two."""
    keys = sorted(set(messages))
    return frozenset(bulk.run(_HANGING, (keys, keys))) if len(keys) > 0 else frozenset()


def missing(message: int, derived: rows.MessageRow, known: frozenset[Hanging]) -> str:
    """What a revision's bytes name and has no row, in words; empty when nothing."""
    for number, file in enumerate(derived.files, start=1):
        if (message, file.zoom_file_id, "file") not in known:
            return f"The row of its file number {number} is gone."
    if derived.forward_id is not None and (message, derived.forward_id, "forward") not in known:
        return "The row of the message it forwards is gone."
    return ""


def check(findings: Findings) -> None:
    """Every attachment and every forward."""
    for name in ("attachments", "forwards", UNPROMISED):
        findings.count(name, 0)
    files = Attachment.objects.order_by("id").select_related("blob", "info").iterator(CHUNK)
    for chunk in _chunks(files):
        derived = _derived([row.message_id for row in chunk])
        for row in chunk:
            _add(findings, "attachment", f"archive_attachment {row.pk}", _file(row, derived[row.message_id]))
            if row.blob is not None and row.info is not None and _promised(row) is None:
                findings.count(UNPROMISED)
    forwards = Forward.objects.order_by("id").select_related("original").iterator(CHUNK)
    for chunk_of_forwards in _chunks(forwards):
        derived = _derived([row.message_id for row in chunk_of_forwards])
        for one in chunk_of_forwards:
            wrong = _forward(one, derived[one.message_id])
            _add(findings, "forward", f"archive_forward {one.pk}", wrong)


def _chunks(rows_of_one_kind: Iterator[T]) -> Iterator[list[T]]:
    while len(chunk := list(islice(rows_of_one_kind, CHUNK))) > 0:
        yield chunk


def _add(findings: Findings, kind: str, row: str, wrong: str) -> None:
    findings.count(f"{kind}s")
    if wrong:
        findings.add(kind, row, wrong)


def _file(row: Attachment, revisions: list[rows.MessageRow]) -> str:
    named = [
        (file.name, file.size_bytes)
        for one in revisions
        for file in one.files
        if file.zoom_file_id == row.zoom_file_id
    ]
    if len(named) == 0:
        return "No revision of its message names such a file."
    if (row.name, row.size_bytes_claimed) not in named:
        return "Its name and size are not those its message gives."
    if row.blob is None:
        return ""
    if row.info is None:
        return "It has bytes, and nothing Zoom said of them."
    if not _is_of(row.info, Observation.Kind.FILE, row.zoom_file_id):
        return "It leads to what Zoom said of something else."
    promised = _promised(row)
    if row.state == Attachment.State.STORED and promised not in (None, bytes(row.blob.sha256)):
        return "Its bytes are not those whose SHA-256 Zoom named."
    if row.state == Attachment.State.MISMATCH and promised == bytes(row.blob.sha256):
        return "Its bytes are said to differ from Zoom's digest, and do not."
    return ""


def _forward(row: Forward, revisions: list[rows.MessageRow]) -> str:
    if all(one.forward_id != row.forward_id for one in revisions):
        return "No revision of its message forwards anything under this id."
    if row.original is not None and not _is_of(row.original, Observation.Kind.FORWARD, row.forward_id):
        return "It leads to what Zoom said of something else."
    return ""


def _is_of(observed: Observation, kind: Observation.Kind, subject: str) -> bool:
    return observed.kind == kind and observed.subject == readable.identifier(subject, limit=255)


def _promised(row: Attachment) -> bytes | None:
    return None if row.info is None else details.promised_sha256(bytes(row.info.raw))


def _derived(messages: Sequence[int]) -> dict[int, list[rows.MessageRow]]:
    """What the bytes of these messages' revisions say; their files and forwards do not depend on any date."""
    found: dict[int, list[rows.MessageRow]] = {message: [] for message in messages}
    for message, kind, raw in bulk.run(_REVISIONS, (sorted(found),)):
        derived = rows.derive(bytes(raw), kind=kind, first_day=_LONG_AGO_DAY, received_at=_LONG_AGO)
        found[message].append(derived)
    return found
