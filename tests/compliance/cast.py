"""The cast of the console's scenes: Ines investigates, Ravi reviews, Ada administers, Olu is outside."""

import uuid
from datetime import UTC, datetime

from django.contrib.auth.models import Group, User

from archive.models import Account, Session
from compliance.models import Hold, Matter, MatterMember
from compliance.permissions import Role

PASSWORD = "a long and quiet password"
CAST = {
    Role.COMPLIANCE_OFFICER: ("ines", "Ines Moreau"),
    Role.RECORDS_MANAGER: ("mei", "Mei Tanaka"),
    Role.REVIEWER: ("ravi", "Ravi Kapoor"),
    Role.AUDITOR: ("tomas", "Tomás Klein"),
    Role.CHIEF_AUDITOR: ("clara", "Clara Voss"),
    Role.ADMINISTRATOR: ("ada", "Ada Osei"),
}


def person(role: Role | None) -> User:
    """A person of the cast with that role, or Nia, who has none yet."""
    username, name = CAST[role] if role is not None else ("nia", "Nia Newcome")
    first, _, last = name.partition(" ")
    user = User.objects.create_user(
        username, f"{username}@example.test", PASSWORD, first_name=first, last_name=last
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role.value))
    return user


def let_into_everything(user: User, *, name: str = "Everything") -> Matter:
    """A matter that holds all of the one account there is, and of which somebody is a member."""
    account_id = Account.objects.get().pk
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    matter = Matter.objects.create(
        account_id=account_id, name=name, reason="A review of it all", request_key=uuid.uuid4(),
        opened_by_name="Ines", opened_at=now,
    )  # fmt: skip
    Hold.objects.create(
        matter=matter, account_id=account_id, covers_received=True, placed_at=now, placed_by_name="Ines"
    )
    MatterMember.objects.create(matter=matter, user=user, added_at=now, added_by_name="Ines")
    return matter


def let_into(user: User, session: Session) -> Matter:
    """A matter of its own that holds one session, and of which somebody is a member."""
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    matter = Matter.objects.create(
        account_id=session.account_id, name=f"Session {session.pk} for {user.username}", reason="A review of it",
        request_key=uuid.uuid4(), opened_by_name="Ines", opened_at=now,
    )  # fmt: skip
    Hold.objects.create(
        matter=matter, account_id=session.account_id, session_id=session.pk, covers_received=True,
        placed_at=now, placed_by_name="Ines",
    )  # fmt: skip
    MatterMember.objects.create(matter=matter, user=user, added_at=now, added_by_name="Ines")
    return matter
