"""A small world with a named cast, an account connected to it, and captures of it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone
from redis import Redis

from archive import completeness, gateway
from archive.capture import foreground, spans, windows
from archive.capture.spans import Span
from archive.models import Account, Message, Revision, Run, Window
from sandbox import faults, identity, server
from sandbox.clock import Clock
from sandbox.conversations import Message as Said
from sandbox.conversations import Session
from sandbox.files import Held
from sandbox.limits import Limits
from sandbox.people import Person
from sandbox.world import World
from zoom.client import ZoomClient


def person(name: str, *, external: bool = False) -> Person:
    """Someone by first name."""
    return Person(
        identity.short("id", name), f"{name.lower()}@acme.example", name, identity.short("m", name), external
    )


@dataclass
class Town:
    """Ines and Ravi work here, Olu is outside; they share a channel and a talk, quiet until someone speaks."""

    sandbox: server.Running
    ines: Person
    ravi: Person
    olu: Person
    general: Session
    talk: Session
    account: Account = field(init=False)

    @property
    def world(self) -> World:
        return self.sandbox.world

    def now(self) -> datetime:
        """The world's moment, which is also the capture's."""
        return self.world.clock.now()

    def ago(self, **units: float) -> int:
        """A moment before now, as the world writes it."""
        return round((self.now() - timedelta(**units)).timestamp() * 1000)

    def say(self, text: str, *, days_ago: float = 0, by: Person | None = None, file: bytes = b"") -> Said:
        """Ines (or someone else) says something in the channel, perhaps with a file."""
        at = self.ago(days=days_ago)
        files = [self.world.upload("notes.txt", Held(file), at=at)] if file else []
        return self.world.say(self.general, self.ines if by is None else by, text, at=at, files=files)

    def misbehave(self, spec: str) -> None:
        """From now on, until `behave`."""
        rules, seed = faults.read(spec)
        self.sandbox.instance.faults.add(rules, seed=seed)

    def behave(self) -> None:
        self.sandbox.instance.faults.clear()

    def asked(self, operation: str = "reportChatMessages") -> int:
        """How often an operation was asked."""
        return self.sandbox.instance.requests.get(operation, 0)

    def capture(self, *, within: Span | None = None) -> Run:
        """Capture what is due, as a person would."""
        return foreground.Capture(
            account=self.account,
            clock=self.now,
            show=unseen,
            stop=threading.Event(),
            within=within,
            workers=2,
            once=True,
        ).run()

    def forget_old_activities(self) -> None:
        """Count joins and leaves of long ago as read, which saves every test sixty requests."""
        today = self.now().date()
        old = spans.activity_spans(Span(spans.cliff(today), today))
        last_day = max(span.last for span in old if span.last <= today - timedelta(days=6))
        Window.objects.create(
            account=self.account,
            kind=Window.Kind.ACTIVITIES,
            first_day=spans.cliff(today),
            last_day=last_day,  # of three: in the middle of them the rest would count as planned
            state=Window.State.COMPLETE,
            complete_through=self.now(),
            not_before=windows.NEVER,
        )

    def is_complete(self) -> bool:
        return completeness.summary(now=self.now()).is_complete


def unseen(run: Run) -> None:
    """Nobody watches."""


def texts(said: Said) -> list[tuple[str, str]]:
    """Every kept revision of a message as kind and text, oldest first."""
    rows = Revision.objects.filter(message__zoom_id=said.id).order_by("id")
    return list(rows.values_list("kind", "text"))


def counts() -> tuple[int, int]:
    """Messages and revisions in the archive."""
    return Message.objects.count(), Revision.objects.count()


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's pauses between its tries are a hundred times shorter."""
    monkeypatch.setitem(
        ZoomClient.__init__.__kwdefaults__, "sleep", lambda seconds: time.sleep(seconds / 100)
    )


@pytest.fixture
def town(transactional_db: None, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The town at noon yesterday, served without rate limits, and its account connected.

    At the present moment, a test that lets an hour pass would meet midnight when it is run late in the evening, and a
    day of Zoom's reports would end while it looks on. Client and tasks go by the town's clock. It is a few days behind
    where the days of the hold (tests/archive/holds) would lie in two months, of which Zoom makes two zips.
    """
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while (noon - timedelta(days=21)).month != (noon - timedelta(days=18)).month:
        noon -= timedelta(days=1)
    world = World(Clock(start=noon, speed=1))
    monkeypatch.setitem(ZoomClient.__init__.__kwdefaults__, "clock", world.clock.now)
    monkeypatch.setattr(timezone, "now", world.clock.now)
    ines, ravi = world.add_person(person("Ines")), world.add_person(person("Ravi"))
    olu = world.add_person(person("Olu", external=True))
    world.own_user_id = ines.id
    start = world.clock.now_ms() - 150 * 86_400_000
    channel = world.open_channel("general", members=[ines, ravi, olu], type=3, at=start)
    talk = world.open_talk(ines, olu)
    with server.running(world) as sandbox:
        sandbox.instance.limits = Limits(
            plan=sandbox.instance.limits.plan, enabled=False, real_time=lambda: world.clock.now_ms() / 1000
        )
        made = Town(sandbox, ines, ravi, olu, world.sessions[channel.session_id], talk)
        app = gateway.App(
            account_id="sandbox",
            client_id="sandbox",
            client_secret="sandbox",
            api_url=sandbox.api_url,
            oauth_url=sandbox.oauth_url,
            plan="unmetered",
        )
        made.account, _ = gateway.connect(app, name="Acme", now=made.now())
        made.forget_old_activities()
        yield made
