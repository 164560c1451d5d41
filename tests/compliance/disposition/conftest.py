"""Mei manages records, Ines and Samir are officers, Tomás audits; a small archive of 2 November 2026."""

import pytest
from django.contrib.auth.models import User

from archive.models import Account, Session
from compliance.permissions import Role
from tests.compliance import cast, world
from tests.compliance.approvals.shelf import second_officer


@pytest.fixture
def mei(db: None) -> User:
    return cast.person(Role.RECORDS_MANAGER)


@pytest.fixture
def samir(db: None) -> User:
    return second_officer()


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


@pytest.fixture
def session(db: None) -> Session:
    return world.fill(sessions=2, messages=10)[0]


@pytest.fixture
def account(session: Session) -> Account:
    return session.account
