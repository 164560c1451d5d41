"""The rest of the log's tree: what makes the leaves of a package's records whole again, up to a signed root.

Between the leaves of the records lie leaves that are not in the package. They are covered by the largest complete
subtrees that fit, in order, a line each: where a subtree begins, its level (it has 2^level leaves) and its hash. Records
and lines together cover every leaf of the log exactly once, so whoever walks both in step comes to the root of the
checkpoint: one proof of inclusion for all records at once (hashes as in RFC 6962, section 2.1).

Promises: memory grows neither with the log nor with the package, and tiles are read in bulk. Of leaves that are not in
the package it shows hashes only, and those commit to salted records.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archive import attestation, merkle, tiles

MOST_TILES = 256
"""Tiles held at once, of eight kilobytes each."""
_MOST_SUBTREES = 20_000


class Subtree(NamedTuple):
    """Leaves start to start + 2^level, which is where a subtree of that size may begin."""

    start: int
    level: int


def lines(leaves: Iterable[int], *, size: int) -> Iterator[bytes]:
    """The lines of `log/cover.ndjson`, each with its line feed, in order.

    `leaves` are the indexes of the records' leaves, rising; `size` is that of a checkpoint. Reads in the caller's
    transaction. Raises ValueError for leaves that do not rise, OutOfRange for one that is not below `size`, and
    LogDamaged for a missing leaf or tile.
    """
    tree = tiles.Tree(size)
    for stretch in _stretches(subtrees(leaves, size=size)):
        tree.read_ahead(tiles.tile_of(one.level, one.start >> one.level) for one in stretch)
        for start, level in stretch:
            found = tree.node(level, start >> level)
            yield attestation.line({"start": start, "level": level, "hash": found.hex()}) + b"\n"


def subtrees(leaves: Iterable[int], *, size: int) -> Iterator[Subtree]:
    """The largest complete subtrees that cover every leaf below `size` that is not in `leaves`, in order."""
    begin = 0
    for leaf in leaves:
        if leaf < begin:
            raise ValueError(f"Leaves are to rise: {leaf} comes after {begin - 1}.")
        if leaf >= size:
            raise merkle.OutOfRange(f"There is no leaf {leaf} in a tree of {size}.")
        yield from _between(begin, leaf)
        begin = leaf + 1
    yield from _between(begin, size)


def _between(first: int, end: int) -> Iterator[Subtree]:
    """The largest complete subtrees that cover leaves `first` to `end`."""
    while first < end:
        level = (end - first).bit_length() - 1
        if first > 0:
            level = min(level, (first & -first).bit_length() - 1)
        yield Subtree(first, level)
        first += 1 << level


def _stretches(found: Iterable[Subtree]) -> Iterator[list[Subtree]]:
    """The subtrees in lists that need no more than so many tiles each."""
    stretch: list[Subtree] = []
    needed: set[tuple[int, int]] = set()
    for one in found:
        stretch.append(one)
        needed.add(tiles.tile_of(one.level, one.start >> one.level))
        if len(needed) == MOST_TILES or len(stretch) == _MOST_SUBTREES:
            yield stretch
            stretch, needed = [], set()
    if len(stretch) > 0:
        yield stretch
