"""What the chat operations answer has the shape of the published description, with all that can be on it."""

from typing import Any

import pytest

from sandbox.conversations import Channel
from tests.sandbox import test_shapes
from tests.sandbox.conftest import Client

pytestmark = test_shapes.pytestmark
client, described = test_shapes.client, test_shapes.described
MINE = "/chat/users/me/messages"
SPAN = {"start_position": 0, "end_position": 2}


@pytest.fixture(scope="module")
def channel(client: Client) -> Channel:
    """One of the channels that the app's user is in."""
    world = client.sandbox.world
    return next(one for one in world.channels.values() if world.own_user_id in one.member_ids)


@pytest.fixture(scope="module")
def outsider(client: Client) -> str:
    """The member id of somebody outside."""
    return next(one.member_id for one in client.sandbox.world.people.values() if one.external)


@pytest.fixture(scope="module")
def file_id(client: Client) -> str:
    """A picture of one's own."""
    form = {"file": ("cat.png", b"cat")}
    return str(client.ask("POST", "/chat/users/me/files", files=form).json()["id"])


def checked(client: Client, described: dict[str, Any], operation_id: str, path: str, **query: object) -> Any:
    """A reply that is as described."""
    reply = client.get(path, **query).raise_for_status().json()
    test_shapes.check_reply(described, operation_id, reply)
    return reply


@pytest.mark.parametrize("kind", ["channel", "contact"])
def test_messages_are_as_described(
    client: Client, described: dict[str, Any], channel: Channel, outsider: str, file_id: str, kind: str
) -> None:
    """Listed, alone, in their thread, scheduled, bookmarked, to be reminded of."""
    where = {"to_channel": channel.id} if kind == "channel" else {"to_contact": outsider}
    body = {
        **where,
        "message": "look",
        "file_ids": [file_id],
        "rich_text": [{"format_type": "Bold", **SPAN}],
        "at_items": [{"at_type": 1, "at_contact": outsider, **SPAN}, {"at_type": 2, **SPAN}],
        "interactive_cards": [{"card_json": "{}"}],
    }
    main = client.ask("POST", MINE, json=body).json()["id"]
    body["reply_main_message_id"] = main
    client.ask("POST", MINE, json={**body, "scheduled_time": "2026-05-21T12:00:00Z"})
    reply = client.ask("POST", MINE, json=body).json()["id"]
    emoji = {**where, "action": "add", "emoji": "U+1F44D"}
    client.ask("PATCH", f"{MINE}/{reply}/emoji_reactions", json=emoji)
    bookmark = {**where, "action": "add_bookmark"}
    client.ask("PATCH", f"/chat/messages/bookmarks?message_id={reply}", json=bookmark)
    client.ask("POST", f"/chat/messages/{reply}/reminder", json={**where, "delay_seconds": 300})
    wanted = dict.fromkeys(("need_emoji", "need_attachment", "need_rich_text", "need_at_items"), "true")
    since = {"from_": "2026-05-01T00:00:00Z"}
    all_of_them = {"include_deleted_and_edited_message": "true"}
    assert checked(client, described, "getChatMessage", f"{MINE}/{reply}", **where)["reactions"]
    for rows, operation_id, path, query in (
        ("messages", "getChatMessages", MINE, {**where, **all_of_them}),
        ("messages", "retrieveThread", f"{MINE}/{main}/thread", {**where, **wanted, **since}),
        ("messages", "listScheduledMessages", "/chat/messages/schedule", where),
        ("bookmarks", "fetchBookmarks", "/chat/messages/bookmarks", where),
        ("reminders", "listReminders", "/chat/reminder", where),
    ):
        assert checked(client, described, operation_id, path, **query)[rows]


def test_sessions_and_pins_are_as_described(
    client: Client, described: dict[str, Any], channel: Channel, outsider: str
) -> None:
    """Of either kind, active or starred."""
    for where in ({"to_channel": channel.id}, {"to_contact": outsider}):
        said = client.ask("POST", MINE, json={"message": "hi", **where}).json()["id"]
        if "to_channel" in where:
            pin = {"method": "pin", "message_id": said, "channel_id": channel.id}
            client.ask("PATCH", "/chat/channel/message/events", json=pin)
    for kind, target in (("channel", channel.id), ("contact", outsider)):
        params = {"target_id": target, "target_type": kind}
        client.ask("PATCH", "/chat/users/me/events", json={"method": "star", "params": params})
    path = f"/chat/channels/{channel.id}/pinned"
    assert checked(client, described, "listChannelPinnedMessages", path)["messages"]
    for query in ({}, {"search_star": "true"}):
        found = checked(client, described, "getChatSessions", "/chat/users/me/sessions", **query)
        assert {row["type"] for row in found["sessions"]} == {"1:1", "groupchat"}
