"""Destroying what was said: the one and only way, and only of what nothing holds; and the zips of released matters.

`destroy` runs inside the caller's transaction and calls `archive.holding.may_go` first, so that what is decided stays so
until the words are gone. The rest is done by a function of the database owner's (`archive_destroy`), which asks for
those locks itself: neither this program nor whoever has its password can go round them.

Goes: every version (text, exact bytes, salt, digest, the sender's name then), files and forwards with their names, what
was read inside them, what Zoom said of them; and bytes no other record leads to. Stays: who said something where and
when, and a tombstone with the places and hashes in the log of what went. Bytes on the disk go after the commit
(archive.removal), words in the index files when the indexer comes to the tombstone. A zip of a legal hold goes whole, with
whatever was read in it, by `destroy_zip` and the owner's `archive_destroy_zip`; its receipts and a tombstone stay.

Must never: destroy without `holds`, leave a version behind, or let somebody believe that something went which did not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

from archive import bulk, commitments, hashing, holding, kept_zips, log, zip_fates
from archive.models import Leaf, ZipTombstone

MOST_AT_ONCE = 1_000
"""Messages a call: placing a hold waits as long as their destruction takes."""


class Why(StrEnum):
    """Why a message was not destroyed."""

    HELD = "held"
    """A standing rule holds it; `rules` are those that do."""
    IN_A_ZIP = "in a zip"
    """It lies, or may lie, in a zip of a legal hold that is kept byte for byte; `zips` are those."""
    BUSY = "busy"
    """A file or a forwarded message of it is being fetched at this moment; try again."""
    UNKNOWN = "unknown"
    """There is no such message, or no such zip here."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that stays, and why: enough for a leaf of the log."""

    message_id: int
    why: Why
    rules: tuple[int, ...] = ()
    zips: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the messages of one call; each is in `destroyed`, `already` or `refused`, in order of their ids.

    `revisions`, `attachments`, `blobs` and `bytes` are of those destroyed now; `bytes` are those of the blobs that went.
    """

    destroyed: tuple[int, ...]
    already: tuple[int, ...]
    refused: tuple[Refusal, ...]
    revisions: int = 0
    attachments: int = 0
    blobs: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class ZipOutcome:
    """What became of a zip: `why` is None when it was destroyed, `holds` are those that cover something in it.

    `blobs` and `bytes` are 0 where its bytes stay because something else leads to the same SHA-256.
    """

    why: Why | None
    holds: tuple[int, ...] = ()
    blobs: int = 0
    bytes: int = 0


_SESSIONS: LiteralString = """
SELECT message.id, message.session_id, tombstone.id IS NOT NULL FROM archive_message message
LEFT JOIN archive_tombstone tombstone ON tombstone.message_id = message.id WHERE message.id = ANY(%b::bigint[])
"""
_BUSY: LiteralString = """
SELECT message_id FROM (
    SELECT message_id, state FROM archive_attachment WHERE message_id = ANY(%b::bigint[]) FOR UPDATE) AS file
WHERE state = 'claimed'
UNION
SELECT message_id FROM (
    SELECT message_id, state FROM archive_forward WHERE message_id = ANY(%b::bigint[]) FOR UPDATE) AS forward
WHERE state = 'claimed'
"""
_DESTROY: LiteralString = (
    "SELECT * FROM archive_destroy(%b::bigint[], %b::bytea[], %b::bigint, %b::timestamptz)"
)
_DESTROY_ZIP: LiteralString = """
SELECT * FROM archive_destroy_zip(%b::bigint, %b::bigint[], %b::bigint, %b::jsonb, %b::bytea, %b::bigint, %b::timestamptz)
"""
_ZIP_IS_BUSY: LiteralString = """
SELECT state = 'claimed' OR opening = 'claimed' FROM archive_holdfile WHERE id = %b AND blob_id IS NOT NULL FOR UPDATE
"""
TOMBSTONES: LiteralString = """
SELECT tombstone.id, tombstone.salt, tombstone.message_id, place.zoom_id, tombstone.zoom_id, tombstone.sent_at,
    said.sent_at_is_doubtful, said.reply_to_zoom_id, said.sender_id, tombstone.revisions, tombstone.attachments,
    tombstone.leaves, tombstone.hashes, tombstone.disposition, tombstone.destroyed_at
