"""A channel in which Ravi speaks, and Olu, whom a matter may hold, comes and goes."""

import uuid
from datetime import datetime

import pytest

from archive import ingest
from archive.models import Channel, Membership, Message, Person, Window
from compliance.models import Custodian, Hold, Matter, MatterMember
from tests.archive import scenes
from tests.archive.scenes import NOON


class Office:
    """The channel and what can be done in it."""

    def __init__(self) -> None:
        self.window: Window = scenes.conversation("general")
        assert self.window.session is not None
        self.session = self.window.session
        self.account = self.session.account
        self.session.channel_id = "c-general"
        self.session.save(update_fields=["channel_id"])
        self.channel = Channel.objects.create(account=self.account, zoom_id="c-general", last_seen_at=NOON)
        self.olu = Person.objects.create(account=self.account, member_id="m-olu", display_name="Olu Ade")
        self._said = 0

    def step(self, action: str, at: datetime) -> None:
        """Olu joins or leaves."""
        Membership.objects.create(channel=self.channel, person=self.olu, action=action, at=at)

    def say(self, at: datetime, *, by: dict[str, str] = scenes.RAVI) -> Message:
        """Somebody says something, and it is captured."""
        self._said += 1
        minute = int((at - NOON).total_seconds() // 60)
        record = scenes.said(f"words {self._said}", id=f"m{self._said}", by=by, minute=minute)
        ingest.message_page(
            scenes.page([record], number=self._said), window=self.window, pull=1, now=scenes.NOW
        )
        return Message.objects.get(session=self.session, zoom_id=f"m{self._said}")

    def open_matter(self, name: str = "Inquiry 2026-114") -> Matter:
        """A matter without anybody held."""
        return Matter.objects.create(
            account_id=self.account.pk, name=name, reason="Letter of 1 November", request_key=uuid.uuid4(),
            opened_by_name="Ines", opened_at=NOON,
        )  # fmt: skip

    def hold(self, matter: Matter, **fields: object) -> Hold:
        """Olu, or whatever else is named, is held."""
        custodian = None
        if "session_id" not in fields:
            custodian, _ = Custodian.objects.get_or_create(
                matter=matter, person_id=self.olu.pk, dropped_at=None,
                defaults={"name": "Olu Ade", "added_at": NOON, "added_by_name": "Ines"},
            )  # fmt: skip
            fields["person_id"] = self.olu.pk
        defaults = {"covers_received": True, "placed_at": NOON, "placed_by_name": "Ines"}
        return Hold.objects.create(
            matter=matter, custodian=custodian, account_id=self.account.pk, **(defaults | fields)
        )

    def let_in(self, matter: Matter, user: object) -> None:
        """Somebody works on the matter."""
        MatterMember.objects.create(matter=matter, user=user, added_at=NOON, added_by_name="Ines")


@pytest.fixture
def office(db: None) -> Office:
    return Office()
