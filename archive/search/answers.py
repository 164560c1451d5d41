"""Answering a search: which messages, how many, and how complete the answer is.

Only ids come out; whoever shows words reads them through the archive's readers, within the same scope. The caller
has checked permission and writes the audit trail: this module is behind the one audited door.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from archive.scope import Scope
from archive.search import coverage, engine, index, language, unsearched
from archive.search.counting import Facets
from archive.search.coverage import Coverage
from archive.search.engine import Hit
from archive.search.errors import IndexUnavailable
from archive.search.known import NOTHING, Known
from archive.search.places import Order, Place
from archive.search.query import Ast
from archive.search.wording import explain

LARGEST_PAGE = 1_000
UTC = "UTC"
STRETCH = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer. `count` is exact and of the whole answer; `next` is None on the last page.

    `before` hits come before the first one of the page. The facets, where they were asked for, are of the same state
    of the index as the hits; their days are days of `zone`. They are counted beside whatever is done with the hits before
    they are asked for, which waits for them, and raises as `messages` does.
    """

    ast: Ast
    explanation: str
    count: int
    hits: tuple[Hit, ...]
    next: Place | None
    coverage: Coverage
    zone: str
    before: int
    counted: Callable[[], Facets] | None

    @property
    def facets(self) -> Facets | None:
        return None if self.counted is None else self.counted()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where one hit stands among all of an answer, counted from 1, and the hits before and after it, if any."""

    count: int
    position: int
    previous: Hit | None
    next: Hit | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Whole:
    """All of an answer: how many, how complete, and the ids in order, STRETCH at a time (the last may be fewer)."""

    count: int
    coverage: Coverage
    stretches: Iterator[list[int]]


def messages(
    query: str | Ast,
    *,
    scope: Scope,
    after: Place | None = None,
    limit: int = 50,
    order: Order = Order.NEWEST,
    known: Known = NOTHING,
    now: datetime | None = None,
    with_facets: bool = False,
) -> Answer:
    """The messages within `scope` that the query asks for, `limit` of them from beyond the place `after`.

    A limit of 0 only counts; more than LARGEST_PAGE is LARGEST_PAGE. Days counted from today are counted from `now`.
    Raises QueryError when the query is not understood, IndexUnavailable when no index can answer.
    """
    ast = language.parse(query, now=now) if isinstance(query, str) else query
    zone = language.zone_of(query) if isinstance(query, str) else UTC
    snapshot = index.snapshot()
    run = partial(
        engine.search,
        engine.sought(snapshot, ast, scope=scope, known=known),
        after=after,
        limit=max(0, min(limit, LARGEST_PAGE)),
        order=order,
        facets_in=zone if with_facets else None,
    )
    with coverage.asked(snapshot, scope=scope) as told:
        page = run()
        covered, gone = told()
    if len(gone) > 0:  # seldom: until the indexer has come to it
        page = run(gone=gone)
    hits = page.found
    return Answer(
        ast=ast,
        explanation=explain(ast),
        count=page.count,
        hits=hits,
        next=hits[-1].place if page.has_more and len(hits) > 0 else None,
        coverage=covered,
        zone=zone,
        before=page.before,
        counted=None if page.counted is None else cache(page.counted),
    )


def around(
    query: str,
    place: Place,
    *,
    scope: Scope,
    order: Order = Order.NEWEST,
    known: Known = NOTHING,
    now: datetime | None = None,
) -> Surroundings:
    """Where the hit at a place stands in the answer to a query, and its neighbours; raises as `messages` does."""
    ast, snapshot = language.parse(query, now=now), index.snapshot()
    covered, gone = coverage.beside(snapshot, scope=scope)
    among = partial(engine.search, engine.sought(snapshot, ast, scope=scope, known=known), gone=gone)
    ahead = among(after=place, limit=1, order=order)
    if order is Order.RELEVANT:
        before = None if place.sent < 3 else Place(place.sent - 2, 0)
        limit = 0 if place.sent < 2 else 1
    else:
        before, limit = place, 1
    behind = among(after=before, limit=limit, order=order.reverse)
    return Surroundings(
        count=ahead.count,
        position=ahead.before,
        previous=next(iter(behind.found), None),
        next=next(iter(ahead.found), None),
        coverage=covered,
    )


def whole(ast: Ast, *, scope: Scope, order: Order = Order.NEWEST, known: Known = NOTHING) -> Whole:
    """The whole answer, read from one state of the index however long that takes; raises as `messages` does.

    In the order of time: an answer by relevance has no end worth keeping.
    """
    snapshot = index.snapshot()
    covered, gone = coverage.beside(snapshot, scope=scope)
    asked_for = engine.sought(snapshot, ast, scope=scope, known=known)
    page = engine.search(asked_for, gone=gone, after=None, limit=0, order=order)
    stretches = engine.every(snapshot, ast, scope=scope, gone=gone, order=order, known=known, at_once=STRETCH)
    ids = ([one.message_id for one in stretch] for stretch in stretches)
    return Whole(count=page.count, coverage=covered, stretches=ids)


def unsearched_files(
    *, scope: Scope, only_unread: bool = False, before: int | None = None, limit: int = 100
) -> unsearched.Page:
    """The files within `scope` whose insides are not searched: unreadable, or with `only_unread` not read yet."""
    try:
        complete_to = index.snapshot().marker.complete_to
    except IndexUnavailable:
        complete_to = 0
    return unsearched.files(
        complete_to=complete_to, scope=scope, only_unread=only_unread, before=before, limit=limit
    )
