"""From a query tree and a scope to message ids: exact counts, a stable order, pages by key, counts by everything.

The scope is one more condition that must hold, so that no query can reach or count a message outside it. Equal
times are ordered by message id, and a page begins after the last message of the page before, whatever was indexed
in between.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import NamedTuple

import tantivy
from tantivy import Query

from archive.scope import Scope
from archive.search import conditions, counting, index, places, wide
from archive.search.conditions import Build
from archive.search.counting import Facets
from archive.search.known import NOTHING, Known
from archive.search.places import Order, Place
from archive.search.query import Ast

MOST_RELEVANT = 1_000
_PLACE = attrgetter("place")


class Hit(NamedTuple):
    """One message found."""

    message_id: int
    session_id: int
    sent_at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    """How many messages match in all, those of one page, how many come before it; and how all of them count."""

    count: int
    found: tuple[Hit, ...]
    has_more: bool
    before: int
    counted: Callable[[], Facets] | None


class Sought(NamedTuple):
    """What is looked for in one state of the index, within a scope: conditions that must all hold."""

    snapshot: index.Snapshot
    ast: Ast
    build: Build
    wanted: list[Query]


def sought(snapshot: index.Snapshot, ast: Ast, *, scope: Scope, known: Known = NOTHING) -> Sought:
    """What the query asks for; names are looked up in the database."""
    with _running(snapshot, ast):
        build = _build(snapshot, known)
        return Sought(snapshot, ast, build, [build.query(ast), *build.scope(scope)])


def search(
    sought: Sought,
    *,
    after: Place | None,
    limit: int,
    order: Order,
    gone: Collection[int] = (),
    facets_in: str | None = None,
) -> Page:
    """One page of the messages that match within the scope, and the exact number of all of them.

    Those of `gone`, destroyed since, are none of them. They are counted by everything when `facets_in` names the zone
    of their days: beside this and whatever is done before the numbers are asked for. Asks nothing of the database.
    """
    snapshot, ast, build, _ = sought
    with _running(snapshot, ast):
        wanted = [*sought.wanted, *build.without(gone)]
        query = conditions.all_of(wanted)
        counting_all = None if facets_in is None else counting.Counting(snapshot, query, zone=facets_in)
        if order is Order.RELEVANT:
            first = 0 if after is None else min(max(after.sent, 0), MOST_RELEVANT)
            found, count, has_more = _best(snapshot.searcher, query, first, limit)
            before = min(first, count)
        else:
            rest = wanted if after is None else [*wanted, build.beyond(after, order)]
            found, left, has_more = _page(snapshot.searcher, build, rest, limit, order)
            count = left if after is None else counting.count(snapshot.searcher, query)
            before = count - left
    counted = None if counting_all is None else partial(_counted, counting_all, snapshot, ast)
    return Page(count, tuple(found), has_more, before, counted)


def _counted(counting_all: counting.Counting, snapshot: index.Snapshot, ast: Ast) -> Facets:
    with _running(snapshot, ast):
        return counting_all.facets()


def every(
    snapshot: index.Snapshot,
    ast: Ast,
    *,
    scope: Scope,
    order: Order,
    gone: Collection[int] = (),
    known: Known = NOTHING,
    at_once: int = 10_000,
) -> Iterator[list[Hit]]:
    """All the messages that match within the scope, in order (of time, not of relevance), so many at once."""
    if order is Order.RELEVANT:
        raise ValueError("A whole answer is in the order of time.")
    after: Place | None = None
    has_more = True
    with _running(snapshot, ast):
        build = _build(snapshot, known)
        wanted = [build.query(ast), *build.scope(scope), *build.without(gone)]
    while has_more:
        with _running(snapshot, ast):
            rest = wanted if after is None else [*wanted, build.beyond(after, order)]
            found, _, has_more = _page(snapshot.searcher, build, rest, at_once, order)
        if len(found) > 0:
            after = found[-1].place
            yield found


@contextmanager
def _running(snapshot: index.Snapshot, ast: Ast) -> Iterator[None]:
    """Tell damage of the index from a query that asks for too much."""
    with index.reading(snapshot.name):
        try:
            yield
        except ValueError as error:
            if not wide.is_why(error):
                raise
            raise wide.refusal(
                ast, lambda part: counting.count(snapshot.searcher, _build(snapshot).query(part))
            ) from error


def _build(snapshot: index.Snapshot, known: Known = NOTHING) -> Build:
    return Build(snapshot, by=partial(counting.by, snapshot), known=known)


def _page(
    searcher: tantivy.Searcher, build: Build, wanted: list[Query], limit: int, order: Order
) -> tuple[list[Hit], int, bool]:
    """The first messages in the order, how many there are in all, and whether those are more.

    The engine orders by time only, and counts while it does. All that were sent before (after) the first one that no
    longer fits are on the page; those sent at the same time as that one fill the rest of it in the order of their ids.
    """
    query = conditions.all_of(wanted)
    if limit == 0:
        return [], counting.count(searcher, query), True
    direction = tantivy.Order.Desc if order is Order.NEWEST else tantivy.Order.Asc
    result = searcher.search(query, limit=limit + 1, count=True, order_by_field="sent", order=direction)
    found = _found(searcher, result, ordered_by="sent")
    if len(found) <= limit:
        return _sorted(found, order), len(found), False
    edge = found[limit].place.sent
    kept = [one for one in found if one.place.sent != edge]
    if len(kept) < limit:
        tied = searcher.search(
            conditions.all_of([*wanted, build.range("sent", edge, edge)]),
            limit=limit - len(kept),
            count=False,
            order_by_field="message",
            order=direction,
        )
        kept += _found(searcher, tied, ordered_by="message")
    return _sorted(kept, order), counting.total(result), True


def _best(searcher: tantivy.Searcher, query: Query, first: int, limit: int) -> tuple[list[Hit], int, bool]:
    """The next of the most relevant messages, how many there are in all, and whether there are more to show.

    Beyond the first MOST_RELEVANT relevance says nothing.
    """
    limit = min(limit, MOST_RELEVANT - first)
    if limit <= 0:
        return [], counting.count(searcher, query), False
    result = searcher.search(query, limit=limit + 1, count=True, offset=first)
    found = _found(searcher, result, ordered_by=None)
    ranked = [
        one._replace(place=Place(first + rank, one.message_id)) for rank, one in enumerate(found[:limit], 1)
    ]
    return ranked, counting.total(result), len(found) > limit and first + limit < MOST_RELEVANT


def _found(searcher: tantivy.Searcher, result: tantivy.SearchResult, *, ordered_by: str | None) -> list[Hit]:
    """The hits as messages. What they are ordered by comes with them: to open a column is most of a small search."""
    hits = result.hits  # made anew each time it is asked for
    addresses = [address for _, address in hits]
    sent, messages, sessions = (
        [key for key, _ in hits] if field == ordered_by else searcher.fast_field_values(field, addresses)
        for field in ("sent", "message", "session")
    )
    return list(map(Hit, messages, sessions, map(places.moment, sent), map(Place, sent, messages)))


def _sorted(found: list[Hit], order: Order) -> list[Hit]:
    return sorted(found, key=_PLACE, reverse=order is Order.NEWEST)
