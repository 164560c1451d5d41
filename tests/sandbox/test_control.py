"""The control room: say, edit, delete, react, move the clock, tell the truth."""

import pytest

from tests.sandbox.conftest import Cast, Client


def test_what_is_said_through_the_control_room_is_offered(client: Client, cast: Cast) -> None:
    """Said, answered, worded anew, reacted to and taken back; the truth counts along."""
    where = {"session_id": cast.general.id, "by": "ines@acme.example"}
    said = client.control(
        "say", {**where, "text": "ship it friday", "files": [{"name": "a.txt", "text": "abc"}]}
    )
    reply = client.control("say", {**where, "text": "sure?", "reply_to": said["message_id"]})
    client.control("edit", {**where, "message_id": said["message_id"], "text": "ship it monday"})
    client.control("react", {**where, "message_id": said["message_id"], "emoji": "U+1F389"})
    client.control("delete", {**where, "message_id": reply["message_id"]})
    found = client.messages(cast.general.id)
    assert found["messages"][0]["message"] == "ship it monday"
    assert found["messages"][0]["reactions"][0]["emoji"] == "U+1F389"
    assert found["deleted_messages"][0]["reply_main_message_id"] == said["message_id"]
    truth = client.control("truth")
    assert truth["revisions"] == {"sent": 1, "edited": 1, "deleted": 1, "total": 3}
    assert (truth["messages"], truth["attachments"], truth["sessions"]) == (2, 1, 1)


def test_each_day_of_a_session_can_be_asked(client: Client, cast: Cast) -> None:
    """What the three lists offer of it."""
    client.control("say", {"session_id": cast.general.id, "by": cast.ines.id, "text": "hi"})
    days = client.control(f"truth?session_id={cast.general.id}")["days"]
    assert days == {
        "2026-05-20": {"messages": 1, "edited_messages": 0, "deleted_messages": 0, "attachments": 0}
    }


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_files_of_any_size_can_be_put(client: Client, cast: Cast, size: int) -> None:
    """Computed as they are read."""
    files = [{"name": "big.bin", "size": size}]
    said = client.control("say", {"session_id": cast.general.id, "by": cast.ines.id, "files": files})
    info = client.get(f"/chat/files/{said['file_ids'][0]}").json()
    with client.http.stream("GET", info["download_url"], follow_redirects=True) as answer:
        assert sum(map(len, answer.iter_bytes())) == info["length"] == size


def test_the_clock_goes_forward_only(client: Client) -> None:
    """And says what time it is."""
    assert client.control("clock", {"advance_seconds": 86_400})["now"].startswith("2026-05-21T12:00:00")
    assert client.control("clock", {"advance_seconds": -1})["code"] == 400
    assert client.control("clock")["speed"] == 0


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("say", {"session_id": "none", "by": "ines@acme.example"}),
        ("say", {"by": 7}),
        ("edit", {"session_id": "none", "message_id": "none"}),
    ],
)
def test_unknown_names_are_refused(client: Client, verb: str, body: dict[str, object]) -> None:
    """In a sentence."""
    assert client.control(verb, body)["code"] == 400


def test_everybody_and_every_request_is_listed(client: Client, cast: Cast) -> None:
    """For tests that need a name or a count."""
    world = client.control("world")
    assert {one["display_name"] for one in world["people"]} == {"Ines", "Ravi", "Olu"}
    assert {one["type"] for one in world["sessions"]} == {"Group", "1:1"}
    client.sessions()
    assert client.control("requests") == {"oauthToken": 1, "reportChatSessions": 1}


def test_an_unknown_session_has_no_days(client: Client) -> None:
    """Refused in a sentence, as is a day that is none."""
    assert client.control("truth?session_id=none")["code"] == 400
    assert client.control("truth?from=soon")["code"] == 400
