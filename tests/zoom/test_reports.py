"""The capture feed: what is asked for, page by page, and what is refused before it costs a request."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import islice

import httpx
import pytest

from tests.zoom.conftest import NOW, Clock, Wire, error, page
from zoom.client import ZoomClient
from zoom.errors import BadRequest, InvalidParameter, PageTokenExpired, UnexpectedReply
from zoom.records.reports import MessagePage

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 15)}


def read(client: ZoomClient) -> list[MessagePage]:
    return list(client.reports.messages(session_id="s/1", **MARCH))


def test_everything_is_asked_for(client: ZoomClient, wire: Wire) -> None:
    """All that Zoom leaves out by default is on, and the session id stays one path segment."""
    wire.answer(page())
    list(client.reports.messages(session_id="s/1==", **MARCH, modifications=True))
    url = wire.asked[0].url
    assert url.raw_path.startswith(b"/v2/report/chat/sessions/s%2F1%3D%3D?")
    assert dict(url.params) == {
        "from": "2026-03-01",
        "to": "2026-03-15",
        "page_size": "100",
        "include_fields": "edited_messages,deleted_messages",
        "include_bot_message": "true",
        "include_reactions": "true",
        "include_custom_emoji_reactions": "true",
        "query_all_modifications": "true",
    }


def test_pages_follow_each_other(client: ZoomClient, wire: Wire) -> None:
    """Each page carries its number, its records, its bytes and a note of the request without the token."""
    wire.answer(page({"id": "a"}, token="t1"), page({"id": "b"}, edited_messages=[{"id": "a"}]))
    first, last = read(client)
    assert [first.sent[0].id, last.sent[0].id, last.edited[0].id] == ["a", "b", "a"]
    assert [(p.number, p.attempt, p.is_last) for p in (first, last)] == [(1, 0, False), (2, 0, True)]
    assert wire.asked[1].url.params["next_page_token"] == "t1"
    assert "t1" not in str(last.request)
    assert (last.request.operation, last.status) == ("reportChatMessages", 200)
    assert first.received_at == NOW
    assert first.sent[0].raw in first.body


def test_sessions_come_in_pages_of_three_hundred(client: ZoomClient, wire: Wire) -> None:
    """The list of sessions has its own records."""
    wire.answer(
        httpx.Response(200, json={"sessions": [{"id": "s", "type": "1:1", "member_emails": ["a", "b"]}]})
    )
    (only,) = client.reports.sessions(**MARCH)
    assert (only.sessions[0].id, only.sessions[0].member_emails) == ("s", ("a", "b"))
    assert wire.asked[0].url.params["page_size"] == "300"


def test_a_dead_page_token_starts_the_window_again(client: ZoomClient, wire: Wire) -> None:
    """The next attempt begins at page one, with no token."""
    wire.answer(
        page({"id": "a"}, token="t1"), error(400, 300), page({"id": "a"}, token="t2"), page({"id": "b"})
    )
    pages = read(client)
    assert [(p.attempt, p.number) for p in pages] == [(0, 1), (1, 1), (1, 2)]
    assert "next_page_token" not in wire.asked[2].url.params


def test_a_window_is_not_started_for_ever(client: ZoomClient, wire: Wire) -> None:
    """After three restarts the token's death is the caller's to hear."""
    wire.answer(*[page(token="t"), error(400, 300)] * 4)
    pages = client.reports.messages(session_id="s", **MARCH)
    assert [p.attempt for p in islice(pages, 4)] == [0, 1, 2, 3]
    with pytest.raises(PageTokenExpired):
        next(pages)


def test_a_bad_parameter_on_the_first_page_is_no_dead_token(client: ZoomClient, wire: Wire) -> None:
    """Without a token, code 300 means what it says."""
    wire.answer(error(400, 300, "The date is invalid."))
    with pytest.raises(BadRequest, match="The date is invalid"):
        read(client)
    assert len(wire.asked) == 1


def test_a_repeated_page_is_asked_for_again(client: ZoomClient, wire: Wire) -> None:
    """A page that leads back is not believed the first time."""
    first = page({"id": "a"}, token="t1")
    wire.answer(first, first, page({"id": "b"}))
    assert [p.sent[0].id for p in read(client)] == ["a", "b"]


def test_pages_cannot_go_in_circles(client: ZoomClient, wire: Wire) -> None:
    """Leading back for good is refused, with the bytes, instead of reading for ever."""
    wire.answer(page({"id": "a"}, token="t1"), page({"id": "b"}, token="t2"), page({"id": "c"}, token="t1"))
    with pytest.raises(UnexpectedReply, match="page 3 leads back"):
        read(client)


@pytest.mark.parametrize(
    ("start", "end", "parameter", "why"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "to", "before from"),
        (date(2026, 1, 31), date(2026, 3, 1), "to", "at most one month after from, which is 2026-02-28"),
        (date(2025, 9, 14), date(2025, 9, 20), "from", "six months, to 2025-09-15"),
    ],
)
def test_a_span_zoom_would_refuse_costs_nothing(
    client: ZoomClient, wire: Wire, start: date, end: date, parameter: str, why: str
) -> None:
    """The bound is named before a request is spent, at the call and not at the first page."""
    for ask in (client.reports.sessions, partial(client.reports.messages, session_id="s")):
        with pytest.raises(InvalidParameter, match=why) as caught:
            ask(start=start, end=end)
        assert caught.value.parameter == parameter
    assert wire.asked == []


def test_the_longest_spans_are_allowed(client: ZoomClient, wire: Wire, clock: Clock) -> None:
    """A month to the day, and the very day six months ago."""
    wire.answer(page())
    list(client.reports.messages(session_id="s", start=date(2026, 2, 15), end=date(2026, 3, 15)))
    list(client.reports.messages(session_id="s", start=date(2025, 9, 15), end=date(2025, 10, 15)))
    assert len(wire.asked) == 2


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_an_id_cannot_change_the_path(client: ZoomClient, id: str) -> None:
    """Ids come from replies; dots would lead to another operation."""
    with pytest.raises(ValueError, match="sessionId: an id cannot be"):
        list(client.reports.messages(session_id=id, **MARCH))


def test_a_lone_surrogate_in_an_id_is_sent(client: ZoomClient, wire: Wire) -> None:
    """An id that is no good text still asks for its session."""
    wire.answer(page())
    list(client.reports.messages(session_id="\ud83d", **MARCH))
    assert b"/sessions/%ED%A0%BD?" in wire.asked[0].url.raw_path
