"""The demo company: the same for the same seed, as big as promised, and full of what Zoom can carry."""

import hashlib
import io
import random
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

import pytest

from sandbox import scenarios, server
from sandbox.acme import documents, stories
from sandbox.clock import Clock
from sandbox.conversations import ONE_TO_ONE, Message
from sandbox.instance import Account
from sandbox.world import World
from tests.sandbox.conftest import NOON, Client
from tests.sandbox.test_corpus import MONTHS


@pytest.fixture(scope="module")
def scenario() -> scenarios.Scenario:
    """The company at noon, standing still."""
    return scenarios.build("acme", clock=Clock(start=NOON, speed=0))


def everything(world: World) -> list[Message]:
    """Every message of the world."""
    return [message for session in world.sessions.values() for message in session.messages]


def test_the_company_is_as_big_as_promised(scenario: scenarios.Scenario) -> None:
    """Sixty people and some guests, forty channels, many talks, about 25,000 messages, 200 files."""
    world = scenario.world
    assert sum(not one.external and not one.bot for one in world.people.values()) == 60
    assert len(world.channels) >= 40
    assert sum(one.type == ONE_TO_ONE for one in world.sessions.values()) >= 60
    assert 22_000 < len(everything(world)) < 28_000
    assert len(world.files) >= 200


def test_the_same_seed_makes_the_same_company(scenario: scenarios.Scenario) -> None:
    """Every id and wording again; another seed makes another company."""

    def digest(world: World) -> str:
        rows = sorted((m.id, m.timestamp, m.text, m.sender_id) for m in everything(world))
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    again, other = (scenarios.build("acme", clock=Clock(start=NOON, speed=0), seed=s).world for s in "12")
    assert digest(scenario.world) == digest(again) != digest(other)


def test_every_department_is_a_group(scenario: scenarios.Scenario) -> None:
    """Everybody of the staff in exactly one, strangers and bots in none."""
    world = scenario.world
    groups = list(world.im_groups.values())
    members = [one for group in groups for one in group.member_ids]
    staff = {one.id for one in world.people.values() if not one.external and not one.bot}
    assert {"Finance", "Legal", "Engineering"} <= {one.name for one in groups}
    assert {one.type for one in groups} == {"normal", "shared", "restricted"}
    assert (len(members), set(members)) == (60, staff)
    for group in groups:
        assert {world.people[one].department for one in group.member_ids} == {group.name}


def test_two_spaces_keep_channels_together(scenario: scenarios.Scenario, account: Account) -> None:
    """Each with channels of all three kinds, the officer in both, guests only where they are let in."""
    world = scenario.world
    with server.running(world, account=account) as sandbox:
        client = Client(sandbox)
        rows = client.all_pages("/chat/spaces", "shared_spaces", user_id="me")
        lists = [client.all_pages(f"/chat/spaces/{row['space_id']}/channels", "channels") for row in rows]
    assert [row["space_name"] for row in rows] == ["Finance and audit", "Suppliers"]
    for channels in lists:
        kinds = [row["space_channel_type"] for row in channels]
        assert set(kinds) == {"general", "private", "public_for_members"}
        assert all(world.channels[row["channel_id"]].type in (1, 2) for row in channels)
    assert {"finance", "audit-2026"} < {row["channel_name"] for row in lists[0]}
    guests = [any(world.people[p].external for p in one.members) for one in world.spaces.values()]
    assert guests == [False, True]


def test_sorting_the_company_comes_last(scenario: scenarios.Scenario) -> None:
    """No id of a message, file or activity depends on groups and spaces: their numbers are the last."""
    world = scenario.world
    generals = {one.general_id for one in world.spaces.values()}
    before = [one.number for one in everything(world)]
    before += [one.number for one in world.activities if one.channel_id not in generals]
    assert max(before) < min(one.number for one in world.spaces.values())


def test_six_scripts_are_written(scenario: scenarios.Scenario) -> None:
    """Latin, Cyrillic, CJK, Arabic, Hebrew and Devanagari, and some Greek and Hangul."""
    letters = {
        letter for message in everything(scenario.world) for letter in message.text if letter.isalpha()
    }
    scripts = {unicodedata.name(letter).split()[0] for letter in letters}
    assert {
        "LATIN",
        "CYRILLIC",
        "CJK",
        "HIRAGANA",
        "ARABIC",
        "HEBREW",
        "DEVANAGARI",
        "GREEK",
        "HANGUL",
    } <= scripts


