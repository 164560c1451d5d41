"""Members of a channel can be called by one name, as long as the channel lets them."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Cast, Client, person


@pytest.fixture
def path(cast: Cast) -> str:
    """The mention groups of the channel."""
    return f"/chat/channels/{cast.channel.id}/mention_group"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def create(client: Client, path: str, *ids: str, name: str = "team", **more: object) -> httpx.Response:
    """A mention group made through the API."""
    return client.ask("POST", path, json={"mention_group_name": name, "identifiers": list(ids), **more})


def made(client: Client, path: str, *ids: str, **more: Any) -> str:
    """The path of a mention group made through the API."""
    answer = create(client, path, *ids, **more)
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['mention_group_id']}"


def names(client: Client, group: str) -> set[str]:
    """Who is in a mention group."""
    return {row["disaplay_name"] for row in client.all_pages(f"{group}/members", "members", page_size=2)}


def test_a_mention_group_is_read_as_it_was_made(client: Client, cast: Cast, path: str) -> None:
    """Members by user id or member id; an outsider shows only the member id and the name."""
    group = made(client, path, cast.ravi.id, cast.olu.member_id, mention_group_description="all of us")
    row = {"mention_group_id": group.rpartition("/")[2], "mention_group_name": "team"}
    shown = {"mention_group_list": [{**row, "mention_group_description": "all of us"}]}
    assert client.get(path).json() == shown
    page = client.get(f"{group}/members").json()
    assert {name: page[name] for name in page if name != "members"} == {
        "mention_group_id": row["mention_group_id"],
        "next_page_token": "",
        "page_size": 20,
        "has_more": False,
    }
    people = {one["disaplay_name"]: one for one in page["members"]}
    assert people["Olu"] == {
        "user_id": "",
        "member_id": cast.olu.member_id,
        "email": "",
        "first_name": "",
        "last_name": "",
        "disaplay_name": "Olu",
        "is_external": True,
    }
    assert people["Ravi"]["user_id"] == cast.ravi.id


def test_members_come_and_go(client: Client, cast: Cast, path: str) -> None:
    """Who is there already, or is not there, is refused with all the others."""
    group = made(client, path, cast.ravi.id)
    both = {"identifiers": [cast.olu.member_id, cast.ravi.id]}
    assert refusal(client.ask("POST", f"{group}/members", json=both)) == (400, 5511)
    added = client.ask("POST", f"{group}/members", json={"identifiers": [cast.olu.member_id]})
    assert (added.status_code, added.content) == (201, b"")
    assert names(client, group) == {"Ravi", "Olu"}
    query = {"identifiers": f"{cast.ravi.id},{cast.ines.id}"}
    assert refusal(client.ask("DELETE", f"{group}/members", params=query)) == (400, 5510)
    removed = client.ask("DELETE", f"{group}/members", params={"identifiers": cast.ravi.member_id})
    assert removed.status_code == 204
    assert names(client, group) == {"Olu"}
    assert cast.ravi.id in cast.channel.member_ids


def test_who_leaves_the_channel_leaves_its_mention_groups(client: Client, cast: Cast, path: str) -> None:
    """And coming back does not bring them into the group again."""
    group = made(client, path, cast.ravi.id, cast.olu.member_id)
    members = path.replace("mention_group", "members")
    client.ask("DELETE", f"{members}/{cast.ravi.id}")
    client.ask("POST", members, json={"members": [{"email": "ravi@acme.example"}]})
    assert names(client, group) == {"Olu"}


def test_a_mention_group_is_renamed_and_deleted(client: Client, cast: Cast, path: str) -> None:
    """An empty name changes nothing, an empty description takes the old one away."""
    group = made(client, path, mention_group_description="first")
    for body, shown in (
        ({"mention_group_name": "crew"}, ("crew", "first")),
        ({"mention_group_name": ""}, ("crew", "first")),
        ({"mention_group_name": "crew", "mention_group_description": "second"}, ("crew", "second")),
        ({"mention_group_description": ""}, ("crew", None)),
    ):
        assert client.ask("PATCH", group, json=body).status_code == 204
        row = client.get(path).json()["mention_group_list"][0]
        assert (row["mention_group_name"], row.get("mention_group_description")) == shown
    assert client.ask("DELETE", group).status_code == 204
    assert client.get(path).json()["mention_group_list"] == []
    assert refusal(client.ask("DELETE", group)) == (404, 5508)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"mention_group_name": ""}, 400, 300),
        ({"mention_group_name": "x" * 41}, 400, 300),
        ({"mention_group_description": "x" * 501}, 400, 300),
        ({"identifiers": None}, 400, 300),
        ({"identifiers": ["x"] * 21}, 400, 300),
        ({"identifiers": ["nobody"]}, 400, 300),
        ({"identifiers": ["nina@acme.example"]}, 403, 200),
        ({"mention_group_name": "taken"}, 400, 200),
    ],
)
def test_what_cannot_be_created(
    client: Client, cast: Cast, path: str, body: dict[str, object], status: int, code: int
) -> None:
    """Names out of bounds or taken, and members who are not in the channel."""
    cast.world.add_person(person("Nina"))
    group = made(client, path, name="taken")
    answer = client.ask("POST", path, json={"mention_group_name": "team", "identifiers": [], **body})
    assert refusal(answer) == (status, code)
    assert [f"{path}/{one}" for one in cast.channel.mention_groups] == [group]


def test_names_are_taken_in_one_channel_only(client: Client, cast: Cast, path: str) -> None:
    """Of two groups of it, neither gets the other's; another channel is free."""
    made(client, path, name="one")
    two = made(client, path, name="two")
    assert refusal(client.ask("PATCH", two, json={"mention_group_name": "one"})) == (400, 200)
    other = cast.world.open_channel("other", members=[cast.ines], type=3)
    assert create(client, path.replace(cast.channel.id, other.id), name="one").status_code == 201


