"""Pins, bookmarks, drafts, reminders, stars: what a user keeps of conversations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import NOW, Wire, error
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter, NotFound, Unavailable

Act = Callable[[ZoomClient], Any]


def asked(wire: Wire) -> tuple[str, str, dict[str, str], Any]:
    request = wire.asked[-1]
    content = request.read()
    sent = json.loads(content) if content else None
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params), sent


DONE: list[tuple[Act, tuple[str, str, dict[str, str], Any]]] = [
    (
        lambda z: z.kept.pin(channel_id="c", message_id="m"),
        (
            "PATCH",
            "/chat/channel/message/events",
            {},
            {"method": "pin", "message_id": "m", "channel_id": "c"},
        ),
    ),
    (
        lambda z: z.kept.pin(channel_id="c", message_id="m", pinned=False),
        (
            "PATCH",
            "/chat/channel/message/events",
            {},
            {"method": "unpin", "message_id": "m", "channel_id": "c"},
        ),
    ),
    (
        lambda z: z.kept.bookmark(message_id="m", to_contact="olu@x.test"),
        (
            "PATCH",
            "/chat/messages/bookmarks",
            {"message_id": "m"},
            {"action": "add_bookmark", "to_contact": "olu@x.test"},
        ),
    ),
    (
        lambda z: z.kept.bookmark(message_id="m", to_channel="c", bookmarked=False),
        (
            "PATCH",
            "/chat/messages/bookmarks",
            {"message_id": "m"},
            {"action": "remove_bookmark", "to_channel": "c"},
        ),
    ),
    (
        lambda z: z.kept.delete_scheduled(draft_id="d/1", to_channel="c"),
        ("DELETE", "/chat/messages/schedule/d/1", {"to_channel": "c"}, None),
    ),
    (
        lambda z: z.reminders.create(
            message_id="m", to_channel="c", delay=timedelta(minutes=5), note="look again"
        ),
        (
            "POST",
            "/chat/messages/m/reminder",
            {},
            {"to_channel": "c", "delay_seconds": 300, "reminder_note": "look again"},
        ),
    ),
    (
        lambda z: z.reminders.create(
            message_id="m", to_contact="olu@x.test", remind_at=NOW + timedelta(days=90)
        ),
        (
            "POST",
            "/chat/messages/m/reminder",
            {},
            {"to_contact": "olu@x.test", "remind_time": "2026-06-13T12:00:00Z"},
        ),
    ),
    (
        lambda z: z.reminders.delete(message_id="m", to_channel="c"),
        ("DELETE", "/chat/messages/m/reminder", {"to_channel": "c"}, None),
    ),
    (
        lambda z: z.sessions.star(user_id="me", target_id="c", target_type="channel"),
        (
            "PATCH",
            "/chat/users/me/events",
            {},
            {"method": "star", "params": {"target_id": "c", "target_type": "channel"}},
        ),
    ),
    (
        lambda z: z.sessions.star(user_id="me", target_id="olu", target_type="contact", starred=False),
        (
            "PATCH",
            "/chat/users/me/events",
            {},
            {"method": "unstar", "params": {"target_id": "olu", "target_type": "contact"}},
        ),
    ),
]


@pytest.mark.parametrize(("act", "sent"), DONE)
def test_what_is_kept_and_let_go(
    client: ZoomClient, wire: Wire, act: Act, sent: tuple[str, str, dict[str, str], Any]
) -> None:
    """Each in Zoom's words; success has no body."""
    wire.answer(httpx.Response(204))
    act(client)
    assert asked(wire) == sent


def test_what_is_pinned(client: ZoomClient, wire: Wire) -> None:
    """Now, or ever with the history."""
    wire.answer(
        httpx.Response(
            200,
            json={"messages": [{"message_id": "m", "message_timestamp": 5, "currently_pinned": False}]},
        )
    )
    (page,) = client.kept.pinned(channel_id="c", include_history=True)
    assert (page.records[0].message_timestamp_ms, page.records[0].currently_pinned) == (5, False)
    assert asked(wire)[1:3] == (
        "/chat/channels/c/pinned",
        {"include_history": "true", "page_size": "50"},
    )


def test_bookmarks_of_channels_and_people(client: ZoomClient, wire: Wire) -> None:
    """Two shapes in one list, over two pages."""
    wire.answer(
        httpx.Response(
            200, json={"bookmarks": [{"message_id": "a", "channel_name": "general"}], "next_page_token": "t"}
        ),
        httpx.Response(200, json={"bookmarks": [{"message_id": "b", "peer_contact_name": "Olu"}]}),
    )
    first, second = client.kept.bookmarks()
    assert (first.records[0].channel_name, second.records[0].peer_contact_name) == ("general", "Olu")
    assert asked(wire)[1:3] == ("/chat/messages/bookmarks", {"page_size": "50", "next_page_token": "t"})


def test_what_waits_to_be_sent(client: ZoomClient, wire: Wire) -> None:
    """Drafts of one place with their moment and their parts."""
    draft = {
        "draft_id": "d",
        "scheduled_time": "2026-03-16T00:00:00Z",
        "files": [{"file_id": "f"}],
        "rich_text": [{"format_type": "Bold"}],
    }
    wire.answer(httpx.Response(200, json={"messages": [draft]}))
    (page,) = client.kept.scheduled(to_contact="olu@x.test")
    assert (page.records[0].draft_id, page.records[0].files[0].file_id) == ("d", "f")
    assert asked(wire)[1:3] == (
        "/chat/messages/schedule",
        {"to_contact": "olu@x.test", "page_size": "50"},
    )


