"""Channels made in a shared space, and the one a space began with."""

from typing import Any

import httpx
import pytest

from sandbox import spaces
from sandbox.groups import ImGroup
from sandbox.space import Space
from tests.sandbox.conftest import NOON, Cast, Client, person

NOW = round(NOON.timestamp() * 1000)


@pytest.fixture
def space(cast: Cast) -> Space:
    """A space of Ravi's, with Nina in it; Ines, who owns the account, is not."""
    nina = cast.world.add_person(person("Nina"))
    roles = {cast.ravi.id: "owner", nina.id: "member"}
    return spaces.create(
        cast.world, by=cast.ravi.id, name="Norvik", description="", roles=roles, settings={}, at=NOW
    )


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def create(client: Client, space_id: str, *, user: str = "me", kind: str = "private", **more: object) -> Any:
    """A channel asked for in a space."""
    shared = {"space_id": space_id, "space_channel_type": kind}
    body = {"name": "plans", "type": 2, "shared_space": shared, **more}
    return client.ask("POST", f"/chat/users/{user}/channels", json=body)


@pytest.mark.parametrize("kind", ["private", "public_for_members"])
def test_a_channel_is_made_in_a_space(client: Client, space: Space, kind: str) -> None:
    """The space lists it as what it is there; deleting it takes it out of the list."""
    answer = create(client, space.id, kind=kind)
    assert answer.status_code == 201
    rows = client.get(f"/chat/spaces/{space.id}/channels").json()["channels"]
    assert [(row["channel_name"], row["space_channel_type"]) for row in rows[1:]] == [("plans", kind)]
    client.ask("DELETE", f"/chat/channels/{answer.json()['id']}")
    assert len(client.get(f"/chat/spaces/{space.id}/channels").json()["channels"]) == 1


def test_who_makes_channels_in_a_space(client: Client, cast: Cast, space: Space) -> None:
    """Its members, or its owner and administrators only; not a stranger to it."""
    cast.world.add_person(person("Otto"))
    assert refusal(create(client, space.id, user="otto@acme.example")) == (400, 5301)
    assert create(client, space.id, user="nina@acme.example").status_code == 201
    space.settings.create_channels_permission = 2
    assert refusal(create(client, space.id, user="nina@acme.example", name="more")) == (400, 5301)
    assert create(client, space.id, user=cast.ravi.id, name="more").status_code == 201


def test_the_channels_of_a_space_are_private(client: Client, cast: Cast, space: Space) -> None:
    """From the start and for good; and the space must be there."""
    assert refusal(create(client, "none")) == (404, 5407)
    assert refusal(create(client, space.id, type=3)) == (400, 5301)
    made = create(client, space.id).json()["id"]
    assert refusal(client.ask("PATCH", f"/chat/channels/{made}", json={"type": 3})) == (400, 5301)
    assert client.ask("PATCH", f"/chat/channels/{made}", json={"type": 1}).status_code == 204


def test_people_of_the_space_join_what_is_open_to_them(client: Client, cast: Cast, space: Space) -> None:
    """Others need an invitation, and a private channel needs one of everybody."""
    opened = create(client, space.id, user=cast.ravi.id, kind="public_for_members").json()["id"]
    closed = create(client, space.id, user=cast.ravi.id, name="closed").json()["id"]
    path = "/chat/channels/{}/members/me"
    assert refusal(client.ask("POST", path.format(opened))) == (400, 5301)
    spaces.add(cast.world, space_id=space.id, by=cast.ravi.id, person_ids=[cast.ines.id], at=NOW)
    assert client.ask("POST", path.format(opened)).status_code == 201
    assert refusal(client.ask("POST", path.format(closed))) == (400, 5301)


def test_the_default_channel_is_the_spaces(client: Client, cast: Cast, space: Space) -> None:
    """It is neither archived nor deleted, and its people are those of the space."""
    cast.world.im_groups["g"] = ImGroup("g", "Group", member_ids=[cast.ines.id])
    event = {"channel_ids": [space.general_id], "method": "archive"}
    for method in ("archive", "unarchive"):
        answer = client.ask("PATCH", "/chat/channels/events", json={**event, "method": method})
        assert [row["error_code"] for row in answer.json()["failed_channels"]] == ["3214"]
    path, mine = f"/chat/channels/{space.general_id}", f"/chat/users/me/channels/{space.general_id}"
    nina = "nina@acme.example"
    members = list(cast.world.channels[space.general_id].member_ids)
    orders: list[tuple[str, str, dict[str, Any], int]] = [
        ("DELETE", path, {}, 5301),
        ("DELETE", "/chat/users/me/channels", {"params": {"channel_ids": space.general_id}}, 4302),
        ("POST", f"{path}/members", {"json": {"members": [{"email": "ines@acme.example"}]}}, 5301),
        ("DELETE", f"{path}/members/{nina}", {}, 5301),
        ("POST", f"{mine}/admins", {"json": {"admins": [{"email": nina}]}}, 5301),
        ("POST", f"{path}/members/groups", {"json": {"groups": [{"group_id": "g"}]}}, 300),
        ("PATCH", path, {"json": {"type": 1}}, 5301),
    ]
    for method, where, options, code in orders:
        assert refusal(client.ask(method, where, **options)) == (400, code), where
    assert cast.world.channels[space.general_id].member_ids == members
    assert client.ask("PATCH", path, json={"name": "Everyone"}).status_code == 204
