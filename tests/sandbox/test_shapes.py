"""Replies have the shape of the published description: known fields only, of the described types."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import scenarios, server
from sandbox.clock import Clock
from sandbox.groups import ImGroup
from sandbox.instance import Account
from sandbox.operations.table import OPERATIONS
from tests.sandbox.conftest import ALL_FIELDS, NOON, Client

NAME = "shared/zoom/team-chat.openapi.json"
FOUND = [folder / NAME for folder in Path(__file__).parents[3:5] if (folder / NAME).is_file()]
pytestmark = pytest.mark.skipif(not FOUND, reason="the API's description is not beside this checkout")
MONTH = {"from_": "2026-04-20", "to": "2026-05-20"}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """Operations by id."""
    paths = json.loads(FOUND[0].read_text())["paths"]
    return {
        operation["operationId"]: {**operation, "method": method.upper(), "path": path}
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


@pytest.fixture(scope="module")
def client(loopback: None) -> Iterator[Client]:
    """A client of the demo company."""
    world = scenarios.build("acme", clock=Clock(start=NOON, speed=0)).world
    with server.running(world, account=Account(rate_limit=False)) as sandbox:
        yield Client(sandbox)


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema's properties, `allOf` taken together."""
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= properties(part)
    return found


def check(value: Any, schema: dict[str, Any], where: str) -> None:
    """Fails at the first value that is not as described."""
    if "oneOf" in schema:
        assert any(fits(value, one, where) for one in schema["oneOf"]), f"{where}: {value!r}"
        return
    known = properties(schema)
    if "type" in schema and value is not None:
        assert isinstance(value, TYPES[schema["type"]]), f"{where}: {value!r} is not {schema['type']}"
        assert not (schema["type"] == "integer" and isinstance(value, bool)), where
    if "enum" in schema:
        assert value in schema["enum"], f"{where}: {value!r}"
    if isinstance(value, dict) and known:
        assert set(value) <= set(known), f"{where}: {sorted(set(value) - set(known))}"
        required = set(schema.get("required", [])) & set(known)  # one list requires what it does not describe
        assert required <= set(value), f"{where}: something required is missing"
        for name, inner in value.items():
            check(inner, known[name], f"{where}.{name}")
    if isinstance(value, list):
        for inner in value:
            check(inner, schema.get("items", {}), f"{where}[]")


def fits(value: Any, schema: dict[str, Any], where: str) -> bool:
    """Whether a value is as one of several shapes describes it."""
    try:
        check(value, schema, where)
    except AssertionError:
        return False
    return True


def check_reply(described: dict[str, Any], operation_id: str, reply: Any, *, status: int = 200) -> None:
    """The whole reply against the operation's description."""
    schema = described[operation_id]["responses"][str(status)]["content"]["application/json"]["schema"]
    check(reply, schema, operation_id)


def test_the_table_of_operations_is_the_published_one(described: dict[str, Any]) -> None:
    """Method, path and scopes of each."""
    for operation in OPERATIONS.values():
        found = described[operation.id]
        assert (operation.method, operation.path) == (found["method"], found["path"])
        assert set(operation.classic_scopes) == set(found["x-extensions"]["x-macro-scopes"])


def test_reports_are_as_described(client: Client, described: dict[str, Any]) -> None:
    """A month of sessions and every page of them."""
    check_reply(described, "reportChatSessions", client.get("/report/chat/sessions", **MONTH).json())
    for row in client.sessions(MONTH["from_"], MONTH["to"]):
        query = {**MONTH, **ALL_FIELDS, "page_size": 100}
        check_reply(
            described, "reportChatMessages", client.get(f"/report/chat/sessions/{row['id']}", **query).json()
        )


def test_directories_are_as_described(client: Client, described: dict[str, Any]) -> None:
    """Channels, people, activities, retention, emoji, contacts."""
    world = client.sandbox.world
    channel = next(one for one in world.channels.values() if one.name == "norvik-castings")
    user, days = (
        f"/chat/users/me/channels/{channel.id}",
        {"start_date": "2026-05-01", "end_date": "2026-05-04"},
    )
    for operation_id, path, query in (
        ("getAccountChannels", "/chat/channels", {}),
        ("getChannels", "/chat/users/me/channels", {}),
        ("getChannel", user, {}),
        ("getUserLevelChannel", f"/chat/channels/{channel.id}", {}),
        ("listChannelMembers", f"{user}/members", {}),
        ("listUserLevelChannelMembers", f"/chat/channels/{channel.id}/members", {}),
        ("listChannelAdministrators", f"{user}/admins", {}),
        ("listChannelMembersGroups", f"/chat/channels/{channel.id}/members/groups", {}),
        ("listChannelActivityLogs", f"/chat/channels/{channel.id}/activities", days),
        ("listAllChannelActivityLogs", "/chat/activities/channels", days),
        ("getChannelRetention", f"/chat/channels/{channel.id}/retention", {}),
        ("listCustomEmojis", "/chat/emoji", {}),
        ("searchCompanyContacts", "/contacts", {"search_key": "acme", "page_size": 25}),
        ("getUserContacts", "/chat/users/me/contacts", {"page_size": 50}),
        ("getUserContacts", "/chat/users/me/contacts", {"type": "external"}),
        ("getUserContact", "/chat/users/me/contacts/desmond@acme.example", {"query_presence_status": "true"}),
    ):
        check_reply(described, operation_id, client.get(path, **query).raise_for_status().json())


