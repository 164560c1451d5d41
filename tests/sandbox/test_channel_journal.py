"""Channels are remembered: a restart does again what the API did to them, and a computed world refuses it."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sandbox import busy, server
from sandbox.clock import Clock
from sandbox.groups import ImGroup
from sandbox.instance import Account
from sandbox.journal import Journal
from sandbox.world import World
from tests.sandbox.conftest import NOON, Client, person


def company() -> World:
    """A few people, a group of the directory, a channel."""
    world = World(Clock(start=NOON, speed=0))
    people = [world.add_person(person(name)) for name in ("Ines", "Ravi", "Nina", "Otto")]
    world.own_user_id = people[0].id
    world.im_groups["sales"] = ImGroup("sales", "Sales", member_ids=[people[3].id])
    world.open_channel("general", members=people[:2], type=3, at=0)
    world.open_channel("elsewhere", members=people[1:2], type=3, at=0)
    return world


def everything(world: World) -> list[Any]:
    """All there is about channels."""
    sessions = [(one.id, one.name, one.member_ids, one.deleted_at) for one in world.sessions.values()]
    return deepcopy([list(world.channels.values()), sessions, world.activities])


def live(client: Client, world: World) -> None:
    """Everything the API can do to channels."""
    first, elsewhere = list(world.channels)
    ravi = {"email": "ravi@acme.example"}
    made = client.ask("POST", "/chat/users/me/channels", json={"name": "new", "type": 1, "members": [ravi]})
    path = f"/chat/channels/{made.json()['id']}"
    mine = path.replace("/chat", "/chat/users/me")
    ravi_id = world.person(ravi["email"]).id
    poster = {"posting_permissions": 3, "designated_posting_members": [{"user_id": ravi_id}]}
    nina = {"members": [{"email": "nina@acme.example"}]}
    both = {"admin_ids": ravi_id, "user_ids": ravi_id}
    client.ask("PATCH", path, json={"name": "renamed", "type": 2, "channel_settings": poster})
    for where in (path, f"/chat/channels/{first}"):
        assert client.ask("POST", f"{where}/members", json=nina).status_code == 201
        body = {"groups": [{"group_id": "sales"}]}
        assert client.ask("POST", f"{where}/members/groups", json=body).status_code == 201
    call_by_name(client, first, world.person("me").id, ravi_id)
    for method, where, options in (
        ("POST", f"{mine}/admins", {"json": {"admins": [ravi, nina["members"][0]]}}),
        ("DELETE", f"{mine}/admins", {"params": both}),
        ("DELETE", f"{path}/members/nina@acme.example", {}),
        ("DELETE", f"{path}/members/groups/sales", {}),
        ("POST", f"/chat/channels/{elsewhere}/members/me", {}),
        (
            "PATCH",
            "/chat/channels/events",
            {"json": {"method": "archive", "channel_ids": [first, elsewhere]}},
        ),
        ("PATCH", "/chat/channels/events", {"json": {"method": "unarchive", "channel_ids": [elsewhere]}}),
        ("DELETE", f"/chat/channels/{elsewhere}/members/me", {}),
        ("DELETE", f"/chat/channels/{elsewhere}", {}),
    ):
        assert client.ask(method, where, **options).is_success, where


def call_by_name(client: Client, channel_id: str, *people: str) -> None:
    """Everything the API can do to mention groups."""
    path = f"/chat/channels/{channel_id}/mention_group"
    for name in ("one", "two"):
        body = {"mention_group_name": name, "identifiers": list(people[:1])}
        assert client.ask("POST", path, json=body).status_code == 201
    one, two = (f"{path}/{row['mention_group_id']}" for row in client.get(path).json()["mention_group_list"])
    renamed = {"mention_group_name": "first", "mention_group_description": "x"}
    for method, where, options in (
        ("POST", f"{one}/members", {"json": {"identifiers": list(people[1:])}}),
        ("DELETE", f"{one}/members", {"params": {"identifiers": people[0]}}),
        ("PATCH", one, {"json": renamed}),
        ("DELETE", two, {}),
    ):
        assert client.ask(method, where, **options).is_success, where


def test_a_restart_knows_every_channel(tmp_path: Path, loopback: None) -> None:
    """With the same ids, people, settings and log; and going on draws no id twice."""
    path, world = tmp_path / "state", company()
    Journal(path, title="x", now_ms=0).replay(world)
    with server.running(world, account=Account(rate_limit=False)) as sandbox:
        live(Client(sandbox), world)
    again = company()
    Journal(path, title="x", now_ms=0).replay(again)
    assert everything(again) == everything(world) != everything(company())
    with server.running(again, account=Account(rate_limit=False)) as sandbox:
        made = Client(sandbox).ask("POST", "/chat/users/me/channels", json={"name": "more", "type": 1})
    assert made.json()["id"] not in world.channels


ORDERS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/chat/users/me/channels", {"json": {"name": "new", "type": 1}}),
    ("DELETE", "/chat/users/me/channels", {"params": {"channel_ids": "CHANNEL"}}),
    ("PATCH", "/chat/channels/events", {"json": {"method": "archive", "channel_ids": ["x"]}}),
    ("PATCH", "/chat/channels/CHANNEL", {"json": {"name": "new"}}),
    ("DELETE", "/chat/channels/CHANNEL", {}),
    ("POST", "/chat/channels/CHANNEL/members", {"json": {"members": [{"email": "x@acme.example"}]}}),
    ("DELETE", "/chat/channels/CHANNEL/members", {"params": {"member_ids": "x", "user_ids": "x"}}),
    ("POST", "/chat/channels/CHANNEL/members/me", {}),
    ("DELETE", "/chat/channels/CHANNEL/members/me", {}),
    ("DELETE", "/chat/channels/CHANNEL/members/x", {}),
    ("POST", "/chat/channels/CHANNEL/members/groups", {"json": {"groups": [{"group_id": "x"}]}}),
    ("DELETE", "/chat/channels/CHANNEL/members/groups/x", {}),
    ("PATCH", "/chat/users/me/channels/CHANNEL", {"json": {"name": "new"}}),
    ("DELETE", "/chat/users/me/channels/CHANNEL", {}),
    ("POST", "/chat/users/me/channels/CHANNEL/members", {"json": {"members": [{"email": "x@acme.example"}]}}),
    ("DELETE", "/chat/users/me/channels/CHANNEL/members", {"params": {"identifiers": "x"}}),
    ("DELETE", "/chat/users/me/channels/CHANNEL/members/x", {}),
    ("POST", "/chat/users/me/channels/CHANNEL/admins", {"json": {"admins": [{"email": "x@acme.example"}]}}),
    ("DELETE", "/chat/users/me/channels/CHANNEL/admins", {"params": {"admin_ids": "x", "user_ids": "x"}}),
    (
        "POST",
        "/chat/channels/CHANNEL/mention_group",
        {"json": {"mention_group_name": "x", "identifiers": []}},
    ),
    ("PATCH", "/chat/channels/CHANNEL/mention_group/x", {"json": {}}),
    ("DELETE", "/chat/channels/CHANNEL/mention_group/x", {}),
    ("POST", "/chat/channels/CHANNEL/mention_group/x/members", {"json": {"identifiers": ["x"]}}),
    ("DELETE", "/chat/channels/CHANNEL/mention_group/x/members", {"params": {"identifiers": "x"}}),
    (
        "PATCH",
        "/chat/channels/CHANNEL/retention",
        {"json": {"cloud_retention": {"enable_custom_retention": False}}},
    ),
]


@pytest.fixture(scope="module")
def computed(loopback: None) -> Any:
    """A client of a computed world."""
    world, source = busy.build(clock=Clock(start=NOON, speed=0), seed="1", messages=100)
    with server.running(world, account=Account(rate_limit=False), source=source) as sandbox:
        yield Client(sandbox)


@pytest.mark.parametrize(("method", "path", "options"), ORDERS)
def test_a_computed_world_stays_as_it_is(
    computed: Client, method: str, path: str, options: dict[str, Any]
) -> None:
    """Whatever is asked of its channels."""
    world = computed.sandbox.world
    channel_id = next(iter(world.channels))
    before = everything(world)
    params = {name: value.replace("CHANNEL", channel_id) for name, value in options.get("params", {}).items()}
    answer = computed.ask(method, path.replace("CHANNEL", channel_id), **{**options, "params": params})
    assert (answer.status_code, answer.json()["code"]) == (400, 5301)
    assert everything(world) == before
