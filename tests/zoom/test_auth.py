"""The token: fetched once, shared, renewed once, and never seen."""

from __future__ import annotations

import base64
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import httpx
import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.zoom.conftest import API, NOW, OAUTH, SECRET, Clock, Wire, error, page
from zoom.auth import Credentials, OwnToken, SharedToken, Token
from zoom.client import ZoomClient
from zoom.errors import InvalidCredentials, Unavailable, UnexpectedReply

MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 15)}


def ask(client: ZoomClient) -> None:
    list(client.reports.messages(session_id="s", **MARCH))


def shared(wire: Wire, clock: Clock, redis: Redis, account: str) -> ZoomClient:
    credentials = Credentials(account_id=account, client_id="cid", client_secret=SECRET)
    return ZoomClient(
        credentials=credentials, api_url=API, oauth_url=OAUTH, redis=redis, clock=clock, sleep=clock.sleep,
        transport=httpx.MockTransport(wire), budget_share=1.0,
    )  # fmt: skip


def test_the_token_is_fetched_once_and_carried(client: ZoomClient, wire: Wire) -> None:
    """Two requests, one token."""
    wire.answer(page())
    ask(client)
    ask(client)
    assert wire.tokens == 1
    assert wire.bearers == ["Bearer tok-1"] * 2


def test_the_token_is_asked_for_as_zoom_wants() -> None:
    """HTTP Basic with the client's id and secret, the account in the form."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"access_token": "t", "scope": "b a"})

    credentials = Credentials(account_id="acc", client_id="cid", client_secret=SECRET)
    with ZoomClient(
        credentials=credentials, oauth_url=OAUTH, transport=httpx.MockTransport(answer)
    ) as client:
        assert client.granted_scopes() == {"a", "b"}
        assert client.granted_scopes() == {"a", "b"}
    (request,) = seen
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(f"cid:{SECRET}".encode()).decode()
    assert request.read() == b"grant_type=account_credentials&account_id=acc"


def test_scopes_added_later_are_in_a_fresh_token(client: ZoomClient, wire: Wire) -> None:
    """The old token keeps its scopes until a new one is asked for."""
    assert client.granted_scopes() == {"report_chat:read:admin", "chat:read"}
    wire.scope += " contact:read:admin"
    assert "contact:read:admin" not in client.granted_scopes()
    assert "contact:read:admin" in client.granted_scopes(fresh=True)


def test_an_expired_token_is_replaced_in_time(client: ZoomClient, wire: Wire, clock: Clock) -> None:
    """A minute before its hour is over the next one is fetched."""
    wire.answer(page())
    ask(client)
    clock.now += timedelta(minutes=59, seconds=1)
    ask(client)
    assert wire.bearers[1] == "Bearer tok-2"


def test_a_revoked_token_is_renewed_once(client: ZoomClient, wire: Wire) -> None:
    """The request goes out again with a fresh token."""
    wire.answer(error(401, 124, "Access token is expired."), page())
    ask(client)
    assert wire.bearers == ["Bearer tok-1", "Bearer tok-2"]


def test_wrong_credentials_are_said_in_zooms_words(client: ZoomClient, wire: Wire) -> None:
    """No retry: only a person can help."""
    wire.token_answers = [
        httpx.Response(400, json={"reason": "Invalid client_id", "error": "invalid_client"})
    ]
    with pytest.raises(InvalidCredentials, match="Invalid client_id, invalid_client"):
        client.granted_scopes()
    assert wire.tokens == 1


def test_a_token_server_in_trouble_is_asked_again(client: ZoomClient, wire: Wire) -> None:
    """Even before a creation: nothing was begun."""
    wire.token_answers = [httpx.Response(503), httpx.Response(200, content=b"{")]
    wire.answer(httpx.Response(201, json={"matter_id": "m"}))
    assert client.legal_hold.create(name="n", identifiers=["i"]) == "m"
    assert wire.tokens == 3


def test_a_strange_token_reply_is_not_kept(client: ZoomClient, wire: Wire) -> None:
    """It may hold a token, so its body goes nowhere."""
    wire.token_answers = [httpx.Response(200, json={"token": "hush"})] * 6
    with pytest.raises(UnexpectedReply) as caught:
        client.granted_scopes()
    assert caught.value.body == b""


def test_nothing_shows_a_secret(
    client: ZoomClient,
    wire: Wire,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not a repr, not a log line at any level, not an error."""
    caplog.set_level(logging.DEBUG)
    wire.answer(error(401, 124, "no"))
    with pytest.raises(InvalidCredentials) as caught:
        ask(client)
    token = Token(access_token="tok-9", scopes=(), use_until=NOW)
    shown = repr((client, vars(client), token, caught.value, vars(caught.value))) + caplog.text
    shown += capsys.readouterr().out
    assert "tok-" not in shown
    assert SECRET not in shown
    assert "asked" not in caplog.text
    assert "GET" not in caplog.text