def test_changes_to_channels_are_answered_as_described(client: Client, described: dict[str, Any]) -> None:
    """Made, searched, archived; people invited, promoted, called by one name."""
    world = client.sandbox.world
    world.im_groups["g"] = ImGroup("g", "Group")
    inside = [one.email for one in world.people.values() if not one.external and one.email][1:3]
    people = [{"email": one} for one in inside]
    user_id = world.person(inside[0]).id

    def ask(operation_id: str, path: str, body: dict[str, Any], *, status: int) -> Any:
        answer = client.ask(described[operation_id]["method"], path, json=body)
        assert answer.status_code == status, answer.text
        check_reply(described, operation_id, answer.json(), status=status)
        return answer.json()

    made = ask("createChannel", "/chat/users/me/channels", {"name": "shapes", "type": 3}, status=201)
    path, user = f"/chat/channels/{made['id']}", f"/chat/users/me/channels/{made['id']}"
    ask("InviteUserLevelChannelMembers", f"{path}/members", {"members": people[:1]}, status=201)
    ask("inviteChannelMembers", f"{user}/members", {"members": people}, status=201)
    ask("promoteChannelMembersAsAdmin", f"{user}/admins", {"admins": people}, status=201)
    ask("inviteChannelMembersGroups", f"{path}/members/groups", {"groups": [{"group_id": "g"}]}, status=201)
    check_reply(described, "listChannelMembersGroups", client.get(f"{path}/members/groups").json())
    poster = {"posting_permissions": 3, "designated_posting_members": [{"user_id": user_id}]}
    assert client.ask("PATCH", path, json={"channel_settings": poster}).status_code == 204
    check_reply(described, "getUserLevelChannel", client.get(path).json())
    named = {"mention_group_name": "m", "mention_group_description": "d", "identifiers": [user_id]}
    group = ask("createChannelMentionGroup", f"{path}/mention_group", named, status=201)["mention_group_id"]
    check_reply(described, "getChannelMentionGroup", client.get(f"{path}/mention_group").json())
    called = client.get(f"{path}/mention_group/{group}/members").json()
    assert len(called["members"]) == 1
    check_reply(described, "listTheMembersOfMentionGroup", called)
    needle = {"search_type": "by_channel_name", "keywords": ["e"]}
    ask("searchChannels", "/chat/channels/search", {"needle": needle, "haystack": "all"}, status=200)
    event = {"method": "unarchive", "channel_ids": [made["id"]]}
    ask("PerformOperationsOnChannels", "/chat/channels/events", event, status=200)
    public = world.open_channel("public", members=[world.person(inside[0])], type=5)
    ask("joinChannel", f"/chat/channels/{public.id}/members/me", {}, status=201)


def test_context_is_as_described(client: Client, described: dict[str, Any]) -> None:
    """Files, forwards, threads."""
    world = client.sandbox.world
    for file_id in list(world.files)[:30]:
        check_reply(described, "getFileInfo", client.get(f"/chat/files/{file_id}").json())
    for forward_id in world.forwards:
        check_reply(
            described, "getForwardedMessage", client.get(f"/chat/forwarded_message/{forward_id}").json()
        )
    session = next(one for one in world.sessions.values() if one.name == "engineering")
    reply_to = next(m.reply_to for m in session.messages if m.reply_to is not None)
    wanted = {"need_emoji": "true", "need_attachment": "true", "need_rich_text": "true"}
    query = {"to_channel": session.channel_id, "from_": "2025-11-01T00:00:00Z", **wanted}
    reply = client.get(f"/chat/users/me/messages/{reply_to[0]}/thread", **query).json()
    check_reply(described, "retrieveThread", reply)


def test_matters_are_as_described(client: Client, described: dict[str, Any]) -> None:
    """The list and the zips of a custodian."""
    body = {"matter_name": "n", "identifiers": ["desmond@acme.example"], "start_date": "2026-03-01"}
    matter_id = client.ask("POST", "/chat/legalhold/matters", json=body).json()["matter_id"]
    path = "/chat/legalhold/matters"
    check_reply(described, "listLegalHoldMatters", client.get(path).json())
    files = client.get(f"{path}/{matter_id}/files", identifier="desmond@acme.example").json()
    assert len(files["data"]) == 3
    check_reply(described, "listLegalHoldFiles", files)


def test_mappings_are_as_described(client: Client, described: dict[str, Any]) -> None:
    """Of a channel and its owner that were migrated, found and not found."""
    channel = {"name": "old", "type": 3, "members": [], "created_time": "2026-05-01T08:00:00Z"}
    path = "/chat/migration/users/desmond@acme.example/channels"
    client.ask("POST", path, json=channel).raise_for_status()
    ((team, ids),) = client.control("migration")["teams"].items()
    query = {"origin_platform": "slack", "origin_team_id": team}
    for operation_id, kind in (
        ("getMigrationChannelsMapping", "channels"),
        ("getMigrationUsersMapping", "users"),
    ):
        wanted = {f"origin_{kind.removesuffix('s')}_ids": ",".join([*ids[kind], "none"])}
        reply = client.get(f"/chat/migration/mappings/{kind}", **query, **wanted).json()
        assert (reply["mappings_found"], reply["mappings_not_found"]) == (1, 1)
        check_reply(described, operation_id, reply)
