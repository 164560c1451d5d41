"""Thousands of pieces as a few conditions that the engine is quick at.

The engine has times in a column only, and reads much of it for each span of time that is asked for: about a millisecond
for each span and million messages. Pieces of one time are one condition, so what holds usually say is quick. Custodians
who join and leave make many spans of their own. Then bounds within which a session lies as a whole are dropped, and of
spans that are left the messages are looked up in the database, which has them in the order of time. That is remembered
for the state of the index it was found for: the messages of such a state, and their times, never change.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import LiteralString

from archive import bulk
from archive.scope import Piece, Pieces

FEW = 16
"""Spans of time that are left to the engine."""
MOST = 20_000
"""Messages of a piece that are looked up; one with more is left to the engine, too."""

_REACH: LiteralString = (
    "SELECT p.session, r.first, r.last FROM unnest(%b::bigint[]) AS p (session), LATERAL"
    " (SELECT min(sent_at) AS first, max(sent_at) AS last FROM archive_message WHERE session_id = p.session) AS r"
    " WHERE r.first IS NOT NULL"
)
_FOUND: LiteralString = (
    "SELECT p.n, f.ids FROM unnest(%b::bigint[], %b::bigint[], %b::timestamptz[], %b::timestamptz[])"
    " WITH ORDINALITY AS p (session, sender, since, until, n), LATERAL (SELECT array_agg(id) AS ids FROM ("
    " SELECT m.id FROM archive_message m WHERE m.session_id = p.session"
    " AND (p.sender IS NULL OR m.sender_id = p.sender) AND m.sent_at >= coalesce(p.since, '-infinity')"
    " AND m.sent_at < coalesce(p.until, 'infinity') LIMIT %b) AS m) AS f WHERE f.ids IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class State:
    """A state of an index: its name, and the leaf below which everything is in it."""

    name: str
    complete_to: int


@dataclass(frozen=True, slots=True)
class Covered:
    """The same as a union of pieces in a state of the index: pieces of few spans of time, and messages."""

    pieces: tuple[Piece, ...]
    message_ids: tuple[int, ...]


@lru_cache(maxsize=32)
def of(union: Pieces, state: State) -> Covered:  # noqa: ARG001  # for which it is remembered
    """What a union comes to in a state of the index."""
    if _spans(union.pieces) <= FEW:
        return Covered(tuple(union.pieces), ())
    pieces = _unbound(union.pieces)
    often = {span for span, _ in Counter(map(_span, pieces)).most_common(FEW)}
    odd = [piece for piece in pieces if piece.session is not None and _span(piece) not in often]
    kept = [piece for piece in pieces if piece.session is None or _span(piece) in often]
    found, large = _looked_up(odd)
    return Covered((*kept, *large), tuple(found))


def _span(piece: Piece) -> tuple[datetime | None, datetime | None]:
    return piece.since, piece.until


def _spans(pieces: Iterable[Piece]) -> int:
    return len(set(map(_span, pieces)))


def _unbound(pieces: Iterable[Piece]) -> set[Piece]:
    """The pieces without the bounds that leave nothing of their session out, and without those that leave out all."""
    pieces = list(pieces)
    sessions = {piece.session for piece in pieces if piece.session is not None}
    reach = {session: (first, last) for session, first, last in bulk.run(_REACH, [list(sessions)])}
    kept = set()
    for piece in pieces:
        if piece.session is None:
            kept.add(piece)
        elif piece.session in reach:
            first, last = reach[piece.session]
            since = None if piece.since is not None and piece.since <= first else piece.since
            until = None if piece.until is not None and piece.until > last else piece.until
            kept.add(replace(piece, since=since, until=until))
    return kept


def _looked_up(pieces: Sequence[Piece]) -> tuple[set[int], list[Piece]]:
    """The messages of pieces, and the pieces that have too many."""
    columns = [
        [piece.session for piece in pieces],
        [piece.sender for piece in pieces],
        [piece.since for piece in pieces],
        [piece.until for piece in pieces],
    ]
    found: set[int] = set()
    large: list[Piece] = []
    for number, ids in bulk.run(_FOUND, [*columns, MOST + 1]) if len(pieces) > 0 else []:
        if len(ids) > MOST:
            large.append(pieces[number - 1])
        else:
            found.update(ids)
    return found, large
