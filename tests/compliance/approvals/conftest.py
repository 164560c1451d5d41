"""A shelf whose clearing takes two people: Ines asks, Samir, an officer too, decides."""

import pytest
from django.contrib.auth.models import User

from compliance.permissions import Role
from tests.compliance import cast
from tests.compliance.approvals.shelf import Shelf, second_officer, third_officer


@pytest.fixture
def samir(db: None) -> User:
    return second_officer()


@pytest.fixture
def olga(db: None) -> User:
    return third_officer()


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf.stocked(monkeypatch)
