"""The worlds one can choose from, by name."""

from dataclasses import dataclass
from pathlib import Path

from sandbox import awkward, busy, identity
from sandbox import corpus as corpora
from sandbox.acme import company as acme
from sandbox.clock import Clock
from sandbox.live import Act
from sandbox.people import Person
from sandbox.reports import Source
from sandbox.world import World

ACME_MESSAGES = 25_000
ACME_LIVE = 6.0
NAMES = ("acme", "empty", "awkward", "busy")


@dataclass(slots=True, frozen=True)
class Scenario:
    """A world ready to be served, and how lively it is by default."""

    name: str
    world: World
    source: Source | None = None
    act: Act | None = None
    live_per_minute: float = 0.0


def empty(*, clock: Clock, seed: str = "1") -> World:
    """An account with its owner and nothing said."""
    world = World(clock, seed)
    owner = world.add_person(
        Person(
            id=identity.short(seed, "person", "owner"),
            email="owner@empty.example",
            display_name="Account Owner",
            member_id=identity.short(seed, "member", "owner"),
        )
    )
    world.own_user_id = owner.id
    return world


def build(
    name: str,
    *,
    clock: Clock,
    seed: str = "1",
    corpus: Path | None = None,
    torture: Path | None = None,
    messages: int = 100_000,
) -> Scenario:
    """The scenario of a name, or the world of a corpus folder; ValueError says what is wrong."""
    if corpus is not None:
        return Scenario(f"corpus {corpus.name}", corpora.load(corpus, clock=clock, seed=seed))
    if name == "empty":
        return Scenario(name, empty(clock=clock, seed=seed))
    if name == "acme":
        company, act = acme.build(clock=clock, seed=seed, messages=ACME_MESSAGES)
        return Scenario(name, company, act=act, live_per_minute=ACME_LIVE)
    if name == "awkward":
        return Scenario(name, awkward.build(clock=clock, seed=seed, torture=torture))
    if name == "busy":
        world, source = busy.build(clock=clock, seed=seed, messages=messages)
        return Scenario(name, world, source)
    raise ValueError(f"no such scenario: {name}")
