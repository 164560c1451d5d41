"""The report of files and languages: what kinds of files came, how large, and in which languages was written.

Files are counted from the record. Languages are told when a message is indexed, so they are counted by the search index,
which says how far it is; a message that was edited from one language into another counts for both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from archive import search
from archive.reporting import figures, following
from archive.reporting.figures import Files
from archive.scope import EVERYTHING
from archive.search.languages import NAMES
from compliance.periods import Period
from compliance.reports import door
from compliance.sheets import Cell, Sheet

REPORT = "content"
SIZES = (
    ("under 10 KB", 0, 4),
    ("10 to 100 KB", 5, 5),
    ("100 KB to 1 MB", 6, 6),
    ("1 to 10 MB", 7, 7),
    ("10 to 100 MB", 8, 8),
    ("100 MB and more", 9, 99),
    ("unknown size", -1, -1),
)
"""What a size is called, and the digits it has in bytes, from and to."""


class Part(StrEnum):
    """What can be taken as a file."""

    FILES = "files"
    LANGUAGES = "languages"


@dataclass(frozen=True)
class Languages:
    """Messages by language, its name and its code, most first; `coverage` says how far the index is."""

    counted: list[tuple[str, str, int]]
    messages: int
    coverage: search.Coverage


@dataclass(frozen=True)
class Report:
    """The figures. `languages` is None when no index can answer: then they are unknown, not none."""

    files: list[Files]
    kinds: list[tuple[str, int, int]]
    """What a kind is called, files, and bytes of those whose size is known."""
    sizes: list[tuple[str, int]]
    languages: Languages | None
    standing: following.Standing


def seen(*, period: Period, by: User | None, now: datetime) -> Report:
    """The report; recorded as a look."""
    door.permit(REPORT, by=by, now=now)
    with transaction.atomic():
        files = figures.files(period.begins_at, period.ends_at)
        return Report(
            files=files,
            kinds=_kinds(files),
            sizes=_sizes(files),
            languages=_languages(period, now=now),
            standing=door.looked(REPORT, period=period, details={}, by=by, now=now),
        )


def taken(*, part: Part, period: Period, by: User | None, now: datetime) -> Sheet:
    """The files by kind and size, or the languages, as a file."""
    head, rows = _FILES[part]
    return door.taken(
        REPORT,
        period=period,
        head=head,
        rows=rows(period, now),
        details={"part": part.value},
        by=by,
        now=now,
    )


def _kinds(files: Sequence[Files]) -> list[tuple[str, int, int]]:
    counted, sizes = Counter[str](), Counter[str]()
    for one in files:
        counted[one.kind] += one.files
        sizes[one.kind] += one.file_bytes
    return [(kind, count, sizes[kind]) for kind, count in counted.most_common()]


def _sizes(files: Sequence[Files]) -> list[tuple[str, int]]:
    return [
        (name, sum(one.files for one in files if least <= one.size_class <= most))
        for name, least, most in SIZES
    ]


def _languages(period: Period, *, now: datetime) -> Languages | None:
    query = f"during:{period.first.isoformat()}..{period.last.isoformat()} zone:{period.zone}"
    try:
        answer = search.messages(query, scope=EVERYTHING, limit=0, now=now, with_facets=True)
    except search.IndexUnavailable:
        return None
    found = {} if answer.facets is None else answer.facets.languages
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    counted = [(NAMES.get(code, code), code, count) for code, count in ranked]
    return Languages(counted, answer.count, answer.coverage)


Rows = Iterator[Sequence[Cell]]


def _of_files(period: Period, _: datetime) -> Rows:
    names = {digits: name for name, least, most in SIZES for digits in range(least, most + 1)}
    for one in figures.files(period.begins_at, period.ends_at):
        yield one.kind, names[one.size_class], one.files, one.file_bytes if one.size_class >= 0 else None


def _of_languages(period: Period, now: datetime) -> Rows:
    found = _languages(period, now=now)
    if found is None:
        yield None, None, None
        return
    yield from found.counted


_FILES = {
    Part.FILES: (("kind", "size", "files", "bytes"), _of_files),
    Part.LANGUAGES: (("language", "code", "messages"), _of_languages),
}
