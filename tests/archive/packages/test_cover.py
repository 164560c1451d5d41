"""The rest of the tree: records' leaves and cover lines together are the log, and come to its signed root."""

import json
import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from django.db import connection, transaction
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from archive import hashing, log, merkle, tiles
from archive.models import Leaf
from archive.packages import cover

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


def grow(size: int) -> list[bytes]:
    """A log of so many leaves that commit to nothing in particular, signed; the hashes of its leaves."""
    subjects = range(log.size(), size)
    with transaction.atomic():
        log.append(
            [log.Entry(Leaf.Kind.PAGE, n, hashing.commitment(b"", b"%d" % n)) for n in subjects], now=NOON
        )
    log.checkpoint(now=NOON)
    return list(tiles.leaf_hashes(0, size))


def root_of(lines: list[bytes], leaves: dict[int, bytes]) -> tuple[int, bytes]:
    """What records and cover lines come to, by the simplest walk: where it ends, and the root."""
    covered = {found["start"]: found for found in map(json.loads, lines)}
    position, stack = 0, list[tuple[int, bytes]]()
    while position in leaves or position in covered:
        level, found = (
            (0, leaves[position])
            if position in leaves
            else (covered[position]["level"], bytes.fromhex(covered[position]["hash"]))
        )
        position += 1 << level
        stack.append((level, found))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (level, right), (_, left) = stack.pop(), stack.pop()
            stack.append((level + 1, hashing.node(left, right)))
    found = stack.pop()[1]
    while len(stack) > 0:
        found = hashing.node(stack.pop()[1], found)
    return position, found


@given(st.integers(0, 3000), st.data())
def test_subtrees_and_leaves_cover_the_log_once(size: int, data: st.DataObject) -> None:
    """No leaf is left out or covered twice; each subtree begins where one of its size may, and none could be larger."""
    chosen = data.draw(st.sets(st.integers(0, size - 1), max_size=40)) if size > 0 else set[int]()
    found = list(cover.subtrees(sorted(chosen), size=size))
    covered = [leaf for one in found for leaf in range(one.start, one.start + (1 << one.level))]
    assert sorted([*covered, *chosen]) == list(range(size))
    assert covered == sorted(covered)
    for start, level in found:
        assert start % (1 << level) == 0
        twice = range(start - start % (2 << level), start - start % (2 << level) + (2 << level))
        assert twice.stop > size or not chosen.isdisjoint(twice)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 7, 255, 256, 257, 1111])
def test_records_and_cover_come_to_the_signed_root(size: int) -> None:
    """For none, all and any leaves of logs of any size, also of one that has grown since."""
    hashes = grow(size)
    grow(size + 300)
    root = merkle.root_of(hashes)
    draw = random.Random(size)
    sets = [
        set[int](),
        {0},
        {size - 1},
        set(range(size)),
        *({n for n in range(size) if draw.random() < share} for share in (0.01, 0.2, 0.9)),
    ]
    for chosen in sets:
        lines = list(cover.lines(sorted(chosen), size=size))
        assert root_of(lines, {leaf: hashes[leaf] for leaf in chosen}) == (size, root)


@pytest.mark.django_db
def test_a_cover_of_a_large_log_takes_few_reads_and_little_memory(tmp_path: Path) -> None:
    """Across two levels of tiles: the same root, a handful of statements, and a few hundred tiles at most."""
    size = 70_000
    hashes = grow(size)
    for step in (7, 900, 69_999):
        chosen = range(0, size, step)
        tracemalloc.start()
        with (tmp_path / "wire").open("wb") as file, traced(file):
            lines = list(cover.lines(chosen, size=size))
        said = (tmp_path / "wire").read_text()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert root_of(lines, {leaf: hashes[leaf] for leaf in chosen}) == (size, merkle.root_of(hashes))
        assert 0 < said.count("\tExecute\t") + said.count("\tQuery\t") < 20
        assert peak < 20_000_000 + sum(map(len, lines)) * 2


@contextmanager
def traced(file: BinaryIO) -> Iterator[None]:
    """What is said to the database meanwhile, a line a message."""
    wire = connection.connection.pgconn
    wire.trace(file.fileno())
    yield
    wire.untrace()


@pytest.mark.django_db
def test_leaves_that_fall_or_are_beyond_the_log_are_refused() -> None:
    """A cover of something else is no cover."""
    grow(10)
    with pytest.raises(ValueError, match="rise"):
        list(cover.lines([3, 3], size=10))
    with pytest.raises(ValueError, match="rise"):
        list(cover.lines([4, 2], size=10))
    with pytest.raises(merkle.OutOfRange):
        list(cover.lines([10], size=10))


@pytest.mark.django_db
def test_a_missing_tile_is_named() -> None:
    """A log whose full tiles are not there gives no cover."""
    with transaction.atomic():
        log.append([log.Entry(Leaf.Kind.PAGE, n, bytes(32)) for n in range(600)], now=NOON)
    with pytest.raises(tiles.LogDamaged, match="Tile 0 of level 0"):
        list(cover.lines([300], size=600))
