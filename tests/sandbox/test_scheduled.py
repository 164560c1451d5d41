"""Messages that are to be sent later."""

from typing import Any

import httpx
import pytest

from sandbox.files import Held
from tests.sandbox.conftest import Cast, Client, ms

DUE = "2026-05-20T13:00:00Z"
PATH = "/chat/messages/schedule"


def schedule(client: Client, due: str = DUE, **body: object) -> httpx.Response:
    """A message handed in at noon for later."""
    return client.ask("POST", "/chat/users/me/messages", json={"scheduled_time": due, **body})


def pass_time(client: Client, cast: Cast, seconds: int) -> None:
    """Time passes, and the token with it."""
    cast.world.clock.advance(seconds=seconds)
    client.token = client.fetch_token()


def test_it_is_listed_until_its_moment_and_then_sent(client: Client, cast: Cast) -> None:
    """At that very moment, whenever somebody looks."""
    main = cast.world.say(cast.general, cast.ravi, "when?", at=ms("2026-05-20T09:00"))
    stored = cast.world.upload("plan.txt", Held(b"plan"))
    rich = [{"start_position": 0, "end_position": 4, "format_type": "Bold"}]
    more = {"rich_text": rich, "file_ids": [stored.id], "reply_main_message_id": main.id}
    answer = schedule(client, message="soon", to_channel=cast.channel.id, **more)
    assert answer.status_code == 201
    page = client.get(PATH, to_channel=cast.channel.id).json()
    (row,) = page["messages"]
    assert (page["to_channel"], row["draft_id"]) == (cast.channel.id, answer.json()["id"])
    assert (row["create_date"], row["scheduled_time"]) == ("2026-05-20T12:00:00Z", DUE)
    assert (row["file_id"], row["reply_main_message_id"]) == (stored.id, main.id)
    assert row["rich_text"] == [{**rich[0], "format_attr": ""}]
    pass_time(client, cast, 3599)
    assert len(client.messages(cast.general.id)["messages"]) == 1
    pass_time(client, cast, 60)
    record = client.messages(cast.general.id)["messages"][1]
    assert (record["message"], record["date_time"], record["rich_text"]) == ("soon", DUE, rich)
    assert record["reply_main_message_id"] == main.id
    assert client.get(PATH, to_channel=cast.channel.id).json()["messages"] == []


def test_the_truth_knows_of_it_too(client: Client, cast: Cast) -> None:
    """Though the report was not asked first; several go out in order."""
    for due in ("2026-05-20T13:00:01Z", DUE):
        schedule(client, due, message=due, to_contact=cast.ravi.email)
    pass_time(client, cast, 7200)
    assert client.control("truth")["messages"] == 2
    rows = client.get("/chat/users/me/messages", to_contact=cast.ravi.id).json()["messages"]
    assert [row["message"] for row in rows] == ["2026-05-20T13:00:01Z", DUE]


def test_a_discarded_one_is_never_sent(client: Client, cast: Cast) -> None:
    """Only where it was to go is it known by its id."""
    draft_id = schedule(client, message="no", to_channel=cast.channel.id).json()["id"]
    elsewhere = client.ask("DELETE", f"{PATH}/{draft_id}", params={"to_contact": cast.ravi.id})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, 5404)
    here = {"params": {"to_channel": cast.channel.id}}
    assert client.ask("DELETE", f"{PATH}/{draft_id}", **here).status_code == 204
    again = client.ask("DELETE", f"{PATH}/{draft_id}", **here)
    assert (again.status_code, again.json()["code"]) == (400, 5404)
    assert client.ask("DELETE", f"{PATH}/{draft_id}").json()["code"] == 300
    pass_time(client, cast, 7200)
    assert client.sessions() == []


def test_it_is_dropped_when_it_can_no_longer_be_sent(client: Client, cast: Cast) -> None:
    """Its sender has left the channel."""
    schedule(client, message="too late", to_channel=cast.channel.id)
    cast.world.leave(cast.channel, cast.ines)
    pass_time(client, cast, 7200)
    assert (client.sessions(), cast.world.desk.drafts) == ([], {})


@pytest.mark.parametrize(
    "due", ["2026-05-20T12:30:00Z", "2026-11-16T12:00:01Z", "2026-05-20T11:00:00Z", "tomorrow"]
)
def test_a_moment_too_near_or_too_far_is_refused(client: Client, cast: Cast, due: str) -> None:
    """More than half an hour, at most 180 days."""
    answer = schedule(client, due, message="x", to_channel=cast.channel.id)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert cast.world.desk.drafts == {}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 400, 300),
        ({"to_channel": "nothing"}, 404, 4130),
        ({"to_contact": "nobody"}, 404, 1001),
        ({"to_contact": "ravi@acme.example", "page_size": 51}, 400, 300),
    ],
)
def test_an_impossible_listing_is_refused(
    client: Client, query: dict[str, Any], status: int, code: int
) -> None:
    """Each with its own code."""
    answer = client.get(PATH, **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_pages_are_in_order_of_sending(client: Client, cast: Cast) -> None:
    """Soonest first, none twice."""
    for hour in (16, 14, 15, 14):
        schedule(client, f"2026-05-20T{hour}:00:00Z", message=str(hour), to_channel=cast.channel.id)
    rows = client.all_pages(PATH, "messages", to_channel=cast.channel.id, page_size=1)
    assert [row["message"] for row in rows] == ["14", "14", "15", "16"]