FROM archive_tombstone tombstone
JOIN archive_session place ON place.id = tombstone.session_id
JOIN archive_message said ON said.id = tombstone.message_id
"""


def destroy(
    message_ids: Collection[int], *, holds: Sequence[holding.Rule], disposition: int, now: datetime
) -> Outcome:
    """Destroy messages of one session, up to `MOST_AT_ONCE`, in the caller's transaction; what became of each.

    `holds` are all rules in force, read in this transaction after their table was locked against new ones
    (`compliance.holds.rules(lock=True)`). `disposition` is compliance's key of what was approved. Repeating a call
    destroys nothing twice. Appends to the log last; until the transaction ends, others' appends wait: end it soon.

    Raises ValueError for too many messages or several sessions; RuntimeError outside a transaction or in one that does
    not see what others committed (READ COMMITTED); a database error, after which the transaction must be given up,
    when the locks are not held or a record is not what it must be.
    """
    asked = sorted(set(message_ids))
    if len(asked) > MOST_AT_ONCE:
        raise ValueError(f"At most {MOST_AT_ONCE:,} messages are destroyed at once, not {len(asked):,}.")
    if len(asked) == 0:
        return Outcome((), (), ())
    free = holding.may_go(asked, rules=holds)
    there = {key: (session_id, is_gone) for key, session_id, is_gone in bulk.run(_SESSIONS, (asked,))}
    if len({session_id for session_id, _ in there.values()}) > 1:
        raise ValueError("The messages of one call are of one session.")
    already = tuple(key for key in asked if key in there and there[key][1])
    refused = [Refusal(key, Why.UNKNOWN) for key in asked if key not in there]
    refused += _held([key for key in asked if key in there and key not in free and key not in already], holds)
    zipped = kept_zips.having(sorted(free - set(already)))
    refused += [Refusal(key, Why.IN_A_ZIP, zips=zips) for key, zips in zipped.items()]
    going = sorted(free - set(already) - zipped.keys())
    busy = {key for (key,) in bulk.run(_BUSY, (going, going))}
    refused += [Refusal(key, Why.BUSY) for key in sorted(busy)]
    going = [key for key in going if key not in busy]
    counts = _destroy(going, disposition=disposition, now=now)
    return Outcome(tuple(going), already, tuple(sorted(refused, key=lambda one: one.message_id)), *counts)


def _held(message_ids: Sequence[int], holds: Sequence[holding.Rule]) -> list[Refusal]:
    by_message = holding.covering(message_ids, rules=holds)
    return [Refusal(key, Why.HELD, rules=tuple(sorted(by_message.get(key, ())))) for key in message_ids]


def _destroy(message_ids: Sequence[int], *, disposition: int, now: datetime) -> tuple[int, int, int, int]:
    """Everything of these messages, and a leaf for each tombstone: versions, files, blobs and bytes that went."""
    if len(message_ids) == 0:
        return (0, 0, 0, 0)
    random = os.urandom(hashing.SALT_BYTES * len(message_ids))
    salts = [random[at : at + hashing.SALT_BYTES] for at in range(0, len(random), hashing.SALT_BYTES)]
    ((revisions, attachments, blobs, size),) = bulk.run(_DESTROY, (message_ids, salts, disposition, now))
    bulk.run("SET CONSTRAINTS ALL IMMEDIATE")  # keys are checked before the log's lock, not under it
    bulk.run("SET CONSTRAINTS ALL DEFERRED")
    rows = bulk.run(
        TOMBSTONES + " WHERE tombstone.message_id = ANY(%b::bigint[]) ORDER BY tombstone.id", (message_ids,)
    )
    log.append([log.Entry(Leaf.Kind.TOMBSTONE, row[0], commitment(row)) for row in rows], now=now)
    return revisions, attachments, blobs, size


def commitment(row: Sequence[object]) -> bytes:
    """What the leaf of a tombstone commits to, from a row of `TOMBSTONES`."""
    return commitments.tombstone(*row[1:])  # type: ignore[arg-type]


def destroy_zip(
    zip_id: int,
    *,
    holds: Sequence[holding.Rule],
    matter: int,
    statement: Mapping[str, Any],
    disposition: int,
    now: datetime,
) -> ZipOutcome:
    """Destroy one zip of a released matter, whole, in the caller's transaction; what became of it.

    `holds` are all rules in force, as for `destroy`; `matter` is compliance's key of the released matter, `statement` what
    its tombstone says of rules and approvals, as JSON without a word of what is in it. Whether it is due is the caller's
    to know (`archive.zip_fates`). Appends to the log last. Raises what `destroy` raises; a database error when the matter
    is not released.
    """
    one = zip_fates.contents(zip_id)
    if one is None:
        return ZipOutcome(Why.UNKNOWN)
    holding.may_go(
        one.message_ids, rules=holds
    )  # locks each of its sessions, the members, the joins and leaves
    is_busy = bulk.run(_ZIP_IS_BUSY, (zip_id,))
    one = zip_fates.contents(zip_id)  # as it is under the locks
    if one is None or len(is_busy) == 0:
        return ZipOutcome(Why.UNKNOWN)
    if is_busy == [(True,)]:
        return ZipOutcome(Why.BUSY)
    held = zip_fates.covering(one, holds=holds)
    if len(held) > 0:
        return ZipOutcome(Why.HELD, held)
    given = (
        zip_id,
        list(one.message_ids),
        matter,
        json.dumps(statement),
        hashing.new_salt(),
        disposition,
        now,
    )
    ((tombstone, blobs, size),) = bulk.run(_DESTROY_ZIP, given)
    bulk.run("SET CONSTRAINTS ALL IMMEDIATE")  # keys are checked before the log's lock, not under it
    bulk.run("SET CONSTRAINTS ALL DEFERRED")
    row = ZipTombstone.objects.get(pk=tombstone)
    log.append([log.Entry(Leaf.Kind.ZIP_TOMBSTONE, tombstone, zip_commitment(row))], now=now)
    return ZipOutcome(None, (), blobs, size)


def zip_commitment(row: ZipTombstone) -> bytes:
    """What the leaf of a zip's tombstone commits to."""
    return commitments.zip_tombstone(
        salt=bytes(row.salt),
        hold_file_id=row.hold_file_id,
        zoom_matter_id=row.zoom_matter_id,
        matter=row.matter,
        sha256=bytes(row.sha256),
        size_bytes=row.size_bytes,
        first_day=row.first_day,
        last_day=row.last_day,
        entries=row.entries,
        messages=row.messages,
        statement=row.statement,
        leaves=row.leaves,
        hashes=bytes(row.hashes),
        disposition=row.disposition,
        destroyed_at=row.destroyed_at,
    )
