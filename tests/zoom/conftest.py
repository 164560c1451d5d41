"""A wire to a pretend Zoom: scripted replies, a clock that moves only when somebody sleeps."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from zoom.auth import Credentials
from zoom.client import ZoomClient

API = "https://api.example.test/v2"
OAUTH = "https://example.test/oauth/token"
SECRET = "hush-client-secret"
CREDENTIALS = Credentials(account_id="acc", client_id="cid", client_secret=SECRET)
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Wire:
    """Answers API requests from a script, tokens by itself, and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[httpx.Request] = []
        self.bearers: list[str] = []
        self.tokens = 0
        self.token_answers: list[Answer] = []
        self.scope = "report_chat:read:admin chat:read"

    def answer(self, *answers: Answer) -> None:
        """What the next API requests get, in order; the last is repeated."""
        self.answers.extend(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if str(request.url).startswith(OAUTH):
            return self._token(request)
        self.asked.append(request)
        self.bearers.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        # A reply is used up by reading it: hand out a copy.
        return (
            answer(request)
            if callable(answer)
            else httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        )

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.tokens += 1
        if self.token_answers:
            answer = self.token_answers.pop(0)
            assert isinstance(answer, httpx.Response)
            return answer
        grant = {"access_token": f"tok-{self.tokens}", "expires_in": 3600, "scope": self.scope}
        return httpx.Response(200, json=grant)


def page(*messages: Any, token: str = "", **more: Any) -> httpx.Response:
    """A page of a message report."""
    body = {
        "messages": list(messages),
        "edited_messages": [],
        "deleted_messages": [],
        "next_page_token": token,
    }
    return httpx.Response(200, content=json.dumps(body | more).encode())


def error(status: int, code: int, message: str = "no", **headers: str) -> httpx.Response:
    """An error as Zoom words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"code": code, "message": message}, headers=named)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire, clock: Clock) -> Iterator[ZoomClient]:
    """A client on the scripted wire, alone in the world."""
    with ZoomClient(
        credentials=CREDENTIALS,
        api_url=API,
        oauth_url=OAUTH,
        budget_share=1.0,
        transport=httpx.MockTransport(wire),
        clock=clock,
        sleep=clock.sleep,
    ) as client:
        yield client


@pytest.fixture
def account() -> str:
    """An account nobody else uses, so that tests can share one Redis."""
    return uuid.uuid4().hex


@pytest.fixture
def redis_url() -> str:
    """Where the run's Redis is, for other processes."""
    return os.environ["REDIS_URL"]