def test_workers_share_one_token(wire: Wire, clock: Clock, redis: Redis, account: str) -> None:
    """The second process finds the first one's token."""
    wire.answer(page())
    with shared(wire, clock, redis, account) as one, shared(wire, clock, redis, account) as other:
        ask(one)
        ask(other)
        assert other.granted_scopes() == one.granted_scopes() != frozenset()
    assert wire.tokens == 1


def test_a_renewed_token_is_taken_over(wire: Wire, clock: Clock, redis: Redis, account: str) -> None:
    """Who is refused with an old token uses the one a fellow worker has fetched."""
    with shared(wire, clock, redis, account) as one, shared(wire, clock, redis, account) as other:
        wire.answer(page(), error(401, 124), page(), page())
        ask(one)
        ask(one)
        ask(other)
    assert [bearer[-5:] for bearer in wire.bearers] == ["tok-1", "tok-1", "tok-2", "tok-2"]


def test_other_credentials_have_another_token(wire: Wire, clock: Clock, redis: Redis, account: str) -> None:
    """Nothing is shared between accounts."""
    wire.answer(page())
    with shared(wire, clock, redis, account) as one, shared(wire, clock, redis, account + "x") as other:
        ask(one)
        ask(other)
    assert wire.tokens == 2


def test_a_strange_token_in_redis_is_replaced(wire: Wire, clock: Clock, redis: Redis, account: str) -> None:
    """Another version of this program may have left it."""
    wire.answer(page())
    with shared(wire, clock, redis, account) as one:
        ask(one)
        (key,) = redis.scan_iter("zoom:*:token")
        redis.set(key, b'{"token": 1}')
        ask(one)
    assert wire.tokens == 2


def test_only_one_worker_fetches(redis: Redis, account: str) -> None:
    """The lock has one holder, and a late unlock does not free another's."""
    mine, yours = SharedToken(redis=redis, name=account), SharedToken(redis=redis, name=account)
    assert (mine.lock(), yours.lock()) == (True, False)
    yours.unlock()
    assert not yours.lock()
    mine.unlock()
    assert yours.lock()


def test_threads_of_one_client_fetch_once(wire: Wire, clock: Clock) -> None:
    """While one thread fetches, the others wait for its token."""
    store = OwnToken()
    assert store.lock()
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(store.lock).result()
    store.put(Token(access_token="t", scopes=(), use_until=NOW + timedelta(hours=1)), now=NOW)
    store.unlock()
    assert store.get(now=NOW) is not None
    assert store.get(now=NOW + timedelta(hours=2)) is None


def test_threads_share_a_client(client: ZoomClient, wire: Wire) -> None:
    """Eight at once: one token, every page read."""
    wire.answer(page({"id": "a"}))
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask, client) for _ in range(40)]:
            done.result()
    assert (wire.tokens, len(wire.asked)) == (1, 40)


def test_a_lost_redis_is_an_outage(wire: Wire, clock: Clock, account: str, loopback: None) -> None:
    """The work is put back and tried again, instead of going on unpaced."""
    with (
        Redis(port=1, retry=Retry(NoBackoff(), 0)) as nowhere,
        shared(wire, clock, nowhere, account) as client,
        pytest.raises(Unavailable, match="in Redis cannot be reached"),
    ):
        ask(client)
    assert wire.asked == []
