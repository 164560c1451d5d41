"""How many bytes records are, asked of the database before they are read, so that a page of long ones is read in stretches.

Postgres knows the length of a value without reading it. One sum a page is all it costs where messages are short.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import LiteralString

from archive import bulk

MOST_BYTES = 4_000_000
"""Bytes of records and of their text that are read at once; Python holds the text as up to four times as much."""

_OF_MESSAGES: LiteralString = """
SELECT message_id, sum(octet_length(raw) + octet_length(text))::bigint FROM archive_revision
WHERE message_id = ANY(%b::bigint[]) GROUP BY 1
"""
_OF_VERSIONS: LiteralString = """
SELECT id, (octet_length(raw) + octet_length(text))::bigint FROM archive_revision WHERE id = ANY(%b::bigint[])
"""
_ALL_MESSAGES: LiteralString = """
SELECT sum(octet_length(raw) + octet_length(text))::bigint FROM archive_revision WHERE message_id = ANY(%b::bigint[])
"""
_ALL_VERSIONS: LiteralString = """
SELECT sum(octet_length(raw) + octet_length(text))::bigint FROM archive_revision WHERE id = ANY(%b::bigint[])
"""


def of_messages(keys: Sequence[int]) -> Mapping[int, int]:
    """Of all versions of each message; empty where all of them together are no more than `MOST_BYTES`."""
    return _of(keys, whole=_ALL_MESSAGES, each=_OF_MESSAGES)


def of_versions(keys: Sequence[int]) -> Mapping[int, int]:
    """Of each version; empty where all of them together are no more than `MOST_BYTES`."""
    return _of(keys, whole=_ALL_VERSIONS, each=_OF_VERSIONS)


def stretches(weighed: Sequence[int]) -> Iterator[slice]:
    """Where a page is cut, so that no stretch weighs more than `MOST_BYTES` unless one thing alone does."""
    begin = held = 0
    for place, weight in enumerate(weighed):
        if held + weight > MOST_BYTES and place > begin:
            yield slice(begin, place)
            begin, held = place, 0
        held += weight
    yield slice(begin, len(weighed))


def _of(keys: Sequence[int], *, whole: LiteralString, each: LiteralString) -> Mapping[int, int]:
    given = list(keys)
    ((total,),) = bulk.run(whole, (given,))
    return {} if total is None or total <= MOST_BYTES else dict(bulk.run(each, (given,)))
