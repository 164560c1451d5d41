"""Channels begin, change, are laid aside and end; what was said in them stays."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import NOON, Cast, Client, person

TODAY = {"start_date": "2026-05-20", "end_date": "2026-05-20"}
MINE = "/chat/users/me/channels"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


def created(client: Client, user: str = "me", **body: object) -> dict[str, Any]:
    """A channel made through the API."""
    answer = client.ask("POST", f"/chat/users/{user}/channels", json={"name": "new", "type": 1, **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def patched(client: Client, channel_id: str, user: str | None = None, **body: object) -> httpx.Response:
    """A channel changed through the API."""
    path = f"/chat/channels/{channel_id}" if user is None else f"/chat/users/{user}/channels/{channel_id}"
    return client.ask("PATCH", path, json=body)


def moved(client: Client, method: str, *channel_ids: str) -> httpx.Response:
    """Channels laid aside or brought back."""
    body = {"method": method, "channel_ids": list(channel_ids)}
    return client.ask("PATCH", "/chat/channels/events", json=body)


def test_a_new_channel_is_everywhere(client: Client, cast: Cast) -> None:
    """In its members' lists, in the activity log and, once something is said in it, in the reports."""
    made = created(client, members=[{"email": "ravi@acme.example"}, {"email": "olu@acme.example"}])
    assert made["jid"] == f"{made['id']}@conference.xmpp.zoom.us"
    assert made["id"] in {
        row["id"] for row in client.all_pages(f"/chat/users/{cast.ravi.id}/channels", "channels")
    }
    log = client.get("/chat/activities/channels", channel_id=made["id"], **TODAY).json()
    people = log["channel_activity_logs"][0]["members"]["member_list"]
    assert [one["display_name"] for one in people] == ["Ines", "Ravi", "Olu"]
    assert made["id"] not in {row.get("channel_id") for row in client.sessions()}
    session_id = cast.world.channels[made["id"]].session_id
    client.control("say", {"session_id": session_id, "by": "me", "text": "hello"})
    row = next(row for row in client.sessions() if row.get("channel_id") == made["id"])
    assert (row["id"], row["name"], row["status"]) == (session_id, "new", "active")
    assert client.messages(session_id)["messages"][0]["message"] == "hello"


def test_the_creator_owns_it(client: Client, cast: Cast) -> None:
    """Whoever the path names; the app's own user may look at it all the same."""
    made = created(client, user="ravi@acme.example")
    rows = client.get(f"/chat/channels/{made['id']}/members").json()
    assert (rows["total_records"], rows["members"][0]["role"]) == (1, "owner")
    assert rows["members"][0]["id"] == cast.ravi.id
    assert client.get(MINE).json()["total_records"] == 1


def test_settings_set_are_settings_read(client: Client) -> None:
    """On creation, in each list, and after a change that names only some."""
    asked = {
        "add_member_permissions": 2,
        "new_members_can_see_previous_messages_files": False,
        "posting_permissions": 2,
        "mention_all_permissions": 3,
    }
    made = created(client, channel_settings=asked)
    shown = {**asked, "allow_to_add_external_users": 1}
    assert client.get(f"/chat/channels/{made['id']}").json()["channel_settings"] == shown
    rows = client.all_pages(MINE, "channels")
    assert next(row for row in rows if row["id"] == made["id"])["channel_settings"] == shown
    patched(client, made["id"], channel_settings={"mention_all_permissions": 2})
    shown["mention_all_permissions"] = 2
    assert client.get(f"{MINE}/{made['id']}").json()["channel_settings"] == shown


