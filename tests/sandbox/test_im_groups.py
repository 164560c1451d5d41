"""Groups of the directory: made, changed, filled, listed by token and by number."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import im_groups, server
from sandbox.instance import Account
from sandbox.journal import Journal
from sandbox.limits import Plan
from sandbox.world import World
from tests.sandbox import test_shapes as shapes
from tests.sandbox.conftest import Cast, Client, person

GROUPS = "/im/groups"
described = shapes.described


@pytest.fixture
def group(client: Client, cast: Cast) -> str:
    """A restricted group of Ines and Ravi."""
    answer = client.ask(
        "POST", GROUPS, json={"name": "Legal", "type": "restricted", "search_by_domain": False}
    )
    assert answer.status_code == 201, answer.text
    group_id = str(answer.json()["id"])
    people = [{"id": cast.ines.id, "email": "nobody@acme.example"}, {"email": "ravi@acme.example"}]
    answer = client.ask("POST", f"{GROUPS}/{group_id}/members", json={"members": people})
    assert answer.json() == {"ids": f"{cast.ines.id},{cast.ravi.id}", "added_at": "2026-05-20T12:00:00Z"}
    assert answer.status_code == 201
    return group_id


def test_a_group_is_what_it_was_made(client: Client, group: str) -> None:
    """Alone and in the list; flags that were not named are set."""
    found = client.get(f"{GROUPS}/{group}").json()
    assert found == {
        "id": group,
        "name": "Legal",
        "total_members": 2,
        "search_by_account": True,
        "search_by_domain": False,
        "search_by_ma_account": True,
        "type": "restricted",
    }
    assert client.get(GROUPS).json() == {"total_records": 1, "groups": [found]}


def test_a_group_is_normal_unless_said(client: Client) -> None:
    """The reply to a creation leaves the type out."""
    made = client.ask("POST", GROUPS, json={"name": "All"}).json()
    assert "type" not in made
    assert client.get(f"{GROUPS}/{made['id']}").json()["type"] == "normal"


def test_a_group_is_changed_in_part(client: Client, group: str) -> None:
    """What is not named stays; its own name may be given again."""
    body = {"name": "Legal", "type": "shared", "search_by_account": False}
    assert client.ask("PATCH", f"{GROUPS}/{group}", json=body).status_code == 204
    found = client.get(f"{GROUPS}/{group}").json()
    assert (found["type"], found["search_by_account"], found["search_by_domain"]) == ("shared", False, False)
    assert client.ask("PATCH", f"{GROUPS}/{group}", json={"name": "Law"}).status_code == 204
    assert client.get(f"{GROUPS}/{group}").json()["name"] == "Law"


def test_people_come_and_go(client: Client, cast: Cast, group: str) -> None:
    """Who is in already is not added; who went can come again."""
    path = f"{GROUPS}/{group}/members"
    assert client.ask("POST", path, json={"members": [{"id": cast.ines.id}]}).json()["ids"] == ""
    assert client.ask("DELETE", f"{path}/{cast.ines.id}").status_code == 204
    (row,) = client.get(path).json()["members"]
    assert row == {
        "id": cast.ravi.id,
        "email": "ravi@acme.example",
        "first_name": "Ravi",
        "last_name": "",
        "type": 2,
    }
    again = client.ask("DELETE", f"{path}/{cast.ines.id}")
    assert (again.status_code, again.json()["code"]) == (404, 1001)
    assert client.ask("POST", path, json={"members": [{"id": cast.ines.id}]}).json()["ids"] == cast.ines.id


def test_a_deleted_group_is_gone(client: Client, cast: Cast, group: str) -> None:
    """Its people are not, and its name is free."""
    assert client.ask("DELETE", f"{GROUPS}/{group}").status_code == 204
    assert client.get(GROUPS).json()["groups"] == []
    assert cast.ines.id in cast.world.people
    assert client.ask("POST", GROUPS, json={"name": "Legal"}).status_code == 201


@pytest.fixture
def crowd(cast: Cast, group: str) -> set[str]:
    """Seven people in the group."""
    more = [cast.world.add_person(person(f"P{n}")).id for n in range(5)]
    im_groups.add(cast.world, group_id=group, person_ids=more)
    return {cast.ines.id, cast.ravi.id, *more}


def test_members_are_paged_by_token(client: Client, group: str, crowd: set[str]) -> None:
    """Each once, with the count of pages and the number of this one."""
    path = f"{GROUPS}/{group}/members"
    rows = client.all_pages(path, "members", page_size=3)
    assert len(rows) == 7
    assert {row["id"] for row in rows} == crowd
    first = client.get(path, page_size=3).json()
    second = client.get(path, page_size=3, next_page_token=first["next_page_token"]).json()
    assert (first["page_count"], first["total_records"], first["page_size"]) == (3, 7, 3)
    assert (first["page_number"], second["page_number"]) == (1, 2)


def test_members_are_paged_by_number(client: Client, group: str, crowd: set[str]) -> None:
    """The same pages; beyond the last there is nobody; a token leads on from a numbered page."""
    path = f"{GROUPS}/{group}/members"
    numbered = [client.get(path, page_size=3, page_number=n).json() for n in (1, 2, 3, 4)]
    assert [len(one["members"]) for one in numbered] == [3, 3, 1, 0]
    assert [one["page_number"] for one in numbered] == [1, 2, 3, 4]
    assert {row["id"] for one in numbered for row in one["members"]} == crowd
    token = numbered[1]["next_page_token"]
    last = client.get(path, page_size=3, page_number=2, next_page_token=token).json()
    assert (last["members"], last["page_number"]) == (numbered[2]["members"], 3)
    assert (last["next_page_token"], numbered[3]["next_page_token"]) == ("", "")


def test_nobody_is_skipped_when_someone_goes_while_one_pages(
    client: Client, group: str, crowd: set[str]
) -> None:
    """A token names a place, not a count."""
    path = f"{GROUPS}/{group}/members"
    first = client.get(path, page_size=3).json()
    client.ask("DELETE", f"{path}/{first['members'][0]['id']}").raise_for_status()
    rest = client.get(path, page_size=3, next_page_token=first["next_page_token"]).json()
    last = client.get(path, page_size=3, next_page_token=rest["next_page_token"]).json()
    rows = [*first["members"], *rest["members"], *last["members"]]
    assert sorted(row["id"] for row in rows) == sorted(crowd)


@pytest.mark.parametrize(
    ("method", "rest", "options", "status", "code"),
    [
        ("POST", "", {"json": {}}, 400, 300),
        ("POST", "", {"json": {"name": "x" * 129}}, 400, 300),
        ("POST", "", {"json": {"name": "x", "type": "secret"}}, 400, 300),
        ("POST", "", {"json": {"name": "x", "search_by_domain": "yes"}}, 400, 300),
        ("POST", "", {"content": b"{"}, 400, 300),
        ("POST", "", {"json": {"name": "Legal"}}, 409, 4132),
        ("GET", "/none", {}, 404, 4130),
        ("PATCH", "/none", {"json": {"name": "x"}}, 404, 4130),
        ("DELETE", "/none", {}, 404, 4130),
        ("GET", "/none/members", {}, 404, 4130),
        ("POST", "/none/members", {"json": {"members": [{"id": "x"}]}}, 404, 4130),
        ("DELETE", "/none/members/x", {}, 404, 4130),
        ("PATCH", "/{group}", {"json": {"name": "Other"}}, 409, 4132),
        ("PATCH", "/{group}", {"json": {"type": "secret"}}, 400, 300),
        ("GET", "/{group}/members", {"params": {"page_size": "301"}}, 400, 300),
        ("GET", "/{group}/members", {"params": {"page_number": "0"}}, 400, 300),
        ("GET", "/{group}/members", {"params": {"next_page_token": "forged"}}, 400, 300),
        ("POST", "/{group}/members", {"json": {"members": []}}, 400, 300),
        ("POST", "/{group}/members", {"json": {"members": [{"id": "x"}] * 11}}, 400, 300),
        ("POST", "/{group}/members", {"json": {"members": [{}]}}, 400, 300),
        ("POST", "/{group}/members", {"json": {"members": [{"id": "nobody"}]}}, 404, 1001),
        ("POST", "/{group}/members", {"json": {"members": [{"email": "olu@acme.example"}]}}, 404, 1001),
        ("DELETE", "/{group}/members/nobody", {}, 404, 1001),
    ],
)
def test_what_cannot_be_is_refused(
    client: Client, cast: Cast, group: str, method: str, rest: str, options: Any, status: int, code: int
) -> None:
    """And the groups are as they were."""
    client.ask("POST", GROUPS, json={"name": "Other"}).raise_for_status()
    before = repr(cast.world.im_groups)
    answer = client.ask(method, GROUPS + rest.format(group=group), **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert repr(cast.world.im_groups) == before


@pytest.mark.parametrize(
    ("method", "rest", "status"),
    [("GET", "", 400), ("POST", "", 200), ("GET", "/g/members", 200), ("DELETE", "/g", 400)],
)
def test_a_free_account_has_no_groups(
    cast: Cast, method: str, rest: str, status: int, loopback: None
) -> None:
    """Two operations say so with status 200."""
    with server.running(cast.world, account=Account(plan=Plan.FREE, rate_limit=False)) as sandbox:
        answer = Client(sandbox).ask(method, GROUPS + rest)
    assert (answer.status_code, answer.json()["code"]) == (status, 200)


def test_a_restart_has_the_same_groups(client: Client, cast: Cast, tmp_path: Path) -> None:
    """Every deed is done again from the journal, with the same ids."""
    again = World(cast.world.clock, own_user_id=cast.ines.id)
    for one in (cast.ines, cast.ravi, cast.olu):
        again.add_person(one)
    again.open_channel("general", members=[cast.ines, cast.ravi, cast.olu], type=3)
    state = tmp_path / "state"
    Journal(state, title="cast", now_ms=0).replay(cast.world)
    kept, gone = (client.ask("POST", GROUPS, json={"name": name}).json()["id"] for name in "ab")
    people = {"members": [{"id": cast.ines.id}, {"id": cast.ravi.id}]}
    client.ask("POST", f"{GROUPS}/{kept}/members", json=people).raise_for_status()
    client.ask("DELETE", f"{GROUPS}/{kept}/members/{cast.ines.id}").raise_for_status()
    client.ask("PATCH", f"{GROUPS}/{kept}", json={"search_by_ma_account": False}).raise_for_status()
    client.ask("DELETE", f"{GROUPS}/{gone}").raise_for_status()
    Journal(state, title="cast", now_ms=0).replay(again)
    assert again.im_groups == cast.world.im_groups
    assert list(again.im_groups) == [kept]
    assert len(state.read_text().splitlines()) == 1 + 6


@shapes.pytestmark
def test_replies_are_as_described(client: Client, cast: Cast, group: str, described: dict[str, Any]) -> None:
    """Known fields only, of the described types."""
    path = f"{GROUPS}/{group}"
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("imGroups", "GET", GROUPS, {}),
        ("imGroupCreate", "POST", GROUPS, {"json": {"name": "x"}}),
        ("imGroup", "GET", path, {}),
        ("imGroupMembers", "GET", f"{path}/members", {}),
        ("imGroupMembersCreate", "POST", f"{path}/members", {"json": {"members": [{"id": cast.ravi.id}]}}),
    ]
    for operation_id, method, where, options in asked:
        answer = client.ask(method, where, **options)
        shape = described[operation_id]["responses"][str(answer.status_code)]["content"]["application/json"]
        shapes.check(json.loads(answer.content), shape["schema"], operation_id)
