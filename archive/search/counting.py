"""The messages of an answer counted by everything: by day, session, sender, kind of session and property.

Every number is exact. The engine counts by at most 65,000 values at once; where there are more, the values are
halved until each half can be counted, so that no number is an estimate and no answer fails for being large.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

import tantivy
from tantivy import Query

from archive.search import conditions, index, marks, sessions, together
from archive.search.places import microseconds
from archive.search.query import EPOCH, FIRST_DAY, LAST_DAY, Property, Type, midnight

K = TypeVar("K", int, str, Property, Type)

_MOST_BUCKETS = 60_000
_COLUMNS = ("day", "session", "sender", "properties", "languages")
_TOO_MANY = "bucket limit was exceeded"
_EVERY = 1_000_000  # buckets a segment may have: fewer, and a count of many segments would be an estimate


def _values(field: str) -> dict[str, object]:
    return {"terms": {"field": field, "size": _EVERY, "segment_size": _EVERY}}


_EVERYTHING = {field: _values(field) for field in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Facets:
    """Exact numbers of the messages of an answer.

    By day (since 1970) of the zone in which the query counts its days; by session; by sender, where one is known;
    by kind of session, where it is known; by what messages have and are; by language, of which a message with
    several versions may have several.
    """

    days: dict[int, int]
    sessions: dict[int, int]
    senders: dict[int, int]
    types: dict[Type, int]
    properties: dict[Property, int]
    languages: dict[str, int]


class Counting:
    """The messages a query finds being counted by everything, beside whatever is done meanwhile.

    By UTC day, session, sender, property and language: in one pass, since to find them takes longer than to count them by
    one thing more; where the values are too many, in one for each once it is asked for.
    """

    def __init__(self, snapshot: index.Snapshot, query: Query, *, zone: str) -> None:
        self._snapshot, self._query, self._zone = snapshot, query, zone
        self._begun = together.Begun(partial(snapshot.searcher.aggregate, query, _EVERYTHING))

    def facets(self) -> Facets:
        """The numbers, once they are all known; uses the database."""
        days, in_sessions, senders, properties, spoken = self._by_everything()
        zone = self._zone
        return Facets(
            days=days if zone == "UTC" else _by_day(self._snapshot, self._query, zone, in_utc=days),
            sessions=in_sessions,
            senders=senders,
            types=_by_type(in_sessions),
            properties={what: properties.get(number, 0) for what, number in marks.PROPERTIES.items()},
            languages={code: spoken[number] for code, number in marks.LANGUAGES.items() if number in spoken},
        )

    def _by_everything(self) -> tuple[dict[int, int], ...]:
        try:
            found = self._begun.done()
        except ValueError as error:
            if _TOO_MANY not in str(error):
                raise
            return tuple(by(self._snapshot, self._query, field) for field in _COLUMNS)
        return tuple(_numbers(found[field]["buckets"]) for field in _COLUMNS)


def largest(counted: Mapping[K, int], most: int) -> dict[K, int]:
    """The largest numbers first, equal ones by what they count."""
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:most])


def count(searcher: tantivy.Searcher, query: Query) -> int:
    """How many messages a query finds."""
    return total(searcher.search(query, limit=1, count=True))


def total(result: tantivy.SearchResult) -> int:
    """How many messages a search that counted has found."""
    return int(result.count)  # type: ignore[attr-defined]  # there, but missing from tantivy's stubs


def by(snapshot: index.Snapshot, query: Query, field: str) -> dict[int, int]:
    """The messages a query finds by the value of a column; those without a value are not counted."""
    try:
        return _terms(snapshot.searcher, query, field)
    except ValueError as error:
        if _TOO_MANY not in str(error):
            raise
    limits = snapshot.searcher.aggregate(query, {name: {name: {"field": field}} for name in ("min", "max")})
    return _halved(snapshot, query, field, int(limits["min"]["value"]), int(limits["max"]["value"]))


def _terms(searcher: tantivy.Searcher, query: Query, field: str) -> dict[int, int]:
    return _numbers(searcher.aggregate(query, {field: _values(field)})[field]["buckets"])


def _halved(snapshot: index.Snapshot, query: Query, field: str, first: int, last: int) -> dict[int, int]:
    """Count the values from `first` to `last`, which are too many at once, in two halves, and these likewise."""
    middle = (first + last) // 2
    counted: dict[int, int] = {}
    for begin, end in ((first, middle), (middle + 1, last)):
        half = Query.range_query(snapshot.schema, field, tantivy.FieldType.Integer, begin, end)
        within = conditions.all_of([query, half])
        try:
            counted |= _terms(snapshot.searcher, within, field)
        except ValueError as error:
            if _TOO_MANY not in str(error) or end - begin < _MOST_BUCKETS:
                raise
            counted |= _halved(snapshot, query, field, begin, end)
    return counted


def _by_day(snapshot: index.Snapshot, query: Query, zone: str, *, in_utc: dict[int, int]) -> dict[int, int]:
    """By days of a zone, whose times are counted between its midnights; only days of UTC are a column."""
    near = sorted({day + shift for day in in_utc for shift in (-1, 0, 1)})
    counted: dict[int, int] = {}
    for some in (near[at : at + _MOST_BUCKETS // 2] for at in range(0, len(near), _MOST_BUCKETS // 2)):
        ranges = [_range(day, zone) for day in some if _is_date(day)]
        days = {"days": {"range": {"field": "sent", "ranges": ranges}}}
        names = {str(span["key"]) for span in ranges}
        found = snapshot.searcher.aggregate(query, days)["days"]["buckets"]
        counted |= _numbers(bucket for bucket in found if bucket["key"] in names and bucket["doc_count"])
    return counted


def _range(day: int, zone: str) -> dict[str, object]:
    begins, ends = (microseconds(midnight(date.fromordinal(EPOCH + n), zone)) for n in (day, day + 1))
    return {"key": str(day), "from": begins, "to": ends}


def _is_date(day: int) -> bool:
    return FIRST_DAY.toordinal() <= EPOCH + day < LAST_DAY.toordinal()


def _by_type(in_sessions: dict[int, int]) -> dict[Type, int]:
    counted: dict[Type, int] = {}
    for session_id, kind in sessions.kinds(in_sessions).items():
        counted[kind] = counted.get(kind, 0) + in_sessions[session_id]
    return counted


def _numbers(buckets: Iterable[dict[str, float]]) -> dict[int, int]:
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