def test_certain_members_may_post(client: Client, cast: Cast) -> None:
    """They are named while posting is theirs alone; an outsider by the member id only."""
    path, both = cast.channel.id, [{"user_id": cast.ravi.id}, {"member_id": cast.olu.member_id}]
    settings: dict[str, object] = {"posting_permissions": 3, "designated_posting_members": both}
    assert patched(client, path, channel_settings=settings).status_code == 204
    shown = client.get(f"/chat/channels/{path}").json()["channel_settings"]
    assert shown["designated_posting_members"] == [
        {"member_id": cast.ravi.member_id, "user_id": cast.ravi.id},
        {"member_id": cast.olu.member_id, "user_id": ""},
    ]
    assert patched(client, path, channel_settings={"posting_permissions": 1}).status_code == 204
    assert "designated_posting_members" not in client.get(f"/chat/channels/{path}").json()["channel_settings"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"type": 5}, 400, 300),
        ({"name": "x" * 257}, 400, 300),
        ({"name": "general"}, 400, 300),
        ({"name": " "}, 400, 5301),
        ({"members": [{"email": "ravi@acme.example"}] * 21}, 400, 300),
        ({"members": [{"email": "nobody@acme.example"}]}, 400, 5301),
        ({"type": 2, "members": [{"email": "olu@acme.example"}]}, 400, 5301),
        ({"type": 3, "channel_settings": {"add_member_permissions": 2}}, 400, 5301),
        ({"channel_settings": {"posting_permissions": 4}}, 400, 300),
    ],
)
def test_what_cannot_be_created(
    client: Client, cast: Cast, body: dict[str, object], status: int, code: int
) -> None:
    """And nothing is begun."""
    answer = client.ask("POST", MINE, json={"name": "new", "type": 1, **body})
    assert refusal(answer) == (status, code)
    assert list(cast.world.channels) == [cast.channel.id]


def test_a_channel_needs_a_user(client: Client, cast: Cast) -> None:
    """Of the account: neither nobody nor someone from outside has channels of their own."""
    for user in ("nobody", cast.olu.member_id):
        answer = client.ask("POST", f"/chat/users/{user}/channels", json={"name": "new"})
        assert refusal(answer) == (404, 1001)
        assert refusal(client.get(f"/chat/users/{user}/channels")) == (404, 1001)


def test_a_group_chat_is_called_after_its_people(client: Client) -> None:
    """When nobody gives it a name; and two may have the same."""
    body = {"type": 4, "name": "", "members": [{"email": "ravi@acme.example"}]}
    assert created(client, **body)["name"] == created(client, **body)["name"] == "Ines, Ravi"


def test_someones_channels_come_in_pages(client: Client, cast: Cast) -> None:
    """Each once, in the order they were made."""
    names = [f"channel {number}" for number in range(7)]
    for name in names:
        created(client, user=cast.ravi.id, name=name)
    path = f"/chat/users/{cast.ravi.id}/channels"
    assert [row["name"] for row in client.all_pages(path, "channels", page_size=3)][:1] == ["general"]
    assert sorted(row["name"] for row in client.all_pages(path, "channels", page_size=3)) == [
        *names,
        "general",
    ]
    assert client.get(path, page_size=1001).json()["code"] == 300


def test_a_channel_is_renamed_and_opened(client: Client, cast: Cast) -> None:
    """The reports use the new name, the public list has it."""
    made = created(client, channel_settings={"add_member_permissions": 2})
    client.control("say", {"session_id": cast.world.channels[made["id"]].session_id, "by": "me", "text": "x"})
    assert patched(client, made["id"], name="renamed", type=5).status_code == 204
    assert "renamed" in {row["name"] for row in client.sessions()}
    row = next(row for row in client.get("/chat/channels").json()["channels"] if row["id"] == made["id"])
    assert (row["name"], row["type"], row["channel_settings"]["add_member_permissions"]) == ("renamed", 5, 1)
    assert patched(client, made["id"], name="renamed").status_code == 204


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "other"}, 400, 300),
        ({"name": ""}, 400, 5301),
        ({"type": 4}, 400, 300),
        ({"type": 2}, 400, 5301),
        ({"channel_settings": {"add_member_permissions": 2}}, 400, 5301),
        ({"channel_settings": {"mention_all_permissions": 0}}, 400, 300),
        ({"channel_settings": {"designated_posting_members": []}}, 400, 300),
        (
            {
                "channel_settings": {
                    "posting_permissions": 3,
                    "designated_posting_members": [{"user_id": "x", "member_id": "x"}],
                }
            },
            400,
            300,
        ),
        (
            {
                "channel_settings": {
                    "posting_permissions": 3,
                    "designated_posting_members": [{"user_id": "nobody"}],
                }
            },
            400,
            5301,
        ),
    ],
)
def test_what_a_channel_cannot_become(
    client: Client, cast: Cast, body: dict[str, object], status: int, code: int
) -> None:
    """Two of a name, a group chat, or a channel for insiders with an outsider in it."""
    created(client, name="other")
    before = client.get(f"/chat/channels/{cast.channel.id}").json()
    assert refusal(patched(client, cast.channel.id, **body)) == (status, code)
    assert client.get(f"/chat/channels/{cast.channel.id}").json() == before


