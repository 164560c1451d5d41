"""Reminders of messages."""

from typing import Any

import httpx
import pytest

from sandbox.conversations import Message
from tests.sandbox.conftest import Cast, Client, ms


@pytest.fixture
def said(cast: Cast) -> Message:
    """A question in the channel."""
    return cast.world.say(cast.general, cast.ravi, "when?", at=ms("2026-05-20T09:00"))


def remind(client: Client, message: Message, **body: object) -> httpx.Response:
    """A reminder asked for at noon."""
    return client.ask("POST", f"/chat/messages/{message.id}/reminder", json=body)


def test_reminders_come_back_soonest_first(client: Client, cast: Cast, said: Message) -> None:
    """With the note, the words of the message and both moments; a second one replaces the first."""
    reply = cast.world.say(cast.general, cast.ines, "soon", at=ms("2026-05-20T09:01"), reply_to=said)
    talked = cast.world.say(cast.talk, cast.olu, "hello", at=ms("2026-05-20T09:02"))
    channel = {"to_channel": cast.channel.id}
    assert remind(client, said, **channel, delay_seconds=300).status_code == 204
    assert remind(client, said, **channel, delay_seconds=7200, reminder_note="ask").status_code == 204
    assert remind(client, reply, **channel, remind_time="2026-05-20T13:00:00Z").status_code == 204
    assert remind(client, talked, to_contact=cast.olu.member_id, delay_seconds=600).status_code == 204
    rows = client.all_pages("/chat/reminder", "reminders", page_size=1)
    assert [(row["content"], row["remind_time"][11:16]) for row in rows] == [
        ("hello", "12:10"),
        ("soon", "13:00"),
        ("when?", "14:00"),
    ]
    assert (rows[2]["reminder_note"], rows[2]["create_time"]) == ("ask", "2026-05-20T12:00:00Z")
    assert (rows[1]["main_message_id"], "main_message_id" in rows[2]) == (said.id, False)
    assert len(client.get("/chat/reminder", to_contact=cast.olu.id).json()["reminders"]) == 1


def test_a_reminder_stays_until_it_is_deleted(client: Client, cast: Cast, said: Message) -> None:
    """Also after its moment; what is not there cannot be deleted."""
    where = {"to_channel": cast.channel.id}
    remind(client, said, **where, delay_seconds=300)
    cast.world.clock.advance(seconds=600)
    assert len(client.get("/chat/reminder", **where).json()["reminders"]) == 1
    path = f"/chat/messages/{said.id}/reminder"
    assert client.ask("DELETE", path, params=where).status_code == 204
    assert client.get("/chat/reminder").json() == {"next_page_token": "", "reminders": []}
    again = client.ask("DELETE", path, params=where)
    assert (again.status_code, again.json()["code"]) == (404, 4200)
    assert client.ask("DELETE", path).json()["code"] == 4100


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"to_channel": "nothing"}, 400, 4100),
        ({"to_channel": None, "to_contact": "nobody"}, 400, 4100),
        ({"delay_seconds": 299}, 400, 4101),
        ({"delay_seconds": 7_776_001}, 400, 4101),
        ({"to_channel": None}, 400, 4102),
        ({"to_contact": "ravi@acme.example"}, 400, 4102),
        ({"delay_seconds": None}, 400, 4103),
        ({"remind_time": "2026-05-20T13:00:00Z"}, 400, 4103),
        ({"delay_seconds": None, "remind_time": "2026-05-20T12:00:00Z"}, 400, 4105),
        ({"delay_seconds": None, "remind_time": "2026-08-18T12:00:01Z"}, 400, 4105),
        ({"delay_seconds": None, "remind_time": "noon"}, 400, 4106),
        ({"to_channel": None, "to_contact": "ravi@acme.example"}, 404, 4200),
    ],
)
def test_an_impossible_reminder_is_refused(
    client: Client, cast: Cast, said: Message, change: dict[str, Any], status: int, code: int
) -> None:
    """Each with its own code."""
    body = {"to_channel": cast.channel.id, "delay_seconds": 300, **change}
    answer = remind(client, said, **{name: value for name, value in body.items() if value is not None})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert cast.world.desk.reminders == {}


@pytest.mark.parametrize(
    ("query", "code"), [({"page_size": 21}, 4101), ({"page_size": 0}, 4101), ({"to_channel": "no"}, 4100)]
)
def test_an_impossible_listing_is_refused(client: Client, query: dict[str, object], code: int) -> None:
    """Each with its own code."""
    answer = client.get("/chat/reminder", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