def test_reminders_are_listed(client: ZoomClient, wire: Wire) -> None:
    """Everywhere or of one place, twenty a page; an empty token ends the list."""
    reminder = {"message_id": "m", "content": "hello", "main_message_timestamp": 7}
    wire.answer(httpx.Response(200, json={"reminders": [reminder], "next_page_token": ""}))
    (page,) = client.reminders.list()
    assert (page.records[0].content, page.records[0].main_message_timestamp_ms) == ("hello", 7)
    assert asked(wire)[1:3] == ("/chat/reminder", {"page_size": "20"})


def test_conversations_are_listed(client: ZoomClient, wire: Wire) -> None:
    """Of a span of time, or the starred ones."""
    conversation = {"type": "1:1", "peer_contact_member_id": "olu-m", "last_message_sent_time": "t"}
    wire.answer(httpx.Response(200, json={"sessions": [conversation]}))
    (page,) = client.sessions.list(user_id="ravi", type="1:1", start=datetime(2026, 3, 1, tzinfo=UTC))
    assert (page.records[0].peer_contact_member_id, page.records[0].channel_id) == ("olu-m", None)
    assert asked(wire)[1:3] == (
        "/chat/users/ravi/sessions",
        {"type": "1:1", "from": "2026-03-01T00:00:00Z", "page_size": "50"},
    )
    list(client.sessions.list(user_id="me", starred=True))
    assert asked(wire)[2] == {"search_star": "true", "page_size": "50"}


def reminded(**given: Any) -> Act:
    return lambda z: z.reminders.create(message_id="m", **{"to_channel": "c", **given})


ONE, FEW = "to_contact, to_channel: name exactly one", "to_contact, to_channel: name at most one"
BOTH = {"to_channel": "c", "to_contact": "olu@x.test"}
SOON = "remind_time: later than now and at most 90 days"
EITHER = "remind_time, delay_seconds: give exactly one"
REFUSED: list[tuple[Act, str]] = [
    (lambda z: z.kept.bookmark(message_id="m"), ONE),
    (lambda z: z.kept.bookmarks(**BOTH), FEW),
    (lambda z: z.kept.scheduled(), ONE),
    (lambda z: z.kept.scheduled(**BOTH), ONE),
    (lambda z: z.kept.delete_scheduled(draft_id="d"), ONE),
    (lambda z: z.kept.delete_scheduled(draft_id="", to_channel="c"), "draftId: an id cannot be empty"),
    (lambda z: z.reminders.list(**BOTH), FEW),
    (lambda z: z.reminders.delete(message_id="m", **BOTH), ONE),
    (reminded(to_channel=None, delay=timedelta(hours=1)), ONE),
    (reminded(), EITHER),
    (reminded(delay=timedelta(hours=1), remind_at=NOW + timedelta(hours=1)), EITHER),
    (reminded(delay=timedelta(seconds=299)), "delay_seconds: at least 300"),
    (reminded(delay=timedelta(seconds=7_776_001)), "delay_seconds: at most 7776000"),
    (reminded(delay=timedelta(seconds=300.5)), "delay_seconds: Expected"),
    (reminded(remind_at=NOW), SOON),
    (reminded(remind_at=NOW + timedelta(days=90, seconds=1)), SOON),
    (reminded(remind_at=datetime(2026, 3, 16)), "remind_time: a moment needs a time zone"),  # noqa: DTZ001
    (lambda z: z.sessions.list(user_id="me", starred=True, start=NOW), "from, to: they do not go"),
    (lambda z: z.sessions.list(user_id="me", starred=True, end=NOW), "from, to: they do not go"),
    (
        lambda z: z.sessions.list(user_id="me", type="group"),  # type: ignore[arg-type]
        "type: one of '1:1', 'groupchat'",
    ),
    (
        lambda z: z.sessions.star(user_id="me", target_id="x", target_type="user"),  # type: ignore[arg-type]
        "params.target_type: one of 'channel', 'contact'",
    ),
]


@pytest.mark.parametrize(("act", "bound"), REFUSED)
def test_what_zoom_would_refuse_costs_nothing(client: ZoomClient, wire: Wire, act: Act, bound: str) -> None:
    """The parameter and its bound are named; nothing is sent."""
    with pytest.raises(InvalidParameter, match=bound):
        act(client)
    assert wire.asked == []


@pytest.mark.parametrize(
    ("act", "code"),
    [(DONE[0][0], 5401), (DONE[2][0], 5401), (DONE[4][0], 5404), (DONE[5][0], 4200), (DONE[8][0], 4130)],
)
def test_what_is_not_there_is_said_so(client: ZoomClient, wire: Wire, act: Act, code: int) -> None:
    """Message, draft or channel: each has a code of its own."""
    wire.answer(error(400, code, "does not exist"))
    with pytest.raises(NotFound):
        act(client)


def test_a_reminder_is_not_set_twice_blindly(client: ZoomClient, wire: Wire) -> None:
    """A timeout leaves open whether it is set."""
    wire.answer(httpx.ReadTimeout("slow"))
    with pytest.raises(Unavailable):
        reminded(delay=timedelta(hours=1))(client)
    assert len(wire.asked) == 1
