"""Messages of a user's conversations: what is asked, what comes of the answer, what is refused unsent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.zoom.conftest import NOW, Wire, error
from zoom.client import ZoomClient
from zoom.errors import InvalidParameter, NotFound, Unavailable, UnexpectedReply
from zoom.markup import Format, KeptCard, Mention, NewCard
from zoom.operations.messages import Messages

Act = Callable[[Messages], Any]
HERE = {"user_id": "ines", "message_id": "m1", "to_channel": "c1"}


def asked(wire: Wire) -> tuple[str, str, dict[str, str]]:
    request = wire.asked[-1]
    return request.method, request.url.path.removeprefix("/v2"), dict(request.url.params)


def body(wire: Wire) -> Any:
    return json.loads(wire.asked[-1].read())


SAID = {
    "id": "m1",
    "message": "hello",
    "sender": "",
    "send_member_id": "olu-m",
    "timestamp": 1581370790388,
    "status": "Edited",
    "reactions": [{"emoji": "U+1F600", "total_count": 1, "senders": [{"member_id": "ravi-m"}]}],
    "at_items": [{"at_type": 2, "start_position": 0}],
    "interactive_cards": [{"card_id": "k"}],
    "bot_message": {"head": {}},
}


def test_a_conversation_is_read(client: ZoomClient, wire: Wire) -> None:
    """Fifty a page, edits and deletions when asked for, each message with its parts."""
    wire.answer(httpx.Response(200, json={"messages": [SAID]}))
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    (page,) = client.messages.list(
        user_id="me", to_channel="c1", start=start, end=end, include_changed=True, without_replies=True
    )
    assert asked(wire) == (
        "GET",
        "/chat/users/me/messages",
        {
            "to_channel": "c1",
            "from": "2026-03-01T00:00:00Z",
            "to": "2026-03-02T00:00:00Z",
            "include_deleted_and_edited_message": "true",
            "exclude_child_message": "true",
            "page_size": "50",
        },
    )
    (said,) = page.records
    assert (said.sender_member_id, said.timestamp_ms, said.status) == ("olu-m", 1581370790388, "Edited")
    assert (said.reactions[0].senders[0].member_id, said.at_items[0].at_type) == ("ravi-m", 2)
    assert (said.interactive_cards[0].card_id, said.oddities) == ("k", ())


def test_a_day_and_a_search(client: ZoomClient, wire: Wire) -> None:
    """A day is a date; a search needs no conversation."""
    wire.answer(httpx.Response(200, json={"messages": []}))
    list(client.messages.list(user_id="me", to_contact="ravi@x.test", on=date(2026, 3, 1), audio_as_mp4=True))
    assert asked(wire)[2] == {
        "to_contact": "ravi@x.test",
        "date": "2026-03-01",
        "download_file_formats": "audio/mp4",
        "page_size": "50",
    }
    list(client.messages.list(user_id="me", search_key="budget", search_type="file"))
    assert asked(wire)[2] == {"search_type": "file", "search_key": "budget", "page_size": "50"}


def test_one_message(client: ZoomClient, wire: Wire) -> None:
    """With its address, and both kinds of ids of those who reacted."""
    reactions = [{"emoji": "U+1F600", "user_ids": ["u"], "member_ids": ["m"]}]
    wire.answer(
        httpx.Response(200, json={"id": "m1", "message_url": "https://x.test", "reactions": reactions})
    )
    found = client.messages.get(**HERE, audio_as_mp4=True)
    assert (found.message_url, found.reactions[0].user_ids) == ("https://x.test", ("u",))
    assert asked(wire) == (
        "GET",
        "/chat/users/ines/messages/m1",
        {"to_channel": "c1", "download_file_formats": "audio/mp4"},
    )


def test_a_message_is_sent_with_everything(client: ZoomClient, wire: Wire) -> None:
    """Mentions, formats, files, cards and a thread, in Zoom's words; the id comes back."""
    wire.answer(httpx.Response(201, json={"id": "m2"}))
    sent = client.messages.send(
        user_id="me",
        message="@Ravi look",
        to_channel="c1",
        mentions=[Mention(start=0, end=4, contact="ravi@x.test"), Mention(start=0, end=3)],
        formats=[
            Format(start=6, end=10, kind="Bold"),
            Format(start=6, end=10, kind="Paragraph", attribute="h1"),
        ],
        file_ids=("f1",),
        cards=[NewCard("{}")],
        reply_to="m1",
    )
    assert sent == "m2"
    assert asked(wire)[:2] == ("POST", "/chat/users/me/messages")
    assert body(wire) == {
        "message": "@Ravi look",
        "to_channel": "c1",
        "at_items": [
            {"at_type": 1, "at_contact": "ravi@x.test", "start_position": 0, "end_position": 4},
            {"at_type": 2, "start_position": 0, "end_position": 3},
        ],
        "rich_text": [
            {"start_position": 6, "end_position": 10, "format_type": "Bold"},
            {"start_position": 6, "end_position": 10, "format_type": "Paragraph", "format_attr": "h1"},
        ],
        "file_ids": ["f1"],
        "interactive_cards": [{"card_json": "{}"}],
        "reply_main_message_id": "m1",
    }


