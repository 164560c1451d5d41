"""Finding words inside zips of legal holds: which files in them have all the words of a query, and where.

The index of messages has documents for messages only, and what a zip holds need not be one. So the text of each file in a
zip is cut into passages, and each passage's words (as `analysis` sees them) lie beside it in Postgres under an inverted
index (GIN): exact, complete at the moment the file is read, the same on every host, gone with the file. A query of plain
words is answered: a file is found when every word is somewhere in it. Other queries (operators, patterns, choices) are
not, and say so, rather than be answered wrongly.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from archive.extraction import texts
from archive.models import HoldEntry, HoldPassage
from archive.search import analysis, language, matching
from archive.search.query import And, Ast, Match, Words

PASSAGE_CHARACTERS = 2_000
MOST_TERMS = 50

_FOUND = """
    SELECT e.id FROM archive_holdentry e JOIN archive_holdfile f ON f.id = e.hold_file_id AND f.is_newest
    JOIN archive_holdcustodian c ON c.id = f.custodian_id
    WHERE c.account_id = %s AND c.zoom_matter_id = ANY(%s) AND {every}
    ORDER BY e.id
"""
_EACH = "e.id IN (SELECT p.entry_id FROM archive_holdpassage p WHERE p.terms @> ARRAY[%s::text])"
_BEST = """
    SELECT DISTINCT ON (p.entry_id) p.entry_id, p.part, p.start, p.stop FROM archive_holdpassage p
    WHERE p.entry_id = ANY(%s) AND p.terms && %s::text[]
    ORDER BY p.entry_id, cardinality(ARRAY(SELECT unnest(p.terms) INTERSECT SELECT unnest(%s::text[]))) DESC, p.id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a zip that has all the words; `text` is the passage with most of them, `spans` where they stand in it."""

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
    """How many files in how many zips have all the words, and a page of them; `following` begins the next page."""

    files: int
    zips: int
    found: Sequence[Found]
    following: int | None


def passages(entry_id: int, *, name: str, packed: bytes) -> Iterator[HoldPassage]:
    """The passages of a file in a zip, as rows to be stored: its name, then its text, `packed` as `texts` packs it."""
    yield from _passage(entry_id, 0, (0, 0), name)
    for part, (inner, text) in enumerate(texts.unpack(packed) if packed else []):
        for start, stop in _cut(text):
            said = text[start:stop] if start > 0 else f"{inner}\n{text[:stop]}"
            yield from _passage(entry_id, part, (start, stop), said)


def _passage(entry_id: int, part: int, place: tuple[int, int], text: str) -> Iterator[HoldPassage]:
    words, pairs = analysis.words_and_pairs(text)
    terms = sorted({*words, *(pair for pair, _ in pairs)})
    if len(terms) > 0:
        yield HoldPassage(entry_id=entry_id, part=part, start=place[0], stop=place[1], terms=terms)


def find(
    query: str,
    zoom_matter_ids: Collection[str],
    *,
    account_id: int,
    now: datetime,
    after: int = 0,
    limit: int = 20,
) -> Answer | None:
    """The files in these matters' newest zips that have every word of `query`; None for a query that is not only words.

    Raises QueryError for one that makes no sense.
    """
    ast = language.parse(query, now=now)
    terms = _terms(ast)
    if terms is None or not 0 < len(terms) <= MOST_TERMS:
        return None
    sql = _FOUND.format(every=" AND ".join([_EACH] * len(terms)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [account_id, list(zoom_matter_ids), *terms])
        every = [entry_id for (entry_id,) in cursor.fetchall()]
    page = [entry_id for entry_id in every if entry_id > after][: limit + 1]
    zips = HoldEntry.objects.filter(pk__in=every).values("hold_file").distinct().count()
    following = page[limit - 1] if len(page) > limit else None
    return Answer(len(every), zips, list(_shown(page[:limit], ast, terms)), following)


def _shown(entry_ids: list[int], ast: Ast, terms: list[str]) -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute(_BEST, [entry_ids, terms, terms])
        best = {entry_id: place for entry_id, *place in cursor.fetchall()}
    for one in HoldEntry.objects.filter(pk__in=entry_ids).order_by("pk").iterator(chunk_size=4):
        if one.pk not in best:
            continue
        part, start, stop = best[one.pk]
        text = one.name if start == stop else texts.unpack(bytes(one.text or b""))[part].text[start:stop]
        yield Found(one.hold_file_id, one.number, one.name, text, matching.highlight(text, ast))


def _terms(ast: Ast) -> list[str] | None:
    """The stored forms of a query's words; None when it asks for more than words."""
    if isinstance(ast, Words):
        return (
            [term.text for term in analysis.sought(ast.text)]
            if ast.match in (Match.WORD, Match.PHRASE)
            else None
        )
    if isinstance(ast, And):
        each = [_terms(part) for part in ast.parts]
        if any(terms is None for terms in each):
            return None
        return sorted({term for terms in each if terms is not None for term in terms})
    return None


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """A text in passages that end with a line, or with a word where a line is too long."""
    start = 0
    while start < len(text):
        stop = min(len(text), start + PASSAGE_CHARACTERS)
        if stop < len(text):
            line, word = text.rfind("\n", start + 1, stop), text.rfind(" ", start + 1, stop)
            stop = next((at + 1 for at in (line, word) if at > start), stop)
        yield start, stop
        start = stop
