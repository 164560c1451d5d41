"""The lines that records of each kind are written as, a page of them at a time."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from archive import bulk, hashing
from archive.models import Leaf
from archive.packages import natives
from archive.packages.content import File, Person, Request
from archive.packages.natives import Missing

Line = dict[str, Any]

# Each row by its key, and what belongs to it by its own, in that order (OFFSET 0): whether it has statistics of a table or
# thinks it empty, as it does while one grows, the planner has nothing to choose.
_REVISIONS: LiteralString = """
SELECT version.id, leaf.at, leaf.commitment, version.salt, place.zoom_id, said.zoom_id, version.kind, version.raw,
       version.page_id, version.stored_at, version.text, version.sender_name, version.action_at, said.id,
       said.session_id, said.sent_at, said.sent_at_is_doubtful, said.sender_id, said.reply_to_zoom_id
FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_revision WHERE id = wanted.id OFFSET 0) AS version,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 1 AND subject_id = wanted.id OFFSET 0) AS leaf,
    LATERAL (SELECT * FROM archive_message WHERE id = version.message_id OFFSET 0) AS said,
    LATERAL (SELECT * FROM archive_session WHERE id = said.session_id OFFSET 0) AS place
"""
_BLOBS: LiteralString = """
SELECT blob.id, leaf.at, leaf.commitment, blob.salt, blob.sha256, blob.size_bytes, blob.media_type, blob.stored_at
FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_blob WHERE id = wanted.id OFFSET 0) AS blob,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 2 AND subject_id = wanted.id OFFSET 0) AS leaf
"""
_WINDOWS: LiteralString = """
SELECT closure.id, leaf.at, leaf.commitment, closure.salt, closure.window_id, closure.pull, closure.state,
       closure.reason, closure.account, closure.closed_at, span.session_id, place.zoom_id, span.first_day, span.last_day,
       span.kind
FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_windowclosure WHERE id = wanted.id OFFSET 0) AS closure,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 4 AND subject_id = wanted.id OFFSET 0) AS leaf,
    LATERAL (SELECT * FROM archive_window WHERE id = closure.window_id OFFSET 0) AS span,
    LATERAL (SELECT * FROM archive_session WHERE id = span.session_id OFFSET 0) AS place
"""
_STONES: LiteralString = """
SELECT stone.id, leaf.at, leaf.commitment, stone.salt, stone.message_id, place.zoom_id, stone.zoom_id, stone.sent_at,
       said.sent_at_is_doubtful, said.reply_to_zoom_id, said.sender_id, stone.revisions, stone.attachments,
       stone.leaves, stone.hashes, stone.disposition, stone.destroyed_at, stone.session_id
FROM unnest(%b::bigint[]) AS wanted (id),
    LATERAL (SELECT * FROM archive_tombstone WHERE id = wanted.id OFFSET 0) AS stone,
    LATERAL (SELECT * FROM archive_leaf WHERE kind = 10 AND subject_id = wanted.id OFFSET 0) AS leaf,
    LATERAL (SELECT * FROM archive_session WHERE id = stone.session_id OFFSET 0) AS place,
    LATERAL (SELECT * FROM archive_message WHERE id = stone.message_id OFFSET 0) AS said
