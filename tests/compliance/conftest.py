"""People, signed in or not, for the scenes of the console."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache, caches
from django.test import Client

from compliance.permissions import Role
from tests.compliance import cast


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No count of wrong passwords and no badge from an earlier scene."""
    cache.clear()
    caches["process"].clear()


@pytest.fixture
def ines(db: None) -> User:
    return cast.person(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def ravi(db: None) -> User:
    return cast.person(Role.REVIEWER)


@pytest.fixture
def ada(db: None) -> User:
    return cast.person(Role.ADMINISTRATOR)


@pytest.fixture
def as_person(db: None) -> Callable[[User], Client]:
    """A browser in which a person has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
