"""Messages through the API: sent, read, edited, deleted, and the same in the reports."""

from typing import Any

import httpx
import pytest

from sandbox.clock import Clock, iso
from sandbox.conversations import Message
from sandbox.files import Held
from sandbox.scenarios import build
from sandbox.server import running
from tests.sandbox.conftest import NOON, Cast, Client, ms

MINE = "/chat/users/me/messages"
TODAY = "2026-05-20"


def send(client: Client, user: str = "me", **body: object) -> httpx.Response:
    """A message sent in somebody's name."""
    return client.ask("POST", f"/chat/users/{user}/messages", json=body)


def texts(client: Client, path: str = MINE, **query: object) -> list[str]:
    """What a listing of messages says, over all its pages."""
    return [row["message"] for row in client.all_pages(path, "messages", **query)]


@pytest.fixture
def said(cast: Cast) -> Message:
    """Something Ines said in the channel this morning."""
    return cast.world.say(cast.general, cast.ines, "ship it friday", at=ms("2026-05-20T09:00"))


def test_what_is_sent_is_in_the_report_and_in_the_listing(client: Client, cast: Cast) -> None:
    """Under the id that was answered, at the world's moment."""
    answer = send(client, message="hello", to_channel=cast.channel.id)
    assert answer.status_code == 201
    record = client.messages(cast.general.id)["messages"][0]
    assert (record["id"], record["message"], record["sender"]) == (
        answer.json()["id"],
        "hello",
        cast.ines.email,
    )
    assert record["date_time"] == f"{TODAY}T12:00:00Z"
    page = client.get(MINE, to_channel=cast.channel.id).json()
    assert (page["date"], page["page_size"]) == (TODAY, 10)
    assert [(row["id"], row["message"]) for row in page["messages"]] == [(record["id"], "hello")]
    assert [row["id"] for row in client.sessions()] == [cast.general.id]


@pytest.mark.parametrize("name", ["id", "email", "member_id"])
def test_a_message_to_a_contact_opens_the_talk(client: Client, cast: Cast, name: str) -> None:
    """By user id, e-mail or member id; both find it then."""
    assert texts(client, to_contact=cast.ravi.id) == []
    send(client, message="psst", to_contact=getattr(cast.ravi, name))
    session = next(row for row in client.sessions() if row["type"] == "1:1")
    record = client.messages(session["id"])["messages"][0]
    assert (record["message"], record["receiver"]) == ("psst", cast.ravi.email)
    assert texts(client, to_contact=cast.ravi.id) == ["psst"]
    assert texts(client, f"/chat/users/{cast.ravi.id}/messages", to_contact=cast.ines.id) == ["psst"]


def test_formatting_mentions_and_cards_come_back(client: Client, cast: Cast) -> None:
    """In the listing, by themselves, and what reports show of them in the report."""
    rich = [{"start_position": 0, "end_position": 4, "format_type": "FontSize", "format_attr": "l"}]
    span = {"start_position": 0, "end_position": 5}
    mentions = [{"at_type": 1, "at_contact": cast.olu.member_id, **span}, {"at_type": 2, **span}]
    card = '{"content":{}}'
    sent = send(
        client,
        message="@Olu all",
        to_channel=cast.channel.id,
        rich_text=rich,
        at_items=mentions,
        interactive_cards=[{"card_json": card}],
    ).json()
    row = client.get(f"{MINE}/{sent['id']}", to_channel=cast.channel.id).json()
    assert row["rich_text"] == client.messages(cast.general.id)["messages"][0]["rich_text"] == rich
    assert row["at_items"] == [
        {"at_type": 1, "at_contact": "", "at_contact_member_id": cast.olu.member_id, **span},
        {"at_type": 2, "at_contact": "", **span},
    ]
    assert row["interactive_cards"][0]["card_json"] == card


def test_a_reply_is_in_the_thread(client: Client, cast: Cast, said: Message) -> None:
    """Linked in the report, in the thread, and left out where only main messages are asked for."""
    sent = send(client, message="ok", to_channel=cast.channel.id, reply_main_message_id=said.id).json()
    record = client.messages(cast.general.id)["messages"][1]
    assert (record["id"], record["reply_main_message_id"]) == (sent["id"], said.id)
    query = {"to_channel": cast.channel.id, "from_": "2026-05-01T00:00:00Z"}
    thread = client.get(f"{MINE}/{said.id}/thread", **query).json()
    assert [row["message"] for row in thread["messages"]] == ["ship it friday", "ok"]
    assert texts(client, to_channel=cast.channel.id, exclude_child_message="true") == ["ship it friday"]
    nested = send(client, message="?", to_channel=cast.channel.id, reply_main_message_id=sent["id"])
    assert (nested.status_code, nested.json()["code"]) == (400, 5402)


