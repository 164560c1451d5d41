"""The replies themselves, and what in them could not be read: rows and the leaves that commit to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from archive import bulk, commitments, hashing, log, readable
from archive.models import Leaf, Window
from zoom.replies import Page


def store_pages(pages: Sequence[Page], *, window: Window, pull: int) -> tuple[list[int], list[log.Entry]]:
    """A row for each reply: the keys in order, and the leaves to append."""
    digests = [hashlib.sha256(page.body).digest() for page in pages]
    salts = [hashing.new_salt() for _ in pages]
    requests = [request_line(page) for page in pages]
    rows = bulk.run(
        "INSERT INTO archive_page (window_id, pull, number, operation, request, status, body_sha256, body_bytes,"
        " received_at, salt) SELECT %b::bigint, %b::integer, * FROM unnest(%b::integer[], %b::text[], %b::text[],"
        " %b::smallint[], %b::bytea[], %b::bigint[], %b::timestamptz[], %b::bytea[]) RETURNING salt, id",
        (
            window.id,
            pull,
            [page.number for page in pages],
            [page.request.operation for page in pages],
            requests,
            [page.status for page in pages],
            digests,
            [len(page.body) for page in pages],
            [page.received_at for page in pages],
            salts,
        ),
    )
    keys = dict(rows)
    entries = [
        log.Entry(
            Leaf.Kind.PAGE,
            keys[salt],
            commitments.page(
                salt=salt,
                window_id=window.id,
                pull=pull,
                number=page.number,
                operation=page.request.operation,
                request=request,
                status=page.status,
                body_sha256=digest,
                body_bytes=len(page.body),
                received_at=page.received_at,
            ),
        )
        for page, salt, request, digest in zip(pages, salts, requests, digests, strict=True)
    ]
    return [keys[salt] for salt in salts], entries


def request_line(page: Page) -> str:
    """Method, path and query of a request as one line; the client's note of it holds no token."""
    note = page.request
    query = "?" + urlencode(note.query) if len(note.query) > 0 else ""
    return readable.text(f"{note.method} {note.path}{query}")


def store_unreadables(
    found: Iterable[tuple[int | None, bytes, str]], *, window_id: int | None, now: datetime
) -> list[log.Entry]:
    """A row for each (page, bytes, reason) that could not be archived as what it should be; its leaves."""
    given = list(found)
    if len(given) == 0:
        return []
    salts = [hashing.new_salt() for _ in given]
    rows = bulk.run(
        "INSERT INTO archive_unreadable (window_id, page_id, raw, reason, salt, stored_at)"
        " SELECT %b::bigint, p, r, w, s, %b::timestamptz"
        " FROM unnest(%b::bigint[], %b::bytea[], %b::text[], %b::bytea[]) AS t (p, r, w, s) RETURNING salt, id",
        (window_id, now, [f[0] for f in given], [f[1] for f in given], [f[2] for f in given], salts),
    )
    keys = dict(rows)
    return [
        log.Entry(
            Leaf.Kind.UNREADABLE,
            keys[salt],
            commitments.unreadable(
                salt=salt, window_id=window_id, page_id=page_id, reason=reason, raw=raw, stored_at=now
            ),
        )
        for salt, (page_id, raw, reason) in zip(salts, given, strict=True)
    ]
