"""A query as it is written, with one more condition or without one: what a click on a facet does to it.

Only what a query joins by AND at its top can be taken away, and what is added can only narrow. The text stays the
person's own: nothing is written anew but what has to be.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from archive.search import language, operators, tokens
from archive.search.query import Ast, Property, Sent
from archive.search.tokens import Kind, Token

_HAS = {
    Property.FILE: "file",
    Property.LINK: "link",
    Property.REACTION: "reaction",
    Property.REPLIES: "reply",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions that must all hold: as written, as understood, and whether an operator makes it."""

    text: str
    ast: Ast
    is_operator: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A query taken apart: its time zone as written ("" for none), the rest, and the conditions of the rest.

    A query of alternatives (`a OR b`) is one condition.
    """

    zone: str
    rest: str
    conditions: tuple[Condition, ...]
    has_alternatives: bool
    now: datetime | None

    def has(self, term: str) -> bool:
        """Whether this is one of the conditions, however it is written."""
        wanted = self._understood(term)
        return any(condition.ast == wanted for condition in self.conditions)

    def narrowed(self, term: str) -> str:
        """The query with one more condition; dates that take in the whole of a new date give way to it."""
        wanted = self._understood(term)
        kept = [one.text for one in self.conditions if not _takes_in(one.ast, wanted)]
        if len(kept) < len(self.conditions):
            return self._joined([*kept, term])
        return self._joined([f"({self.rest})" if self.has_alternatives else self.rest, term])

    def without(self, term: str) -> str:
        """The query without a condition; "" when nothing to look for is left."""
        unwanted = self._understood(term)
        kept = [condition.text for condition in self.conditions if condition.ast != unwanted]
        return self._joined(kept) if len(kept) > 0 else ""

    def _understood(self, term: str) -> Ast:
        return language.parse(self._joined([term]), now=self.now)

    def _joined(self, parts: Sequence[str]) -> str:
        return " ".join([self.zone, *parts] if self.zone else parts)


def taken_apart(text: str, *, now: datetime | None = None) -> Written:
    """The conditions of a query; raises QueryError as `parse` does."""
    language.parse(text, now=now)
    text = language.shown(text)
    zone, rest = _zone_and_rest(text)
    found = tokens.cut(rest, operators=operators.NAMES)
    pieces = _conjuncts(found)
    has_alternatives = pieces is None
    spans = [(0, len(found) - 1)] if pieces is None else pieces
    conditions = []
    for first, end in spans:
        written = rest[found[first].start : found[end - 1].end]
        told = language.parse(f"{zone} {written}" if zone else written, now=now)
        is_operator = (
            next(token for token in found[first:end] if token.kind is not Kind.NOT).kind is Kind.OPERATOR
        )
        conditions.append(Condition(written, told, is_operator and not has_alternatives))
    return Written(zone, rest.strip(), tuple(conditions), has_alternatives, now)


def of_property(what: Property) -> str:
    """The operator and value that ask for a property."""
    return f"has:{_HAS[what]}" if what in _HAS else f"is:{what.value}"


def of_days(first: date, last: date) -> str:
    """The operator and value that ask for a span of days; a whole month or year is called by its name."""
    if first == last:
        return f"on:{first}"
    if (first.month, first.day) == (1, 1) and last == date(first.year, 12, 31):
        return f"during:{first.year:04}"
    if first.day == 1 and last == date(
        first.year, first.month, calendar.monthrange(first.year, first.month)[1]
    ):
        return f"during:{first.year:04}-{first.month:02}"
    return f"during:{first}..{last}"


def _zone_and_rest(text: str) -> tuple[str, str]:
    """The operator that names the time zone, and the query without it."""
    for token in tokens.cut(text, operators=operators.NAMES):
        if token.operator == operators.ZONE:
            return text[token.start : token.end], f"{text[: token.start]} {text[token.end :]}"
    return "", text


def _conjuncts(found: Sequence[Token]) -> list[tuple[int, int]] | None:
    """Where each condition begins and ends among the tokens; None when they are alternatives."""
    spans = []
    at = 0
    while found[at].kind is not Kind.END:
        if found[at].kind is Kind.OR:
            return None
        first = at + 1 if found[at].kind is Kind.AND else at
        at = _primary_end(found, first)
        if found[at].kind is Kind.NEAR:
            at = _primary_end(found, at + 1)
        spans.append((first, at))
    return spans


def _primary_end(found: Sequence[Token], at: int) -> int:
    """The token after a word, an operator with its value or a group; NOT belongs to what it denies."""
    while found[at].kind is Kind.NOT:
        at += 1
    if found[at].kind is Kind.OPERATOR and found[at].text == "" and not found[at].quoted:
        at += 1
    depth = 0
    while True:
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(found[at].kind, 0)
        at += 1
        if depth == 0:
            return at


def _takes_in(condition: Ast, wanted: Ast) -> bool:
    """Whether a condition is the wanted one, or days of which the wanted ones are a part."""
    if condition == wanted:
        return True
    if not (isinstance(condition, Sent) and isinstance(wanted, Sent)):
        return False
    return (
        condition.operator == wanted.operator == "on"
        and condition.zone == wanted.zone
        and condition.first <= wanted.first <= wanted.last <= condition.last
    )
