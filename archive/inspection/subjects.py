"""What leaves commit to: for each kind of leaf, how its rows are read and their commitments made again.

A subject reads rows by key and yields, for each, the commitment its columns give today, the moment its leaf must
carry, and a fault: what is wrong with columns that the commitment does not cover but the raw bytes determine.

`register` is for tables that the archive does not know: compliance registers its audit trail when Django
starts. Asking the owner of a table keeps imports pointing one way; reading that table here with SQL of our own
would tie the archive to columns that another package may change.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from archive import commitments
from archive.canonical import content_digest
from archive.inspection import certificates, revisions, tombstones
from archive.inspection.row import Row
from archive.models import Blob, HoldReceipt, Leaf, Observation, Page, Reading, Unreadable, WindowClosure

Read = Callable[[Sequence[int]], Iterable[Row]]


class Subject(NamedTuple):
    name: str
    table: str
    read: Read


def register(kind: int, subject: Subject) -> None:
    """Say how rows of one kind of leaf are read. Raises ValueError for a kind that has its subject."""
    if kind in SUBJECTS and SUBJECTS[kind] != subject:
        raise ValueError(f"Leaves of kind {kind} already commit to {SUBJECTS[kind].name}.")
    SUBJECTS[kind] = subject


def _blobs(keys: Sequence[int]) -> Iterable[Row]:
    for row in Blob.objects.filter(pk__in=keys):
        commitment = commitments.blob(
            salt=bytes(row.salt),
            sha256=bytes(row.sha256),
            size_bytes=row.size_bytes,
            media_type=row.media_type,
            stored_at=row.stored_at,
        )
        yield Row(row.pk, commitment, row.stored_at, "")


def _pages(keys: Sequence[int]) -> Iterable[Row]:
    for row in Page.objects.filter(pk__in=keys):
        commitment = commitments.page(
            salt=bytes(row.salt),
            window_id=row.window_id,
            pull=row.pull,
            number=row.number,
            operation=row.operation,
            request=row.request,
            status=row.status,
            body_sha256=bytes(row.body_sha256),
            body_bytes=row.body_bytes,
            received_at=row.received_at,
        )
        yield Row(row.pk, commitment, None, "")


def _closures(keys: Sequence[int]) -> Iterable[Row]:
    for row in WindowClosure.objects.filter(pk__in=keys):
        commitment = commitments.window_closure(
            salt=bytes(row.salt),
            window_id=row.window_id,
            pull=row.pull,
            state=row.state,
            reason=row.reason,
            account=row.account,
            closed_at=row.closed_at,
        )
        yield Row(row.pk, commitment, row.closed_at, "")


def _observations(keys: Sequence[int]) -> Iterable[Row]:
    for row in Observation.objects.filter(pk__in=keys):
        raw = bytes(row.raw)
        commitment = commitments.observation(
            salt=bytes(row.salt),
            account_id=row.account_id,
            kind=row.kind,
            subject=row.subject,
            raw=raw,
            observed_at=row.observed_at,
        )
        agrees = content_digest(raw, kind=row.kind) == bytes(row.digest)
        fault = "" if agrees else "Its content digest is not that of its bytes."
        yield Row(row.pk, commitment, row.observed_at, fault)


def _unreadables(keys: Sequence[int]) -> Iterable[Row]:
    for row in Unreadable.objects.filter(pk__in=keys):
        commitment = commitments.unreadable(
            salt=bytes(row.salt),
            window_id=row.window_id,
            page_id=row.page_id,
            reason=row.reason,
            raw=bytes(row.raw),
            stored_at=row.stored_at,
        )
        yield Row(row.pk, commitment, row.stored_at, "")


def _readings(keys: Sequence[int]) -> Iterable[Row]:
    for row in Reading.objects.filter(pk__in=keys):
        commitment = commitments.reading(
            salt=bytes(row.salt),
            attachment_id=row.attachment_id,
            sha256=bytes(row.sha256),
            version=row.version,
            outcome=row.outcome,
            reason=row.reason,
            characters=row.characters,
            text_sha256=bytes(row.text_sha256),
            read_at=row.read_at,
        )
        yield Row(row.pk, commitment, None, "")


def _receipts(keys: Sequence[int]) -> Iterable[Row]:
    for row in HoldReceipt.objects.filter(pk__in=keys):
        commitment = commitments.hold_receipt(
            salt=bytes(row.salt),
            hold_file_id=row.hold_file_id,
            zoom_matter_id=row.zoom_matter_id,
            identifier=row.identifier,
            file_key=row.file_key,
            sha256=bytes(row.sha256),
            size_bytes=row.size_bytes,
            size_bytes_claimed=row.size_bytes_claimed,
            files_claimed=row.files_claimed,
            first_day=row.first_day,
            last_day=row.last_day,
            received_at=row.received_at,
        )
        yield Row(row.pk, commitment, row.received_at, "")


SUBJECTS: dict[int, Subject] = {
    Leaf.Kind.REVISION: Subject("revision", "archive_revision", revisions.read),
    Leaf.Kind.BLOB: Subject("blob", "archive_blob", _blobs),
    Leaf.Kind.PAGE: Subject("page", "archive_page", _pages),
    Leaf.Kind.WINDOW: Subject("window closure", "archive_windowclosure", _closures),
    Leaf.Kind.OBSERVATION: Subject("observation", "archive_observation", _observations),
    Leaf.Kind.UNREADABLE: Subject("unreadable record", "archive_unreadable", _unreadables),
    Leaf.Kind.READING: Subject("file read", "archive_reading", _readings),
    Leaf.Kind.HOLD_RECEIPT: Subject("hold zip received", "archive_holdreceipt", _receipts),
    Leaf.Kind.TOMBSTONE: Subject("tombstone", "archive_tombstone", tombstones.read),
    Leaf.Kind.ZIP_TOMBSTONE: Subject("zip tombstone", "archive_ziptombstone", tombstones.read_zips),
    Leaf.Kind.CERTIFICATE: Subject("certificate", "archive_certificate", certificates.read),
}
