"""A small company in which every operation can succeed, and a recording of what client and sandbox say.

The client is the real one, the sandbox answers on a real port; between them lies only a transport that keeps a
copy of each exchange. Time stands still at noon unless the client sleeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import httpx

from sandbox import identity, server
from sandbox.clock import Clock
from sandbox.conversations import Channel, CustomEmoji, Message, Session
from sandbox.files import Held
from sandbox.instance import Account
from sandbox.people import Person
from sandbox.world import World
from tests.conformance import description
from zoom.auth import Credentials
from zoom.client import ZoomClient

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY = date(2026, 5, 20)
MORNING_MS = round(datetime(2026, 5, 20, 6, tzinfo=UTC).timestamp() * 1000)
MONTH = {"start": date(2026, 4, 20), "end": TODAY}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its reply, as they were on the wire; `path` is below the API's base, still quoted."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    sent_type: str
    sent: bytes
    status: int
    received_type: str
    received: bytes

    @property
    def operation(self) -> str | None:
        """Which operation of the description this is; None when it is none."""
        return next((id for id, method, path in _patterns() if self._is(method, path)), None)

    def _is(self, method: str, path: re.Pattern[str]) -> bool:
        return self.method == method and path.fullmatch(self.path) is not None


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    """The described paths, those with fewer parameters first: `/members/me` before `/members/{id}`."""
    rows = sorted(description.operations().values(), key=lambda one: one.path.count("{"))
    return [(one.id, one.method, re.compile(re.sub(r"\{[^}]*\}", "[^/]+", one.path))) for one in rows]


class Recording(httpx.BaseTransport):
    """Sends for real and keeps what was said to the API."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._wire = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = request.read()
        response = self._wire.handle_request(request)
        received = b"".join(response.iter_raw())
        response.close()
        path = request.url.raw_path.decode().partition("?")[0]
        if path.startswith("/v2/"):
            self.exchanges.append(
                Exchange(
                    method=request.method,
                    path=path.removeprefix("/v2"),
                    query=tuple(request.url.params.multi_items()),
                    sent_type=request.headers.get("Content-Type", ""),
                    sent=sent,
                    status=response.status_code,
                    received_type=response.headers.get("Content-Type", ""),
                    received=received,
                )
            )
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(received)
        )

    def close(self) -> None:
        self._wire.close()


def _person(name: str, *, external: bool = False) -> Person:
    home = "other" if external else "acme"
    return Person(
        identity.short("id", name),
        f"{name.lower()}@{home}.example",
        f"{name} {home.title()}",
        identity.short("member", name),
        external,
        department="Legal",
        title="Analyst",
        location="Leeds",
    )


@dataclass
class Scene:
    """Ines (the app's own user), Ravi and Ada work here, Olu is outside; they share channels and talks."""

    folder: Path
    world: World
    ines: Person = field(init=False)
    ravi: Person = field(init=False)
    ada: Person = field(init=False)
    olu: Person = field(init=False)
    general: Channel = field(init=False)
    project: Channel = field(init=False)
    talk: Session = field(init=False)
    said: Message = field(init=False)
    answered: Message = field(init=False)
    whispered: Message = field(init=False)
    file_id: str = field(init=False)
    emoji_id: str = field(init=False)
    client: ZoomClient = field(init=False)
    sandbox: server.Running = field(init=False)
    recording: Recording = field(default_factory=Recording)

    def __post_init__(self) -> None:
        self.ines, self.ravi, self.ada = (
            self.world.add_person(_person(one)) for one in ("Ines", "Ravi", "Ada")
        )
        self.olu = self.world.add_person(_person("Olu", external=True))
        self.world.own_user_id = self.ines.id
        inside = [self.ines, self.ravi, self.ada]
        self.general = self.world.open_channel("general", members=[*inside, self.olu], type=3, at=MORNING_MS)
        self.project = self.world.open_channel("project", members=inside, type=2, at=MORNING_MS)
        self.talk = self.world.open_talk(self.ines, self.ravi)
        self.world.open_talk(self.ines, self.olu)
        self._speak()

    def _speak(self) -> None:
        session = self.world.sessions[self.general.session_id]
        stored = self.world.upload("plan.pdf", Held(b"%PDF-1.7 plan"), at=MORNING_MS)
        picture = self.world.upload("ship.png", Held(b"\x89PNG ship"), at=MORNING_MS)
        self.file_id, self.emoji_id = stored.id, picture.id
        self.world.emoji["ship_it"] = CustomEmoji(picture.id, "ship_it", self.ravi.id, MORNING_MS)
        self.said = self.world.say(session, self.ines, "ship it friday", at=MORNING_MS, files=[stored])
        self.said.rich_text = [
            {"start_position": 0, "end_position": 3, "format_type": "FontColor", "format_attr": "#ff0000"}
        ]
        self.answered = self.world.say(
            session, self.ravi, "not before monday", at=MORNING_MS + 60_000, reply_to=self.said
        )
        self.world.react(self.said, self.ravi, "U+1F44D", at=MORNING_MS + 61_000)
        self.world.react(self.said, self.ada, "ship_it", at=MORNING_MS + 62_000)
        self.world.say(session, self.olu, "from outside", at=MORNING_MS + 63_000)
        edited = self.world.say(session, self.ines, "moday", at=MORNING_MS + 64_000)
        self.world.edit(edited, "monday", at=MORNING_MS + 65_000)
        gone = self.world.say(session, self.ines, "oops", at=MORNING_MS + 66_000)
        self.world.delete(gone, at=MORNING_MS + 67_000)
        in_april = round(datetime(2026, 4, 10, tzinfo=UTC).timestamp() * 1000)
        self.world.say(self.world.sessions[self.project.session_id], self.ines, "kick-off", at=in_april)
        self.whispered = self.world.say(self.talk, self.ines, "between us", at=MORNING_MS + 68_000)

    def write(self, name: str, content: bytes) -> Path:
        """A file of this machine, to be sent."""
        path = self.folder / name
        path.write_bytes(content)
        return path


@contextmanager
def opened(folder: Path) -> Iterator[Scene]:
    """A scene whose client and sandbox are up."""
    clock = Clock(start=NOON, speed=0)
    scene = Scene(folder, World(clock))
    with (
        server.running(scene.world, account=Account(rate_limit=False)) as scene.sandbox,
        ZoomClient(
            credentials=Credentials(account_id="sandbox", client_id="sandbox", client_secret="sandbox"),
            api_url=scene.sandbox.api_url,
            oauth_url=scene.sandbox.oauth_url,
            budget_share=1.0,
            transport=scene.recording,
            clock=clock.now,
            sleep=lambda seconds: clock.advance(seconds=seconds),
        ) as scene.client,
    ):
        yield scene
