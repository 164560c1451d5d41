"""Sessions are found by every name they had, as sessions and as channels."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps

from archive import ingest, search
from archive.models import Account, Observation, Session, SessionName
from archive.scope import EVERYTHING
from archive.search import sessions
from archive.search.query import In
from tests.archive import scenes
from tests.archive.search.talk import Talk


@pytest.fixture
def account(db: None) -> Account:
    return scenes.account()


@pytest.fixture
def listed(account: Account) -> Callable[..., None]:
    """The report's list names a session so."""

    def listed(name: str, *, zoom_id: str = "s1", channel_id: str = "c1") -> None:
        page = scenes.session_list([{"id": zoom_id, "type": "Group", "name": name, "channel_id": channel_id}])
        ingest.session_page(page, window=scenes.month_of(account), pull=1, now=scenes.NOW)

    return listed


@pytest.fixture
def called(account: Account) -> Callable[..., None]:
    """The list of channels names a channel so."""

    def called(name: str, *, zoom_id: str = "c1") -> None:
        ingest.observation(
            account=account, kind=Observation.Kind.CHANNEL, subject=zoom_id, now=scenes.NOW,
            raw=f'{{"id":"{zoom_id}","name":"{name}","type":3}}'.encode(),
        )  # fmt: skip

    return called


def found(name: str) -> set[str]:
    return set(Session.objects.filter(pk__in=sessions.named(In(name))).values_list("zoom_id", flat=True))


def test_a_session_is_found_by_the_names_it_had(listed: Callable[..., None]) -> None:
    """Renamed twice, and one that was never called so is not found."""
    for name in ("Merger talks", "Project Falcon", "", "Project Falcon", "Canteen"):
        listed(name)
    listed("Kitchen", zoom_id="s2", channel_id="c2")
    for name in ("merger", "falcon", "canteen"):
        assert found(name) == {"s1"}
    assert (found("kitchen"), found("harbour")) == ({"s2"}, set())
    assert SessionName.objects.count() == 2


def test_a_session_is_found_by_the_names_of_its_channel(
    listed: Callable[..., None], called: Callable[..., None]
) -> None:
    """The two lists are read at different times."""
    listed("Canteen")
    called("Merger talks")
    called("Lunch")
    assert found("merger") == found("lunch") == found("canteen") == {"s1"}


def test_the_messages_are_found(talk: Talk, index: Callable[[], None]) -> None:
    """And counted, by old name and new."""
    talk.say("see you there", where="deal room")
    room = talk.sessions["deal room"]
    SessionName.objects.create(account=talk.account, zoom_id=room.zoom_id, name="Merger talks")
    index()
    assert search.messages("in:merger", scope=EVERYTHING).count == 1
    assert search.messages('in:"deal room"', scope=EVERYTHING).count == 1
    assert search.messages("in:merger in:general", scope=EVERYTHING).count == 0


def test_another_account_has_names_of_its_own(listed: Callable[..., None]) -> None:
    """Zoom's ids are an account's."""
    listed("Merger talks")
    listed("Canteen")
    other = scenes.account("other")
    page = scenes.session_list([{"id": "s1", "type": "Group", "name": "Lobby", "channel_id": "c1"}])
    ingest.session_page(page, window=scenes.month_of(other), pull=1, now=scenes.NOW)
    assert sessions.named(In("merger")) == {Session.objects.get(account__name="acme").pk}


def test_names_are_read_once_from_what_was_kept(
    listed: Callable[..., None], called: Callable[..., None]
) -> None:
    """An archive of an older version has every state of a session, and no names beside the newest; twice does no harm."""
    listed("Canteen")
    called("Lunch")
    account = Account.objects.get()
    for name in ('"Merger \\ud800talks"', '"Canteen"', "7", '"'):
        Observation.objects.create(
            account=account, kind="session", subject="s1", digest=name.encode().ljust(32)[:32], salt=bytes(16),
            raw=f'{{"id":"s1","name":{name}}}'.encode(), observed_at=scenes.NOW,
        )  # fmt: skip
    migration = import_module("archive.migrations.0038_read_names_sessions_had")
    migration.forwards(apps, None)
    migration.forwards(apps, None)
    assert found("merger") == {"s1"}
    assert set(SessionName.objects.values_list("name", flat=True)) == {"Merger \ufffdtalks", "Canteen"}
