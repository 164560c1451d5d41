"""Groups of the directory in a channel bring their people, and take them away again."""

import httpx
import pytest

from sandbox.groups import ImGroup
from tests.sandbox.conftest import Cast, Client, person

TODAY = {"start_date": "2026-05-20", "end_date": "2026-05-20"}


@pytest.fixture
def path(cast: Cast) -> str:
    """The groups of the channel; the directory knows Legal (Ravi, Nina) and Sales (Nina, Otto)."""
    world = cast.world
    nina, otto = (world.add_person(person(name)) for name in ("Nina", "Otto"))
    world.im_groups["legal"] = ImGroup("legal", "Legal", member_ids=[cast.ravi.id, nina.id])
    world.im_groups["sales"] = ImGroup("sales", "Sales", member_ids=[nina.id, otto.id])
    return f"/chat/channels/{cast.channel.id}/members/groups"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def add(client: Client, path: str, *ids: str) -> httpx.Response:
    """Groups added through the API."""
    return client.ask("POST", path, json={"groups": [{"group_id": one} for one in ids]})


def people(cast: Cast) -> set[str]:
    """Who is in the channel, which is who is in the session."""
    assert cast.channel.member_ids == cast.general.member_ids
    return {cast.world.people[one].display_name for one in cast.channel.member_ids}


def test_a_group_brings_its_people(client: Client, cast: Cast, path: str) -> None:
    """Those who were not there yet; the log says who brought them."""
    answer = add(client, path, "legal", "sales")
    rows = [{"group_id": "legal", "group_name": "Legal"}, {"group_id": "sales", "group_name": "Sales"}]
    assert (answer.status_code, answer.json()) == (201, {"added_at": "2026-05-20T12:00:00Z", "groups": rows})
    assert client.get(path).json() == {"groups": rows, "channel_id": cast.channel.id}
    assert people(cast) == {"Ines", "Ravi", "Olu", "Nina", "Otto"}
    log = client.get(f"/chat/channels/{cast.channel.id}/activities", **TODAY).json()["channel_activity_logs"]
    joined = [[one["display_name"] for one in row["members"]["member_list"]] for row in log]
    assert joined == [["Nina"], ["Otto"]]


def test_a_group_takes_those_away_who_came_by_it_alone(client: Client, cast: Cast, path: str) -> None:
    """Who is in another group of the channel stays until that one goes too; who was there before, always."""
    add(client, path, "legal", "sales")
    assert client.ask("DELETE", f"{path}/legal").status_code == 204
    assert people(cast) == {"Ines", "Ravi", "Olu", "Nina", "Otto"}
    assert client.ask("DELETE", f"{path}/sales").status_code == 204
    assert people(cast) == {"Ines", "Ravi", "Olu"}
    assert client.get(path).json()["groups"] == []
    assert refusal(client.ask("DELETE", f"{path}/sales")) == (400, 300)


def test_adding_a_group_twice_changes_nothing(client: Client, cast: Cast, path: str) -> None:
    """Those it brought still leave with it."""
    add(client, path, "sales")
    assert add(client, path, "sales").status_code == 201
    client.ask("DELETE", f"{path}/sales")
    assert people(cast) == {"Ines", "Ravi", "Olu"}


@pytest.mark.parametrize(
    ("ids", "status", "code"),
    [([], 400, 300), (["legal"] * 6, 400, 300), (["legal", "none"], 404, 4130)],
)
def test_which_groups_cannot_be_added(
    client: Client, cast: Cast, path: str, ids: list[str], status: int, code: int
) -> None:
    """None, more than five, or one the directory does not know; nobody comes then."""
    assert refusal(add(client, path, *ids)) == (status, code)
    assert people(cast) == {"Ines", "Ravi", "Olu"}


def test_an_archived_channel_keeps_its_groups(client: Client, cast: Cast, path: str) -> None:
    """They can be read; one that is not there has none."""
    add(client, path, "sales")
    cast.channel.archived_at = 1
    assert refusal(add(client, path, "legal")) == (403, 200)
    assert refusal(client.ask("DELETE", f"{path}/sales")) == (403, 200)
    assert len(client.get(path).json()["groups"]) == 1
    none = path.replace(cast.channel.id, "none")
    for answer in (client.get(none), add(client, none, "legal"), client.ask("DELETE", f"{none}/legal")):
        assert refusal(answer) == (404, 5306)
