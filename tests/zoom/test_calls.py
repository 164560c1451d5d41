"""Trying again: only when waiting can help, not for ever, and never twice for a creation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from tests.zoom.conftest import API, CREDENTIALS, NOW, OAUTH, Answer, Clock, Wire, error, page
from zoom.client import ZoomClient
from zoom.errors import (
    BadRequest,
    InvalidCredentials,
    NotAuthorized,
    NotFound,
    RateLimited,
    TooLarge,
    Unavailable,
    UnexpectedReply,
    ZoomError,
)

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 15)}
PER_SECOND = "You have reached the maximum per-second rate limit for this API."
DAILY = "You have reached the maximum daily rate limit for this API."


def ask(client: ZoomClient) -> int:
    return sum(len(p.sent) for p in client.reports.messages(session_id="s", **MARCH))


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500, json={"code": 500, "message": "oops"}),
        httpx.Response(502, html="<html>bad gateway</html>"),
        httpx.Response(200, html="<html>maintenance</html>"),
        httpx.Response(200, content=b'{"messages":[{"id":"a'),
        httpx.ConnectError("no route"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        error(429, 429, PER_SECOND),
    ],
)
def test_passing_trouble_passes(client: ZoomClient, wire: Wire, clock: Clock, trouble: Answer) -> None:
    """One bad moment costs a pause, not the page."""
    wire.answer(trouble, trouble, page({"id": "a"}))
    assert ask(client) == 1
    assert len(wire.asked) == 3
    assert 0.5 < sum(clock.slept) < 10


def test_lasting_trouble_is_told(client: ZoomClient, wire: Wire, clock: Clock) -> None:
    """After six tries within half a minute the caller hears of it."""
    wire.answer(httpx.Response(503))
    with pytest.raises(Unavailable, match="reportChatMessages: HTTP 503"):
        ask(client)
    assert len(wire.asked) == 6
    assert sum(clock.slept) < 30


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(404, 1001, "gone"), NotFound),
        (error(404, 5306, "gone"), NotFound),
        (error(400, 300, "bad"), BadRequest),
        (error(400, 200, "not you"), NotAuthorized),
        (error(403, 403, "not you"), NotAuthorized),
        (httpx.Response(302, headers={"location": "https://evil.example.test/"}), UnexpectedReply),
        (httpx.Response(200, content=b'{"sessions":[]}'), UnexpectedReply),
        (httpx.Response(418, content=b"\xff<teapot>"), BadRequest),
    ],
)
def test_what_waiting_cannot_help_is_told_at_once(
    client: ZoomClient, wire: Wire, clock: Clock, answer: httpx.Response, kind: type[ZoomError]
) -> None:
    """No second request, no pause; the error knows its request."""
    wire.answer(answer)
    with pytest.raises(kind) as caught:
        ask(client)
    assert (len(wire.asked), clock.slept, type(caught.value)) == (1, [], kind)
    assert caught.value.request is not None
    assert caught.value.request.operation == "reportChatMessages"


def test_a_missing_scope_is_named(client: ZoomClient, wire: Wire) -> None:
    """The person who set up the app can act on it."""
    wire.answer(error(400, 4711, "Invalid access token, does not contain scopes:[a:read, b:read]."))
    with pytest.raises(NotAuthorized) as caught:
        ask(client)
    assert caught.value.missing_scopes == {"a:read", "b:read"}


def test_the_days_budget_is_waited_for_elsewhere(client: ZoomClient, wire: Wire, clock: Clock) -> None:
    """A daily 429 names its moment at once, and nobody asks again before it."""
    wire.answer(error(429, 429, DAILY, retry_after="2026-03-16T00:00:00Z"), page({"id": "a"}))
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            ask(client)
        assert caught.value.retry_at == datetime(2026, 3, 16, tzinfo=UTC)
    assert (len(wire.asked), clock.slept) == (1, [])
    clock.now = datetime(2026, 3, 16, tzinfo=UTC)
    assert ask(client) == 1


def test_a_creation_is_not_repeated_blindly(client: ZoomClient, wire: Wire) -> None:
    """A timeout leaves open whether the matter exists: a second one would hold people twice."""
    wire.answer(httpx.ReadTimeout("slow"))
    with pytest.raises(Unavailable):
        client.legal_hold.create(name="Case 7", identifiers=["olu@example.test"])
    assert len(wire.asked) == 1


@pytest.mark.parametrize("refused", [httpx.ConnectError("no route"), error(429, 429, PER_SECOND)])
def test_a_creation_never_begun_is_repeated(client: ZoomClient, wire: Wire, refused: Answer) -> None:
    """What Zoom did not even start may be asked for again."""
    wire.answer(refused, httpx.Response(201, json={"matter_id": "m1"}))
    made = client.legal_hold.create(name="Case 7", identifiers=["olu@example.test"], start=date(2026, 1, 1))
    assert made == "m1"
    assert wire.asked[1].read() == (
        b'{"matter_name":"Case 7","identifiers":["olu@example.test"],"start_date":"2026-01-01"}'
    )


def test_a_body_has_a_bound(wire: Wire, clock: Clock) -> None:
    """A reply beyond the bound is refused before it is all in memory, and not asked for again."""
    wire.answer(page("x" * 3000))
    with (
        ZoomClient(
            credentials=CREDENTIALS, api_url=API, oauth_url=OAUTH, transport=httpx.MockTransport(wire),
            clock=clock, sleep=clock.sleep, body_limit_bytes=2048,
        ) as client,
        pytest.raises(TooLarge, match="2048"),
    ):  # fmt: skip
        ask(client)
    assert len(wire.asked) == 1


def test_an_error_can_be_large(client: ZoomClient, wire: Wire) -> None:
    """An error page of megabytes is cut, not refused and not kept."""
    wire.answer(httpx.Response(404, content=b"<html>" + b"x" * 5_000_000))
    with pytest.raises(NotFound):
        ask(client)


@pytest.mark.parametrize(("code", "tries"), [(124, 6), (100, 1)])
def test_a_rejected_token_is_not_a_loop(client: ZoomClient, wire: Wire, code: int, tries: int) -> None:
    """Each try renews the token once; one that was revoked in between (124) is worth a few tries."""
    wire.answer(error(401, code, "Access token is expired."))
    with pytest.raises(InvalidCredentials):
        ask(client)
    assert (len(wire.asked), wire.tokens) == (2 * tries, tries + 1)


def test_tokens_revoked_in_a_row_cost_no_page(client: ZoomClient, wire: Wire) -> None:
    """Somebody else's new token may end ours at any time."""
    revoked = error(401, 124, "Access token is expired.")
    wire.answer(revoked, revoked, revoked, page({"id": "a"}))
    assert ask(client) == 1


def test_a_short_pause_is_shared_by_the_next_caller(client: ZoomClient, wire: Wire, clock: Clock) -> None:
    """After a per-second 429 nothing of that label leaves for a second."""
    wire.answer(error(429, 429, PER_SECOND), page())
    ask(client)
    assert clock.now - NOW >= timedelta(seconds=1)
