"""Reactions and read marks through the API."""

from typing import Any

import pytest

from sandbox.conversations import CustomEmoji, Message
from tests.sandbox.conftest import Cast, Client, ms


@pytest.fixture
def said(cast: Cast) -> Message:
    """Something Ravi said in the channel."""
    cast.world.emoji["ship_it"] = CustomEmoji("file-ship", "ship_it", cast.ines.id, ms("2026-04-01"))
    return cast.world.say(cast.general, cast.ravi, "done", at=ms("2026-05-20T09:00"))


def react(client: Client, cast: Cast, said: Message, user: str = "me", **body: object) -> Any:
    """A reaction in somebody's name."""
    path = f"/chat/users/{user}/messages/{said.id}/emoji_reactions"
    return client.ask(
        "PATCH",
        path,
        json={
            name: value
            for name, value in {"to_channel": cast.channel.id, **body}.items()
            if value is not None
        },
    )


def test_a_reaction_is_counted_wherever_the_message_is_shown(
    client: Client, cast: Cast, said: Message
) -> None:
    """In the report, in the listing, by itself, in the thread; once, however often it is given."""
    for user in ("me", "me", cast.ravi.id):
        assert react(client, cast, said, user, action="add", emoji="U+1F44D").status_code == 204
    ids, members = [cast.ines.id, cast.ravi.id], [cast.ines.member_id, cast.ravi.member_id]
    shown = {"emoji": "U+1F44D", "total_count": 2, "user_ids": ids, "member_ids": members}
    assert client.messages(cast.general.id)["messages"][0]["reactions"] == [shown]
    where = {"to_channel": cast.channel.id}
    alone = client.get(f"/chat/users/me/messages/{said.id}", **where).json()
    assert alone["reactions"] == [shown]
    row = client.get("/chat/users/me/messages", **where).json()["messages"][0]
    assert [one["user_id"] for one in row["reactions"][0]["senders"]] == ids
    query = {**where, "from_": "2026-05-01T00:00:00Z", "need_emoji": "true"}
    thread = client.get(f"/chat/users/me/messages/{said.id}/thread", **query).json()
    reacted = {"emoji_id": "U+1F44D", "count": 2, "is_sender": True}
    assert thread["messages"][0]["reactions"] == [reacted]


def test_a_reaction_taken_back_is_gone(client: Client, cast: Cast, said: Message) -> None:
    """Taking back one that was never given changes nothing."""
    react(client, cast, said, action="add", emoji="U+1F44D")
    for _ in range(2):
        assert react(client, cast, said, action="remove", emoji="U+1F44D").status_code == 204
    assert "reactions" not in client.messages(cast.general.id)["messages"][0]


def test_the_report_tells_the_history_of_custom_emoji(client: Client, cast: Cast, said: Message) -> None:
    """Additions and removals, even when none is left."""
    own = {"custom_emoji": True, "custom_emoji_id": "file-ship"}
    react(client, cast, said, action="add", **own)
    record = client.messages(cast.general.id)["messages"][0]
    assert record["custom_emoji_reactions"][0]["custom_emoji_name"] == "ship_it"
    react(client, cast, said, action="remove", **own)
    record = client.messages(cast.general.id)["messages"][0]
    assert [(a["emoji"], a["emoji_action"], a["user_id"]) for a in record["emoji_actions"]] == [
        ("ship_it", "add", cast.ines.id),
        ("ship_it", "remove", cast.ines.id),
    ]
    assert "custom_emoji_reactions" not in record


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"action": None}, 400, 300),
        ({"action": "wave"}, 400, 300),
        ({"emoji": None}, 400, 300),
        ({"emoji": "smile"}, 400, 300),
        ({"custom_emoji": True}, 400, 300),
        ({"custom_emoji": True, "custom_emoji_id": "nothing"}, 400, 300),
        ({"to_channel": None}, 400, 300),
        ({"to_channel": "nothing"}, 404, 4130),
        ({"to_channel": None, "to_contact": "nobody"}, 404, 1001),
    ],
)
def test_an_impossible_reaction_is_refused(
    client: Client, cast: Cast, said: Message, change: dict[str, Any], status: int, code: int
) -> None:
    """With its code; the message has none."""
    body = {"action": "add", "emoji": "U+1F44D", **change}
    answer = react(client, cast, said, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not said.reactions | said.custom_reactions


def test_a_message_is_marked_read_and_unread(client: Client, cast: Cast, said: Message) -> None:
    """For the one who marks it; unknown messages are refused."""
    path, body = f"/chat/users/me/messages/{said.id}/status", {"to_channel": cast.channel.id}
    assert client.ask("PATCH", path, json={**body, "action": "unread"}).status_code == 204
    assert cast.world.desk.unread == {(cast.ines.id, cast.general.id, said.id)}
    assert client.ask("PATCH", path, json={**body, "action": "read"}).status_code == 204
    assert cast.world.desk.unread == set()
    missing = client.ask("PATCH", path.replace(said.id, "none"), json={**body, "action": "read"})
    assert (missing.status_code, missing.json()["code"]) == (400, 300)
    assert client.ask("PATCH", path, json={"action": "read"}).json()["code"] == 300
    assert client.ask("PATCH", path, json={**body, "action": "burn"}).json()["code"] == 300