def test_files_travel_with_a_message(client: Client, cast: Cast) -> None:
    """At most six that are there; the first one also beside the list."""
    stored = [cast.world.upload(f"{n}.txt", Held(b"x")) for n in range(2)]
    ids = [one.id for one in stored]
    sent = send(client, message="see", to_channel=cast.channel.id, file_ids=ids).json()
    row = client.get(f"{MINE}/{sent['id']}", to_channel=cast.channel.id).json()
    assert [one["file_id"] for one in row["files"]] == ids
    assert (row["file_id"], row["message_type"]) == (ids[0], "file_and_text")
    assert [f["file_id"] for f in client.messages(cast.general.id)["messages"][0]["files"]] == ids


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"to_channel": None}, 400, 300),
        ({"to_contact": "ravi@acme.example"}, 400, 300),
        ({"message": None}, 400, 300),
        ({"message": "x" * 1025}, 400, 300),
        ({"file_ids": ["x"] * 7}, 400, 300),
        ({"file_ids": ["nothing"]}, 400, 5301),
        ({"interactive_cards": [{"card_json": "{}"}] * 6}, 400, 300),
        ({"interactive_cards": [{"card_json": "no card"}]}, 400, 5405),
        ({"interactive_cards": [{}]}, 400, 5405),
        ({"rich_text": [{"format_type": "Wavy"}]}, 400, 300),
        ({"rich_text": [{"format_type": "FontColor", "format_attr": "red"}]}, 400, 300),
        ({"at_items": [{"at_type": 3}]}, 400, 300),
        ({"at_items": [{"at_type": 1}]}, 400, 300),
        ({"reply_main_message_id": "nothing"}, 400, 5402),
        ({"to_channel": "nothing"}, 404, 4130),
        ({"to_channel": None, "to_contact": "nobody@acme.example"}, 404, 1001),
    ],
)
def test_an_impossible_message_is_refused(
    client: Client, cast: Cast, change: dict[str, Any], status: int, code: int
) -> None:
    """With the code of the reason, and nothing is said."""
    body = {"message": "hi", "to_channel": cast.channel.id, **change}
    answer = send(client, **{name: value for name, value in body.items() if value is not None})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.sessions() == []


def test_only_members_speak(client: Client, cast: Cast) -> None:
    """Others are refused, and people outside have no place in the path."""
    cast.world.leave(cast.channel, cast.ravi)
    refused = send(client, cast.ravi.id, message="hi", to_channel=cast.channel.id)
    assert (refused.status_code, refused.json()["code"]) == (400, 5301)
    assert send(client, cast.olu.id, message="hi", to_contact=cast.ines.id).json()["code"] == 1001
    peeked = client.get(f"/chat/users/{cast.ravi.id}/messages", to_channel=cast.channel.id)
    assert (peeked.status_code, peeked.json()["code"]) == (400, 200)


def test_nothing_is_said_in_a_computed_world(loopback: None) -> None:
    """400 with code 5301."""
    scenario = build("busy", clock=Clock(start=NOON, speed=0), messages=1000)
    with running(scenario.world, source=scenario.source) as sandbox:
        answer = send(Client(sandbox), message="hi", to_channel="any")
    assert (answer.status_code, answer.json()["code"]) == (400, 5301)


def test_an_edit_is_in_the_report_beside_the_original(client: Client, cast: Cast, said: Message) -> None:
    """Every wording is; the listing has the newest, and says so when asked."""
    path = f"{MINE}/{said.id}"
    body = {"message": "ship it monday", "to_channel": cast.channel.id}
    assert client.ask("PUT", path, json=body).status_code == 204
    report = client.messages(cast.general.id)
    assert [m["message"] for m in report["messages"]] == ["ship it monday"]
    assert [m["message"] for m in report["edited_messages"]] == ["ship it friday", "ship it monday"]
    rows = client.get(MINE, to_channel=cast.channel.id, include_deleted_and_edited_message="true").json()[
        "messages"
    ]
    assert [(row["message"], row["status"]) for row in rows] == [("ship it monday", "Edited")]