def test_there_are_twenty_groups_at_most(client: Client, cast: Cast, path: str) -> None:
    """The next is refused with code 5506."""
    for number in range(20):
        made(client, path, name=f"group {number}")
    assert refusal(create(client, path, name="one too many")) == (400, 5506)
    assert len(client.get(path).json()["mention_group_list"]) == 20


def test_there_are_a_hundred_members_at_most(client: Client, cast: Cast, path: str) -> None:
    """The next twenty are refused with code 5507; a hundred come in pages of up to twenty."""
    people = [cast.world.add_person(person(f"Member {number}")) for number in range(101)]
    for one in people:
        cast.world.join(cast.channel, one)
    group = made(client, path)
    for start in range(0, 100, 20):
        body = {"identifiers": [one.id for one in people[start : start + 20]]}
        assert client.ask("POST", f"{group}/members", json=body).status_code == 201
    body = {"identifiers": [people[100].id]}
    assert refusal(client.ask("POST", f"{group}/members", json=body)) == (400, 5507)
    rows = client.all_pages(f"{group}/members", "members")
    assert len({row["member_id"] for row in rows}) == len(rows) == 100
    first = client.get(f"{group}/members", page_size=20).json()
    assert (first["has_more"], bool(first["next_page_token"])) == (True, True)


def test_bad_tokens_are_forbidden_and_bad_sizes_refused(client: Client, cast: Cast, path: str) -> None:
    """Code 300 both times, under 403 for the token."""
    group = made(client, path)
    assert refusal(client.get(f"{group}/members", next_page_token="forged")) == (403, 300)
    assert refusal(client.get(f"{group}/members", page_size=21)) == (400, 300)


@pytest.mark.parametrize(
    "body", [{"identifiers": []}, {"identifiers": ["x"] * 21}, {"identifiers": ["nobody"]}, {}]
)
def test_who_cannot_be_added(client: Client, path: str, body: dict[str, object]) -> None:
    """Nobody, more than twenty, or someone no one knows."""
    group = made(client, path)
    assert refusal(client.ask("POST", f"{group}/members", json=body)) == (400, 300)


def everything(client: Client, path: str, group: str, user_id: str) -> list[httpx.Response]:
    """Every operation of the tag, once."""
    return [
        client.get(path),
        create(client, path, name="another"),
        client.ask("PATCH", group, json={"mention_group_name": "other"}),
        client.get(f"{group}/members"),
        client.ask("POST", f"{group}/members", json={"identifiers": [user_id]}),
        client.ask("DELETE", f"{group}/members", params={"identifiers": user_id}),
        client.ask("DELETE", group),
    ]


def test_where_there_are_no_mention_groups(client: Client, cast: Cast, path: str) -> None:
    """Not in a group chat, not in an archived channel, not where there is no channel."""
    group = made(client, path)
    before = dict(cast.channel.mention_groups)
    cast.channel.archived_at = 1
    assert {refusal(one) for one in everything(client, path, group, cast.ravi.id)} == {(403, 200)}
    cast.channel.archived_at, cast.channel.type = None, 4
    assert {refusal(one) for one in everything(client, path, group, cast.ravi.id)} == {(403, 200)}
    nowhere, none = (text.replace(cast.channel.id, "none") for text in (path, group))
    assert {refusal(one) for one in everything(client, nowhere, none, cast.ravi.id)} == {(404, 4130)}
    cast.channel.type = 3
    assert cast.channel.mention_groups == before
    missing = everything(client, path, f"{path}/none", cast.ravi.id)[2:]
    assert {refusal(one) for one in missing} == {(404, 5508)}
