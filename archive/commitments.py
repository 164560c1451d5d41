"""What each kind of leaf commits to: the one place that turns a row's columns into a commitment.

Whoever writes a row calls the function of its kind and hands the result to `log.append`; `inspection` calls the
same function with what the database holds now. So every column named here is proven, byte for byte. Columns
that are not named are either derived from `raw` (inspection derives them again) or projections that may change.

Every function takes columns, not model instances: rows are written in sets. Moments are aware datetimes,
digests and salts are bytes. A commitment must never change its meaning: a new column means a new name.
"""

import ipaddress
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from archive import hashing


def revision(
    *, salt: bytes, session: str, message: str, kind: str, raw: bytes, page_id: int, stored_at: datetime
) -> bytes:
    """One state of a message: `session` and `message` are Zoom's ids (Session.zoom_id, Message.zoom_id)."""
    return hashing.commitment(
        salt,
        b"revision",
        session.encode("utf-8", "surrogatepass"),
        message.encode("utf-8", "surrogatepass"),
        kind.encode(),
        raw,
        b"%d" % page_id,
        hashing.moment(stored_at).encode(),
    )


def blob(*, salt: bytes, sha256: bytes, size_bytes: int, media_type: str, stored_at: datetime) -> bytes:
    """Bytes that are in the blob store."""
    values = {
        "sha256": sha256.hex(),
        "size_bytes": size_bytes,
        "media_type": media_type,
        "stored_at": hashing.moment(stored_at),
    }
    return hashing.fields(salt=salt, name="blob", values=values)


def page(
    *,
    salt: bytes,
    window_id: int | None,
    pull: int,
    number: int,
    operation: str,
    request: str,
    status: int,
    body_sha256: bytes,
    body_bytes: int,
    received_at: datetime,
) -> bytes:
    """One reply of Zoom: what was asked, and the digest of what came."""
    values = {
        "window_id": window_id,
        "pull": pull,
        "number": number,
        "operation": operation,
        "request": request,
        "status": status,
        "body_sha256": body_sha256.hex(),
        "body_bytes": body_bytes,
        "received_at": hashing.moment(received_at),
    }
    return hashing.fields(salt=salt, name="page", values=values)


def window_closure(
    *,
    salt: bytes,
    window_id: int,
    pull: int,
    state: str,
    reason: str,
    account: dict[str, Any],
    closed_at: datetime,
) -> bytes:
    """The account of a window at the moment it was closed; `account` is the JSON of the row, as it is stored."""
    values = {
        "window_id": window_id,
        "pull": pull,
        "state": state,
        "reason": reason,
        "account": account,
        "closed_at": hashing.moment(closed_at),
    }
    return hashing.fields(salt=salt, name="window", values=values)


def observation(
    *, salt: bytes, account_id: int, kind: str, subject: str, raw: bytes, observed_at: datetime
) -> bytes:
    """One observed state of something Zoom described that is not a message."""
    values = {
        "account_id": account_id,
        "kind": kind,
        "subject": subject,
        "observed_at": hashing.moment(observed_at),
    }
    return hashing.fields(salt=salt, name="observation", values=values, raw=raw)


def unreadable(
    *,
    salt: bytes,
    window_id: int | None,
    page_id: int | None,
    reason: str,
    raw: bytes,
    stored_at: datetime,
) -> bytes:
    """Bytes that could not be archived as what they should be."""
    values = {
        "window_id": window_id,
        "page_id": page_id,
        "reason": reason,
        "stored_at": hashing.moment(stored_at),
    }
    return hashing.fields(salt=salt, name="unreadable", values=values, raw=raw)


def reading(
    *,
    salt: bytes,
    attachment_id: int,
    sha256: bytes,
    version: int,
    outcome: str,
    reason: str,
    characters: int,
    text_sha256: bytes,
    read_at: datetime,
) -> bytes:
    """What was read of a file: of which bytes, by which version, with which text."""
    values = {
        "attachment_id": attachment_id,
        "sha256": sha256.hex(),
        "version": version,
        "outcome": outcome,
        "reason": reason,
        "characters": characters,
        "text_sha256": text_sha256.hex(),
        "read_at": hashing.moment(read_at),
    }
    return hashing.fields(salt=salt, name="reading", values=values)


