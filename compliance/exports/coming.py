"""What an export comes to, for its page: figures as they were measured, in words, and where the rest is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.packages.content import Format
from compliance.models import Export

NAMES = {
    Format.NDJSON: ("Records", "NDJSON, a record a line: everything, and what all else is checked against"),
    Format.CSV: ("Table", "CSV, safe to open in a spreadsheet"),
    Format.RSMF: ("RSMF 2.0", "for review platforms: a file for each conversation and day"),
    Format.EML: ("E-mail", "EML, for archives that take mail: one for each conversation and day"),
    Format.DAT: ("Load file", "Concordance DAT, with the files beside it"),
    Format.HTML: ("Reader", "HTML, to read and search in a browser without tools"),
    Format.PDF: ("Transcript", "PDF/A, with page numbers and a certificate"),
}
"""What each format is called, and what it is for."""


@dataclass(frozen=True)
class File:
    """One part: what is known before it is made, and its digest once it is."""

    number: int
    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Comes:
    """The figures of a preflight."""

    figures: Mapping[str, Any]
    documents: Sequence[tuple[str, int]]
    missing: Sequence[tuple[str, int]]
    open_days: Sequence[tuple[str, int]]
    parts: Sequence[File]

    @property
    def missing_in_all(self) -> int:
        return sum(count for _, count in self.missing)

    @property
    def not_complete(self) -> int:
        """Days of sessions that are not proven complete."""
        return sum(count for _, count in self.open_days)

    @property
    def part_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts)


def of(row: Export) -> Comes:
    """What was measured of an export, and the digests of its files where it was made."""
    figures = row.contents or {}
    documents, made = figures.get("documents", {}), row.parts or figures.get("parts", [])
    return Comes(
        figures=figures,
        documents=[(one.value, documents.get(one.value, 0)) for one in Format if one.value in row.formats],
        missing=_counted(figures.get("missing", {})),
        open_days=_counted(figures.get("open_days", {})),
        parts=[
            File(number, part["name"], part["size_bytes"], part.get("sha256", ""))
            for number, part in enumerate(made, 1)
        ],
    )


def _counted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What is there at all, most first."""
    return sorted(((name, n) for name, n in counts.items() if n > 0), key=lambda pair: (-pair[1], pair[0]))
