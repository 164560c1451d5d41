"""What an answer can be narrowed by: people, sessions, months, kinds and states, each with its exact number of hits.

Every line is a link to the same search with one more condition, or without it where it is one of the conditions
already. Names are shown only for what the answer counts, which is within the reader's scope. Pure: reads nothing.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from archive import search
from archive.search import refining
from archive.search.languages import NAMES
from archive.search.query import EPOCH, From, In, Property, Sent, Type
from compliance.sightings import Findings, Names

MOST = 10
KINDS = {Type.GROUP: "Group or channel", Type.DIRECT: "One to one"}
STATES = {
    Property.FILE: "with a file",
    Property.LINK: "with a link",
    Property.REACTION: "with a reaction",
    Property.REPLIES: "replied to",
    Property.EDITED: "edited",
    Property.DELETED: "deleted",
    Property.EXTERNAL: "from outside",
    Property.REPLY: "a reply",
    Property.BOT: "from a bot",
    Property.FORWARDED: "forwards another",
}


@dataclass(frozen=True)
class Line:
    """One value, how many hits have it, what asks for it, and where a click leads ("" where nothing does)."""

    label: str
    count: int
    term: str
    address: str
    is_active: bool


@dataclass(frozen=True)
class Facet:
    """The values with the most hits, and a line on the rest ("" when there is none)."""

    title: str
    lines: list[Line]
    rest: str


@dataclass(frozen=True)
class Chip:
    """A condition of the query as written, whom or what its number means, and the search without it."""

    text: str
    name: str
    address: str


@dataclass(frozen=True)
class Narrowing:
    """The search being looked at, from which every link begins."""

    written: refining.Written
    order: search.Order

    def line(self, label: str, count: int, term: str) -> Line:
        """A line that adds the condition, or takes it away where it is there."""
        to = self.to(term)
        is_active = to != "" and self.written.has(term)
        return Line(label, count, term, self.without(term) if is_active else to, is_active)

    def to(self, term: str) -> str:
        """Where the search with one more condition is; "" for a day that no query can name."""
        try:
            return address(self.written.narrowed(term), order=self.order)
        except search.QueryError:
            return ""

    def without(self, term: str) -> str:
        return address(self.written.without(term), order=self.order)


def address(query: str, *, order: search.Order, **more: str) -> str:
    """A search as the part of an address behind the path."""
    asked = {"q": query} if query else {}
    if order is not search.Order.NEWEST:
        asked["order"] = order.value
    return "?" + urlencode(asked | more)


def narrowing(text: str, *, order: search.Order, now: datetime) -> Narrowing:
    """The conditions of a search that was understood."""
    return Narrowing(refining.taken_apart(text, now=now), order)


def of(findings: Findings, names: Names, narrow: Narrowing) -> list[Facet]:
    """The facets of an answer, those with a value only; none where they were not to be counted."""
    facets = findings.answer.facets
    if facets is None:
        return []
    found = [
        _people(findings, names, facets, narrow),
        _sessions(names, facets, narrow),
        _months(facets, narrow),
        _kinds(findings, facets, narrow),
        _languages(facets, narrow),
        _states(facets, narrow),
    ]
    return [facet for facet in found if len(facet.lines) > 0]


def chips(names: Names, narrow: Narrowing) -> list[Chip]:
    """The conditions that operators make, each with a way to take it away."""
    return [
        Chip(one.text, _name(one.ast, names), narrow.without(one.text))
        for one in narrow.written.conditions
        if one.is_operator
    ]


def days(facets: search.Facets) -> dict[date, int]:
    """The hits by day, as dates."""
    return {date.fromordinal(EPOCH + day): n for day, n in sorted(facets.days.items())}


def span(facets: search.Facets, narrow: Narrowing, *, today: date) -> tuple[date, date] | None:
    """The days to draw: those the query asks for, up to today, and else from the first hit to the last."""
    counted = days(facets)
    if len(counted) == 0:
        return None
    first, last = min(counted), max(counted)
    asked = [
        one.ast for one in narrow.written.conditions if isinstance(one.ast, Sent) and one.ast.operator == "on"
    ]
    if len(asked) == 0:
        return first, last
    return max(sent.first for sent in asked), max(last, min(today, *(sent.last for sent in asked)))


def _people(findings: Findings, names: Names, facets: search.Facets, narrow: Narrowing) -> Facet:
    shown = search.largest(facets.senders, MOST)
    lines = [narrow.line(names.people.get(key, ""), n, f"from:person/{key}") for key, n in shown.items()]
    unknown = findings.answer.count - sum(facets.senders.values())
    rest = _rest(facets.senders, shown, "person", "people")
    return Facet("Person", lines, _joined(rest, f"{unknown:,} of an unknown sender" if unknown else ""))


def _sessions(names: Names, facets: search.Facets, narrow: Narrowing) -> Facet:
    shown = search.largest(facets.sessions, MOST)
    lines = [narrow.line(names.sessions.get(key, ""), n, f"in:session/{key}") for key, n in shown.items()]
    return Facet("Session", lines, _rest(facets.sessions, shown, "session", "sessions"))


def _months(facets: search.Facets, narrow: Narrowing) -> Facet:
    counted: dict[int, int] = {}
    for day, n in days(facets).items():
        month = day.replace(day=1).toordinal()
        counted[month] = counted.get(month, 0) + n
    shown = search.largest(counted, MOST)
    lines = []
    for month in sorted(shown, reverse=True):
        first = date.fromordinal(month)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        lines.append(narrow.line(f"{first:%B} {first.year}", shown[month], refining.of_days(first, last)))
    return Facet("Month", lines, _rest(counted, shown, "month", "months"))


def _kinds(findings: Findings, facets: search.Facets, narrow: Narrowing) -> Facet:
    lines = [
        narrow.line(KINDS[kind], n, f"type:{kind.value}")
        for kind, n in search.largest(facets.types, MOST).items()
    ]
    unknown = findings.answer.count - sum(facets.types.values())
    return Facet("Kind of session", lines, f"{unknown:,} in sessions of unknown kind" if unknown else "")


def _languages(facets: search.Facets, narrow: Narrowing) -> Facet:
    shown = search.largest(facets.languages, MOST)
    lines = [narrow.line(NAMES.get(code, "Not known"), n, f"lang:{code}") for code, n in shown.items()]
    more = len(facets.languages) - len(shown)
    return Facet("Language", lines, f"{more} more language{'' if more == 1 else 's'}" if more else "")


def _states(facets: search.Facets, narrow: Narrowing) -> Facet:
    counted = {what: n for what, n in facets.properties.items() if n > 0}
    shown = search.largest(counted, MOST)
    lines = [
        narrow.line(STATES.get(what, what.value), n, refining.of_property(what)) for what, n in shown.items()
    ]
    more = len(counted) - len(shown)
    return Facet("State", lines, f"{more} more" if more else "")


def _rest(counted: Mapping[int, int], shown: Iterable[int], one: str, several: str) -> str:
    left = counted.keys() - set(shown)
    hits = sum(counted[key] for key in left)
    if len(left) == 0:
        return ""
    return f"{len(left):,} more {one if len(left) == 1 else several}: {hits:,} hit{'' if hits == 1 else 's'}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _name(ast: search.Ast, names: Names) -> str:
    match ast:
        case From(person_id=int(key)):
            return names.people.get(key, "")
        case In(session_id=int(key)):
            return names.sessions.get(key, "")
        case _:
            return ""
