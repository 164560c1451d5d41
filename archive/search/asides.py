"""What is said in messages beside their own texts: in the messages they forward, and in the cards of bots.

Their words are words of the message that carries them. For the index, as of a position of the log; and for whoever shows
a hit, so that it can say where the words stand.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from archive import bulk
from archive.models import Leaf, Observation
from archive.search import days, records

ORIGINALS = f"""
    JOIN archive_forward f ON f.message_id = m.id JOIN archive_session s ON s.id = m.session_id
    JOIN archive_observation o ON o.account_id = s.account_id AND o.kind = '{Observation.Kind.FORWARD}'
        AND o.subject = f.forward_id
"""
"""What is known of what a message `m` forwards, by Zoom's id of it: it may be known from another that forwards the same."""

_LOGGED = f"""
    SELECT f.message_id, o.raw, {days.ORIGINAL} FROM archive_message m {ORIGINALS}, LATERAL (
        SELECT FROM archive_leaf l WHERE l.kind = {Leaf.Kind.OBSERVATION} AND l.subject_id = o.id AND l.index < %b::bigint OFFSET 0
    ) logged
    WHERE m.id = ANY(%t::bigint[]) ORDER BY o.id
"""
_SHOWN = f"""
    SELECT f.message_id, TRUE, o.raw FROM archive_message m {ORIGINALS}
    WHERE m.id = ANY(%b::bigint[])
    UNION ALL
    SELECT message_id, FALSE, raw FROM archive_revision
    WHERE message_id = ANY(%b::bigint[]) AND position('bot_message'::bytea in raw) > 0
"""


class Where(StrEnum):
    """Where it is said."""

    FORWARDED = "in the message it forwards"
    CARD = "in the card of a bot"


class Aside(NamedTuple):
    """One text beside a message's own."""

    where: Where
    text: str


def originals(
    message_ids: Collection[int], *, complete_to: int
) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """What messages forward, as far as it was logged below `complete_to`: the message, its texts, and what the day's sum adds."""
    for message_id, raw, piece in bulk.run(_LOGGED, [complete_to, bulk.numbers(message_ids)]):
        yield message_id, records.original(raw), piece


def on(message_ids: Collection[int]) -> dict[int, tuple[Aside, ...]]:
    """What is said beside the texts of some messages, each once; one query."""
    found: dict[int, dict[Aside, None]] = {}
    ids = list(message_ids)
    for message_id, is_forwarded, raw in bulk.run(_SHOWN, [ids, ids]) if len(ids) > 0 else ():
        where = Where.FORWARDED if is_forwarded else Where.CARD
        lines = records.original(raw) if is_forwarded else records.read(raw).card
        for line in lines:
            found.setdefault(message_id, {})[Aside(where, line)] = None
    return {message_id: tuple(each) for message_id, each in found.items()}
