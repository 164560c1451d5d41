"""Shared spaces: what is done to one shows in its lists, in its general channel and in the reports."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import spaces
from sandbox.journal import Journal
from sandbox.space import PUBLIC
from sandbox.world import World
from tests.sandbox import test_shapes as shapes
from tests.sandbox.conftest import NOON, Cast, Client, ms

SPACES = "/chat/spaces"
OPEN = {"allow_to_add_external_users": 1}
AT = round(NOON.timestamp() * 1000)
described = shapes.described


@pytest.fixture
def made(client: Client, cast: Cast) -> dict[str, Any]:
    """A space of Ines, with Ravi as administrator and Olu as member."""
    people = [{"identifier": cast.ravi.id, "role": "admin"}, {"identifier": cast.olu.member_id}]
    body = {"space_name": "Norvik", "space_desc": "castings", "space_members": people, "space_settings": OPEN}
    answer = client.ask("POST", SPACES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def of(made: dict[str, Any], rest: str = "") -> str:
    """A path in the space."""
    return f"{SPACES}/{made['space_id']}{rest}"


def roles(client: Client, made: dict[str, Any], **query: object) -> dict[str, str]:
    """Who is in it, as what, over pages of one."""
    rows = client.all_pages(of(made, "/members"), "members", page_size=1, **query)
    assert len({row["member_id"] for row in rows}) == len(rows)
    return {row["display_name"]: row["role"] for row in rows}


def channels(client: Client, made: dict[str, Any]) -> dict[str, str]:
    """Its channels by id, as what they are in it."""
    rows = client.all_pages(of(made, "/channels"), "channels", page_size=1)
    return {row["channel_id"]: row["space_channel_type"] for row in rows}


def named(*people: str) -> dict[str, object]:
    """A body that names people."""
    return {"members": [{"identifier": one} for one in people]}


def test_a_space_has_what_it_was_made_with(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """Owner, administrators, members, settings, a general channel of the same people."""
    assert made["space_settings"] == {**OPEN, "add_member_permissions": 1, "create_channels_permission": 1}
    assert made["space_members"] == [
        {"identifier": cast.ines.id, "role": "owner"},
        {"identifier": cast.ravi.id, "role": "admin"},
        {"identifier": cast.olu.member_id, "role": "member"},
    ]
    found = client.get(of(made)).json()
    assert (found["space_name"], found["space_desc"]) == ("Norvik", "castings")
    assert found["owner"]["display_name "] == "Ines"
    assert roles(client, made) == {"Ines": "owner", "Ravi": "admin", "Olu": "member"}
    assert channels(client, made) == {made["channel_id"]: "general"}
    general = cast.world.channels[made["channel_id"]]
    assert general.member_ids == [cast.ines.id, cast.ravi.id, cast.olu.id]
    assert (general.owner_id, general.admin_ids, general.type) == (cast.ines.id, [cast.ravi.id], 1)


def test_what_is_said_in_a_space_is_reported(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """The general channel is a session like any other."""
    session = cast.world.sessions[cast.world.channels[made["channel_id"]].session_id]
    cast.world.say(session, cast.ravi, "hello all", at=ms("2026-05-19T10:00:00"))
    (row,) = [row for row in client.sessions() if row["channel_id"] == made["channel_id"]]
    assert [one["message"] for one in client.messages(row["id"])["messages"]] == ["hello all"]


def test_spaces_are_listed_for_everybody_or_for_one(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """Page by page in the order they were made; someone's are those they are in."""
    owner = [{"identifier": "ravi@acme.example", "role": "owner"}]
    client.ask("POST", SPACES, json={"space_name": "Ravi's", "space_members": owner}).raise_for_status()
    every = client.all_pages(SPACES, "shared_spaces", page_size=1)
    assert [row["space_name"] for row in every] == ["Norvik", "Ravi's"]
    assert every[1]["space_owner"]["user_id"] == cast.ravi.id
    of_ines = client.get(SPACES, user_id=cast.ines.id).json()["shared_spaces"]
    assert [row["space_name"] for row in of_ines] == ["Norvik"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"space_name": None}, 400, 300),
        ({"space_name": ""}, 400, 300),
        ({"space_members": []}, 400, 300),
        ({"space_members": [{"identifier": "ravi@acme.example"}] * 101}, 400, 300),
        ({"space_members": [{"role": "admin"}]}, 400, 300),
        ({"space_members": [{"identifier": "ravi@acme.example", "role": "king"}]}, 400, 300),
        ({"space_settings": {"add_member_permissions": 3}}, 400, 300),
        ({"space_name": "Norvik"}, 400, 5603),
        ({"space_members": [{"identifier": "nobody"}]}, 404, 1001),
        ({"space_members": [{"identifier": "olu@acme.example"}]}, 403, 200),
        (
            {
                "space_members": [
                    {"identifier": f"{one}@acme.example", "role": "owner"} for one in ("ines", "ravi")
                ]
            },
            403,
            5603,
        ),
    ],
)
def test_an_impossible_space_is_refused(
    client: Client, cast: Cast, made: dict[str, Any], fields: dict[str, object], status: int, code: int
) -> None:
    """A name of its own, up to a hundred known people, one owner, nobody from outside unless it is open."""
    answer = client.ask("POST", SPACES, json={"space_name": "x", **fields})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(cast.world.spaces) == 1