def test_a_message_waits_for_its_moment(client: ZoomClient, wire: Wire) -> None:
    """The moment is written in UTC to the second; what comes back is a draft's id."""
    wire.answer(httpx.Response(201, json={"id": "d1"}))
    moment = NOW + timedelta(hours=1, microseconds=7)
    assert client.messages.send(user_id="me", message="x", to_contact="olu", send_at=moment) == "d1"
    assert body(wire)["scheduled_time"] == "2026-03-15T13:00:00Z"


def test_a_sending_is_not_repeated_blindly(client: ZoomClient, wire: Wire) -> None:
    """A timeout leaves open whether it was said: twice would be worse than not knowing."""
    wire.answer(httpx.ReadTimeout("slow"))
    with pytest.raises(Unavailable):
        client.messages.send(user_id="me", message="x", to_channel="c1")
    assert len(wire.asked) == 1


def test_what_was_sent_must_have_an_id(client: ZoomClient, wire: Wire) -> None:
    """Without it the message could not be found again."""
    wire.answer(httpx.Response(201, json={"id": None}))
    with pytest.raises(UnexpectedReply, match="no id"):
        client.messages.send(user_id="me", message="x", to_channel="c1")


PLACE = {"to_channel": "c1"}
QUIET: list[tuple[Act, tuple[str, str], dict[str, str], Any]] = [
    (
        lambda m: m.edit(**HERE, message="new", file_ids=(), cards=[KeptCard("k"), NewCard("{}")]),
        ("PUT", "/chat/users/ines/messages/m1"),
        {},
        {
            **PLACE,
            "message": "new",
            "file_ids": [],
            "interactive_cards": [{"card_id": "k"}, {"card_json": "{}"}],
        },
    ),
    (lambda m: m.delete(**HERE), ("DELETE", "/chat/users/ines/messages/m1"), PLACE, None),
    (
        lambda m: m.react(**HERE, emoji="U+1F600"),
        ("PATCH", "/chat/users/ines/messages/m1/emoji_reactions"),
        {},
        {**PLACE, "action": "add", "emoji": "U+1F600"},
    ),
    (
        lambda m: m.react(**HERE, custom_emoji_id="e", remove=True),
        ("PATCH", "/chat/users/ines/messages/m1/emoji_reactions"),
        {},
        {**PLACE, "action": "remove", "custom_emoji": True, "custom_emoji_id": "e"},
    ),
    (
        lambda m: m.mark(**HERE, read=False, timestamp_ms=5),
        ("PATCH", "/chat/users/ines/messages/m1/status"),
        {},
        {**PLACE, "action": "unread", "timestamp": 5},
    ),
]


@pytest.mark.parametrize(("act", "where", "query", "content"), QUIET)
def test_what_is_done_to_a_message(
    client: ZoomClient, wire: Wire, act: Act, where: tuple[str, str], query: dict[str, str], content: Any
) -> None:
    """Edited, deleted, reacted to, marked: success has no body."""
    wire.answer(httpx.Response(204))
    act(client.messages)
    assert asked(wire) == (*where, query)
    assert (body(wire) if content is not None else None) == content


def formatted(kind: str, attribute: str | None) -> Act:
    laid = [Format(start=0, end=1, kind=kind, attribute=attribute)]
    return lambda m: m.send(user_id="me", message="secret", to_channel="c", formats=laid)


def at(**later: float) -> Act:
    return lambda m: m.send(user_id="me", message="secret", to_channel="c", send_at=NOW + timedelta(**later))


