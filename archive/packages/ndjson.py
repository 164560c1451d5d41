"""The records of a package, a line of JSON each, in the order of the log: all that a leaf commits to, and words to read.

A line has the leaf's index and time, the salt, the commitment, and every column the commitment is over under the names
that `archive.commitments` gives them, so that whoever has the line makes the leaf's bytes again. A revision has readable
columns beside them; of other records such words are apart, under `about`. What is here: every version of the chosen
messages, the files on them, the windows that say how complete their sessions are, and the tombstones of what was
destroyed.

Written in one way only (`attestation.line`), at most `MOST_LINES` to a file. Memory is that of a page of records, of bounded bytes.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO

from archive import attestation
from archive.models import Leaf
from archive.packages import facts, references, weights
from archive.packages.content import Request, Sink
from archive.packages.lines import Line, Lines
from archive.packages.natives import Copied
from archive.packages.references import Reference

MOST_LINES = 50_000
_PAGE = 1_000
_index = struct.Struct(">Q")


class Leaves:
    """The leaves of the records written, in order; they lie on the disk and can be gone through again."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # lives as long as the list
        self.count = 0

    def add(self, leaf: int) -> None:
        self._file.write(_index.pack(leaf))
        self.count += 1

    def __iter__(self) -> Iterator[int]:
        self._file.seek(0)
        while chunk := self._file.read(_index.size * 8_192):
            yield from (leaf for (leaf,) in _index.iter_unpack(chunk))


def write(
    request: Request, *, copied: Copied, into: Sink, step: Callable[[int], None]
) -> tuple[Leaves, dict[str, int]]:
    """All records, into as many files as it takes: their leaves, and how many of each type. `step` is told how many more."""
    leaves, counts = Leaves(), dict.fromkeys(("revision", "tombstone", "blob", "window"), 0)
    with ExitStack() as open_file:
        written: BinaryIO | None = None
        for page in _pages(request, copied):
            for line in page:
                if written is None or leaves.count % MOST_LINES == 0:
                    open_file.close()
                    path = f"data/records/{leaves.count // MOST_LINES + 1:05}.ndjson"
                    written = open_file.enter_context(into.file(path))
                written.write(attestation.line(line) + b"\n")
                leaves.add(line["leaf"])
                counts[line["type"]] += 1
            step(len(page))
        if written is None:
            open_file.enter_context(into.file("data/records/00001.ndjson"))  # nothing, and said so by a file
    return leaves, counts


def _pages(request: Request, copied: Copied) -> Iterator[list[Line]]:
    lines_of = Lines(request, people=facts.people(export_id=request.export_id), lost=copied.lost)
    for page in references.pages(request, _PAGE):
        versions = [one.subject_id for one in page if one.kind == Leaf.Kind.REVISION]
        weighed = weights.of_versions(versions)
        for stretch in weights.stretches([_weight(one, weighed) for one in page]):
            yield _lines(page[stretch], lines_of)


def _weight(of: Reference, weighed: Mapping[int, int]) -> int:
    """Of a version; what else is recorded is short."""
    return weighed.get(of.subject_id, 0) if of.kind == Leaf.Kind.REVISION else 0


def _lines(page: Sequence[Reference], lines_of: Lines) -> list[Line]:
    of_kind: dict[int, list[int]] = defaultdict(list)
    for one in page:
        of_kind[one.kind].append(one.subject_id)
    lines: dict[tuple[int, int], Line] = {}
    for kind, keys in of_kind.items():
        for key, line in lines_of.of(kind, keys):
            lines[kind, key] = line
    # A row that is gone was destroyed since the references were kept: the counts will not be those expected.
    return [
        {**lines[one.kind, one.subject_id], "leaf": one.leaf, "subject_id": one.subject_id}
        for one in page
        if (one.kind, one.subject_id) in lines
    ]