def test_administrators_change_less_than_the_owner(client: Client, cast: Cast) -> None:
    """Who may add members or call everyone is the owner's to decide; members change nothing."""
    path, user = cast.channel.id, cast.ravi.id
    assert refusal(patched(client, path, user, name="mine")) == (403, 200)
    cast.channel.admin_ids = [user]
    assert refusal(patched(client, path, user, channel_settings={"mention_all_permissions": 2})) == (403, 200)
    assert patched(client, path, user, channel_settings={"posting_permissions": 2}).status_code == 204
    assert patched(client, path, "me", channel_settings={"mention_all_permissions": 2}).status_code == 204


@pytest.mark.parametrize("path", ["/chat/channels", MINE])
def test_a_deleted_channel_stays_in_the_reports(client: Client, cast: Cast, path: str) -> None:
    """As deleted, with all that was said; elsewhere it is gone, and its name is free again."""
    said = client.control("say", {"session_id": cast.general.id, "by": "me", "text": "before the end"})
    assert client.ask("DELETE", f"{path}/{cast.channel.id}").status_code == 204
    assert {row["channel_id"]: row["status"] for row in client.sessions()} == {cast.channel.id: "deleted"}
    assert client.messages(cast.general.id)["messages"][0]["id"] == said["message_id"]
    assert refusal(client.get(f"/chat/channels/{cast.channel.id}")) == (404, 4130)
    assert client.get(MINE).json()["channels"] == client.get("/chat/channels").json()["channels"] == []
    assert refusal(client.ask("DELETE", f"{path}/{cast.channel.id}")) == (400, 5301)
    assert created(client, name="general")["id"] != cast.channel.id


def test_only_the_owner_deletes(client: Client, cast: Cast) -> None:
    """An administrator may not, and of several channels none is deleted when one may not be."""
    cast.channel.admin_ids = [cast.ravi.id]
    own = created(client, user=cast.ravi.id)
    path = f"/chat/users/{cast.ravi.id}/channels"
    assert refusal(client.ask("DELETE", f"{path}/{cast.channel.id}")) == (400, 200)
    both = {"channel_ids": f"{own['id']},{cast.channel.id}"}
    assert refusal(client.ask("DELETE", path, params=both)) == (403, 4100)
    assert client.get(f"/chat/channels/{own['id']}").status_code == 200
    assert client.ask("DELETE", path, params={"channel_ids": own["id"]}).status_code == 202
    assert client.ask("DELETE", MINE, params={"channel_ids": cast.channel.id}).status_code == 202
    assert all(one.deleted_at is not None for one in cast.world.channels.values())


@pytest.mark.parametrize(
    ("ids", "status", "code"),
    [([], 400, 4300), (["x"] * 51, 400, 4301), (["none"], 404, 4400)],
)
def test_which_channels_cannot_be_deleted_together(
    client: Client, ids: list[str], status: int, code: int
) -> None:
    """None, more than fifty, or one that is not there."""
    assert refusal(client.ask("DELETE", MINE, params={"channel_ids": ",".join(ids)})) == (status, code)


