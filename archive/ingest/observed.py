"""Anything Zoom described that is not a message: kept as observed, byte for byte, each distinct state once.

From some kinds the directory is kept up to date: channels and their retention, joins and leaves, contacts.
These rows are projections and may change; the observation is the evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from archive import bulk, canonical, commitments, hashing, log, readable
from archive.ingest import pages, projections
from archive.models import Account, Leaf, Observation, Page, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Our key of an observation, and whether this state was new to the archive."""

    observation_id: int
    is_new: bool


def observation(*, account: Account, kind: Observation.Kind, subject: str, raw: bytes, now: datetime) -> Seen:
    """Keep one observed state of `subject` (Zoom's id of it); see `observations`."""
    return observations(account=account, kind=kind, items=[(subject, raw)], now=now)[0]


def observations(
    *, account: Account, kind: Observation.Kind, items: Sequence[tuple[str, bytes]], now: datetime
) -> list[Seen]:
    """Keep observed states of things of one kind, and what the directory learns from them; one transaction.

    `items` are Zoom's ids with the exact bytes of each record, in the order of the reply. A state seen before
    is found again, not doubled. Bytes that could not be read at all belong to `unreadable`.
    """
    with transaction.atomic():
        seen, leaves = store(account_id=account.id, kind=kind, items=items, now=now)
        projections.learn(account_id=account.id, kind=kind, items=items, now=now)
        log.append(leaves, now=now)
    return seen


def unreadable(
    *, raw: bytes, reason: str, now: datetime, window: Window | None = None, page: Page | None = None
) -> None:
    """Keep bytes that could not be archived as what they should be, with the reason in words."""
    with transaction.atomic():
        leaves = pages.store_unreadables(
            [(page.id if page is not None else None, raw, readable.text(reason))],
            window_id=window.id if window is not None else None,
            now=now,
        )
        log.append(leaves, now=now)


def store(
    *, account_id: int, kind: Observation.Kind, items: Sequence[tuple[str, bytes]], now: datetime
) -> tuple[list[Seen], list[log.Entry]]:
    """Rows for states not yet known, in the caller's transaction: what was found of each item, and the leaves."""
    keys = [
        (readable.identifier(subject, limit=255) or "", canonical.content_digest(raw, kind=kind.value))
        for subject, raw in items
    ]
    given = dict(zip(keys, (raw for _, raw in items), strict=True))
    salts = {key: hashing.new_salt() for key in sorted(given)}
    rows = bulk.run(
        "INSERT INTO archive_observation (account_id, kind, subject, digest, raw, salt, observed_at)"
        " SELECT %b::bigint, %b::text, s, d, r, t, %b::timestamptz"
        " FROM unnest(%b::text[], %b::bytea[], %b::bytea[], %b::bytea[]) AS u (s, d, r, t)"
        " ON CONFLICT (account_id, kind, subject, digest) DO NOTHING RETURNING subject, digest, id",
        (
            account_id,
            kind.value,
            now,
            [subject for subject, _ in salts],
            [digest for _, digest in salts],
            [given[key] for key in salts],
            list(salts.values()),
        ),
    )
    fresh = {(subject, digest): key for subject, digest, key in rows}
    ids = fresh | _known(account_id, kind, [key for key in salts if key not in fresh])
    entries = [
        log.Entry(
            Leaf.Kind.OBSERVATION,
            row_id,
            commitments.observation(
                salt=salts[key],
                account_id=account_id,
                kind=kind.value,
                subject=key[0],
                raw=given[key],
                observed_at=now,
            ),
        )
        for key, row_id in fresh.items()
    ]
    return [Seen(observation_id=ids[key], is_new=key in fresh) for key in keys], entries


def _known(
    account_id: int, kind: Observation.Kind, keys: Sequence[tuple[str, bytes]]
) -> dict[tuple[str, bytes], int]:
    if len(keys) == 0:
        return {}
    rows = bulk.run(
        "SELECT subject, o.digest, o.id FROM archive_observation AS o"
        " JOIN unnest(%b::text[], %b::bytea[]) AS t (s, d) ON o.subject = t.s AND o.digest = t.d"
        " WHERE o.account_id = %b AND o.kind = %b",
        ([subject for subject, _ in keys], [digest for _, digest in keys], account_id, kind.value),
    )
    return {(subject, digest): row_id for subject, digest, row_id in rows}
