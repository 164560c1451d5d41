"""Answering a search: which messages, how many, and how complete the answer is.

Only ids come out; whoever shows words reads them through the archive's readers, within the same scope. The caller
has checked permission and writes the audit trail: this module is behind the one audited door.
"""

from dataclasses import dataclass
from datetime import datetime

from archive.scope import Scope
from archive.search import coverage, engine, index, language, places
from archive.search.coverage import Coverage
from archive.search.engine import Facets
from archive.search.places import Order, Place
from archive.search.query import Ast
from archive.search.wording import explain

LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One message found."""

    message_id: int
    session_id: int
    sent_at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer. `count` is exact and of the whole answer; `next` is None on the last page."""

    ast: Ast
    explanation: str
    count: int
    hits: tuple[Hit, ...]
    next: Place | None
    coverage: Coverage


def messages(
    query: str | Ast,
    *,
    scope: Scope,
    after: Place | None = None,
    limit: int = 50,
    order: Order = Order.NEWEST,
    now: datetime | None = None,
) -> Answer:
    """The messages within `scope` that the query asks for, `limit` of them from beyond the place `after`.

    A limit of 0 only counts; more than LARGEST_PAGE is LARGEST_PAGE. Days counted from today are counted from `now`.
    Raises QueryError when the query is not understood, IndexUnavailable when no index can answer.
    """
    ast = language.parse(query, now=now) if isinstance(query, str) else query
    snapshot = index.snapshot()
    page = engine.search(
        snapshot,
        ast,
        scope=scope,
        after=after,
        limit=max(0, min(limit, LARGEST_PAGE)),
        order=order,
    )
    hits = tuple(
        Hit(one.message_id, one.session_id, places.moment(one.sent), one.place) for one in page.found
    )
    return Answer(
        ast=ast,
        explanation=explain(ast),
        count=page.count,
        hits=hits,
        next=hits[-1].place if page.has_more and len(hits) > 0 else None,
        coverage=coverage.of(snapshot),
    )


def facets(ast: Ast, *, scope: Scope) -> Facets:
    """The whole answer counted by day, session, sender and property; raises as `messages` does."""
    return engine.facets(index.snapshot(), ast, scope=scope)
