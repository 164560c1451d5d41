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

# OFFSET 0: from the messages asked about, each by its key: see `archive.search.documents`, whose statements do likewise.
_ORIGINALS = f"""
    LATERAL (SELECT message_id, forward_id FROM archive_forward WHERE message_id = wanted.id OFFSET 0) f,
    LATERAL (
        SELECT s.account_id FROM archive_message m JOIN archive_session s ON s.id = m.session_id WHERE m.id = f.message_id OFFSET 0
    ) place,
    LATERAL (
        SELECT id, raw, digest FROM archive_observation
        WHERE account_id = place.account_id AND kind = '{Observation.Kind.FORWARD}' AND subject = f.forward_id OFFSET 0
    ) o
"""
"""What is known of what the messages `wanted` forward, by Zoom's id of it: it may be known from another that forwards the same."""

_LOGGED = f"""
    SELECT f.message_id, o.raw, {days.ORIGINAL} FROM unnest(%t::bigint[]) AS wanted (id), {_ORIGINALS},
        LATERAL ({days.logged(Leaf.Kind.OBSERVATION, "o.id", below="%b::bigint")}) logged
    ORDER BY o.id
"""
_SHOWN = f"""
    SELECT f.message_id, TRUE, o.raw FROM unnest(%b::bigint[]) AS wanted (id), {_ORIGINALS}
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
    for message_id, raw, piece in bulk.run(_LOGGED, [bulk.numbers(message_ids), complete_to]):
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
