"""What the database itself refuses about matters: who was held, and when, is evidence."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from archive.models import Account, Person
from compliance import matters
from compliance.models import Custodian, FormerName, Hold, Matter, MatterMember
from compliance.permissions import Action, Role
from tests.compliance import cast

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def matter() -> Matter:
    """One matter with Olu as its custodian, held."""
    account = Account.objects.create(
        zoom_account_id="acme", name="Acme", client_id="id", sealed_client_secret=b"", connected_at=NOW
    )
    olu = Person.objects.create(account=account, email="olu@acme.example", display_name="Olu")
    made = Matter.objects.create(
        account_id=account.pk,
        name="Inquiry 2026-114",
        reason="Letter of 1 March",
        request_key=uuid.uuid4(),
        opened_by_name="Ines",
        opened_at=NOW,
    )
    custodian = Custodian.objects.create(
        matter=made, person_id=olu.pk, name="Olu", added_at=NOW, added_by_name="Ines"
    )
    Hold.objects.create(
        matter=made,
        custodian=custodian,
        account_id=account.pk,
        person_id=olu.pk,
        covers_received=True,
        placed_at=NOW,
        placed_by_name="Ines",
    )
    return made


@pytest.mark.parametrize(
    "change",
    [
        {"since": NOW + timedelta(days=1)},
        {"covers_received": False},
        {"person_id": None},
        {"released_at": NOW, "until": NOW},
    ],
)
def test_a_hold_is_never_narrowed(matter: Matter, change: dict[str, object]) -> None:
    """Only its end may be written, and nothing beside it."""
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Hold.objects.update(**change)
    assert Hold.objects.get().covers_received


def test_a_hold_ends_once(matter: Matter) -> None:
    """Its end stays what it was."""
    assert Hold.objects.update(released_at=NOW) == 1
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Hold.objects.update(released_at=None)


@pytest.mark.parametrize("model", [Hold, Custodian, Matter])
def test_nothing_of_a_matter_is_removed(matter: Matter, model: type[Hold | Custodian | Matter]) -> None:
    """Whatever is tried, the rows stay."""
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
    assert model.objects.count() == 1


def test_a_matter_keeps_what_it_was_opened_with(matter: Matter) -> None:
    """Its name may change once it is kept, its account, days and opening not; released, it stays as it is."""
    with pytest.raises(DatabaseError, match="must be kept first"), transaction.atomic():
        Matter.objects.update(name="Inquiry 2026-115")
    kept = FormerName.objects.create(
        matter=matter, name=matter.name, used_until=NOW, renamed_by_name="Ines", reason="Mistyped"
    )
    Matter.objects.update(name="Inquiry 2026-115")
    with pytest.raises(DatabaseError), transaction.atomic():
        FormerName.objects.filter(pk=kept.pk).update(name="Another")
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Matter.objects.update(since=NOW.date())
    Matter.objects.update(state="released", released_at=NOW)
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Matter.objects.update(state="active", released_at=None)


def test_custodians_are_people_of_the_archive(matter: Matter) -> None:
    """The database itself asks for them, though Django does not know."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Custodian.objects.create(
            matter=matter, person_id=10**9, name="Nobody", added_at=NOW, added_by_name="Ines"
        )


def test_only_members_see_a_matter(matter: Matter) -> None:
    """To everybody else it does not exist; a member's role decides what they may do with it."""
    ines, ravi = cast.person(Role.COMPLIANCE_OFFICER), cast.person(Role.REVIEWER)
    MatterMember.objects.create(matter=matter, user=ravi, added_at=NOW, added_by_name="Ines")
    assert matters.get(matter_id=matter.pk, by=ravi) == matter
    assert matters.get(matter_id=matter.pk, by=None) == matter
    with pytest.raises(matters.NoSuchMatter):
        matters.get(matter_id=matter.pk, by=ines)
    with pytest.raises(PermissionDenied, match="change matters"):
        matters.get(matter_id=matter.pk, action=Action.CHANGE_MATTER, by=ravi)
    with pytest.raises(PermissionDenied, match="be a member of matters"):
        matters.get(matter_id=matter.pk, by=cast.person(Role.ADMINISTRATOR))
