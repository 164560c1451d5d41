"""A shelf whose clearing takes two people: Ines asks, Samir, an officer too, decides."""

import pytest
from django.contrib.auth.models import Group, User

from compliance.approvals import kinds
from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.approvals.shelf import Shelf


@pytest.fixture
def samir(db: None) -> User:
    """A second compliance officer."""
    user = User.objects.create_user(
        "samir", "samir@example.test", cast.PASSWORD, first_name="Samir", last_name="Haddad"
    )
    user.groups.add(Group.objects.get(name=Role.COMPLIANCE_OFFICER.value))
    return user


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The shelf with two searches on it, and its kind of request, known for this test only."""
    shelf = Shelf()
    monkeypatch.setattr(kinds, "_KINDS", {"retire": shelf.kind()})
    shelf.put("old")
    shelf.put("older")
    return shelf
