"""From a query tree and a scope to message ids: exact counts, a stable order, pages by key.

Query objects are built here, never parsed by the engine's own language. The scope is one more condition that must
hold, so that no query can reach or count a message outside it. Equal times are ordered by message id, and a page
begins after the last message of the page before, whatever was indexed in between.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import tantivy
from tantivy import FieldType, Occur, Query

from archive.scope import Scope
from archive.search import analysis, index
from archive.search.errors import QueryError
from archive.search.query import And, Ast, From, Has, In, Match, Not, Or, Sent, Words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

SessionsNamed = Callable[[In], Collection[int]]


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the order of messages: the time one was sent, in microseconds since 1970, and its id."""

    sent: int
    message_id: int

    def __str__(self) -> str:
        return f"{self.sent}.{self.message_id}"

    @classmethod
    def from_text(cls, text: str) -> "Place | None":
        """The place that `str()` wrote; None when it is not one."""
        sent, _, message_id = text.partition(".")
        try:
            place = cls(int(sent), int(message_id))
        except ValueError:
            return None
        return place if abs(place.sent) < 2**62 and abs(place.message_id) < 2**62 else None


@dataclass(frozen=True, slots=True)
class Found:
    """One message found."""

    place: Place
    session_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """How many messages match in all, and those of one page."""

    count: int
    found: tuple[Found, ...]
    has_more: bool


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(sent: int) -> datetime:
    return _EPOCH + sent * _MICROSECOND


def search(
    snapshot: index.Snapshot,
    ast: Ast,
    *,
    scope: Scope,
    sessions_named: SessionsNamed,
    after: Place | None,
    limit: int,
    order: Order,
) -> Page:
    """One page of the messages that match within the scope, and the exact number of all of them."""
    build = _Build(snapshot.schema, sessions_named)
    conditions = [build.query(ast), *build.scope(scope)]
    rest = conditions if after is None else [*conditions, build.beyond(after, order)]
    with index.reading(snapshot.name):
        try:
            count = _count(snapshot.searcher, _all_of(conditions))
            found, has_more = _page(snapshot.searcher, build, rest, limit, order)
        except ValueError as error:
            if "max expansions" not in str(error):
                raise
            raise _too_wide() from error
    return Page(count, tuple(found), has_more)


def _page(
    searcher: tantivy.Searcher, build: "_Build", conditions: list[Query], limit: int, order: Order
) -> tuple[list[Found], bool]:
    """The first messages in the order, and whether there are more. The engine orders by time only.

    All that were sent before (after) the first one that no longer fits are on the page; those sent at the same
    time as that one fill the rest of it in the order of their ids.
    """
    if limit == 0:
        return [], True
    direction = tantivy.Order.Desc if order is Order.NEWEST else tantivy.Order.Asc
    result = searcher.search(
        _all_of(conditions), limit=limit + 1, count=False, order_by_field="sent", order=direction
    )
    found = _found(searcher, result)
    if len(found) <= limit:
        return _sorted(found, order), False
    edge = found[limit].place.sent
    kept = [one for one in found if one.place.sent != edge]
    if len(kept) < limit:
        tied = searcher.search(
            _all_of([*conditions, build.range("sent", edge, edge)]),
            limit=limit - len(kept),
            count=False,
            order_by_field="message",
            order=direction,
        )
        kept += _found(searcher, tied)
    return _sorted(kept, order), True


def counts_by_day(snapshot: index.Snapshot) -> dict[int, int]:
    """Messages in the index by day sent, as days since 1970."""
    with index.reading(snapshot.name):
        days = snapshot.searcher.aggregate(
            Query.all_query(), {"days": {"histogram": {"field": "day", "interval": 1.0, "min_doc_count": 1}}}
        )
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in days["days"]["buckets"]}