def hold_receipt(
    *,
    salt: bytes,
    hold_file_id: int,
    zoom_matter_id: str,
    identifier: str,
    file_key: str,
    sha256: bytes,
    size_bytes: int,
    size_bytes_claimed: int | None,
    files_claimed: int | None,
    first_day: date | None,
    last_day: date | None,
    received_at: datetime,
) -> bytes:
    """Which bytes came for which zip of a legal hold, beside what Zoom had said of it."""
    values = {
        "hold_file_id": hold_file_id,
        "zoom_matter_id": zoom_matter_id,
        "identifier": identifier,
        "file_key": file_key,
        "sha256": sha256.hex(),
        "size_bytes": size_bytes,
        "size_bytes_claimed": size_bytes_claimed,
        "files_claimed": files_claimed,
        "first_day": None if first_day is None else first_day.isoformat(),
        "last_day": None if last_day is None else last_day.isoformat(),
        "received_at": hashing.moment(received_at),
    }
    return hashing.fields(salt=salt, name="hold_receipt", values=values)


def tombstone(
    salt: bytes,
    message_id: int,
    session: str,
    message: str,
    sent_at: datetime,
    sent_at_is_doubtful: bool,
    reply_to: str,
    sender_id: int | None,
    revisions: int,
    attachments: int,
    leaves: Sequence[int],
    hashes: bytes,
    disposition: int,
    destroyed_at: datetime,
) -> bytes:
    """That a message was destroyed, and all that is still known of it; `session`, `message`, `reply_to` are Zoom's ids."""
    values = {
        "message_id": message_id,
        "session": session,
        "message": message,
        "sent_at": hashing.moment(sent_at),
        "sent_at_is_doubtful": sent_at_is_doubtful,
        "reply_to": reply_to,
        "sender_id": sender_id,
        "revisions": revisions,
        "attachments": attachments,
        "leaves": list(leaves),
        "hashes": hashes.hex(),
        "disposition": disposition,
        "destroyed_at": hashing.moment(destroyed_at),
    }
    return hashing.fields(salt=salt, name="tombstone", values=values)


def zip_tombstone(
    *,
    salt: bytes,
    hold_file_id: int,
    zoom_matter_id: str,
    matter: int,
    sha256: bytes,
    size_bytes: int,
    first_day: date | None,
    last_day: date | None,
    entries: int | None,
    messages: int | None,
    statement: dict[str, Any],
    leaves: Sequence[int],
    hashes: bytes,
    disposition: int,
    destroyed_at: datetime,
) -> bytes:
    """That a zip of a legal hold was destroyed, whole: of which bytes, for which matter, and who decided it."""
    values = {
        "hold_file_id": hold_file_id,
        "zoom_matter_id": zoom_matter_id,
        "matter": matter,
        "sha256": sha256.hex(),
        "size_bytes": size_bytes,
        "first_day": None if first_day is None else first_day.isoformat(),
        "last_day": None if last_day is None else last_day.isoformat(),
        "entries": entries,
        "messages": messages,
        "statement": statement,
        "leaves": list(leaves),
        "hashes": hashes.hex(),
        "disposition": disposition,
        "destroyed_at": hashing.moment(destroyed_at),
    }
    return hashing.fields(salt=salt, name="zip_tombstone", values=values)


def certificate_values(
    *,
    disposition: int,
    statement: dict[str, Any],
    messages: int,
    revisions: int,
    attachments: int,
    blobs: int,
    blob_bytes: int,
    messages_sha256: bytes,
    issued_at: datetime,
    zips: int = 0,
    zip_bytes: int = 0,
    zips_sha256: bytes | None = None,
) -> dict[str, Any]:
    """What a certificate of destruction states, as its document has it; `statement` is JSON of whoever decided.

    Of zips only one that has some speaks, so that those issued before there were any mean what they meant.
    """
    of_zips = {} if zips_sha256 is None else {
        "zips": zips, "zip_bytes": zip_bytes, "zips_sha256": zips_sha256.hex()
    }  # fmt: skip
    return of_zips | {
        "disposition": disposition,
        "statement": statement,
        "messages": messages,
        "revisions": revisions,
        "attachments": attachments,
        "blobs": blobs,
        "blob_bytes": blob_bytes,
        "messages_sha256": messages_sha256.hex(),
        "issued_at": hashing.moment(issued_at),
    }


def certificate(*, salt: bytes, **columns: Any) -> bytes:
    """A certificate of destruction; `columns` are those of `certificate_values`."""
    return hashing.fields(salt=salt, name="certificate", values=certificate_values(**columns))


def audit(
    *,
    salt: bytes,
    at: datetime,
    actor_id: int | None,
    actor_name: str,
    action: str,
    subject: str,
    details: dict[str, Any],
    address: str | None,
) -> bytes:
    """One event of the audit trail; `details` is the JSON of the row, `address` an IP address in any spelling."""
    values = {
        "at": hashing.moment(at),
        "actor_id": actor_id,
        "actor_name": actor_name,
        "action": action,
        "subject": subject,
        "details": details,
        "address": None if address is None else ipaddress.ip_address(address).packed.hex(),
    }
    return hashing.fields(salt=salt, name="audit", values=values)
