"""A deed is written down once, with what it was called with, and doing it again gives the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import deeds, identity, scenarios
from sandbox.clock import Clock
from sandbox.deeds import deed
from sandbox.journal import Journal
from sandbox.world import World

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


@deed
def inner(world: World, *, name: str, at: int) -> str:
    """Something that is also done as part of something else."""
    return identity.short(world.seed, name, world.number(), at)


@deed
def outer(world: World, *, name: str, at: int) -> str:
    """Something that includes another deed."""
    return inner(world, name=name + "!", at=at)


def world() -> World:
    return scenarios.empty(clock=Clock(start=NOON, speed=0))


def test_a_deed_is_replayed_with_the_same_ids(tmp_path: Path) -> None:
    """From the journal alone."""
    first, second = world(), world()
    journal = Journal(tmp_path / "state", title="x", now_ms=0)
    journal.replay(first)
    made = [outer(first, name="a", at=5), inner(first, name="b", at=6)]
    remade = []
    kept = dict(deeds.DEEDS)
    for name in ("outer", "inner"):
        full = next(one for one in kept if one.endswith(f"test_deeds.{name}"))
        deeds.DEEDS[full] = lambda w, full=full, **fields: remade.append(kept[full](w, **fields))
    try:
        Journal(tmp_path / "state", title="x", now_ms=0).replay(second)
    finally:
        deeds.DEEDS.update(kept)
    assert remade == made


def test_listeners_hear_of_every_deed(tmp_path: Path) -> None:
    """Of those within others too; the journal has only the outer one."""
    here, heard = world(), []
    Journal(tmp_path / "state", title="x", now_ms=0).replay(here)
    here.listeners.append(lambda name, fields: heard.append((name.rpartition(".")[2], fields)))
    outer(here, name="a", at=5)
    assert heard == [("inner", {"name": "a!", "at": 5}), ("outer", {"name": "a", "at": 5})]
    assert (tmp_path / "state").read_text().count("\n") == 2


def test_a_deed_takes_values_by_name() -> None:
    """Only what has a name can be written down."""
    with pytest.raises(TypeError, match="by name"):
        inner(world(), "a", 5)
