"""A talk to search in, its index, and a way to give somebody a narrower scope."""

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from archive.scope import Scope
from archive.search import indexer
from compliance import investigations
from compliance.models import Matter
from compliance.permissions import Role
from tests.archive.search.talk import NOON, Talk
from tests.compliance import cast

Index = Callable[[], None]
Narrow = Callable[[User, Scope], None]


@pytest.fixture
def talk(db: None) -> Talk:
    return Talk()


@pytest.fixture
def index() -> Index:
    """Follow the log to its end."""
    return lambda: indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)


@pytest.fixture
def tomas(db: None) -> User:
    return cast.person(Role.AUDITOR)


@pytest.fixture
def ravi(db: None) -> User:
    """He reviews a matter that holds everything, unless a test narrows what he sees; asked for after the talk."""
    ravi = cast.person(Role.REVIEWER)
    cast.let_into_everything(ravi)
    return ravi


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Narrow:
    """Somebody sees only that, whatever their matters hold."""
    scopes: dict[int, Scope] = {}
    everyones = investigations.scope_of

    def scope_of(person: User | None, matter: Matter | None = None) -> Scope:
        given, whole = None if person is None else scopes.get(person.pk), everyones(person, matter)
        return whole if given is None else whole.narrowed(given)

    monkeypatch.setattr(investigations, "scope_of", scope_of)
    return lambda person, scope: scopes.update({person.pk: scope})