def test_a_space_is_changed_in_part(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """What is not named stays; the name may be given again."""
    body = {"space_name": "Norvik", "space_settings": {"add_member_permissions": 2}}
    assert client.ask("PATCH", of(made), json=body).status_code == 204
    found = client.get(of(made)).json()
    assert (found["space_name"], found["space_desc"]) == ("Norvik", "castings")
    assert found["space_settings"] == {**OPEN, "add_member_permissions": 2, "create_channels_permission": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 4719),
        (b"{}", 4719),
        (b"[", 300),
        (b'{"space_name": "Other"}', 5603),
        (b'{"space_name": 7}', 300),
    ],
)
def test_an_impossible_change_is_refused(
    client: Client, made: dict[str, Any], content: bytes, code: int
) -> None:
    """Nothing asked for, no JSON, another's name."""
    client.ask("POST", SPACES, json={"space_name": "Other"}).raise_for_status()
    answer = client.ask("PATCH", of(made), content=content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_people_come_and_go(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """In the members' list and in the general channel; each is told apart, the owner stays."""
    answer = client.ask(
        "DELETE", of(made, "/members"), params={"identifiers": f"{cast.ravi.id},{cast.ines.id}"}
    )
    assert answer.status_code == 200
    assert [row["operation_status"] for row in answer.json()["users"]] == ["successful", "unsuccessful"]
    assert roles(client, made) == {"Ines": "owner", "Olu": "member"}
    general = cast.world.channels[made["channel_id"]]
    assert (general.member_ids, general.admin_ids) == ([cast.ines.id, cast.olu.id], [])
    answer = client.ask("POST", of(made, "/members"), json=named(cast.ravi.member_id, cast.olu.member_id))
    assert answer.status_code == 201
    assert (answer.json()["successful_operations_count"], answer.json()["unsuccessful_operations_count"]) == (
        1,
        1,
    )
    assert roles(client, made) == {"Ines": "owner", "Olu": "member", "Ravi": "member"}
    days = {"start_date": "2026-05-20", "end_date": "2026-05-20", "page_size": 15}
    path = f"/chat/channels/{made['channel_id']}/activities"
    log = client.get(path, **days).json()["channel_activity_logs"]
    assert [row["members"]["member_status"] for row in log] == ["joined", "left", "joined"]


def test_a_closed_space_lets_no_stranger_in(client: Client, cast: Cast) -> None:
    """Olu is counted as unsuccessful until the settings allow it."""
    made = client.ask("POST", SPACES, json={"space_name": "Closed"}).json()
    for settings, status in ((0, "unsuccessful"), (3, "successful")):
        body = {"space_settings": {"allow_to_add_external_users": settings}}
        client.ask("PATCH", of(made), json=body).raise_for_status()
        (row,) = client.ask("POST", of(made, "/members"), json=named(cast.olu.member_id)).json()["users"]
        assert (row["user_id"], row["is_external_user"], row["operation_status"]) == ("", True, status)


def test_roles_rise_and_fall(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """Members, administrators, one owner; the general channel has the same."""
    people = named(cast.olu.member_id, cast.ravi.id, cast.ines.id)
    raised = client.ask("POST", of(made, "/admins"), json=people)
    assert raised.status_code == 201
    assert raised.json()["successful_operations_count"] == 1
    assert roles(client, made) == {"Ines": "owner", "Ravi": "admin", "Olu": "admin"}
    lowered = client.ask(
        "DELETE", of(made, "/admins"), params={"identifiers": f"{cast.ravi.id},{cast.ines.id}"}
    )
    assert lowered.status_code == 200
    assert [row["operation_status"] for row in lowered.json()["users"]] == ["successful", "unsuccessful"]
    answer = client.ask("PATCH", of(made, "/owner"), params={"identifier": cast.ravi.member_id})
    assert answer.status_code == 204
    assert roles(client, made) == {"Ines": "member", "Ravi": "owner", "Olu": "admin"}
    general = cast.world.channels[made["channel_id"]]
    assert (general.owner_id, general.admin_ids) == (cast.ravi.id, [cast.olu.id])


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ({"role": "owner"}, {"Ines"}),
        ({"role": "admin"}, {"Ravi"}),
        ({"role": "member"}, {"Olu"}),
        ({"status": "inactive"}, {"Ravi"}),
        ({"status": "active", "role": "all"}, {"Ines", "Olu"}),
    ],
)
def test_members_are_listed_by_role_and_status(
    client: Client, cast: Cast, made: dict[str, Any], query: dict[str, str], people: set[str]
) -> None:
    """Ravi's account is closed."""
    cast.ravi.active = False
    assert set(roles(client, made, **query)) == people


def test_nobody_is_skipped_when_someone_goes_while_one_pages(
    client: Client, cast: Cast, made: dict[str, Any]
) -> None:
    """A token names a place, not a count."""
    first = client.get(of(made, "/members"), page_size=1).json()
    client.ask("DELETE", of(made, "/members"), params={"identifiers": cast.ravi.id}).raise_for_status()
    rest = client.get(of(made, "/members"), page_size=1, next_page_token=first["next_page_token"]).json()
    assert [row["display_name"] for row in first["members"] + rest["members"]] == ["Ines", "Olu"]


def test_channels_move_in_and_out(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """Private ones of no other space; the general channel stays."""
    private = cast.world.open_channel("plans", members=[cast.ines], at=AT)
    body = {
        "move_direction": "move_into",
        "channel_ids": [private.id, cast.channel.id, "none", made["channel_id"]],
    }
    answer = client.ask("PATCH", of(made, "/channels"), json=body)
    assert answer.status_code == 200
    assert [row["is_moved"] for row in answer.json()["channels"]] == [True, False, False, False]
    assert channels(client, made) == {made["channel_id"]: "general", private.id: "private"}
    other = client.ask("POST", SPACES, json={"space_name": "Other"}).json()
    answer = client.ask("PATCH", of(other, "/channels"), json={**body, "channel_ids": [private.id]})
    assert answer.json()["channels"] == [{"channel_id": private.id, "is_moved": False}]
    body = {"move_direction": "move_out", "channel_ids": [private.id, made["channel_id"]]}
    answer = client.ask("PATCH", of(made, "/channels"), json=body)
    assert [row["is_moved"] for row in answer.json()["channels"]] == [True, False]
    assert channels(client, made) == {made["channel_id"]: "general"}


def test_only_its_own_people_move_channels(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """And only owner and administrators where the space says so."""
    body = {"move_direction": "move_into", "channel_ids": ["c"]}

    def moves() -> int:
        return client.ask("PATCH", of(made, "/channels"), json=body).status_code

    client.ask("PATCH", of(made), json={"space_settings": {"create_channels_permission": 2}})
    assert moves() == 200
    client.ask("PATCH", of(made, "/owner"), params={"identifier": cast.ravi.id})
    assert moves() == 403
    client.ask("PATCH", of(made), json={"space_settings": {"create_channels_permission": 1}})
    assert moves() == 200
    client.ask("DELETE", of(made, "/members"), params={"identifiers": cast.ines.id})
    assert moves() == 403


def test_who_is_removed_stays_in_private_channels_alone(cast: Cast) -> None:
    """A channel open to the members is left, and goes to the space's owner when it was theirs."""
    world, ravi = cast.world, cast.ravi
    space = spaces.create(
        world, by=cast.ines.id, name="s", description="", roles={ravi.id: "member"}, settings={}, at=AT
    )
    private = world.open_channel("private", members=[ravi], at=AT)
    public = world.open_channel("public", members=[ravi], at=AT)
    spaces.move_in(world, space_id=space.id, by=ravi.id, channel_ids=[private.id], at=AT)
    spaces.put(world, space=space, channel_id=public.id, kind=PUBLIC)
    assert spaces.remove(world, space_id=space.id, by=cast.ines.id, person_ids=[ravi.id], at=AT) == [ravi.id]
    assert (private.member_ids, private.owner_id) == ([ravi.id], ravi.id)
    assert (public.member_ids, public.owner_id) == ([cast.ines.id], cast.ines.id)


def test_a_space_ends_and_its_channels_go_on(client: Client, cast: Cast, made: dict[str, Any]) -> None:
    """As private channels outside any space, with all that was said in them."""
    session = cast.world.sessions[cast.world.channels[made["channel_id"]].session_id]
    cast.world.say(session, cast.ines, "remember", at=ms("2026-05-19T10:00:00"))
    assert client.ask("DELETE", of(made)).status_code == 204
    assert client.get(SPACES).json()["shared_spaces"] == []
    (row,) = [row for row in client.sessions() if row["channel_id"] == made["channel_id"]]
    assert row["status"] == "active"
    assert [one["message"] for one in client.messages(row["id"])["messages"]] == ["remember"]
    other = client.ask("POST", SPACES, json={"space_name": "Norvik"}).json()
    body = {"move_direction": "move_into", "channel_ids": [made["channel_id"]]}
    answer = client.ask("PATCH", of(other, "/channels"), json=body)
    assert answer.json()["channels"][0]["is_moved"]


@pytest.mark.parametrize(
    ("method", "rest", "options", "status", "code"),
    [
        ("GET", "", {}, 404, 5407),
        ("DELETE", "", {}, 404, 5407),
        ("PATCH", "", {"json": {"space_name": "x"}}, 404, 5407),
        ("GET", "/channels", {}, 404, 5407),
        ("GET", "/members", {}, 404, 5407),
        ("POST", "/members", {"json": named("ines@acme.example")}, 404, 5407),
        ("DELETE", "/members", {"params": {"identifiers": "x"}}, 404, 5407),
        ("POST", "/admins", {"json": named("ines@acme.example")}, 404, 5407),
        ("DELETE", "/admins", {"params": {"identifiers": "x"}}, 404, 5407),
        ("PATCH", "/owner", {"params": {"identifier": "x"}}, 404, 5407),
        ("PATCH", "/channels", {"json": {"channel_ids": ["x"], "move_direction": "move_out"}}, 404, 300),
    ],
)
def test_an_unknown_space_is_refused(
    client: Client, method: str, rest: str, options: dict[str, Any], status: int, code: int
) -> None:
    """Each operation in the service's own words."""
    answer = client.ask(method, f"{SPACES}/none{rest}", **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("method", "rest", "options", "status", "code"),
    [
        ("GET", "/members", {"params": {"role": "king"}}, 400, 300),
        ("GET", "/members", {"params": {"page_size": "0"}}, 400, 300),
        ("GET", "/channels", {"params": {"next_page_token": "forged"}}, 400, 300),
        ("POST", "/members", {"json": named()}, 400, 300),
        ("POST", "/members", {"json": named(*(f"p{n}" for n in range(21)))}, 400, 300),
        ("POST", "/members", {"json": named("ines@acme.example", "ines@acme.example")}, 400, 300),
        ("POST", "/members", {"json": named("nobody")}, 404, 1001),
        ("DELETE", "/members", {}, 400, 300),
        ("DELETE", "/members", {"params": {"identifiers": ",".join("abcdefghijklmnopqrstu")}}, 400, 300),
        ("DELETE", "/members", {"params": {"identifiers": "nobody"}}, 400, 1001),
        ("POST", "/admins", {"json": named("nobody")}, 400, 5301),
        ("DELETE", "/admins", {"params": {"identifiers": "nobody"}}, 400, 5301),
        ("PATCH", "/owner", {}, 400, 300),
        ("PATCH", "/owner", {"params": {"identifier": "nobody"}}, 400, 5301),
        ("PATCH", "/owner", {"params": {"identifier": "ines@acme.example"}}, 400, 5301),
        ("PATCH", "/owner", {"params": {"identifier": "olu@acme.example"}}, 400, 5301),
        ("PATCH", "/channels", {"json": {"channel_ids": [], "move_direction": "move_out"}}, 400, 300),
        ("PATCH", "/channels", {"json": {"channel_ids": ["x"] * 51, "move_direction": "move_out"}}, 400, 300),
        ("PATCH", "/channels", {"json": {"channel_ids": ["x"], "move_direction": "up"}}, 400, 300),
    ],
)
def test_what_breaks_a_bound_is_refused(
    client: Client,
    cast: Cast,
    made: dict[str, Any],
    method: str,
    rest: str,
    options: dict[str, Any],
    status: int,
    code: int,
) -> None:
    """And nothing has changed."""
    before = roles(client, made), channels(client, made)
    answer = client.ask(method, of(made, rest), **options)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (roles(client, made), channels(client, made)) == before


def test_an_unknown_user_has_no_spaces(client: Client) -> None:
    """404 with code 1001."""
    answer = client.get(SPACES, user_id="nobody")
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)


def everything(world: World) -> object:
    """All about spaces and their channels."""
    held = [(one.id, one.member_ids, one.owner_id, one.admin_ids) for one in world.channels.values()]
    return list(world.spaces.values()), held, world.activities


def test_a_restart_has_the_same_spaces(cast: Cast, client: Client, tmp_path: Path) -> None:
    """Every deed is done again from the journal, with the same ids."""
    again = World(cast.world.clock, own_user_id=cast.ines.id)
    for one in (cast.ines, cast.ravi, cast.olu):
        again.add_person(one)
    again.open_channel("general", members=[cast.ines, cast.ravi, cast.olu], type=3, at=ms("2026-04-01"))
    again.open_talk(cast.ines, cast.olu)
    state = tmp_path / "state"
    Journal(state, title="cast", now_ms=AT).replay(cast.world)
    made = client.ask("POST", SPACES, json={"space_name": "a", "space_settings": OPEN}).json()
    gone = client.ask("POST", SPACES, json={"space_name": "b"}).json()
    for method, rest, options in (
        ("POST", "/members", {"json": named(cast.ravi.id, cast.olu.member_id)}),
        ("POST", "/admins", {"json": named(cast.ravi.id, cast.olu.member_id)}),
        ("DELETE", "/admins", {"params": {"identifiers": cast.olu.member_id}}),
        ("PATCH", "/owner", {"params": {"identifier": cast.ravi.id}}),
        ("PATCH", "", {"json": {"space_desc": "d"}}),
        ("DELETE", "/members", {"params": {"identifiers": cast.olu.member_id}}),
    ):
        client.ask(method, of(made, rest), **options).raise_for_status()
    client.ask("DELETE", of(gone)).raise_for_status()
    for direction in ("move_into", "move_out", "move_into"):
        body = {"channel_ids": [gone["channel_id"]], "move_direction": direction}
        client.ask("PATCH", of(made, "/channels"), json=body).raise_for_status()
    Journal(state, title="cast", now_ms=AT).replay(again)
    assert everything(again) == everything(cast.world)
    assert len(state.read_text().splitlines()) == 1 + 2 + 6 + 1 + 3


@shapes.pytestmark
def test_replies_are_as_described(
    client: Client, cast: Cast, made: dict[str, Any], described: dict[str, Any]
) -> None:
    """Known fields only, all required ones, of the described types."""
    two = f"{cast.ravi.id},{cast.olu.member_id}"
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("listSharedSpaces", "GET", SPACES, {}),
        ("createSpace", "POST", SPACES, {"json": {"space_name": "y"}}),
        ("getASharedSpace", "GET", of(made), {}),
        ("listSharedSpaceChannels", "GET", of(made, "/channels"), {}),
        ("listSharedSpaceMembers", "GET", of(made, "/members"), {}),
        ("promoteSpaceMembers", "POST", of(made, "/admins"), {"json": named(cast.olu.member_id)}),
        ("demoteSpaceAdmins", "DELETE", of(made, "/admins"), {"params": {"identifiers": two}}),
        ("deleteSpaceMembers", "DELETE", of(made, "/members"), {"params": {"identifiers": two}}),
        ("addSpaceMembers", "POST", of(made, "/members"), {"json": named(cast.ravi.id)}),
        (
            "updateSharedSpaceChannels",
            "PATCH",
            of(made, "/channels"),
            {"json": {"channel_ids": ["c"], "move_direction": "move_into"}},
        ),
    ]
    for operation_id, method, path, options in asked:
        answer = client.ask(method, path, **options)
        shape = described[operation_id]["responses"][str(answer.status_code)]["content"]["application/json"]
        shapes.check(json.loads(answer.content), shape["schema"], operation_id)
