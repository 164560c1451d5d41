"""A matter with custodians to be told; time goes by because the test says what time it is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail

from archive.models import Account, Person
from compliance.models import Custodian, FormerName, Matter, MatterMember, Notice
from compliance.notices import plans, preparing, sending
from compliance.permissions import Role
from tests.compliance import cast

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Case:
    """A matter of Ines, and the clock."""

    matter: Matter
    ines: User
    now: datetime = NOW

    def add(self, name: str, *, email: str | None = None) -> Custodian:
        """A custodian, added now."""
        address = f"{name.split()[0].lower()}@acme.example" if email is None else email
        person = Person.objects.create(
            account_id=self.matter.account_id, member_id=uuid.uuid4().hex, email=address, display_name=name
        )
        return Custodian.objects.create(
            matter=self.matter, person_id=person.pk, name=name, email=address, added_at=self.now,
            added_by_name="Ines",
        )  # fmt: skip

    def rename(self, name: str) -> None:
        """The matter is called so from now on; the name it had is kept, as the database demands."""
        FormerName.objects.create(
            matter=self.matter,
            name=self.matter.name,
            used_until=self.now,
            renamed_by_name="Ines",
            reason="So",
        )
        self.matter.name = name
        self.matter.save(update_fields=["name"])

    def plan(self, **wanted: object) -> None:
        plans.change(matter_id=self.matter.pk, by=self.ines, now=self.now, **wanted)

    def work(self) -> int:
        """What the worker does every minute; how many notices were prepared."""
        made = preparing.sweep(now=self.now)
        while sending.send_next(clock=lambda: self.now):
            pass
        return made

    def later(self, **units: float) -> None:
        """Time goes by, and the worker works."""
        self.now += timedelta(**units)
        self.work()

    def notice(self, custodian: Custodian, kind: str = "hold", *, channel: str = "mail") -> Notice:
        """The newest notice of a kind."""
        return Notice.objects.filter(custodian=custodian, kind=kind, channel=channel).latest("pk")

    def mails(self, to: str) -> list[mail.EmailMessage]:
        return [sent for sent in mail.outbox if sent.to == [to]]


def link_in(text: str) -> str:
    """The path of the acknowledgement link in a text."""
    found = text[text.index("/acknowledge/") :].split()[0]
    return found.strip()


def token_in(text: str) -> str:
    return link_in(text).split("/")[2]


@pytest.fixture
def case(ines: User, db: None) -> Case:
    """Ines' matter, which sends its notices at once."""
    account = Account.objects.create(
        zoom_account_id="acme", name="Acme", client_id="id", sealed_client_secret=b"", connected_at=NOW
    )
    matter = Matter.objects.create(
        account_id=account.pk, name="Inquiry 2026-114", reason="Letter of 1 March", request_key=uuid.uuid4(),
        since=NOW.date(), opened_by=ines, opened_by_name="Ines Moreau", opened_at=NOW,
    )  # fmt: skip
    MatterMember.objects.create(matter=matter, user=ines, added_at=NOW, added_by_name="Ines")
    made = Case(matter, ines)
    made.plan(at_once=True)
    return made


@pytest.fixture
def second_officer(db: None) -> Callable[[], User]:
    """Mei, who approves what Ines wrote."""
    return lambda: cast.person(Role.RECORDS_MANAGER)