def test_all_that_happens_to_messages_happens(scenario: scenarios.Scenario) -> None:
    """Edits, deletions, threads, reactions of both kinds, forwards, bots, giphys, emphasis."""
    messages = everything(scenario.world)
    for what in (
        "reply_to",
        "reactions",
        "custom_reactions",
        "forward_id",
        "bot_message",
        "giphy_url",
        "rich_text",
    ):
        assert any(getattr(one, what) for one in messages), what
    assert any(one.deleted_at is not None for one in messages)
    assert any(len(one.versions) > 2 or one.versions[-1].at_ms - one.timestamp > 10**9 for one in messages)
    assert any(one.deleted_at is not None for one in scenario.world.channels.values())
    assert any(not one.active for one in scenario.world.people.values())


def test_nothing_lies_in_the_future(scenario: scenarios.Scenario) -> None:
    """Not a message, not an edit, not a deletion."""
    now = scenario.world.clock.now_ms()
    for one in everything(scenario.world):
        assert max(one.timestamp, one.versions[-1].at_ms, one.deleted_at or 0) <= now


def test_every_story_is_told(scenario: scenarios.Scenario) -> None:
    """Each line is somewhere, in its present or an earlier wording."""
    said = {version.text for one in everything(scenario.world) for version in one.versions}
    assert {line.text for line in stories.ALL} <= said


def test_paging_the_company_yields_its_truth(scenario: scenarios.Scenario, account: Account) -> None:
    """What six months of pages offer is what the truth counts, list by list."""
    offered = {"messages": 0, "edited_messages": 0, "deleted_messages": 0}
    with server.running(scenario.world, account=account) as sandbox:
        client = Client(sandbox)
        for first, last in MONTHS:
            for row in client.sessions(first, last):
                found = client.messages(row["id"], first, last, page_size=100)
                offered = {name: count + len(found[name]) for name, count in offered.items()}
        truth = client.control("truth")
    assert offered == truth["offered"]
    assert truth["messages"] == len(everything(scenario.world))


def test_life_goes_on() -> None:
    """Thousands of acts later there is more of everything, and nothing is forgotten."""
    scenario = scenarios.build("acme", clock=Clock(start=NOON, speed=0))
    before = {one.id: len(one.versions) for one in everything(scenario.world)}
    chance = random.Random(1)
    assert scenario.act is not None
    for _ in range(1500):
        scenario.act(scenario.world, chance)
    after = {one.id: len(one.versions) for one in everything(scenario.world)}
    assert len(after) > len(before) + 500
    assert all(after[one] >= count for one, count in before.items())
    assert sum(after[one] for one in before) > sum(before.values())


def test_nobody_speaks_where_it_is_over() -> None:
    """Neither in an archived channel nor in a deleted one, nor anywhere after leaving."""
    scenario = scenarios.build("acme", clock=Clock(start=NOON, speed=0))
    world, chance = scenario.world, random.Random(1)
    channels = {one.name: one for one in world.channels.values() if one.deleted_at is None}
    closed, archived, lonely = (channels[name] for name in ("sales", "general", "engineering"))
    world.close_channel(closed)
    archived.archived_at = world.clock.now_ms()
    for person_id in lonely.member_ids[1:]:
        world.leave(lonely, world.people[person_id])
    stayed, logged = set(lonely.member_ids), len(world.activities)
    before = {one.id: len(one.messages) for one in world.sessions.values()}
    changes = {one.id: len(one.modifications) for one in world.sessions.values()}
    assert scenario.act is not None
    for _ in range(3000):
        scenario.act(world, chance)
    for channel in (closed, archived):
        session = world.sessions[channel.session_id]
        assert len(session.messages) == before[session.id] > 0
        assert len(session.modifications) == changes[session.id]
    said = world.sessions[lonely.session_id].messages[before[lonely.session_id] :]
    came = {one for activity in world.activities[logged:] for one in activity.member_ids}
    assert {one.sender_id for one in said} <= stayed | came


@pytest.mark.parametrize("extension", documents.EXTENSIONS)
def test_files_are_the_same_each_time(extension: str) -> None:
    """The bytes depend on name, title and number alone."""
    made = [documents.made(f"x.{extension}", title="Prüfung (1)", number=n) for n in (1, 1, 2)]
    assert made[0] == made[1]
    assert extension == "gif" or made[0] != made[2]


@pytest.mark.parametrize("extension", ["docx", "xlsx", "zip"])
def test_packages_are_whole(extension: str) -> None:
    """Every part of a package is intact and well-formed."""
    with zipfile.ZipFile(io.BytesIO(documents.made(f"x.{extension}", title="a & b", number=1))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))


def test_a_png_holds_every_row() -> None:
    """The image data is as long as its size says."""
    data = documents.made("x.png", title="t", number=1)
    start = data.index(b"IDAT") + 4
    assert len(zlib.decompress(data[start : data.index(b"IEND") - 8])) == 96 * (1 + 96 * 3)
