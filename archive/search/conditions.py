"""A query tree and a scope as the engine's own query objects, which are built here and never parsed from text."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from tantivy import FieldType, Occur, Query

from archive.scope import Piece, Pieces, Scope
from archive.search import (
    analysis,
    cases,
    covering,
    index,
    marks,
    participants,
    patterns,
    senders,
    sessions,
    tags,
)
from archive.search.covering import State
from archive.search.errors import QueryError
from archive.search.known import Known
from archive.search.places import Order, Place, microseconds
from archive.search.query import (
    And,
    Ast,
    Attached,
    Custodian,
    File,
    From,
    Has,
    In,
    Kind,
    Language,
    Match,
    Matter,
    Near,
    Not,
    Or,
    Property,
    Sent,
    Tagged,
    To,
    With,
    Words,
)

MOST_DISTANCES = 400
By = Callable[[Query, str], Collection[int]]
Terms = list[tuple[int, str]]  # offsets and terms, or patterns of terms


class Build:
    """Builds queries for one state of the index; `by` gives the values that a column has in what a query finds.

    `known` knows tags and matters: they are not in the index, and hold from the moment they are put on or placed.
    """

    def __init__(self, snapshot: index.Snapshot, *, by: By, known: Known) -> None:
        self._snapshot = snapshot
        self._schema = snapshot.schema
        self._state = State(snapshot.name, snapshot.marker.complete_to)
        self._by = by
        self._known = known

    def query(self, ast: Ast) -> Query:
        match ast:
            case And(parts):
                return all_of([self.query(part) for part in parts])
            case Or(parts):
                return any_of([self.query(part) for part in parts])
            case Not(part):
                return self._not(self.query(part))
            case _:
                return self._one(ast)

    def _one(self, ast: Ast) -> Query:
        match ast:
            case Words():
                return self._words("text", ast)
            case Near():
                return self._near("text", ast)
            case File(words):
                return self._words("files", words)
            case Attached(words):
                return self._words("attached", words)
            case From(person_id=int(number)):
                return self._is("sender", number)
            case From():
                return self._among(senders.FIELD, senders.called_so(ast, self._snapshot))
            case With() | To():
                return self._taking_part(ast)
            case In():
                return self._among("session", sessions.named(ast))
            case Kind():
                return self._among("session", sessions.of_kind(ast))
            case Sent():
                since, until = ast.span()
                first = None if since is None else microseconds(since)
                return self.range("sent", first, None if until is None else microseconds(until) - 1)
            case Has(what):
                return self.property(what)
            case Language(code):
                return self._is("languages", marks.LANGUAGES[code])
            case Tagged():
                return self._among("message", tags.messages(ast, self._known.tags))
            case Matter() | Custodian():
                return self.pieces(cases.held(ast, self._known.cases))
            case _:
                raise AssertionError(f"no query for {type(ast).__name__}")

    def scope(self, scope: Scope) -> list[Query]:
        """The conditions of a scope, which weigh nothing in relevance; none when it has no limits."""
        conditions = [self.pieces(union) for union in scope.within]
        if scope.people is not None:
            conditions.append(self._among("sender", scope.people))
        if scope.sessions is not None:
            conditions.append(self._among("session", scope.sessions))
        if scope.since is not None:
            conditions.append(self.range("sent", microseconds(scope.since), None))
        if scope.until is not None:
            conditions.append(self.range("sent", None, microseconds(scope.until) - 1))
        return [Query.const_score_query(condition, 0.0) for condition in conditions]

    def without(self, gone: Collection[int]) -> list[Query]:
        """The condition that leaves out messages that were destroyed; none when none was."""
        return (
            [] if len(gone) == 0 else [Query.const_score_query(self._not(self._among("message", gone)), 0.0)]
        )

    def pieces(self, union: Pieces) -> Query:
        """What is within any of the pieces: one condition for all that are of the same time and shape."""
        covered = covering.of(union, self._state)
        alike: dict[tuple[object, ...], list[Piece]] = {}
        for piece in covered.pieces:
            shape = (piece.sender is None, piece.session is None)
            by = piece.sender if piece.session is not None else None
            alike.setdefault((piece.since, piece.until, shape, by), []).append(piece)
        parts = [self._alike(pieces) for pieces in alike.values()]
        if len(covered.message_ids) > 0:
            parts.append(self._among("message", covered.message_ids))
        return any_of(parts) if len(parts) > 0 else Query.empty_query()

    def _alike(self, pieces: list[Piece]) -> Query:
        """Pieces of one time: of one sender or any in several sessions, or of several senders anywhere."""
        one = pieces[0]
        limits = Scope(
            people=None
            if one.sender is None
            else frozenset(p.sender for p in pieces if p.sender is not None),
            sessions=None
            if one.session is None
            else frozenset(p.session for p in pieces if p.session is not None),
            since=one.since,
            until=one.until,
        )
        conditions = self.scope(limits)
        return all_of(conditions) if len(conditions) > 0 else self._not(Query.empty_query())

    def property(self, what: Property) -> Query:
        """Messages that have or are something."""
        return self._is("properties", marks.PROPERTIES[what])

    def beyond(self, place: Place, order: Order) -> Query:
        """What comes after a place in the order."""
        later: tuple[int | None, int | None] = (place.sent + 1, None)
        tied: tuple[int | None, int | None] = (place.message_id + 1, None)
        if order is Order.NEWEST:
            later, tied = (None, place.sent - 1), (None, place.message_id - 1)
        same_time = all_of([self.range("sent", place.sent, place.sent), self.range("message", *tied)])
        return any_of([self.range("sent", *later), same_time])

    def range(self, field: str, first: int | None, last: int | None) -> Query:
        """A span of whole numbers, both ends included."""
        if first is not None and last is not None and first > last:
            return Query.empty_query()
        return Query.range_query(self._schema, field, FieldType.Integer, first, last)

    def _words(self, field: str, words: Words) -> Query:
        if words.match is Match.FUZZY:
            sought = analysis.atoms(words.text)[0].text
            return Query.fuzzy_term_query(self._schema, field, sought, words.edits, False, False)
        return self._terms(field, *_terms_of(words))

    def _terms(self, field: str, terms: Terms, are_patterns: bool) -> Query:
        """Terms, or patterns of terms, at their offsets from each other."""
        if len(terms) == 1:
            text = terms[0][1]
            return _of_pattern(field, text) if are_patterns else Query.term_query(self._schema, field, text)
        several = Query.regex_phrase_query if are_patterns else Query.phrase_query
        return several(self._schema, field, [*terms])

    def _near(self, field: str, near: Near) -> Query:
        pairs = [(one, other) for one in near.left for other in near.right]
        if len(pairs) * (near.between + 1) > MOST_DISTANCES:
            raise QueryError(
                "Too many words may stand too far apart.",
                start=near.start,
                end=near.end,
                hint="Name fewer words, or a shorter distance.",
            )
        return any_of(
            [query for one, other in pairs for query in self._either_way(field, one, other, near.between)]
        )

    def _either_way(self, field: str, one: Words, other: Words, between: int) -> list[Query]:
        """Both orders. The engine's own looseness counts turning words round, so it serves for words apart only.

        It would also take one place for two where both words can be the same one, or one a part of the other:
        then each distance is a phrase of its own.
        """
        ways = [
            (_terms_of(one), _size(one), _terms_of(other)),
            (_terms_of(other), _size(other), _terms_of(one)),
        ]
        if _is_plain(one) and _is_plain(other) and _terms_of(one) != _terms_of(other):
            return [
                Query.phrase_query(self._schema, field, [*_joined(first, second, size)], slop=between)
                for (first, _), size, (second, _) in ways
            ]
        return [
            self._terms(
                field,
                _joined(_as_patterns(first, second_are), _as_patterns(second, first_are), size + gap),
                first_are or second_are,
            )
            if first_are != second_are
            else self._terms(field, _joined(first, second, size + gap), first_are)
            for (first, first_are), size, (second, second_are) in ways
            for gap in range(between + 1)
        ]

    def _taking_part(self, node: With | To) -> Query:
        people = participants.named(node) | self._said_as(node)
        spoke_in = self._by(self._among("sender", people), "session") if len(people) > 0 else ()
        places = self._among("session", participants.sessions_of(people).union(spoke_in))
        return (
            places if isinstance(node, With) else all_of([places, self._not(self._among("sender", people))])
        )

    def _said_as(self, node: With | To) -> frozenset[int]:
        """Who said something under such a name or address: rows of an older version kept the newest address only."""
        terms = senders.called_so(node, self._snapshot) if node.person_id is None else []
        return (
            frozenset(self._by(self._among(senders.FIELD, terms), "sender"))
            if len(terms) > 0
            else frozenset()
        )

    def _not(self, query: Query) -> Query:
        excluded = [(Occur.MustNot, query), (Occur.MustNot, index.marker_query(self._schema))]
        return Query.boolean_query([(Occur.Must, Query.all_query()), *excluded])

    def _is(self, field: str, value: int) -> Query:
        return Query.term_query(self._schema, field, value)

    def _among(self, field: str, values: Collection[int] | Collection[str]) -> Query:
        if len(values) == 0:
            return Query.empty_query()
        return Query.term_set_query(self._schema, field, list(values))


def all_of(conditions: list[Query]) -> Query:
    """What meets every condition."""
    if len(conditions) == 1:
        return conditions[0]
    return Query.boolean_query([(Occur.Must, condition) for condition in conditions])


def any_of(conditions: list[Query]) -> Query:
    """What meets one condition or more."""
    if len(conditions) == 1:
        return conditions[0]
    return Query.boolean_query([(Occur.Should, condition) for condition in conditions])


@lru_cache(maxsize=500)
def _of_pattern(field: str, text: str) -> Query:
    """To make a machine of a pattern takes longer than most searches with it; it is the same for every index."""
    return Query.regex_query(index.schema(), field, text)


@lru_cache(maxsize=1_000)
def _terms_of(words: Words) -> tuple[Terms, bool]:
    """The terms of words and where they stand, and whether they are patterns."""
    if words.match is Match.WILDCARD:
        return [(0, _pattern(words))], True
    terms = [(term.offset, term.text) for term in analysis.sought(words.text)]
    if words.match is not Match.PREFIX:
        return terms, False
    patterned = [(offset, _literally(text)) for offset, text in terms]
    offset, last = patterned[-1]
    return [*patterned[:-1], (offset, last + ".*")], True


def _size(words: Words) -> int:
    """How many places the words take."""
    if words.match is Match.WILDCARD:
        return 1
    last = analysis.sought(words.text)[-1]
    return last.offset + last.size


def _is_plain(words: Words) -> bool:
    """Whether the words are one word in one place."""
    return words.match in (Match.WORD, Match.PHRASE) and _size(words) == 1


def _joined(first: Terms, second: Terms, apart: int) -> Terms:
    return [*first, *((offset + apart, text) for offset, text in second)]


def _as_patterns(terms: Terms, are_wanted: bool) -> Terms:
    return [(offset, _literally(text)) for offset, text in terms] if are_wanted else terms


def _pattern(words: Words) -> str:
    """A wildcard as the engine's pattern, for words only: no term of it begins with the mark of a pair."""
    text = patterns.pattern(words)
    unmarked = f"[^{analysis.PAIR[0]}]"
    first = {"*": f"({unmarked}.*)?", "?": unmarked}.get(text[0], _literally(text[0]))
    rest = (".*" if char == "*" else "." if char == "?" else _literally(char) for char in text[1:])
    return first + "".join(rest)


def _literally(text: str) -> str:
    """Folded text as a pattern that means just that."""
    return re.sub(r"([.\\+*?()|\[\]{}^$])", r"\\\1", text)
