"""Pins of a channel, bookmarks of a person."""

from typing import Any

import httpx
import pytest

from sandbox.conversations import Message
from tests.sandbox.conftest import Cast, Client, ms


@pytest.fixture
def said(cast: Cast) -> list[Message]:
    """Three things said in the channel, the last a reply to the first."""
    found = []
    for number in range(3):
        main = found[0] if number == 2 else None
        at = ms("2026-05-20T09:00") + number
        found.append(cast.world.say(cast.general, cast.ravi, str(number), at=at, reply_to=main))
    return found


def pin(client: Client, cast: Cast, message_id: str, method: str = "pin", **more: str) -> httpx.Response:
    """A message pinned or unpinned."""
    body = {"method": method, "message_id": message_id, "channel_id": cast.channel.id, **more}
    return client.ask("PATCH", "/chat/channel/message/events", json=body)


def pinned(client: Client, cast: Cast, **query: object) -> list[tuple[str, bool]]:
    """What is listed as pinned, and whether it is now."""
    rows = client.all_pages(f"/chat/channels/{cast.channel.id}/pinned", "messages", **query)
    return [(row["message"], row["currently_pinned"]) for row in rows]


def test_one_message_is_pinned_at_a_time(client: Client, cast: Cast, said: list[Message]) -> None:
    """The others are its history, newest pin first."""
    assert [pin(client, cast, one.id).status_code for one in said] == [204, 204, 204]
    assert pinned(client, cast) == [("2", True)]
    history = [("2", True), ("1", False), ("0", False)]
    assert pinned(client, cast, include_history="true", page_size=2) == history
    assert pin(client, cast, said[2].id, "unpin").status_code == 204
    assert pinned(client, cast) == []
    row = client.get(f"/chat/channels/{cast.channel.id}/pinned", include_history="true").json()["messages"][0]
    assert (row["pinner_user_id"], row["pinned_time"]) == (cast.ines.id, "2026-05-20T12:00:00Z")


def test_a_deleted_message_is_not_pinned(client: Client, cast: Cast, said: list[Message]) -> None:
    """Not even in the history."""
    pin(client, cast, said[0].id)
    cast.world.delete(said[0])
    assert pinned(client, cast, include_history="true") == []


def test_impossible_pins_are_refused(client: Client, cast: Cast, said: list[Message]) -> None:
    """Each with its own code."""
    pin(client, cast, said[0].id)
    answers = {
        3216: pin(client, cast, said[0].id),
        3217: pin(client, cast, said[1].id, "unpin"),
        5401: pin(client, cast, "nothing"),
        4130: pin(client, cast, said[0].id, channel_id="nothing"),
        300: pin(client, cast, said[0].id, "glue"),
    }
    assert {code: one.json()["code"] for code, one in answers.items()} == {code: code for code in answers}
    assert {one.status_code for one in answers.values()} == {400}


def test_pins_are_for_members(client: Client, cast: Cast, said: list[Message]) -> None:
    """403 with code 200 to pin and to look; 404 where there is no channel, 300 beyond fifty."""
    path = f"/chat/channels/{cast.channel.id}/pinned"
    assert client.get(path, page_size=51).json()["code"] == 300
    cast.world.leave(cast.channel, cast.ines)
    for answer in (pin(client, cast, said[0].id), client.get(path)):
        assert (answer.status_code, answer.json()["code"]) == (403, 200)
    missing = client.get("/chat/channels/nothing/pinned")
    assert (missing.status_code, missing.json()["code"]) == (404, 4130)


def mark(client: Client, message_id: str, action: str = "add_bookmark", **where: str) -> httpx.Response:
    """A bookmark set or taken away."""
    path = f"/chat/messages/bookmarks?message_id={message_id}"
    return client.ask("PATCH", path, json={"action": action, **where})


def test_bookmarks_come_back(client: Client, cast: Cast, said: list[Message]) -> None:
    """From everywhere or from one conversation, each in the words of its kind."""
    hello = cast.world.say(cast.talk, cast.olu, "hello", at=ms("2026-05-20T10:00"))
    for one in (said[2], said[0], said[0]):
        assert mark(client, one.id, to_channel=cast.channel.id).status_code == 204
    assert mark(client, hello.id, to_contact=cast.olu.member_id).status_code == 204
    rows = client.all_pages("/chat/messages/bookmarks", "bookmarks", page_size=1)
    assert [row["message"] for row in rows] == ["2", "0", "hello"]
    assert (rows[0]["channel_name"], rows[0]["sender_user_id"]) == ("general", cast.ravi.id)
    assert (rows[0]["reply_main_message_id"], rows[0]["is_sent_by_user"]) == (said[0].id, False)
    assert (rows[2]["peer_contact_name"], rows[2]["peer_contact_user_id"]) == ("Olu", "")
    talk = client.get("/chat/messages/bookmarks", to_contact=cast.olu.id).json()["bookmarks"]
    assert [row["message"] for row in talk] == ["hello"]
    assert mark(client, said[2].id, "remove_bookmark", to_channel=cast.channel.id).status_code == 204
    channel = client.get("/chat/messages/bookmarks", to_channel=cast.channel.id).json()["bookmarks"]
    assert [row["message"] for row in channel] == ["0"]


@pytest.mark.parametrize(
    ("message_id", "change", "status", "code"),
    [
        ("", {}, 400, 300),
        ("nothing", {}, 404, 5401),
        (None, {"to_channel": None}, 400, 300),
        (None, {"to_channel": "nothing"}, 404, 4130),
        (None, {"to_channel": None, "to_contact": "nobody"}, 404, 1001),
        (None, {"action": "fold"}, 400, 300),
    ],
)
def test_impossible_bookmarks_are_refused(
    client: Client,
    cast: Cast,
    said: list[Message],
    message_id: str | None,
    change: dict[str, Any],
    status: int,
    code: int,
) -> None:
    """Each with its own code."""
    body = {"action": "add_bookmark", "to_channel": cast.channel.id, **change}
    wanted = {name: value for name, value in body.items() if value is not None}
    answer = mark(client, said[0].id if message_id is None else message_id, **wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/chat/messages/bookmarks").json()["bookmarks"] == []