def test_an_archived_channel_changes_no_more(client: Client, cast: Cast) -> None:
    """Neither its settings nor its people, until it is brought back; it can be read all the while."""
    path = f"/chat/channels/{cast.channel.id}"
    emails = {"members": [{"email": "ravi@acme.example"}]}
    assert moved(client, "archive", cast.channel.id).json() == {"failed_channels": []}
    both = {"user_ids": cast.ravi.id}
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", path, {"json": {"name": "renamed"}}),
        ("POST", f"{path}/members", {"json": emails}),
        ("DELETE", f"{path}/members", {"params": {**both, "member_ids": cast.ravi.member_id}}),
        ("DELETE", f"{path}/members/{cast.ravi.id}", {}),
        ("POST", f"{path}/members/me", {}),
        ("POST", f"{MINE}/{cast.channel.id}/admins", {"json": {"admins": [{"email": "ravi@acme.example"}]}}),
        (
            "DELETE",
            f"{MINE}/{cast.channel.id}/admins",
            {"params": {**both, "admin_ids": cast.ravi.member_id}},
        ),
    ]
    for method, where, options in changes:
        assert refusal(client.ask(method, where, **options)) == (400, 5301), where
    assert client.get(path).json()["name"] == "general"
    assert moved(client, "unarchive", cast.channel.id).json() == {"failed_channels": []}
    assert patched(client, cast.channel.id, name="renamed").status_code == 204


def test_each_channel_is_archived_for_itself(client: Client, cast: Cast) -> None:
    """One that is already, and one that is not there, are named; the others are laid aside."""
    made = created(client)
    moved(client, "archive", made["id"])
    failed = moved(client, "archive", made["id"], "none", cast.channel.id).json()["failed_channels"]
    assert [(row["channel_id"], row["error_code"]) for row in failed] == [
        (made["id"], "3205"),
        ("none", "4130"),
    ]
    assert cast.channel.archived_at == round(NOON.timestamp() * 1000)
    moved(client, "unarchive", made["id"])
    failed = moved(client, "unarchive", made["id"]).json()["failed_channels"]
    assert [row["error_code"] for row in failed] == ["3213"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"method": "delete", "channel_ids": ["x"]}, 300),
        ({"method": "archive", "channel_ids": []}, 300),
        ({"method": "archive", "channel_ids": [str(number) for number in range(11)]}, 300),
        ({"method": "archive", "channel_ids": ["x", "x"]}, 300),
        ({"method": "archive", "channel_ids": ["x"]}, 4130),
    ],
)
def test_what_cannot_be_archived(client: Client, body: dict[str, object], code: int) -> None:
    """Neither nothing, nor eleven, nor one twice, nor only what is not there."""
    assert refusal(client.ask("PATCH", "/chat/channels/events", json=body)) == (400, code)


def say(client: Client, user: str, channel_id: str) -> httpx.Response:
    """Something said through the API."""
    body = {"message": "hello", "to_channel": channel_id}
    return client.ask("POST", f"/chat/users/{user}/messages", json=body)


def test_settings_decide_who_may_post(client: Client, cast: Cast) -> None:
    """Everyone, the owner and administrators, or they and those named; the refused message is not in the report."""
    nina = cast.world.add_person(person("Nina"))
    cast.world.join(cast.channel, nina)
    cast.channel.admin_ids = [cast.ravi.id]
    posters = {"posting_permissions": 3, "designated_posting_members": [{"user_id": nina.id}]}
    for settings, allowed in (
        ({"posting_permissions": 2}, False),
        (posters, True),
        ({"posting_permissions": 1}, True),
    ):
        patched(client, cast.channel.id, channel_settings=settings)
        answer = say(client, nina.id, cast.channel.id)
        assert answer.status_code == (201 if allowed else 400), settings
        assert say(client, cast.ravi.id, cast.channel.id).status_code == 201
    assert refusal(say(client, cast.olu.member_id, cast.channel.id)) == (404, 1001)
    senders = [row["sender"] for row in client.messages(cast.general.id)["messages"]]
    assert senders.count(nina.email) == 2


def test_nobody_speaks_in_an_archived_channel(client: Client, cast: Cast) -> None:
    """400 with code 5420, until it is brought back."""
    moved(client, "archive", cast.channel.id)
    assert refusal(say(client, "me", cast.channel.id)) == (400, 5420)
    moved(client, "unarchive", cast.channel.id)
    assert say(client, "me", cast.channel.id).status_code == 201
