"""A matter of Ines on Ravi, held at a pretend Zoom, with which anything can happen behind our back."""

import uuid
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from archive.models import Person, Session
from compliance import audit, health, places
from compliance.health import Mark
from compliance.models import (
    AuditEvent,
    Confirmation,
    Custodian,
    Finding,
    Hold,
    Matter,
    MatterMember,
    ZoomMatter,
)
from compliance.permissions import Role
from sandbox import holds
from tests.archive.capture.conftest import Town, data, hurry, town
from tests.compliance import cast

__all__ = ["data", "hurry", "town"]


class Case:
    """Ines works on the matter, Ravi is held in it; he speaks in the channel `general`."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.say("hello", by=town.ravi)
        town.capture()
        self.ines: User = cast.person(Role.COMPLIANCE_OFFICER)
        self.ravi = Person.objects.get(email="ravi@acme.example")
        self.matter = self.open("Inquiry 2026-114")
        self.custodian = self.hold(self.matter)
        self.placed = self.place(self.matter, self.custodian)

    @property
    def now(self) -> datetime:
        return self.town.now()

    def open(self, name: str, **more: Any) -> Matter:
        matter = Matter.objects.create(
            account_id=self.town.account.pk, name=name, reason="Letter of 1 November", request_key=uuid.uuid4(),
            opened_by_name="Ines", opened_at=self.now, **more,
        )  # fmt: skip
        MatterMember.objects.create(matter=matter, user=self.ines, added_at=self.now, added_by_name="Ines")
        return matter

    def hold(self, matter: Matter) -> Custodian:
        custodian = Custodian.objects.create(
            matter=matter, person_id=self.ravi.pk, name="Ravi", email="ravi@acme.example", added_at=self.now,
            added_by_name="Ines",
        )  # fmt: skip
        Hold.objects.create(
            matter=matter, custodian=custodian, account_id=matter.account_id, person_id=self.ravi.pk,
            covers_received=True, placed_at=self.now, placed_by_name="Ines",
        )  # fmt: skip
        return custodian

    def hold_itself(self, matter: Matter, *, until: date | None = None) -> Hold:
        """The channel, whoever speaks there; for the days of the matter, or until a day."""
        days = None if until is None else places.Days(until=until)
        (held,) = places.hold(
            matter_id=matter.pk, session_ids=[self.session.pk], days=days, by=self.ines, now=self.now
        )
        return held

    def place(self, matter: Matter, *custodians: Custodian) -> ZoomMatter:
        """As the job that creates matters at Zoom leaves it."""
        at = self.town.world.clock.now_ms()
        zoom_id = holds.place(
            self.town.world, name=matter.name, person_ids=[self.town.ravi.id], start=None, end=None, at=at
        )
        row = ZoomMatter.objects.create(
            matter=matter, name=f"{matter.name} · {zoom_id[-6:]}", zoom_id=zoom_id, state=ZoomMatter.State.HELD,
            not_before=self.now, asked_at=self.now, created_at=self.now,
        )  # fmt: skip
        row.custodians.set(custodians)
        return row

    def look(self, *, hours: float = 0.3) -> list[Finding]:
        """What beat does, after so many hours; what is red then."""
        self.town.world.clock.advance(seconds=hours * 3600)
        health.plan(now=self.now)
        health.look(clock=self.town.now)
        return self.red()

    def red(self) -> list[Finding]:
        return [row for row in Finding.objects.order_by("pk") if row.is_red]

    def kinds(self) -> list[str]:
        return sorted(row.kind for row in self.red())

    def mark(self) -> Mark:
        return health.mark(self.matter, now=self.now)

    def deal(self, *rows: Finding, words: str = "Asked Zoom’s administrators about it.", **more: Any) -> int:
        return health.deal(
            matter_id=self.matter.pk, finding_ids=[row.pk for row in rows], words=words, by=self.ines, now=self.now,
            **more,
        )  # fmt: skip

    def confirm(self, *, is_so: bool = True, words: str = "") -> None:
        for setting in Confirmation.Setting.values:
            health.confirm(
                matter_id=self.matter.pk,
                setting=setting,
                is_so=is_so,
                words=words,
                by=self.ines,
                now=self.now,
            )

    def vanish(self) -> None:
        """Somebody deletes the matter at Zoom behind our back."""
        self.town.world.end_matter(self.town.world.matters[self.placed.zoom_id])

    @property
    def session(self) -> Session:
        return Session.objects.get(name="general")

    @property
    def channel(self) -> Any:
        return self.town.world.channels[self.town.general.channel_id or ""]

    def events(self, action: audit.Action) -> list[dict[str, Any]]:
        return [event.details for event in AuditEvent.objects.filter(action=action).order_by("pk")]


@pytest.fixture
def case(town: Town) -> Case:
    """Everything is well, and was looked at."""
    made = Case(town)
    made.confirm()
    assert made.look() == []
    return made
