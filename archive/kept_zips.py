"""Messages that also lie in a zip of a legal hold, which is kept byte for byte: they are not destroyed while it is here.

Nothing can be taken out of a zip without making it another, so a message whose words are in one cannot honestly be called
destroyed. What a chat log of the zip names is in it, whoever said it and whenever. Where the chat logs do not name
everything (not opened, not read, no chat log known as one), everything of its custodian and its days may be in it too,
and counts as if it were.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import LiteralString

from archive import bulk
from archive.models import HoldEntry

_MOST_BYTES = 256 << 20
_CACHED = 16
_MOST_KEPT = 8_000_000
"""Messages of all zips together that a process keeps the keys of: 64 MB. Beyond that a zip is read each time."""

_Opened = tuple[int, datetime | None, int | None]
"""A zip, when it was opened, and how many messages were found in it: what is known of it stays so as long as these do."""

_ASKED: LiteralString = """
SELECT said.id, place.account_id, place.zoom_id, said.zoom_id
FROM archive_message said JOIN archive_session place ON place.id = said.session_id WHERE said.id = ANY(%b::bigint[])
"""
# Whoever said it and whenever: a custodian's chat log has what others said in their sessions, too.
_OPENED: LiteralString = """
SELECT zip.id, zip.opened_at, CASE WHEN zip.opening = 'opened' THEN zip.messages_found END
FROM archive_holdfile zip JOIN archive_holdcustodian custodian ON custodian.id = zip.custodian_id
WHERE custodian.account_id = %b AND zip.blob_id IS NOT NULL AND zip.opening IN ('opened', 'partly') ORDER BY zip.id
"""
# A day more on both sides: Zoom does not say in which zone the days of a zip are.
_COULD_HAVE: LiteralString = """
SELECT zip.id, said.id
FROM archive_message said
JOIN archive_session place ON place.id = said.session_id
JOIN archive_holdcustodian custodian ON custodian.account_id = place.account_id
    AND (custodian.person_id IS NULL OR said.sender_id IS NULL OR custodian.person_id = said.sender_id)
JOIN archive_holdfile zip ON zip.custodian_id = custodian.id AND zip.blob_id IS NOT NULL
    AND (said.sent_at_is_doubtful
         OR (zip.first_day IS NULL OR said.sent_at >= zip.first_day - interval '1 day')
            AND (zip.last_day IS NULL OR said.sent_at < zip.last_day + interval '2 days'))
WHERE said.id = ANY(%b::bigint[]) AND NOT zip.id = ANY(%b::bigint[])
"""


@dataclass(frozen=True, slots=True)
class _Keys:
    """What the chat logs of a zip name, in eight bytes a message and in order; `is_whole`: nothing else is in it."""

    messages: array[int]
    is_whole: bool

    def may_name(self, session: str, message: str) -> bool:
        """Whether it names a message; a wrong yes is possible, a wrong no is not."""
        key = _key(session, message)
        at = bisect_left(self.messages, key)
        return at < len(self.messages) and self.messages[at] == key

    def may_be_of(self, session: str) -> bool:
        """Whether it names anything said in a session, in the same way."""
        first = _key(session, "") >> 32 << 32
        at = bisect_left(self.messages, first)
        return at < len(self.messages) and self.messages[at] >> 32 == first >> 32


class _Shelf:
    """The keys of zips that this process has read. What finds no room is read anew: throwing out would read all anew."""

    def __init__(self) -> None:
        self._there: dict[int, tuple[_Opened, _Keys]] = {}
        self._messages = 0

    def get(self, zip_: _Opened) -> _Keys | None:
        """What is known of a zip; None when it is not known, or was opened again since."""
        there = self._there.get(zip_[0])
        return there[1] if there is not None and there[0] == zip_ else None

    def put(self, zip_: _Opened, keys: _Keys) -> None:
        """Keep it, as long as there is room."""
        before = self._there.pop(zip_[0], None)
        self._messages -= 0 if before is None else len(before[1].messages)
        if self._messages + len(keys.messages) <= _MOST_KEPT:
            self._there[zip_[0]] = (zip_, keys)
            self._messages += len(keys.messages)


_shelf = _Shelf()


def having(message_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The zips that are here and have, or may have, each of the messages; one that is in none is not in the answer."""
    found: dict[int, set[int]] = defaultdict(set)
    asked: dict[int, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for message_id, account_id, session, message in bulk.run(_ASKED, (list(message_ids),)):
        asked[account_id][session].append((message_id, message))
    whole: list[int] = []
    for account_id, by_session in asked.items():
        for zip_ in bulk.run(_OPENED, (account_id,)):
            keys = _keys(zip_)
            whole += [zip_[0]] if keys.is_whole else []
            for message_id in _among(zip_, keys, by_session):
                found[message_id].add(zip_[0])
    for zip_id, message_id in bulk.run(_COULD_HAVE, (list(message_ids), whole)):
        found[message_id].add(zip_id)
    return {message_id: tuple(sorted(zips)) for message_id, zips in sorted(found.items())}


def named(zip_id: int, opened_at: datetime | None, count: int | None) -> Mapping[str, frozenset[str]] | None:
    """Zoom's ids of the messages in a zip, by session; None where its chat logs do not name them all."""
    found, is_whole = _read(zip_id, opened_at, count)
    return found if is_whole else None


@lru_cache(maxsize=_CACHED)
def _read(
    zip_id: int, _opened_at: datetime | None, count: int | None
) -> tuple[Mapping[str, frozenset[str]], bool]:
    """Zoom's ids of the messages that its chat logs name, by session, and whether those are all."""
    found: dict[str, set[str]] = {}
    seen = 0
    entries = HoldEntry.objects.filter(hold_file_id=zip_id).exclude(said=None).order_by("number")
    for packed in entries.values_list("said", flat=True).iterator(chunk_size=1):
        for session, message in json.loads(
            zlib.decompressobj().decompress(bytes(packed or b""), _MOST_BYTES)
        ):
            if session != "":
                found.setdefault(session, set()).add(message)
                seen += 1
    return {session: frozenset(ids) for session, ids in found.items()}, seen == count


def _keys(zip_: _Opened) -> _Keys:
    """The keys of what a zip names; reading them anew each time would be most of the work of a disposition."""
    known = _shelf.get(zip_)
    if known is not None:
        return known
    found, is_whole = _read(*zip_)
    in_order = sorted(_key(session, one) for session, ids in found.items() for one in ids)
    keys = _Keys(array("q", in_order), is_whole)
    _shelf.put(zip_, keys)
    return keys


def _among(
    zip_: _Opened, keys: _Keys, by_session: Mapping[str, Sequence[tuple[int, str]]]
) -> Collection[int]:
    """Those of the messages that a zip names; its chat logs are read only when its keys say that it may."""
    likely = [
        (session, message_id, message)
        for session, asked in by_session.items()
        if keys.may_be_of(session)
        for message_id, message in asked
        if keys.may_name(session, message)
    ]
    names = _read(*zip_)[0] if likely else {}
    return [message_id for session, message_id, message in likely if message in names.get(session, ())]


def _key(session: str, message: str) -> int:
    """63 bits of a session and a message, those of a session together; alike in one process only."""
    return (hash(session) & 0x7FFF_FFFF) << 32 | hash(message) & 0xFFFF_FFFF
