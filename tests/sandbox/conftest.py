"""A small world with a named cast, served on a real port, and a plain HTTP client that holds a token."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sandbox import identity, server
from sandbox.clock import Clock
from sandbox.conversations import Channel, Session
from sandbox.instance import Account
from sandbox.people import Person
from sandbox.webhooks import courier
from sandbox.world import World
from tests.sandbox.subscriber import Subscriber, listening

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
ALL_FIELDS = {
    "include_fields": "edited_messages,deleted_messages",
    "include_bot_message": "true",
    "include_reactions": "true",
    "include_custom_emoji_reactions": "true",
}


def ms(text: str) -> int:
    """Epoch milliseconds of a UTC moment."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@dataclass
class Cast:
    """Ines and Ravi work here, Olu is outside; they share a channel and a talk."""

    world: World
    ines: Person
    ravi: Person
    olu: Person
    channel: Channel
    general: Session
    talk: Session


class Client:
    """Asks the API as an app of the account would."""

    def __init__(self, sandbox: server.Running) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(base_url=sandbox.url, timeout=60, verify=False)  # no TLS here, so no CA list
        self.token = self.fetch_token()

    def fetch_token(self) -> str:
        form = {"grant_type": "account_credentials", "account_id": "sandbox"}
        answer = self.http.post("/oauth/token", data=form, auth=("sandbox", "sandbox"))
        return str(answer.json()["access_token"])

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.http.request(method, "/v2" + path, headers=headers, **options)

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.ask("GET", path, params={name.rstrip("_"): str(value) for name, value in query.items()})

    def control(self, path: str, body: dict[str, object] | None = None) -> Any:
        url = f"/_sandbox/{path}"
        answer = self.http.get(url) if body is None else self.http.post(url, json=body)
        return answer.json()

    def sessions(self, first: str = "2026-05-01", last: str = "2026-05-31") -> list[dict[str, Any]]:
        """Every session of a window."""
        return self.all_pages("/report/chat/sessions", "sessions", from_=first, to=last)

    def messages(
        self, session_id: str, first: str = "2026-05-01", last: str = "2026-05-31", **more: object
    ) -> dict[str, list[dict[str, Any]]]:
        """The three lists of a window, over all its pages."""
        found: dict[str, list[dict[str, Any]]] = {}
        token = ""
        while True:
            query = {"from_": first, "to": last, **ALL_FIELDS, **more, "next_page_token": token}
            page = self.get(f"/report/chat/sessions/{session_id}", **query).raise_for_status().json()
            for name in ("messages", "edited_messages", "deleted_messages"):
                found.setdefault(name, []).extend(page.get(name, []))
            token = page["next_page_token"]
            if not token:
                return found

    def all_pages(self, path: str, name: str, **query: object) -> list[dict[str, Any]]:
        rows, token = [], ""
        while True:
            page = self.get(path, **query, next_page_token=token).raise_for_status().json()
            rows += page[name]
            token = page["next_page_token"]
            if not token:
                return rows


def person(name: str, *, external: bool = False) -> Person:
    """Someone by first name."""
    return Person(
        identity.short("id", name), f"{name.lower()}@acme.example", name, identity.short("m", name), external
    )


@pytest.fixture
def cast() -> Cast:
    """The cast in a world that stands still at noon."""
    world = World(Clock(start=NOON, speed=0))
    ines, ravi = world.add_person(person("Ines")), world.add_person(person("Ravi"))
    olu = world.add_person(person("Olu", external=True))
    world.own_user_id = ines.id
    channel = world.open_channel("general", members=[ines, ravi, olu], type=3, at=ms("2026-04-01"))
    talk = world.open_talk(ines, olu)
    return Cast(world, ines, ravi, olu, channel, world.sessions[channel.session_id], talk)


@pytest.fixture
def account(loopback: None) -> Account:
    """Of a world that is served: without rate limits, unless a test says otherwise."""
    return Account(rate_limit=False)


@pytest.fixture
def client(cast: Cast, account: Account) -> Iterator[Client]:
    """A client of the cast's world."""
    with server.running(cast.world, account=account) as sandbox:
        asking = Client(sandbox)
        yield asking
        asking.http.close()


@pytest.fixture
def subscriber(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subscriber]:
    """An endpoint that knows the secret and thanks for every event, and has a minute to do so, not three seconds."""
    monkeypatch.setattr(courier, "ANSWER_SECONDS", 60.0)
    with listening() as found:
        yield found
