"""Something to export: a session with one of everything, a matter that holds it, and a worker to be called."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User

from archive.models import Session
from archive.packages.content import Format
from compliance.exports import asking, deciding, running
from compliance.exports.asking import Draft
from compliance.exports.choosing import Source
from compliance.models import Export, Matter
from compliance.permissions import Role
from tests.compliance import cast, world

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Kind, State = Export.Kind, Export.State


@pytest.fixture(autouse=True)
def day_after() -> Iterator[None]:
    """The clock that pages go by: on the real one the files of an export made at `NOW` are gone some day."""
    with time_machine.travel(NOW + timedelta(days=1)):
        yield


class Worker:
    """A worker with a clock of its own, which goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.at = NOW

    def clock(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def work(self) -> None:
        """Until nothing is due."""
        while running.carry_out_next(clock=self.clock):
            pass


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def session(db: None) -> Session:
    filled = world.fill(messages=6)[0]
    world.index()
    return filled


@pytest.fixture
def matter(session: Session, ines: User) -> Matter:
    """Ines' matter, which holds everything."""
    return cast.let_into_everything(ines)


@pytest.fixture
def tomas(db: None) -> User:
    """An auditor, in no matter yet."""
    return cast.person(Role.AUDITOR)


Ask = Callable[..., Export]


def draft(source: Source, **columns: object) -> Draft:
    """A whole request for an export of something."""
    given: dict[str, object] = {
        "source": source,
        "title": "For the authority",
        "reason": "Letter of 2 November",
        "formats": frozenset({Format.NDJSON}),
        "request_key": uuid.uuid4(),
        **columns,
    }
    return Draft(**given)  # type: ignore[arg-type]


def of_matter(matter: Matter) -> Source:
    return Source(Kind.MATTER, matter.pk)


def measured(source: Source, worker: Worker, by: User | None, **columns: object) -> Export:
    """An export that was asked for and measured."""
    row = asking.ask(draft(source, **columns), by=by, now=NOW)
    worker.work()
    row.refresh_from_db()
    return row


def made(source: Source, worker: Worker, by: User | None, **columns: object) -> Export:
    """An export that is ready."""
    row = measured(source, worker, by, **columns)
    assert row.state == State.MEASURED, row.ending or row.last_error
    deciding.make(export_id=row.pk, digest=row.digest, by=by, now=worker.clock())
    worker.work()
    row.refresh_from_db()
    return row


@pytest.fixture
def ready(matter: Matter, ines: User, worker: Worker) -> Export:
    """Ines' export of her matter, made."""
    row = made(of_matter(matter), worker, ines)
    assert row.state == State.READY, row.ending or row.last_error
    return row
