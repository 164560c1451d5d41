"""A restarted sandbox continues the same world."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.acme import company as acme
from sandbox.clock import Clock
from sandbox.files import Held, Patterned
from sandbox.journal import Journal
from sandbox.live import Act
from sandbox.matters import Matter
from sandbox.pages import Place
from sandbox.reports import Report, Window
from sandbox.world import World
from tests.sandbox.conftest import NOON


def company() -> tuple[World, Act]:
    """The demo company, with less to say."""
    return acme.build(clock=Clock(start=NOON, speed=0), seed="1", messages=800)


def remembered(path: Path) -> World:
    """The company as it is after a start with this state."""
    journal = Journal(path, title="acme 1", now_ms=Clock(start=NOON, speed=0).now_ms())
    world, _ = company()
    journal.replay(world)
    world.clock.advance(seconds=86_400)
    return world


def everything(world: World) -> list[object]:
    """All that the reports offer, and what administrators did."""
    window = Window(0, 1 << 60, lambda stored: stored.content.digest(), True, True, True, True, True)
    pages = [Report(world).page(one, window=window, place=Place(), count=10**6) for one in world.sessions]
    matters = [(one.id, one.name, one.start) for one in world.matters.values()]
    channels = [(one.id, one.member_ids, one.retention_period) for one in world.channels.values()]
    return [pages, matters, channels, [one.at_ms for one in world.activities], sorted(world.forwards)]


def live(world: World) -> None:
    """Everything that can happen to a world."""
    session = next(one for one in world.sessions.values() if one.name == "general")
    people = [world.people[one] for one in session.member_ids[:2]]
    files = [world.upload("a.txt", Held(b"a")), world.upload("b.bin", Patterned(9, "b"))]
    said = world.say(session, people[0], "look \ud83d\x00", files=files)
    world.say(session, people[1], "seen", reply_to=said)
    world.edit(said, "look here")
    world.react(said, people[1], "ship-it")
    world.forward(said, next(one for one in world.sessions.values() if one.name == "legal"), people[0])
    world.delete(said)
    channel = world.channels[session.channel_id or ""]
    world.leave(channel, people[1])
    world.join(channel, people[1])
    world.set_retention(channel, custom=True, period="30d")
    today = world.clock.today()
    for name in ("one", "two"):
        world.matters.pop(name, None)
        world.open_matter(Matter(name, name, [people[0].id], 0, today, today + timedelta(days=1)))
    world.rename_matter(world.matters["one"], "first")
    world.end_matter(world.matters["two"])


def test_a_restart_continues_the_same_world(tmp_path: Path) -> None:
    """Twice over: what happened is there again, byte for byte, and no id is given twice."""
    path = tmp_path / "state"
    world = remembered(path)
    live(world)
    after = remembered(path)
    assert everything(after) == everything(world)
    live(after)
    assert everything(remembered(path)) == everything(after)
    ids = [one.id for session in after.sessions.values() for one in session.messages]
    assert len(set(ids)) == len(ids)


def test_chatter_is_remembered_too(tmp_path: Path) -> None:
    """What the company says of its own accord while it runs."""
    path = tmp_path / "state"
    Journal(path, title="acme 1", now_ms=Clock(start=NOON, speed=0).now_ms())
    world, act = company()
    Journal(path, title="acme 1", now_ms=0).replay(world)
    world.clock.advance(seconds=86_400)
    for number in range(300):
        act(world, random.Random(number))
    assert everything(remembered(path)) == everything(world)


def test_a_line_cut_off_by_a_crash_is_dropped(tmp_path: Path) -> None:
    """The rest stands."""
    path = tmp_path / "state"
    world = remembered(path)
    session = next(iter(world.sessions.values()))
    world.say(session, world.people[session.member_ids[0]], "kept")
    with path.open("a") as out:
        out.write('{"deed": "say", "te')
    assert everything(remembered(path)) == everything(world)


def test_another_world_is_not_continued(tmp_path: Path) -> None:
    """The sentence names both."""
    Journal(tmp_path / "state", title="acme 1", now_ms=0)
    with pytest.raises(ValueError, match=r"'acme 1', not 'acme 2'"):
        Journal(tmp_path / "state", title="acme 2", now_ms=0)
