"""The hashes of the log's tree: from full tiles where there are any, from leaves at the newest end.

A tile is 256 hashes of one level, as in C2SP tlog-tiles: tile n of level 0 holds the hashes of leaves 256·n to
256·n + 255, tile n of level 1 the roots of 256 tiles of level 0, and so on. Tiles are written once, when full.

Promises: memory does not grow with the log. Reads are in the caller's transaction. A missing leaf or tile is an
error that names it, never a shorter answer.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter

from archive import bulk, hashing, merkle
from archive.models import Tile

WIDTH = 256
_LEAVES = (
    "SELECT index, kind, subject_id, at, commitment FROM archive_leaf"
    " WHERE index >= %b::bigint AND index < %b::bigint ORDER BY index"
)
_TILES = "SELECT number, hashes FROM archive_tile WHERE level = %b::smallint AND number = ANY(%b::bigint[]) ORDER BY number"
_LEVELS = 8  # 256 = 2 ** 8
CHUNK = 10_000


class LogDamaged(Exception):
    """The log is not what it was. Trying again does not help; `manage.py verify` names the first bad item."""


def leaf_hashes(first: int, end: int) -> Iterator[bytes]:
    """The hashes of leaves `first` to `end`, in order, straight from their rows. Raises LogDamaged."""
    expected = first
    rows = (
        row
        for start in range(first, end, CHUNK)
        for row in bulk.run(_LEAVES, (start, min(start + CHUNK, end)))
    )
    for index, kind, subject_id, at, commitment in rows:
        if index != expected:
            raise LogDamaged(f"Leaf {expected} is missing from the log.")
        expected += 1
        yield hashing.leaf(hashing.entry(kind=kind, subject_id=subject_id, at=at, commitment=commitment))
    if expected != end:
        raise LogDamaged(f"Leaf {expected} is missing from the log.")


def write_full(size: int) -> None:
    """Write every tile that `size` leaves fill and that is not written yet, level by level."""
    level, below = 0, size
    while below >= WIDTH:
        newest = Tile.objects.filter(level=level).order_by("-number").values_list("number", flat=True).first()
        first = 0 if newest is None else newest + 1
        _write(level, first, below // WIDTH)
        level, below = level + 1, below // WIDTH


def tile(level: int, number: int) -> bytes:
    """The hashes of one full tile, end to end. Raises LogDamaged."""
    found = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    if found is None:
        raise LogDamaged(f"Tile {number} of level {level} is missing.")
    return _whole(bytes(found), level, number)


class Tree:
    """The log as it was at `size`, of which all full tiles are written. `node` is a `merkle.Node`.

    Reads at most two tiles a level for one proof, and remembers them: make one for a few proofs, then let go. Whoever
    goes along the whole log names the tiles of each stretch before (`read_ahead`).
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over leaves index·2^level to (index + 1)·2^level."""
        tile_level, number, offset, height = _place(level, index)
        return merkle.root_of(self._hashes(tile_level, number)[offset : offset + (1 << height)])

    def read_ahead(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Hold these tiles, each by its level and number, with one query a level, and let go of other full ones."""
        asked = set(wanted)
        held = {
            where: hashes for where, hashes in self._read.items() if where in asked or len(hashes) < WIDTH
        }
        missing = sorted(asked - held.keys())
        for level, of_level in groupby(missing, key=itemgetter(0)):
            numbers = [number for _, number in of_level if (number + 1) * WIDTH ** (level + 1) <= self.size]
            for number, hashes in bulk.run(_TILES, (level, numbers)):
                held[level, number] = split(_whole(hashes, level, number))
        self._read = held

    def _hashes(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile, or of the beginning of it that this size fills."""
        if (level, number) not in self._read:
            count = min(WIDTH, self.size // WIDTH**level - number * WIDTH)
            if count == WIDTH:
                hashes = split(tile(level, number))
            else:
                first = number * WIDTH
                below = (
                    leaf_hashes(first, first + count)
                    if level == 0
                    else tile_roots(level - 1, first, first + count)
                )
                hashes = list(below)
            self._read[level, number] = hashes
        return self._read[level, number]


def tile_of(level: int, index: int) -> tuple[int, int]:
    """Level and number of the tile that `Tree.node(level, index)` is taken from."""
    tile_level, number, _, _ = _place(level, index)
    return tile_level, number


def _place(level: int, index: int) -> tuple[int, int, int, int]:
    """Where the hashes below a node are: level and number of their tile, the first of them, and the height above them."""
    tile_level, height = divmod(level, _LEVELS)
    number, offset = divmod(index << height, WIDTH)
    return tile_level, number, offset, height


def _whole(hashes: bytes, level: int, number: int) -> bytes:
    if len(hashes) != WIDTH * hashing.HASH_BYTES:
        raise LogDamaged(f"Tile {number} of level {level} has {len(hashes)} bytes.")
    return hashes


def split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + hashing.HASH_BYTES] for at in range(0, len(hashes), hashing.HASH_BYTES)]


def tile_roots(level: int, first: int, end: int) -> Iterator[bytes]:
    """The roots of tiles `first` to `end` of one level, in order. Raises LogDamaged."""
    expected = first
    rows = Tile.objects.filter(level=level, number__gte=first, number__lt=end).order_by("number")
    for number, hashes in rows.values_list("number", "hashes").iterator(chunk_size=WIDTH):
        if number != expected:
            break
        expected += 1
        yield merkle.root_of(split(bytes(hashes)))
    if expected != end:
        raise LogDamaged(f"Tile {expected} of level {level} is missing.")


def _write(level: int, first: int, end: int) -> None:
    """Write tiles `first` to `end` of one level."""
    if first >= end:
        return
    children = (first * WIDTH, end * WIDTH)
    below = leaf_hashes(*children) if level == 0 else tile_roots(level - 1, *children)
    tiles = (
        Tile(level=level, number=number, hashes=b"".join(islice(below, WIDTH)))
        for number in range(first, end)
    )
    while batch := list(islice(tiles, WIDTH)):
        Tile.objects.bulk_create(batch)
