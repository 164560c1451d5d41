"""Files whose insides a search does not see, counted and listed: never silently absent.

`unread` may still come: not fetched, not read, or read and not yet indexed. `unreadable` is final until somebody does
something: gone at Zoom, encrypted, damaged, too large. One definition serves the counts of every answer, the list and
the page, always within a scope.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from archive import admitted, bulk
from archive.extraction.outcomes import SENTENCES, Outcome, Reason
from archive.models import Attachment, Extraction, Leaf, Reading
from archive.scope import EVERYTHING, Scope

LARGEST_PAGE = 1_000
GONE = "gone"

_STATE = Attachment.State
_SEARCHED = (Outcome.READ.value, Outcome.EMPTY.value)  # in the words of the partial index
_IS_GONE = Q(inside="", blob__isnull=True, state=_STATE.GONE)
_IS_UNREADABLE = Q(inside__in=[Outcome.PARTLY.value, Outcome.UNREADABLE.value]) | _IS_GONE
_IS_UNREAD = Q(inside="") & ~_IS_GONE
_COUNTED: LiteralString = """
    SELECT missing.unread + waiting.files, missing.unreadable
    FROM (
        SELECT count(*) FILTER (WHERE a.inside = '' AND NOT {gone}) AS unread,
            count(*) FILTER (WHERE a.inside IN ({unread}) OR (a.inside = '' AND {gone})) AS unreadable
        FROM archive_attachment a WHERE NOT (a.inside IN ({searched})) AND {within}
    ) AS missing, (
        SELECT count(DISTINCT a.id) AS files
        FROM archive_reading r JOIN archive_attachment a ON a.id = r.attachment_id
        WHERE r.id = ANY({readings}) AND a.inside <> '' AND {within}
    ) AS waiting
"""
# By position, of which there are few beyond the index: of its kind there may be a million.
_READINGS: LiteralString = f"""
    array(SELECT subject_id FROM archive_leaf
        WHERE index >= %b::bigint AND index <= (SELECT max(index) FROM archive_leaf) AND kind + 0 = {Leaf.Kind.READING})
"""
_NOT_INDEXED: LiteralString = f"SELECT attachment_id FROM archive_reading WHERE id = ANY({_READINGS})"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files of a scope a search does not see the insides of."""

    unread: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class File:
    """One such file. `reason` is a word for programs, `sentence` one for people; `entries` says which inside it."""

    attachment_id: int
    message_id: int
    session_id: int
    sent_at: datetime
    name: str
    kind: str
    size_bytes: int | None
    is_stored: bool
    is_partly_read: bool
    reason: str
    sentence: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Newest files first; `next` is the number to go on before, None on the last page."""

    counts: Counts
    files: tuple[File, ...]
    next: int | None


def counts(*, complete_to: int, scope: Scope = EVERYTHING) -> Counts:
    """The files of a scope, against an index that is complete to a leaf."""
    files, (limits, same) = counting(_READINGS, scope=scope)
    ((unread, unreadable),) = bulk.run(files, [*limits, complete_to, *same])
    return Counts(unread, unreadable)


def counting(readings: LiteralString, *, scope: Scope) -> tuple[LiteralString, tuple[list[Any], list[Any]]]:
    """The same as a statement of one row for `bulk.run`, and its values before and after those of `readings`.

    `readings` gives the readings that the index has not, as an array; other statements may take this one in.
    """
    within, limits = admitted.condition(scope, of="a.message_id", mark="%b")
    return _counted(within, readings), (limits, limits)


@lru_cache(maxsize=100)
def _counted(within: LiteralString, readings: LiteralString) -> LiteralString:
    return _COUNTED.format(
        gone=f"(a.blob_id IS NULL AND a.state = '{_STATE.GONE.value}')",
        searched=_quoted(_SEARCHED),
        unread=_quoted((Outcome.PARTLY.value, Outcome.UNREADABLE.value)),
        within=within,
        readings=readings,
    )


def _quoted(words: Collection[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def files(
    *,
    complete_to: int,
    scope: Scope = EVERYTHING,
    only_unread: bool = False,
    before: int | None = None,
    limit: int = 100,
) -> Page:
    """A page of the files of a scope: those that cannot be read, or those that have not been read yet."""
    limit = max(1, min(limit, LARGEST_PAGE))
    inside = _within(scope)
    if only_unread:
        wanted = inside.filter(_IS_UNREAD | Q(pk__in=_not_indexed(complete_to)))
    else:
        wanted = inside.filter(_IS_UNREADABLE)
    if before is not None:
        wanted = wanted.filter(pk__lt=before)
    found = list(wanted.select_related("message", "blob").order_by("-pk")[: limit + 1])
    page = found[:limit]
    read = {one.blob_id: one for one in _extractions(page)}
    readings = {
        one.attachment_id: one.reason for one in Reading.objects.filter(attachment__in=page).order_by("pk")
    }
    return Page(
        counts=counts(complete_to=complete_to, scope=scope),
        files=tuple(_file(row, read.get(row.blob_id or 0), readings.get(row.pk, "")) for row in page),
        next=page[-1].pk if len(found) > limit else None,
    )


def _within(scope: Scope) -> QuerySet[Attachment]:
    """The files on the messages of a scope."""
    if scope == EVERYTHING:
        return Attachment.objects.all()
    condition, values = admitted.condition(scope, of="archive_attachment.message_id")
    return Attachment.objects.filter(RawSQL(condition, values, output_field=BooleanField()))


def _not_indexed(complete_to: int) -> list[int]:
    """The files that were read after the last leaf the index has."""
    return [attachment_id for (attachment_id,) in bulk.run(_NOT_INDEXED, [complete_to])]


def _extractions(page: list[Attachment]) -> QuerySet[Extraction]:
    blob_ids = [row.blob_id for row in page if row.blob_id is not None]
    return Extraction.objects.filter(blob_id__in=blob_ids).defer("text")


def _file(row: Attachment, read: Extraction | None, reason: str) -> File:
    reason, sentence = _why(row, reason)
    problems = [] if read is None or row.inside == "" else read.problems
    return File(
        attachment_id=row.pk,
        message_id=row.message_id,
        session_id=row.message.session_id,
        sent_at=row.message.sent_at,
        name=row.name,
        kind="" if read is None else read.kind,
        size_bytes=row.size_bytes_claimed if row.blob is None else row.blob.size_bytes,
        is_stored=row.blob_id is not None,
        is_partly_read=row.inside == Outcome.PARTLY.value,
        reason=reason,
        sentence=sentence,
        entries=tuple((str(name), SENTENCES[Reason(why)]) for name, why in problems if name != ""),
    )


def _why(row: Attachment, reason: str) -> tuple[str, str]:
    """Why the inside of a file is not searched, in a word and in a sentence."""
    if row.inside != "" and reason != "":
        return reason, SENTENCES[Reason(reason)]
    if row.inside != "":
        return "not_indexed", "It was read and is not in the index yet."
    if row.blob_id is not None:
        return "not_read", "It is here and has not been read yet."
    if row.state == _STATE.GONE:
        return GONE, "Zoom no longer has it, and it was never fetched."
    return "not_fetched", "It has not been fetched from Zoom yet."
