"""A shelf whose clearing takes two people: Ines asks, Samir, an officer too, decides."""

import pytest
from django.contrib.auth.models import Group, User

from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.approvals.shelf import Shelf, second_officer


@pytest.fixture
def samir(db: None) -> User:
    return second_officer()


@pytest.fixture
def olga(db: None) -> User:
    """A third officer."""
    user = User.objects.create_user("olga", first_name="Olga", last_name="Reyes")
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    return user


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf.stocked(monkeypatch)
