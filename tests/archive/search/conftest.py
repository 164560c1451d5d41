"""A conversation to search in, and an index folder of the test's own."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from archive import search
from archive.capture import reading
from archive.extraction import reader
from archive.models import Message
from archive.scope import EVERYTHING, Scope
from archive.search import indexer
from tests.archive.search.talk import NOON, Talk

Find = Callable[..., list[Message]]


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder of this test."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield tmp_path / "data"


@pytest.fixture
def talk(db: None) -> Talk:
    """Ines, Ravi, Ada and Olu, and two sessions."""
    return Talk()


@pytest.fixture
def index() -> Callable[[], None]:
    """Follow the log to its end."""
    return lambda: indexer.follow(stop=threading.Event(), clock=lambda: NOON, once=True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Read what is inside files, until nothing is due."""
    # A busy machine may take a minute to start a program.
    monkeypatch.setattr(reader, "_START_SECONDS", 120.0)
    return lambda: reading.work(clock=lambda: NOON)


@pytest.fixture
def find(index: Callable[[], None]) -> Find:
    """Index what was said, search, and return the messages found, in the order of the answer."""

    def found(query: str, scope: Scope = EVERYTHING) -> list[Message]:
        index()
        answer = search.messages(query, scope=scope, limit=1000)
        messages = Message.objects.in_bulk([hit.message_id for hit in answer.hits])
        assert answer.count == len(answer.hits)
        return [messages[hit.message_id] for hit in answer.hits]

    return found
