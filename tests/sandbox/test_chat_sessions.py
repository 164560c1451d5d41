"""Where somebody talked, and what they starred."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Cast, Client, ms

PATH = "/chat/users/me/sessions"
WEEK = {"from_": "2026-05-14T00:00:00Z", "to": "2026-05-20T23:59:59Z"}


def star(client: Client, method: str, kind: str, target_id: str, user: str = "me") -> httpx.Response:
    """A star given or taken away."""
    body = {"method": method, "params": {"target_id": target_id, "target_type": kind}}
    return client.ask("PATCH", f"/chat/users/{user}/events", json=body)


@pytest.fixture
def spoken(cast: Cast) -> None:
    """Something was said in the channel today, with Olu last week, and among others without Ines."""
    cast.world.say(cast.general, cast.ravi, "hi", at=ms("2026-05-20T09:00"))
    cast.world.say(cast.talk, cast.olu, "hi", at=ms("2026-05-15T09:00"))
    cast.world.say(cast.world.open_talk(cast.ravi, cast.olu), cast.ravi, "hi", at=ms("2026-05-20T09:00"))


@pytest.mark.usefixtures("spoken")
def test_sessions_are_those_one_takes_part_in(client: Client, cast: Cast) -> None:
    """Of today, or of the span asked for, of either kind."""
    today = client.get(PATH).json()
    assert (today["from"], today["to"]) == ("2026-05-20T00:00:00Z", "2026-05-20T23:59:59Z")
    assert [(row["name"], row["channel_id"]) for row in today["sessions"]] == [("general", cast.channel.id)]
    rows = client.all_pages(PATH, "sessions", **WEEK, page_size=1)
    talk = next(row for row in rows if row["type"] == "1:1")
    assert len(rows) == 2
    assert (talk["peer_contact_member_id"], talk["peer_contact_user_id"]) == (cast.olu.member_id, "")
    assert talk["last_message_sent_time"] == "2026-05-15T09:00:00Z"
    groups = client.get(PATH, **WEEK, type="groupchat").json()["sessions"]
    assert [row["name"] for row in groups] == ["general"]
    ravis = client.get(f"/chat/users/{cast.ravi.id}/sessions").json()["sessions"]
    assert {row["type"] for row in ravis} == {"1:1", "groupchat"}


def test_a_message_sent_through_the_api_opens_a_session(client: Client, cast: Cast) -> None:
    """And the list has it at once."""
    client.ask("POST", "/chat/users/me/messages", json={"message": "hi", "to_contact": cast.ravi.id})
    (row,) = client.get(PATH, type="1:1").json()["sessions"]
    assert (row["name"], row["peer_contact_email"]) == (cast.ravi.email, cast.ravi.email)


def test_starred_ones_come_back(client: Client, cast: Cast) -> None:
    """Without moments, though nothing was ever said there."""
    for kind, target in (("channel", cast.channel.id), ("contact", cast.ravi.member_id)):
        assert star(client, "star", kind, target).status_code == 204
    rows = client.all_pages(PATH, "sessions", search_star="true", page_size=1)
    assert [row["name"] for row in rows] == ["general", cast.ravi.email]
    assert not any("last_message_sent_time" in row for row in rows)
    (one,) = client.get(PATH, search_star="true", type="1:1").json()["sessions"]
    assert one["peer_contact_user_id"] == cast.ravi.id
    assert star(client, "unstar", "contact", cast.ravi.id).status_code == 204
    assert len(client.get(PATH, search_star="true").json()["sessions"]) == 1


@pytest.mark.parametrize(
    ("method", "kind", "target", "status", "code"),
    [
        ("hug", "contact", "ravi@acme.example", 400, 300),
        ("star", "pet", "ravi@acme.example", 400, 300),
        ("star", "channel", "nothing", 404, 4130),
        ("star", "contact", "nobody", 404, 1001),
    ],
)
def test_an_impossible_star_is_refused(
    client: Client, cast: Cast, method: str, kind: str, target: str, status: int, code: int
) -> None:
    """Each with its own code."""
    answer = star(client, method, kind, target)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert cast.world.desk.stars == {}


def test_a_channel_is_starred_by_members(client: Client, cast: Cast) -> None:
    """400 with code 200 otherwise."""
    cast.world.leave(cast.channel, cast.ravi)
    answer = star(client, "star", "channel", cast.channel.id, user=cast.ravi.id)
    assert (answer.status_code, answer.json()["code"]) == (400, 200)


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        (PATH, {"type": "party"}, 404, 1001),
        ("/chat/users/nobody/sessions", {}, 404, 1001),
        (PATH, {"page_size": 51}, 400, 300),
        (PATH, {"from_": "today"}, 400, 300),
        (PATH, {"from_": "2026-05-21T00:00:00Z"}, 400, 300),
        (PATH, {"search_star": "true", "from_": "2026-05-20T00:00:00Z"}, 400, 300),
        ("/chat/users/ravi@acme.example/sessions", {"search_star": "true"}, 403, 200),
    ],
)
def test_an_impossible_listing_is_refused(
    client: Client, path: str, query: dict[str, Any], status: int, code: int
) -> None:
    """Each with its own code."""
    answer = client.get(path, **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