class _Build:
    """Builds the engine's query objects for one schema."""

    def __init__(self, schema: tantivy.Schema, sessions_named: SessionsNamed) -> None:
        self._schema = schema
        self._sessions_named = sessions_named

    def query(self, ast: Ast) -> Query:
        match ast:
            case Words(text, match):
                return self._words("text", text, match)
            case From(name, match, person_id):
                return (
                    self._words("names", name, match) if person_id is None else self._is("sender", person_id)
                )
            case In(_, _, session_id):
                named = self._sessions_named(ast) if session_id is None else (session_id,)
                return self._any_of("session", named)
            case Sent():
                return self.range("day", *ast.days())
            case Has(what):
                return Query.term_query(self._schema, "properties", what.value)
            case And(parts):
                return _all_of([self.query(part) for part in parts])
            case Or(parts):
                return Query.boolean_query([(Occur.Should, self.query(part)) for part in parts])
            case Not(part):
                return self._not(self.query(part))

    def scope(self, scope: Scope) -> list[Query]:
        """The conditions of a scope; none when it has no limits."""
        conditions = []
        if scope.people is not None:
            conditions.append(self._any_of("sender", scope.people))
        if scope.sessions is not None:
            conditions.append(self._any_of("session", scope.sessions))
        if scope.since is not None:
            conditions.append(self.range("sent", microseconds(scope.since), None))
        if scope.until is not None:
            conditions.append(self.range("sent", None, microseconds(scope.until) - 1))
        return conditions

    def beyond(self, place: Place, order: Order) -> Query:
        """What comes after a place in the order."""
        later: tuple[int | None, int | None] = (place.sent + 1, None)
        tied: tuple[int | None, int | None] = (place.message_id + 1, None)
        if order is Order.NEWEST:
            later, tied = (None, place.sent - 1), (None, place.message_id - 1)
        same_time = _all_of([self.range("sent", place.sent, place.sent), self.range("message", *tied)])
        return Query.boolean_query([(Occur.Should, self.range("sent", *later)), (Occur.Should, same_time)])

    def range(self, field: str, first: int | None, last: int | None) -> Query:
        """A span of whole numbers, both ends included."""
        if first is not None and last is not None and first > last:
            return Query.empty_query()
        return Query.range_query(self._schema, field, FieldType.Integer, first, last)

    def _words(self, field: str, text: str, match: Match) -> Query:
        terms = analysis.sought(text)
        if match is Match.PREFIX:
            if len(terms) == 1:
                return Query.regex_query(self._schema, field, _literally(terms[0].text) + ".*")
            stars = [""] * (len(terms) - 1) + [".*"]
            return Query.regex_phrase_query(
                self._schema,
                field,
                [
                    (term.offset, _literally(term.text) + star)
                    for term, star in zip(terms, stars, strict=True)
                ],
            )
        if len(terms) == 1:
            return Query.term_query(self._schema, field, terms[0].text)
        return Query.phrase_query(self._schema, field, [(term.offset, term.text) for term in terms])

    def _not(self, query: Query) -> Query:
        excluded = [(Occur.MustNot, query), (Occur.MustNot, index.marker_query(self._schema))]
        return Query.boolean_query([(Occur.Must, Query.all_query()), *excluded])

    def _is(self, field: str, value: int) -> Query:
        return Query.term_query(self._schema, field, value)

    def _any_of(self, field: str, values: Collection[int]) -> Query:
        if len(values) == 0:
            return Query.empty_query()
        return Query.term_set_query(self._schema, field, list(values))


def _all_of(conditions: list[Query]) -> Query:
    if len(conditions) == 1:
        return conditions[0]
    return Query.boolean_query([(Occur.Must, condition) for condition in conditions])


def _literally(text: str) -> str:
    """Folded text as a pattern: of all it can hold, only the full stop means something in a pattern."""
    return text.replace(".", r"\.")


def _count(searcher: tantivy.Searcher, query: Query) -> int:
    result = searcher.search(query, limit=1, count=True)
    return int(result.count)  # type: ignore[attr-defined]  # there, but missing from tantivy's stubs


def _found(searcher: tantivy.Searcher, result: tantivy.SearchResult) -> list[Found]:
    addresses = [address for _, address in result.hits]
    columns = [searcher.fast_field_values(field, addresses) for field in ("sent", "message", "session")]
    return [
        Found(Place(int(sent or 0), int(message or 0)), int(session or 0))
        for sent, message, session in zip(*columns, strict=True)
    ]


def _sorted(found: list[Found], order: Order) -> list[Found]:
    return sorted(found, key=lambda one: one.place, reverse=order is Order.NEWEST)


def _too_wide() -> QueryError:
    return QueryError(
        "Too many different words begin like this.",
        start=0,
        end=0,
        hint="Give more letters before the star, or write the word by itself.",
    )
