"""Finding words inside zips of legal holds: which files in them a query finds, and where.

The index of messages has documents for messages only, and what a zip holds need not be one. So the text of each file in a
zip is cut into passages (`held_passages`), and each passage's words (as `analysis` sees them) lie beside it in Postgres
under an inverted index (GIN): exact, complete at the moment the file is read, the same on every host, gone with the file.
What can be asked is in `held_terms`: words, phrases, words near each other, AND, OR and NOT. A file is found as a message is: as a whole,
while a phrase stands in one text. Other queries are not answered, and say so, rather than be answered wrongly.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from archive.extraction import texts
from archive.models import HoldEntry
from archive.search import held_passages, held_terms, language, matching
from archive.search.query import Ast

MOST_LOOKED_AT = 500
"""Files that are looked through for where words stand; a query that would need more is not answered."""

_PLACES = """
    archive_holdentry e JOIN archive_holdfile f ON f.id = e.hold_file_id AND f.is_newest
    JOIN archive_holdcustodian c ON c.id = f.custodian_id
    WHERE (c.account_id, c.zoom_matter_id) IN (SELECT * FROM unnest(%s::bigint[], %s::text[]))
"""
_FOUND = f"SELECT e.id FROM {_PLACES} AND {{asked}} ORDER BY e.id"
_UNSEARCHED = f"""
    SELECT count(*) FILTER (WHERE e.state = 'due' OR e.words <> {held_passages.VERSION}),
        count(*) FILTER (WHERE e.state IN ('partly', 'unreadable')), count(*),
        (SELECT count(*) FROM archive_holdfile f JOIN archive_holdcustodian c ON c.id = f.custodian_id
            WHERE f.is_newest AND f.state <> 'destroyed'
            AND (c.account_id, c.zoom_matter_id) IN (SELECT * FROM unnest(%s::bigint[], %s::text[]))
            AND NOT EXISTS (SELECT FROM archive_holdentry e WHERE e.hold_file_id = f.id))
    FROM {_PLACES}
"""
_BEST = """
    SELECT DISTINCT ON (p.entry_id) p.entry_id, p.part, p.start, p.stop FROM archive_holdpassage p
    WHERE p.entry_id = ANY(%s) AND p.terms && %s::text[]
    ORDER BY p.entry_id, cardinality(ARRAY(SELECT unnest(p.terms) INTERSECT SELECT unnest(%s::text[]))) DESC, p.id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a zip that was found; `text` is the passage with most of them, `spans` where they stand in it."""

    hold_file_id: int
    number: int
    name: str
    text: str
    spans: list[matching.Span]

    @property
    def before(self) -> int:
        """The number after which a page of the zip's files begins with this one."""
        return self.number - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """How many files in how many zips were found, and a page of them; `following` begins the next page."""

    files: int
    zips: int
    found: Sequence[Found]
    following: int | None


@dataclass(frozen=True, slots=True)
class Unsearched:
    """Files in zips that are not read yet, and that cannot be read as a whole or in part, of so many; zips not opened."""

    unread: int
    unreadable: int
    files: int
    zips: int


Place = tuple[int, str]
"""An account, and a matter of its at Zoom."""


def find(
    query: str,
    zoom_matter_ids: Collection[str],
    *,
    account_id: int,
    now: datetime,
    after: int = 0,
    limit: int = 20,
) -> Answer | None:
    """The files in these matters' newest zips that a query finds; None for one that cannot be asked of zips.

    Raises QueryError for one that makes no sense.
    """
    places = [(account_id, zoom_id) for zoom_id in zoom_matter_ids]
    return find_in(places, query, now=now, after=after, limit=limit)


def find_in(
    places: Collection[Place], query: str, *, now: datetime, after: int = 0, limit: int = 20
) -> Answer | None:
    """The same in matters at Zoom of several accounts."""
    ast = language.parse(query, now=now)
    asked = held_terms.asked(ast)
    if asked is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(asked=asked.condition), [*_columns(places), *asked.values])
        every = [entry_id for (entry_id,) in cursor.fetchall()]
    if not asked.is_exact:
        if len(every) > MOST_LOOKED_AT:
            return None
        every = list(_holding(every, ast))
    page = [entry_id for entry_id in every if entry_id > after][: limit + 1]
    zips = HoldEntry.objects.filter(pk__in=every).values("hold_file").distinct().count()
    following = page[limit - 1] if len(page) > limit else None
    return Answer(len(every), zips, list(_shown(page[:limit], ast, list(asked.terms))), following)


def unsearched(places: Collection[Place]) -> Unsearched:
    """What a search does not see of the files in these matters' newest zips."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEARCHED, [*_columns(places), *_columns(places)])
        return Unsearched(*cursor.fetchone())


def _columns(places: Collection[Place]) -> tuple[list[int], list[str]]:
    return [account_id for account_id, _ in places], [zoom_id for _, zoom_id in places]


def _holding(entry_ids: list[int], ast: Ast) -> Iterator[int]:
    """Those of some files in which the words stand as they are asked for."""
    for one in HoldEntry.objects.filter(pk__in=entry_ids).order_by("pk").iterator(chunk_size=4):
        if held_terms.is_met(ast, list(_texts(one))):
            yield one.pk


def _texts(one: HoldEntry) -> Iterable[str]:
    yield one.name
    for inner, text in texts.unpack(bytes(one.text)) if one.text else []:
        yield inner
        yield text


def _shown(entry_ids: list[int], ast: Ast, terms: list[str]) -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute(_BEST, [entry_ids, terms, terms])
        best = {entry_id: place for entry_id, *place in cursor.fetchall()}
    for one in HoldEntry.objects.filter(pk__in=entry_ids).order_by("pk").iterator(chunk_size=4):
        if one.pk not in best:
            continue
        said = _said(one, *best[one.pk])
        marked = ((text, matching.highlight(text, ast)) for text in said)
        text, spans = next((each for each in marked if len(each[1]) > 0), (said[0], []))
        yield Found(one.hold_file_id, one.number, one.name, text, spans)


def _said(one: HoldEntry, part: int, start: int, stop: int) -> list[str]:
    """What a passage has, what was said first: words of a file, the name of a file inside, or the file's own."""
    entries = texts.unpack(bytes(one.text)) if one.text else []
    if len(entries) == 0:
        return [one.name]
    inner, text = entries[part]
    if start == stop:
        return [one.name, inner]
    return [text[start:stop], inner] if start == 0 else [text[start:stop]]
