"""From one record of a report to the values of its rows. Pure: the same bytes give the same values for ever.

`identity` says what a `Message` row holds of a record, so that an inspection can derive it again from the raw
bytes years later; hence it knows no clock, only when the page was received and the first day of its window.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from archive import canonical, people, readable
from archive.people import Identity
from zoom import decoding
from zoom.records.messages import MessageRecord

EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)
LATEST_AFTER_RECEIPT = timedelta(days=366)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILE_ID_LIMIT = 255
_NAME_LIMIT = 500
_FILE_NAME_LIMIT = 2000
_LARGEST_SIZE = 2**63 - 1


class MessageIdentity(NamedTuple):
    """What the `Message` row says of a message, but for the key of its sender."""

    zoom_id: str
    sent_at: datetime
    sent_at_is_doubtful: bool
    reply_to_zoom_id: str


class FileRow(NamedTuple):
    zoom_file_id: str
    name: str
    size_bytes: int | None


@dataclass(slots=True)
class MessageRow:
    """One record, ready for the database. `identity` and `sender` are filled from the same record."""

    identity: MessageIdentity
    sender: Identity | None
    kind: str
    digest: bytes
    raw: bytes
    text: str
    sender_name: str
    action_at: datetime | None
    oddities: str | None
    files: list[FileRow]
    forward_id: str | None
    is_external: bool | None
    is_bot: bool
    page: int = 0
    salt: bytes = b""


def message(record: MessageRecord, *, kind: str, first_day: date, received_at: datetime) -> MessageRow:
    """The row values of one record that came in the list `kind`."""
    digest = canonical.content_digest(record.raw, kind=kind)
    odd = list(record.oddities)
    files = _files(record, odd) if record.files else []
    email = people.address(record.sender)
    member_id = readable.identifier(record.sender_member_id)
    action = record.action_timestamp_ms
    external = record.is_sender_external
    if external is None and record.sender == "" and not record.is_bot:
        external = True  # the report leaves the address of outsiders empty
    return MessageRow(
        identity=identity(record, digest=digest, first_day=first_day, received_at=received_at),
        sender=Identity(member_id, None, email) if member_id is not None or email != "" else None,
        kind=kind,
        digest=digest,
        raw=record.raw,
        text=readable.text(record.message) if record.message is not None else "",
        sender_name=readable.line(record.sender_display_name, limit=_NAME_LIMIT),
        action_at=_moment(action, received_at=received_at) if action is not None else None,
        oddities=json.dumps(odd) if odd else None,
        files=files,
        forward_id=readable.identifier(record.forward_id),
        is_external=external,
        is_bot=record.is_bot,
    )


def derive(raw: bytes, *, kind: str, first_day: date, received_at: datetime) -> MessageRow:
    """The row values again, years later, from the exact bytes of a revision."""
    record = decoding.record(MessageRecord, raw)
    return message(record, kind=kind, first_day=first_day, received_at=received_at)


def identity(
    record: MessageRecord, *, digest: bytes, first_day: date, received_at: datetime
) -> MessageIdentity:
    """Id, sent time and thread of a message; the times Zoom gave are used as far as they are plausible.

    1. The timestamp, if it lies between 2011 and a year after the page was received.
    2. Else the date_time, else the first moment of the window: then the sent time is doubtful.
    """
    sent_at = _moment(record.timestamp_ms, received_at=received_at)
    is_doubtful = sent_at is None
    if sent_at is None:
        sent_at = _iso(record.date_time, received_at=received_at)
    if sent_at is None:
        sent_at = datetime.combine(first_day, time.min, tzinfo=UTC)
    zoom_id = readable.identifier(record.id)
    return MessageIdentity(
        zoom_id if zoom_id is not None else f"unidentified:{digest.hex()}",
        sent_at,
        is_doubtful,
        readable.identifier(record.reply_main_message_id) or "",
    )


def is_message(record: MessageRecord) -> bool:
    """Whether the element was a JSON object at all; anything else is kept as unreadable."""
    return "record" not in record.oddities


def moment(milliseconds: int | None) -> datetime | None:
    """The moment of an epoch in milliseconds, None when it is no moment between the years 1 and 9999."""
    if milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _moment(milliseconds: int | None, *, received_at: datetime) -> datetime | None:
    return _plausible(moment(milliseconds), received_at=received_at)


def _plausible(found: datetime | None, *, received_at: datetime) -> datetime | None:
    if found is None or not EARLIEST <= found <= received_at + LATEST_AFTER_RECEIPT:
        return None
    return found


def iso(value: str | None) -> datetime | None:
    """The moment an ISO 8601 text names, taken as UTC when it has no zone; None when it names none."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(value: str | None, *, received_at: datetime) -> datetime | None:
    return _plausible(iso(value), received_at=received_at)


def _files(record: MessageRecord, oddities: list[str]) -> list[FileRow]:
    """The files that can be asked for by their id; one without a usable id stays in the raw bytes, as an oddity."""
    found = []
    for number, file in enumerate(record.files):
        file_id = file.file_id
        if file_id is None or file_id == "" or readable.identifier(file_id, limit=_FILE_ID_LIMIT) != file_id:
            oddities.append(f"files[{number}].file_id")
            continue
        size = file.file_size
        if size is not None and not 0 <= size <= _LARGEST_SIZE:
            oddities.append(f"files[{number}].file_size")
            size = None
        found.append(FileRow(file_id, readable.line(file.file_name, limit=_FILE_NAME_LIMIT), size))
    return found