def test_an_edit_of_files_leaves_the_first_wording_its_own(client: Client, cast: Cast) -> None:
    """The report shows what each wording carried; the truth counts every file."""
    ids = [cast.world.upload(f"{n}.txt", Held(b"x")).id for n in range(2)]
    sent = send(client, message="see", to_channel=cast.channel.id, file_ids=ids[:1]).json()
    path, where = f"{MINE}/{sent['id']}", {"to_channel": cast.channel.id}
    assert client.ask("PUT", path, json={**where, "file_ids": ids[1:]}).status_code == 204
    report = client.messages(cast.general.id)
    carried = [[one["file_id"] for one in m["files"]] for m in report["edited_messages"]]
    assert (carried, report["messages"][0]["files"][0]["file_id"]) == ([ids[:1], ids[1:]], ids[1])
    assert client.control("truth")["attachments"] == 2
    assert client.ask("PUT", path, json={**where, "file_ids": []}).status_code == 204
    assert "files" not in client.messages(cast.general.id)["messages"][0]


def test_cards_can_be_kept_and_made_anew(client: Client, cast: Cast) -> None:
    """A kept one has its id still, a new one another."""
    sent = send(
        client, message="x", to_channel=cast.channel.id, interactive_cards=[{"card_json": "{}"}]
    ).json()
    path, where = f"{MINE}/{sent['id']}", {"to_channel": cast.channel.id}
    first = client.get(path, **where).json()["interactive_cards"][0]["card_id"]
    cards = [{"card_id": first}, {"card_json": '{"a":1}'}]
    assert client.ask("PUT", path, json={**where, "interactive_cards": cards}).status_code == 204
    kept, new = client.get(path, **where).json()["interactive_cards"]
    assert (kept["card_id"], new["card_json"]) == (first, '{"a":1}')
    assert new["card_id"] != first
    assert client.ask("PUT", path, json={**where, "interactive_cards": []}).status_code == 204
    assert "interactive_cards" not in client.get(path, **where).json()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"message": None}, 400, 300),
        ({"to_channel": None}, 400, 300),
        ({"to_channel": "nothing"}, 404, 4130),
        ({"file_ids": ["nothing"]}, 400, 300),
        ({"interactive_cards": [{"card_json": "["}]}, 400, 5045),
        ({"interactive_cards": [{"card_id": "other"}]}, 400, 5046),
    ],
)
def test_an_impossible_edit_is_refused(
    client: Client, cast: Cast, said: Message, change: dict[str, Any], status: int, code: int
) -> None:
    """With its code, and the message is what it was."""
    body = {"message": "no", "to_channel": cast.channel.id, **change}
    answer = client.ask("PUT", f"{MINE}/{said.id}", json={k: v for k, v in body.items() if v is not None})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (said.text, len(said.versions)) == ("ship it friday", 1)


def test_a_file_that_is_not_there_cannot_be_put_in(client: Client, cast: Cast) -> None:
    """The service's code for it is 5404."""
    stored = cast.world.upload("a.txt", Held(b"x"))
    said = cast.world.say(cast.general, cast.ines, "see", files=[stored])
    body = {"to_channel": cast.channel.id, "file_ids": ["nothing"]}
    assert client.ask("PUT", f"{MINE}/{said.id}", json=body).json()["code"] == 5404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_the_sender_changes_a_message(client: Client, cast: Cast, said: Message, method: str) -> None:
    """Anybody else is refused with 400 and code 200, an unknown message with 300."""
    where = {"to_channel": cast.channel.id}
    more = {"json": {**where, "message": "mine"}} if method == "PUT" else {"params": where}
    answer = client.ask(method, f"/chat/users/{cast.ravi.id}/messages/{said.id}", **more)
    assert (answer.status_code, answer.json()["code"]) == (400, 200)
    answer = client.ask(method, f"{MINE}/nothing", **more)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_a_deleted_message_is_in_the_report_as_deleted(client: Client, cast: Cast, said: Message) -> None:
    """Gone from the listing unless asked for, and it cannot be had or deleted again."""
    path, where = f"{MINE}/{said.id}", {"to_channel": cast.channel.id}
    assert client.ask("DELETE", path, params=where).status_code == 204
    report = client.messages(cast.general.id)
    assert (report["messages"], [m["id"] for m in report["deleted_messages"]]) == ([], [said.id])
    assert texts(client, **where) == []
    rows = client.get(MINE, **where, include_deleted_and_edited_message="true").json()["messages"]
    assert [row["status"] for row in rows] == ["Deleted"]
    for answer in (client.get(path, **where), client.ask("DELETE", path, params=where)):
        assert (answer.status_code, answer.json()["code"]) == (400, 300)


