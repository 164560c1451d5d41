"""A pretend Zoom with some channels, read, and people who set their retention: Ines, Samir who seconds, Mei, Ravi."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from archive.capture import lookouts
from archive.models import Channel as Known
from archive.models import Person, Session, SessionMember
from compliance import approvals, audit
from compliance.models import (
    AuditEvent,
    ChannelSetting,
    Custodian,
    Hold,
    Matter,
    MatterMember,
    Request,
    RetentionItem,
    RetentionPlan,
    RetentionRule,
)
from compliance.permissions import Role
from compliance.retention import applying, approving, plans, rules, standing
from compliance.retention.conditions import Conditions
from compliance.retention.rules import Draft
from sandbox.conversations import Channel
from tests.archive.capture.conftest import Town, data, hurry, town
from tests.compliance import cast
from tests.compliance.approvals.shelf import second_officer

__all__ = ["data", "hurry", "town"]
DAY = timedelta(days=1)


class Desk:
    """Channels at Zoom, read once: `general` of Ines, Ravi and Olu, and others in which Ines is alone."""

    def __init__(self, town: Town, *, others: int) -> None:
        self.town = town
        self.ines: User = cast.person(Role.COMPLIANCE_OFFICER)
        self.samir: User = second_officer()
        self.mei: User = cast.person(Role.RECORDS_MANAGER)
        self.names = [f"desk-{number:02}" for number in range(1, others + 1)]
        at = town.world.clock.now_ms() - 150 * 86_400_000
        for name in self.names:
            made = town.world.open_channel(name, members=[town.ines], type=3, at=at)
            town.world.set_retention(made, custom=True, period="2y")
        town.world.set_retention(self.at_zoom("general"), custom=True, period="2y")
        self.people = {
            one.id: Person.objects.create(
                account=town.account,
                user_id=one.id,
                email=one.email or "",
                display_name=one.display_name,
                is_external=one.external,
            )
            for one in (town.ines, town.ravi, town.olu)
        }
        for channel in town.world.channels.values():
            self.capture(channel)
        self.read()

    def capture(self, channel: Channel) -> None:
        """What capture writes of a channel and the people in it, without asking Zoom for all the rest."""
        known = {"account": self.town.account, "name": channel.name}
        Known.objects.create(zoom_id=channel.id, type=channel.type, last_seen_at=self.now, **known)
        session = Session.objects.create(
            zoom_id=channel.session_id, type="Group", channel_id=channel.id, first_seen_at=self.now,
            last_seen_at=self.now, **known,
        )  # fmt: skip
        for member_id in channel.member_ids:
            SessionMember.objects.create(
                session=session, person=self.people[member_id], first_seen_at=self.now, last_seen_at=self.now
            )

    @property
    def now(self) -> datetime:
        return self.town.now()

    def pass_by(self, **units: float) -> None:
        self.town.world.clock.advance(seconds=timedelta(**units).total_seconds())

    def at_zoom(self, name: str) -> Channel:
        return next(one for one in self.town.world.channels.values() if one.name == name)

    def set_at_zoom(self, name: str, period: str, *, custom: bool = True) -> None:
        """Somebody changes it at Zoom behind our back."""
        self.town.world.set_retention(self.at_zoom(name), custom=custom, period=period)

    def read(self) -> int:
        """What beat does: plan, read what is due, compare; how many drifted."""
        lookouts.plan(held={}, now=self.now)
        lookouts.read_due(clock=self.town.now, until=self.now + timedelta(hours=1))
        return standing.refresh(now=self.now)

    def row(self, name: str) -> ChannelSetting:
        return ChannelSetting.objects.get(title=name)

    def draft(self, period: str, *, name: str = "Trading", **asked: Any) -> Draft:
        return Draft(
            account_id=self.town.account.pk, name=name, period=period, reason="SEC 17a-4 of the desk",
            conditions=Conditions(**asked),
        )  # fmt: skip

    def rule(self, period: str, **more: Any) -> RetentionRule:
        return rules.write(draft=self.draft(period, **more), by=self.ines, now=self.now)

    def plan(self, *names: str) -> RetentionPlan:
        chosen = [self.row(name).pk for name in names] if names else None
        return plans.make(setting_ids=chosen, by=self.ines, now=self.now)

    def begin(self, plan: RetentionPlan) -> None:
        """Ask, have Samir approve where it takes him, let it cool off, and carry it out: the items are due then."""
        if plan.counts["shorten"] == 0:
            approving.begin(plan_id=plan.pk, by=self.ines, now=self.now)
            return
        asked = self.ask(plan)
        self.approve(asked)
        self.pass_by(days=1, minutes=1)
        approvals.carry_out_due(clock=self.town.now)

    def ask(self, plan: RetentionPlan) -> Request:
        return approving.ask(plan_id=plan.pk, reason="The law allows it.", by=self.ines, now=self.now)

    def approve(self, asked: Request) -> None:
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=self.samir, now=self.now)

    def work(self, clock: Callable[[], datetime] | None = None) -> int:
        return applying.work(clock=clock or self.town.now, until=self.now + timedelta(hours=2))

    def items(self, plan: RetentionPlan, **asked: Any) -> dict[str, str]:
        found = RetentionItem.objects.filter(plan=plan, **asked).order_by("place")
        return {item.title: item.state for item in found}

    def parts(self, plan: RetentionPlan) -> dict[str, str]:
        return {item.title: item.part for item in plan.items.order_by("place")}

    def matter(self, *members: User, name: str = "Inquiry 2026-114") -> Matter:
        """A matter that holds nobody yet."""
        made = Matter.objects.create(
            account_id=self.town.account.pk, name=name, reason="Letter", request_key=uuid.uuid4(),
            opened_by_name="Ines", opened_at=self.now,
        )  # fmt: skip
        for user in members or (self.ines,):
            MatterMember.objects.create(matter=made, user=user, added_at=self.now, added_by_name="Ines")
        return made

    def hold(self, email: str = "ravi@acme.example", *, matter: Matter | None = None) -> Hold:
        """Ravi, who takes part in `general` only, is held."""
        matter = matter or self.matter()
        person = Person.objects.get(email=email)
        custodian = Custodian.objects.create(
            matter=matter, person_id=person.pk, name=str(person), email=email, added_at=self.now,
            added_by_name="Ines",
        )  # fmt: skip
        return Hold.objects.create(
            matter=matter, custodian=custodian, account_id=matter.account_id, person_id=person.pk,
            covers_received=True, placed_at=self.now, placed_by_name="Ines",
        )  # fmt: skip

    def events(self, action: audit.Action, subject: str = "retention/") -> list[dict[str, Any]]:
        found = AuditEvent.objects.filter(action=action, subject__startswith=subject)
        return [event.details for event in found.order_by("pk")]


@pytest.fixture
def desk(town: Town) -> Desk:
    """`general` and three more, all kept for two years at Zoom."""
    return Desk(town, others=3)
