"""What a migration puts on the wire, what it makes of the answers, and what it refuses beforehand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import Wire, error
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter, NotFound, UnexpectedReply
from zoom.operations.migration import PastMessage, PastReactions

MORNING = datetime(2026, 3, 1, 6, 0, 0, 541_000, tzinfo=UTC)
MORNING_MS = 1772344800541


def sent(wire: Wire) -> tuple[str, str, Any]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), json.loads(request.read())


def said(**fields: Any) -> PastMessage:
    """Ines says something in a channel, unless the test wants it otherwise."""
    return PastMessage(**{"sender": "ines", "sent_at": MORNING, "text": "hello", "to_channel": "c", **fields})


def reacted(**fields: Any) -> PastReactions:
    """Ravi reacts in a channel, unless the test wants it otherwise."""
    given = {"message_id": "m", "sent_at": MORNING, "emoji": {"U+1F44D": ["ravi"]}, "to_channel": "c"}
    return PastReactions(**{**given, **fields})


def test_a_channel_is_migrated(client: ZoomClient, wire: Wire) -> None:
    """With its moment, its members and its administrators; the answer is its id."""
    wire.answer(httpx.Response(201, json={"id": "new"}))
    channel_id = client.migration.create_channel(
        owner="o/1",
        name="general",
        type=2,
        created_at=MORNING.astimezone(timezone(timedelta(hours=5.5))),
        members=["ravi"],
        administrators=["olu"],
    )
    assert channel_id == "new"
    assert wire.asked[0].url.raw_path == b"/v2/chat/migration/users/o%2F1/channels"
    assert sent(wire)[2] == {
        "members": [{"identifier": "ravi", "role": "member"}, {"identifier": "olu", "role": "admin"}],
        "type": 2,
        "name": "general",
        "created_time": "2026-03-01T06:00:00.541Z",
    }


def test_a_new_channel_must_have_an_id(client: ZoomClient, wire: Wire) -> None:
    """Without it nothing could be put into the channel."""
    wire.answer(httpx.Response(201, json={"id": 7}))
    with pytest.raises(UnexpectedReply, match="no id"):
        client.migration.create_channel(owner="o", name="n", type=3, created_at=MORNING)


def test_members_are_added(client: ZoomClient, wire: Wire) -> None:
    """Success has no body."""
    wire.answer(httpx.Response(204))
    client.migration.add_members(channel_id="c", members=["ravi", "olu@x.test"])
    assert sent(wire) == (
        "POST",
        "/chat/migration/channels/c/members",
        {
            "members": [
                {"identifier": "ravi", "role": "member"},
                {"identifier": "olu@x.test", "role": "member"},
            ]
        },
    )


def test_messages_keep_their_moments(client: ZoomClient, wire: Wire) -> None:
    """To the millisecond, with files and replies; what is not given is not sent."""
    wire.answer(httpx.Response(201, json={"ids": ["a", "b"]}))
    later = MORNING + timedelta(milliseconds=1)
    found = client.migration.add_messages(
        [said(file_ids=("f",)), said(sender="ravi", sent_at=later, text="", reply_to_sent_at=MORNING)]
    )
    assert found.ids == ("a", "b")
    assert sent(wire) == (
        "POST",
        "/chat/migration/messages",
        {
            "messages": [
                {
                    "message_timestamp": MORNING_MS,
                    "sender": "ines",
                    "to_channel": "c",
                    "message": "hello",
                    "file_ids": ["f"],
                },
                {
                    "message_timestamp": MORNING_MS + 1,
                    "sender": "ravi",
                    "to_channel": "c",
                    "message": "",
                    "reply_main_message_timestamp": MORNING_MS,
                },
            ]
        },
    )


def test_a_moment_is_the_same_in_every_zone(client: ZoomClient, wire: Wire) -> None:
    """Epoch milliseconds know no zone; without one it would be a guess."""
    wire.answer(httpx.Response(201, json={"ids": ["a"]}))
    client.migration.add_messages([said(sent_at=MORNING.astimezone(timezone(timedelta(hours=5.5))))])
    assert sent(wire)[2]["messages"][0]["message_timestamp"] == MORNING_MS
    with pytest.raises(InvalidParameter, match="message_timestamp: a moment needs a time zone"):
        client.migration.add_messages([said(sent_at=datetime(2026, 3, 1))])  # noqa: DTZ001


def test_reactions_are_migrated(client: ZoomClient, wire: Wire) -> None:
    """Who chose what, on which message of which conversation."""
    wire.answer(httpx.Response(204))
    client.migration.add_reactions([reacted(to_channel=None, to_contact="olu@x.test")])
    assert sent(wire) == (
        "POST",
        "/chat/migration/emoji_reactions",
        {
            "reactions": [
                {
                    "message_id": "m",
                    "message_timestamp": MORNING_MS,
                    "to_contact": "olu@x.test",
                    "emojis": [{"emoji": "U+1F44D", "user_identifier": ["ravi"]}],
                }
            ]
        },
    )


@pytest.mark.parametrize(
    ("named", "target"),
    [
        ({"channel_id": "c"}, {"target_id": "c", "target_type": "channel"}),
        ({"contact": "olu@x.test"}, {"target_id": "olu@x.test", "target_type": "contact"}),
    ],
)
def test_a_conversation_is_starred(
    client: ZoomClient, wire: Wire, named: dict[str, str], target: dict[str, str]
) -> None:
    """A channel or a contact, one at a time."""
    wire.answer(httpx.Response(204))
    client.migration.star(user_id="ines", **named)
    body = {"method": "star", "params": [target]}
    assert sent(wire) == ("POST", "/chat/migration/users/ines/events", body)


@pytest.mark.parametrize("named", [{}, {"channel_id": "c", "contact": "olu"}])
def test_one_conversation_is_starred_at_a_time(client: ZoomClient, wire: Wire, named: dict[str, str]) -> None:
    """Neither none nor two."""
    with pytest.raises(InvalidParameter, match="name exactly one of them"):
        client.migration.star(user_id="ines", **named)
    assert wire.asked == []


def test_channels_are_found_by_their_old_ids(client: ZoomClient, wire: Wire) -> None:
    """Which became which, and how many did not come along."""
    mapping = {"origin_channel_id": "C1", "zm_channel_id": "z"}
    wire.answer(
        httpx.Response(200, json={"mappings_found": 1, "mappings_not_found": 1, "mappings": [mapping]})
    )
    found = client.migration.channels(team_id="T1", origin_ids=["C1", "C2"])
    assert (found.mappings_found, found.mappings_not_found, found.mappings[0].channel_id) == (1, 1, "z")
    assert found.mappings[0].origin_channel_id == "C1"
    assert wire.asked[0].url.path == "/v2/chat/migration/mappings/channels"
    assert dict(wire.asked[0].url.params) == {
        "origin_platform": "slack",
        "origin_team_id": "T1",
        "origin_channel_ids": "C1,C2",
    }


def test_users_are_found_by_their_old_ids(client: ZoomClient, wire: Wire) -> None:
    """The workspace may be left out."""
    mapping = {"origin_user_id": "U1", "zm_user_id": "ines"}
    wire.answer(
        httpx.Response(200, json={"mappings_found": 1, "mappings_not_found": 0, "mappings": [mapping]})
    )
    found = client.migration.users(origin_ids=["U1"])
    assert (found.mappings[0].origin_user_id, found.mappings[0].user_id) == ("U1", "ines")
    assert wire.asked[0].url.path == "/v2/chat/migration/mappings/users"
    assert dict(wire.asked[0].url.params) == {"origin_platform": "slack", "origin_user_ids": "U1"}


@pytest.mark.parametrize(("status", "code"), [(404, 5801), (400, 5401), (404, 4130), (404, 1001)])
def test_what_is_not_there_is_not_found(client: ZoomClient, wire: Wire, status: int, code: int) -> None:
    """Workspace, message, channel, user: whatever the status says."""
    wire.answer(error(status, code))
    with pytest.raises(NotFound) as caught:
        client.migration.channels(team_id="T1", origin_ids=["C1"])
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"name": ""}, "name: at least 1 characters"),
        ({"name": "x" * 129}, "name: at most 128 characters"),
        ({"type": 1}, "type: one of 2, 3, 4"),
        ({"members": [str(n) for n in range(21)]}, "members: at most 20 entries"),
        ({"members": ["ravi"], "administrators": ["ravi"]}, "members: name each person once"),
        ({"created_at": datetime(2026, 3, 1)}, "created_time: "),  # noqa: DTZ001
        ({"owner": ""}, "identifier: an id cannot be empty"),
    ],
)
def test_a_channel_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, fields: dict[str, Any], refused: str
) -> None:
    """Name, kind, people, moment."""
    given = {"owner": "o", "name": "n", "type": 2, "created_at": MORNING, **fields}
    with pytest.raises(InvalidParameter, match=refused):
        client.migration.create_channel(**given)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("people", "refused"),
    [
        ([], "members: at least 1 entries"),
        ([str(n) for n in range(21)], "members: at most 20 entries"),
        (["ravi", "ravi"], "members: name each person once"),
    ],
)
def test_members_zoom_would_refuse_cost_nothing(
    client: ZoomClient, wire: Wire, people: list[str], refused: str
) -> None:
    """One to twenty, each once."""
    with pytest.raises(InvalidParameter, match=refused):
        client.migration.add_members(channel_id="c", members=people)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("messages", "refused"),
    [
        ([], "messages: at least 1 entries"),
        (
            [said(sent_at=MORNING + timedelta(seconds=n)) for n in range(21)],
            "messages: at most 20 entries",
        ),
        ([said(text="x" * 4097)], r"messages\[0\].message: at most 4096 characters"),
        ([said(file_ids=["f"] * 7)], r"messages\[0\].file_ids: at most 6 entries"),
        ([said(to_channel=None)], "to_contact, to_channel: name exactly one of them"),
        ([said(to_contact="olu")], "to_contact, to_channel: name exactly one of them"),
        ([said(), said(sender="ravi")], "message_timestamp: it must be unique within its session"),
        (
            [
                said(to_channel=None, to_contact="olu"),
                said(to_channel=None, to_contact="ines", sender="olu"),
            ],
            "message_timestamp: it must be unique within its session",
        ),
        (
            [said(), said(sent_at=MORNING + timedelta(1), reply_to_sent_at=MORNING - timedelta(1))],
            "reply_main_message_id: it is required",
        ),
    ],
)
def test_messages_zoom_would_refuse_cost_nothing(
    client: ZoomClient, wire: Wire, messages: list[PastMessage], refused: str
) -> None:
    """One to twenty, each in one place, at a moment of its own, under a main message that can be found."""
    with pytest.raises(InvalidParameter, match=refused) as caught:
        client.migration.add_messages(messages)
    assert "hello" not in str(caught.value)
    assert wire.asked == []


def test_the_same_moment_in_two_sessions_is_allowed(client: ZoomClient, wire: Wire) -> None:
    """A moment is unique in its session, not in a call; a reply to what is there names its id."""
    wire.answer(httpx.Response(201, json={"ids": ["a", "b"]}))
    client.migration.add_messages(
        [said(), said(to_channel="d", reply_to_id="m", reply_to_sent_at=MORNING - timedelta(1))]
    )
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("reactions", "refused"),
    [
        ([], "reactions: at least 1 entries"),
        ([reacted()] * 6, "reactions: at most 5 entries"),
        ([reacted(emoji={})], r"reactions\[0\].emojis: at least 1 entries"),
        ([reacted(emoji={str(n): [] for n in range(11)})], r"reactions\[0\].emojis: at most 10 entries"),
        ([reacted(emoji={"U+1F44D": ["u"] * 11})], r"emojis\[0\].user_identifier: at most 10 entries"),
        ([reacted(to_contact="olu")], "to_contact, to_channel: name exactly one of them"),
    ],
)
def test_reactions_zoom_would_refuse_cost_nothing(
    client: ZoomClient, wire: Wire, reactions: list[PastReactions], refused: str
) -> None:
    """One to five messages, one to ten emoji, at most ten people an emoji."""
    with pytest.raises(InvalidParameter, match=refused):
        client.migration.add_reactions(reactions)
    assert wire.asked == []


@pytest.mark.parametrize("ids", [[], [str(n) for n in range(21)], ["a,b"], [""]])
def test_a_look_up_zoom_would_refuse_costs_nothing(client: ZoomClient, wire: Wire, ids: list[str]) -> None:
    """One to twenty ids, none of them empty or two in one."""
    with pytest.raises(InvalidParameter, match="origin_channel_ids"):
        client.migration.channels(team_id="T", origin_ids=ids)
    with pytest.raises(InvalidParameter, match="origin_user_ids"):
        client.migration.users(origin_ids=ids)
    assert wire.asked == []