@pytest.mark.parametrize(
    ("query", "code"),
    [({}, 300), ({"to_channel": "nothing"}, 4130), ({"to_contact": "nobody"}, 1001)],
)
def test_a_message_without_a_place_is_refused(
    client: Client, said: Message, query: dict[str, str], code: int
) -> None:
    """For the listing and for a single one alike."""
    assert client.get(MINE, **query).json()["code"] == code
    assert client.get(f"{MINE}/{said.id}", **query).json()["code"] == code


def test_pages_of_messages_skip_and_repeat_nothing(client: Client, cast: Cast) -> None:
    """Newest first, though another one is said in between."""
    for number in range(7):
        cast.world.say(cast.general, cast.ravi, str(number), at=ms("2026-05-20T08:00") + number // 2)
    query = {"to_channel": cast.channel.id, "page_size": 3}
    first = client.get(MINE, **query).json()
    send(client, message="late", to_channel=cast.channel.id)
    rest, token = [], first["next_page_token"]
    while token:
        page = client.get(MINE, **query, next_page_token=token).json()
        rest, token = rest + page["messages"], page["next_page_token"]
    assert [row["message"] for row in [*first["messages"], *rest]] == list("6543210")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"date": "2026-05-18"}, ["one"]),
        ({"date": "2026-05-18", "from_": "2026-05-19T00:00:00Z"}, ["one"]),
        ({"from_": "2026-05-18T10:00:00Z", "to": "2026-05-19T10:00:00Z"}, ["two", "one"]),
        ({"from_": "2026-05-18T10:00:01Z"}, ["two"]),
        ({}, []),
    ],
)
def test_messages_are_asked_for_by_day_or_span(
    client: Client, cast: Cast, query: dict[str, str], expected: list[str]
) -> None:
    """A date goes before a span; without either it is today."""
    for number, text in ((18, "one"), (19, "two")):
        cast.world.say(cast.general, cast.ravi, text, at=ms(f"2026-05-{number}T10:00"))
    assert texts(client, to_channel=cast.channel.id, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"date": "2025-11-19"},
        {"date": "yesterday"},
        {"from_": "2025-11-19T23:59:59Z"},
        {"from_": "2026-05-20"},
        {"from_": "2026-05-20T00:00:00Z", "to": "2026-05-19T00:00:00Z"},
        {"page_size": 51},
        {"search_key": "x"},
        {"search_type": "message"},
        {"search_type": "people", "search_key": "x"},
        {"search_type": "message", "search_key": "x" * 257},
        {"search_type": "message", "search_key": "x", "include_deleted_and_edited_message": "true"},
        {"download_file_formats": "audio/ogg"},
        {"next_page_token": "forged"},
    ],
)
def test_an_impossible_listing_is_refused(client: Client, cast: Cast, query: dict[str, object]) -> None:
    """400 with code 300."""
    answer = client.get(MINE, to_channel=cast.channel.id, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_a_search_needs_no_place(client: Client, cast: Cast) -> None:
    """Words or file names, in whatever one takes part in."""
    stored = cast.world.upload("Budget.xlsx", Held(b"x"))
    secret = cast.world.open_talk(cast.ravi, cast.olu)
    at = ms("2026-05-20T09:00")
    cast.world.say(cast.general, cast.ravi, "the BUDGET", at=at)
    cast.world.say(cast.talk, cast.olu, "see", at=at + 1, files=[stored])
    cast.world.say(secret, cast.olu, "budget, between us", at=at + 2)
    assert texts(client, search_type="message", search_key="budget") == ["the BUDGET"]
    assert texts(client, search_type="file", search_key="budget") == ["see"]
    assert texts(client, search_type="message", search_key="budget", to_contact=cast.olu.id) == []


def test_what_an_outsider_said_has_no_address(client: Client, cast: Cast) -> None:
    """Only the member id and the name."""
    said = cast.world.say(cast.talk, cast.olu, "hello", at=ms("2026-05-20T09:00"))
    row = client.get(f"{MINE}/{said.id}", to_contact=cast.olu.member_id).json()
    assert (row["sender"], row["send_member_id"], row["sender_display_name"]) == (
        "",
        cast.olu.member_id,
        "Olu",
    )
    assert row["date_time"] == iso(said.timestamp)
