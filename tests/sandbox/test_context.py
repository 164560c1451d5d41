"""What makes transcripts readable: forwards, threads, custom emoji, contacts."""

import pytest

from sandbox.conversations import CustomEmoji, Message
from tests.sandbox.conftest import Cast, Client, ms


def test_a_forward_leads_to_what_was_said(client: Client, cast: Cast) -> None:
    """As it stood then, whatever happened to it since."""
    said = cast.world.say(cast.talk, cast.olu, "the machine was down", at=ms("2026-05-10"))
    passed = cast.world.forward(said, cast.general, cast.ines, at=ms("2026-05-11"))
    cast.world.edit(said, "nothing happened", at=ms("2026-05-12"))
    record = client.messages(cast.general.id)["messages"][0]
    assert record["forward_id"] == passed.forward_id
    found = client.get(f"/chat/forwarded_message/{passed.forward_id}").json()
    assert (found["message"], found["sender_display_name"]) == ("the machine was down", "Olu")
    assert client.get("/chat/forwarded_message/none").status_code == 404


@pytest.fixture
def main(cast: Cast) -> Message:
    """A message with three replies, the second of them deleted."""
    said = cast.world.say(cast.general, cast.ines, "who?", at=ms("2026-05-10T10:00"))
    for number in range(3):
        at = ms(f"2026-05-10T10:0{number + 1}")
        reply = cast.world.say(cast.general, cast.ravi, str(number), at=at, reply_to=said)
        if number == 1:
            cast.world.delete(reply)
    return said


def test_a_thread_has_its_replies(client: Client, cast: Cast, main: Message) -> None:
    """Newest first unless asked, the main message before them."""
    query = {"to_channel": cast.channel.id, "from_": "2026-05-01T00:00:00Z"}
    path = f"/chat/users/me/messages/{main.id}/thread"
    found = client.get(path, **query).json()
    assert (found["total"], [m["message"] for m in found["messages"]]) == (2, ["who?", "2", "0"])
    ascending = client.get(path, **query, sort="asc", need_main_message="false", limit=1).json()
    assert [m["message"] for m in ascending["messages"]] == ["0"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": 101}, 4231),
        ({"sort": "up"}, 4232),
        ({"from": ""}, 4233),
        ({"to_channel": ""}, 4234),
        ({"to_channel": "none"}, 4130),
        ({"from": "yesterday"}, 300),
    ],
)
def test_an_impossible_thread_is_refused(
    client: Client, cast: Cast, main: Message, query: dict[str, str], code: int
) -> None:
    """Each with its own code."""
    given = {"to_channel": cast.channel.id, "from": "2026-05-01T00:00:00Z", **query}
    assert client.get(f"/chat/users/me/messages/{main.id}/thread", **given).json()["code"] == code


def test_a_thread_in_a_talk_is_found_by_contact(client: Client, cast: Cast) -> None:
    """By user id, member id or e-mail of the other."""
    said = cast.world.say(cast.talk, cast.ines, "hello", at=ms("2026-05-10"))
    query = {"to_contact": cast.olu.member_id, "from_": "2026-05-01T00:00:00Z"}
    found = client.get(f"/chat/users/me/messages/{said.id}/thread", **query).json()
    assert [m["message"] for m in found["messages"]] == ["hello"]
    missing = client.get("/chat/users/me/messages/none/thread", **query)
    assert missing.json()["code"] == 4131


@pytest.fixture
def emoji(cast: Cast) -> None:
    """Three emoji of the account's own."""
    for number, name in enumerate(("ship-it", "shipped", "party")):
        cast.world.emoji[name] = CustomEmoji(f"file-{name}", name, cast.ines.id, ms("2026-04-01") + number)


@pytest.mark.usefixtures("emoji")
def test_custom_emoji_are_listed_and_searched(client: Client) -> None:
    """All of them over pages, or those whose name contains the key."""
    rows = client.all_pages("/chat/emoji", "emojis", page_size=2)
    assert [row["name"] for row in rows] == ["ship-it", "shipped", "party"]
    assert len(client.get("/chat/emoji", search_key="ship").json()["emojis"]) == 2
    assert client.get("/chat/emoji", search_key="sh").json()["code"] == 5333


@pytest.mark.usefixtures("emoji")
def test_reactions_of_both_kinds_are_reported(client: Client, cast: Cast) -> None:
    """Outsiders count but have no user id; custom ones name their file and their history."""
    said = cast.world.say(cast.general, cast.ines, "done", at=ms("2026-05-10"))
    cast.world.react(said, cast.ravi, "U+1F44D")
    cast.world.react(said, cast.olu, "U+1F44D")
    cast.world.react(said, cast.olu, "ship-it")
    record = client.messages(cast.general.id)["messages"][0]
    assert (record["reactions"][0]["total_count"], record["reactions"][0]["user_ids"]) == (2, [cast.ravi.id])
    assert record["custom_emoji_reactions"][0]["custom_emoji_file_id"] == "file-ship-it"
    assert record["emoji_actions"][0]["emoji_action"] == "add"
    plain = client.messages(
        cast.general.id, include_reactions="false", include_custom_emoji_reactions="false"
    )
    assert not {"reactions", "custom_emoji_reactions", "emoji_actions"} & set(plain["messages"][0])


def test_contacts_are_searched(client: Client, cast: Cast) -> None:
    """Inside the account, by name or address, by status."""
    cast.ravi.active = False
    rows = client.all_pages("/contacts", "contacts", search_key="acme.example")
    assert {row["display_name"] for row in rows} == {"Ines", "Ravi"}
    inactive = client.get("/contacts", search_key="r", user_status="inactive", page_size=25).json()[
        "contacts"
    ]
    assert [row["display_name"] for row in inactive] == ["Ravi"]
    assert client.get("/contacts").json()["code"] == 300
    assert client.get("/contacts", search_key="x", page_size=26).json()["code"] == 300
