"""People, signed in or not, and a data folder of their own, for the scenes of the console."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache, caches
from django.test import Client, override_settings

from compliance import patience, standing, weighing
from compliance.approvals import figuring
from compliance.disposition import looking
from compliance.permissions import Role
from tests.compliance import cast

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _nothing_remembered(tmp_path: Path) -> Iterator[None]:
    """No count of wrong passwords, no badge, no file from an earlier scene."""
    cache.clear()
    caches["process"].clear()
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield


@pytest.fixture(autouse=True)
def nobody_is_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted while somebody waits is counted to its end, however long the machine stands still.

    Within the product's two seconds it would be left to a worker now and then. Where that is the scene, it says so.
    """
    monkeypatch.setattr(patience, "MOST", timedelta(hours=1))
    for counted in (figuring, looking, weighing):
        monkeypatch.setattr(counted, "PATIENCE", patience.MOST)


@pytest.fixture(autouse=True)
def _the_badge_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """How things stand is not read anew in the middle of a scene, which would then ask more than it did a moment ago."""
    monkeypatch.setattr(standing, "BADGE_SECONDS", 300)


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
def as_person(db: None) -> As:
    """A browser in which a person has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