"""


class Lines:
    """What lines are written with: the request, everybody's names, and files that are not there."""

    def __init__(
        self, request: Request, *, people: Mapping[int, Person], lost: Mapping[bytes, Missing]
    ) -> None:
        self._request, self._people, self._lost = request, people, lost
        self._of_kind: dict[int, Callable[[Sequence[int]], Iterator[tuple[int, Line]]]] = {
            Leaf.Kind.REVISION: self._revisions,
            Leaf.Kind.BLOB: self._blobs,
            Leaf.Kind.WINDOW: self._windows,
            Leaf.Kind.TOMBSTONE: self._stones,
        }

    def of(self, kind: int, keys: Sequence[int]) -> Iterator[tuple[int, Line]]:
        """The lines of these rows by their keys; of a row that is gone there is none."""
        return self._of_kind[kind](keys)

    def _revisions(self, keys: Sequence[int]) -> Iterator[tuple[int, Line]]:
        found = bulk.run(_REVISIONS, (list(keys),))
        files = natives.on(sorted({row[13] for row in found}), request=self._request, lost=self._lost)
        for row in found:
            sender = self._people.get(row[17])
            yield (
                row[0],
                {
                    **_head("revision", row),
                    "session": row[4],
                    "message": row[5],
                    "kind": row[6],
                    "raw": b64encode(row[7]).decode(),
                    "page_id": row[8],
                    "stored_at": hashing.moment(row[9]),
                    "text": row[10],
                    "sender_name": row[11],
                    "action_at": None if row[12] is None else hashing.moment(row[12]),
                    "message_id": row[13],
                    "session_id": row[14],
                    "sent_at": hashing.moment(row[15]),
                    "sent_at_is_doubtful": row[16],
                    "sender": None if sender is None else _person(sender),
                    "reply_to": row[18],
                    "files": [_file(file) for file in files.get(row[13], ())],
                },
            )

    def _blobs(self, keys: Sequence[int]) -> Iterator[tuple[int, Line]]:
        for row in bulk.run(_BLOBS, (list(keys),)):
            missing = self._lost.get(row[4])
            place = None if missing is not None else natives.path(row[4], row[6])
            yield (
                row[0],
                {
                    **_head("blob", row),
                    "sha256": row[4].hex(),
                    "size_bytes": row[5],
                    "media_type": row[6],
                    "stored_at": hashing.moment(row[7]),
                    "about": {"path": place, "reason": "" if missing is None else natives.SENTENCES[missing]},
                },
            )

    def _windows(self, keys: Sequence[int]) -> Iterator[tuple[int, Line]]:
        for row in bulk.run(_WINDOWS, (list(keys),)):
            yield (
                row[0],
                {
                    **_head("window", row),
                    "window_id": row[4],
                    "pull": row[5],
                    "state": row[6],
                    "reason": row[7],
                    "account": json.loads(row[8]) if isinstance(row[8], str) else row[8],
                    "closed_at": hashing.moment(row[9]),
                    "about": {
                        "session_id": row[10],
                        "session": row[11],
                        "first_day": row[12].isoformat(),
                        "last_day": row[13].isoformat(),
                        "kind": row[14],
                    },
                },
            )

    def _stones(self, keys: Sequence[int]) -> Iterator[tuple[int, Line]]:
        for row in bulk.run(_STONES, (list(keys),)):
            yield (
                row[0],
                {
                    **_head("tombstone", row),
                    "message_id": row[4],
                    "session": row[5],
                    "message": row[6],
                    "sent_at": hashing.moment(row[7]),
                    "sent_at_is_doubtful": row[8],
                    "reply_to": row[9],
                    "sender_id": row[10],
                    "revisions": row[11],
                    "attachments": row[12],
                    "leaves": list(row[13]),
                    "hashes": row[14].hex(),
                    "disposition": row[15],
                    "destroyed_at": hashing.moment(row[16]),
                    "about": {"session_id": row[17]},
                },
            )


def _head(type: str, row: tuple[Any, ...]) -> Line:
    at: datetime = row[1]
    return {"type": type, "at": hashing.moment(at), "commitment": row[2].hex(), "salt": row[3].hex()}


def _person(one: Person) -> Line:
    return {
        "id": one.id,
        "name": one.display_name,
        "email": one.email,
        "member_id": one.member_id,
        "user_id": one.user_id,
        "is_external": one.is_external,
        "is_bot": one.is_bot,
    }


def _file(one: File) -> Line:
    return {
        "attachment_id": one.attachment_id,
        "file_id": one.zoom_id,
        "name": one.name,
        "size_bytes": one.size_bytes,
        "media_type": one.media_type,
        "sha256": None if one.sha256 is None else one.sha256.hex(),
        "path": one.path,
        "reason": one.reason,
    }