SOON = "scheduled_time: more than 30 minutes and at most 180 days"
REFUSED: list[tuple[Act, str]] = [
    (lambda m: m.list(user_id="me"), "to_contact, to_channel: name exactly one"),
    (lambda m: m.list(user_id="me", to_channel="c", to_contact="x"), "name exactly one"),
    (
        lambda m: m.list(user_id="me", search_key="s", search_type="file", to_channel="c", to_contact="x"),
        "name at most one",
    ),
    (lambda m: m.list(user_id="me", search_key="secret"), "search_type, search_key: one needs the other"),
    (
        lambda m: m.list(user_id="me", search_type="file", to_channel="c"),
        "search_type, search_key: one needs the other",
    ),
    (
        lambda m: m.list(user_id="me", search_key="secret", search_type="file", include_changed=True),
        "include_deleted_and_edited_message: it does not go with a search",
    ),
    (
        lambda m: m.list(user_id="me", search_key="", search_type="file"),
        "search_key: at least 1 characters",
    ),
    (
        lambda m: m.list(user_id="me", search_key="x" * 257, search_type="file"),
        "search_key: at most 256 characters",
    ),
    (
        lambda m: m.list(user_id="me", search_key="x", search_type="emoji"),  # type: ignore[arg-type]
        "search_type: one of 'message', 'file'",
    ),
    (lambda m: m.get(user_id="me", message_id="m"), "name exactly one"),
    (lambda m: m.delete(user_id="me", message_id="m"), "name exactly one"),
    (lambda m: m.edit(user_id="me", message_id="m", message="secret"), "name exactly one"),
    (lambda m: m.react(user_id="me", message_id="m", emoji="U+1F600"), "name exactly one"),
    (lambda m: m.mark(user_id="me", message_id="m", read=True), "name exactly one"),
    (lambda m: m.send(user_id="me", message="secret"), "name exactly one"),
    (
        lambda m: m.send(user_id="me", message="s" * 1025, to_channel="c"),
        "message: at most 1024 characters",
    ),
    (
        lambda m: m.send(user_id="me", message="secret", to_channel="c", file_ids=["f"] * 7),
        "file_ids: at most 6 entries",
    ),
    (
        lambda m: m.send(user_id="me", message="secret", to_channel="c", cards=[NewCard("{}")] * 6),
        "interactive_cards: at most 5 entries",
    ),
    (lambda m: m.edit(**HERE, file_ids=["f"] * 7), "file_ids: at most 6 entries"),
    (lambda m: m.edit(**HERE, cards=[KeptCard("k")] * 6), "interactive_cards: at most 5 entries"),
    (formatted("FontSize", "xl"), r"rich_text\[0\].format_attr: FontSize needs `s`, `m` or `l`"),
    (formatted("FontColor", "#FFC0CB"), "FontColor needs six hexadecimal digits"),
    (formatted("BackgroundColor", None), "BackgroundColor needs six hexadecimal digits"),
    (formatted("LeftIndent", "0"), "LeftIndent needs a positive number of pixels"),
    (formatted("Paragraph", "h4"), "Paragraph needs `h1`, `h2` or `h3`"),
    (formatted("AddLink", "ftp://x.test"), "AddLink needs an address with http or https"),
    (formatted("Blink", None), r"rich_text\[0\].format_type: one of 'Bold'"),
    (at(minutes=30), SOON),
    (at(days=180, seconds=1), SOON),
    (
        lambda m: m.thread(user_id="me", message_id="m", start=NOW),
        "name exactly one",
    ),
]


@pytest.mark.parametrize(("act", "bound"), REFUSED)
def test_what_zoom_would_refuse_costs_nothing(client: ZoomClient, wire: Wire, act: Act, bound: str) -> None:
    """The parameter and its bound are named, the text never; nothing is sent."""
    with pytest.raises(InvalidParameter, match=bound) as caught:
        act(client.messages)
    assert wire.asked == []
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("FontSize", "m"),
        ("FontColor", "ffC0cB"),
        ("LeftIndent", "20"),
        ("Paragraph", "h3"),
        ("AddLink", "https://x.test/a"),
        ("Quote", None),
    ],
)
def test_formats_with_what_they_need(
    client: ZoomClient, wire: Wire, kind: str, attribute: str | None
) -> None:
    """Good attributes go out as they are."""
    wire.answer(httpx.Response(201, json={"id": "m"}))
    formatted(kind, attribute)(client.messages)
    assert body(wire)["rich_text"][0].get("format_attr") == attribute


@pytest.mark.parametrize("code", [1001, 4130, 5404, 5046])
def test_a_bad_request_can_mean_that_it_is_gone(client: ZoomClient, wire: Wire, code: int) -> None:
    """Zoom says of files and cards that they do not exist with a 400."""
    wire.answer(error(400, code, "does not exist"))
    with pytest.raises(NotFound):
        client.messages.edit(**HERE, message="x")


def test_threads_and_forwards_carry_cards_and_bots(client: ZoomClient, wire: Wire) -> None:
    """What a program said is kept too."""
    said = {"interactive_cards": [{"card_json": "{}"}], "bot_message": {"head": {"text": "hi"}}}
    wire.answer(
        httpx.Response(200, json={"total": 0, "messages": [{"msg_id": "m", **said}]}),
        httpx.Response(200, json={"id": "m", **said}),
    )
    (main,) = client.messages.thread(**HERE, start=NOW).messages
    forwarded = client.messages.forwarded("f")
    assert main.bot_message == forwarded.bot_message == {"head": {"text": "hi"}}
    assert main.interactive_cards[0].card_json == forwarded.interactive_cards[0].card_json == "{}"
