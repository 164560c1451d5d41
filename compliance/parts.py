"""The ids in kept lists: written, read by place, compared. Numbers are exact, and only ever of what a scope admits.

A place is a message's number in its list, from 1. Lists may be long: they are read a part at a time and compared by the
database, never held in memory. Whoever calls has checked that the person may see the list.
"""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from archive import admitted, search
from archive.scope import Scope
from compliance.models import ListPart

SIZE = search.STRETCH

_PLACES = (
    "SELECT p.number::bigint * %s + u.n AS place, u.id FROM compliance_listpart p "
    "CROSS JOIN LATERAL unnest(p.ids) WITH ORDINALITY AS u (id, n) WHERE p.list_id = %s"
)
_IDS = "SELECT unnest(ids) AS id FROM compliance_listpart WHERE list_id = %s"


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many messages are only in the first list, in both, and only in the second."""

    only_first: int
    both: int
    only_second: int


def write(list_id: int, number: int, ids: list[int]) -> None:
    """One part, after those before it; every part but the last is full, or there would be no telling places."""
    if number > 0 and ListPart.objects.filter(list_id=list_id, number=number - 1, ids__len=SIZE).count() != 1:
        raise ValueError(f"Part {number} of list {list_id} does not follow a full one.")
    ListPart.objects.create(list_id=list_id, number=number, ids=ids)


def drop(list_id: int) -> None:
    """All parts of a list."""
    ListPart.objects.filter(list_id=list_id).delete()


def line(message_id: int) -> bytes:
    """A message in the bytes that a list's digest is taken over."""
    return b"%d\n" % message_id


def digest(list_id: int) -> bytes:
    """The SHA-256 of a list as it is now: over the ids in decimal, in order, each with a line feed after it."""
    sha256 = hashlib.sha256()
    for ids in stretches(list_id):
        sha256.update(b"".join(map(line, ids)))
    return sha256.digest()


def read(list_id: int, *, scope: Scope, after: int = 0) -> Iterator[tuple[int, int]]:
    """The places and ids beyond a place, in order, of messages within the scope."""
    first = after // SIZE
    for number, ids in enumerate(stretches(list_id, first=first), first):
        seen = admitted.among(ids, scope=scope)
        for place, message_id in enumerate(ids, number * SIZE + 1):
            if place > after and message_id in seen:
                yield place, message_id


def page(list_id: int, *, scope: Scope, after: int, limit: int) -> list[tuple[int, int]]:
    """The next places and ids of a list."""
    return list(itertools.islice(read(list_id, scope=scope, after=after), limit))


def count(list_id: int, *, scope: Scope) -> int:
    """How many messages of a list are within the scope."""
    condition, values = admitted.condition(scope, of="l.id")
    return _number(f"SELECT count(*) FROM ({_IDS}) l WHERE {condition}", [list_id, *values])


def overlap(first: int, second: int, *, scope: Scope) -> Overlap:
    """How many messages within the scope are in one list and in both."""
    condition, values = admitted.condition(scope, of="coalesce(a.id, b.id)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE b.id IS NULL), count(*) FILTER (WHERE a.id = b.id), "
            f"count(*) FILTER (WHERE a.id IS NULL) FROM ({_IDS}) a FULL JOIN ({_IDS}) b ON a.id = b.id "
            f"WHERE {condition}",
            [first, second, *values],
        )
        return Overlap(*cursor.fetchone())


def differing(
    of: int,
    other: int,
    *,
    shared: bool = False,
    renewed: tuple[int, int] | None = None,
    scope: Scope,
    after: int = 0,
    limit: int,
) -> list[tuple[int, int]]:
    """Places and ids in the list `of`, beyond a place, that the other list lacks, or with `shared` has too.

    `renewed` asks for a version stored between two positions of the log as well.
    """
    text, values = _differing(of, other, shared=shared, renewed=renewed, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.place, l.id {text} AND l.place > %s ORDER BY l.place LIMIT %s", [*values, after, limit]
        )
        return [(int(place), int(message_id)) for place, message_id in cursor.fetchall()]


def count_renewed(of: int, other: int, *, renewed: tuple[int, int], scope: Scope) -> int:
    """How many messages are in both lists and have a version stored between two positions of the log."""
    text, values = _differing(of, other, shared=True, renewed=renewed, scope=scope)
    return _number(f"SELECT count(*) {text}", values)


def _differing(
    of: int, other: int, *, shared: bool, renewed: tuple[int, int] | None, scope: Scope
) -> tuple[str, list[Any]]:
    condition, within = admitted.condition(scope, of="l.id")
    text = (
        f"FROM ({_PLACES}) l WHERE {'' if shared else 'NOT '}EXISTS (SELECT FROM ({_IDS}) o WHERE o.id = l.id) "
        f"AND {condition}"
    )
    values: list[Any] = [SIZE, of, other, *within]
    if renewed is not None:
        stored, between = admitted.renewed(*renewed, of="l.id")
        text, values = f"{text} AND {stored}", [*values, *between]
    return text, values


def stretches(list_id: int, *, first: int = 0) -> Iterator[list[int]]:
    """The parts from number `first` on, each fetched when it is its turn: a page rarely needs a second one."""
    rows = ListPart.objects.filter(list_id=list_id)
    for number in itertools.count(first):
        ids = rows.filter(number=number).values_list("ids", flat=True).first()
        if ids is None:
            return
        yield ids
        if len(ids) < SIZE:
            return


def _number(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
