"""Workers that read inside files, and die, hang or meet: every blob is read, and what it says is written once."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from archive import blobs, extraction
from archive.capture import claims, reading
from archive.extraction.limits import Limits
from archive.extraction.reader import Reader
from archive.models import Attachment, Extraction, Leaf, Reading
from tests.archive.search.talk import NOON, Talk

LATER = NOON + claims.LEASE + timedelta(seconds=1)


@pytest.fixture
def talk(transactional_db: None, tmp_path: Path) -> Iterator[Talk]:
    """Ines and Ravi talk, in a data folder of their own."""
    with override_settings(HOLDFAST_DATA=tmp_path / "data"):
        yield Talk()


@pytest.fixture
def file(talk: Talk) -> Attachment:
    """A file that is fetched and not read."""
    return talk.attach(talk.say("see attached"), "a.txt", b"heliotrope")


def work(now: datetime = NOON) -> int:
    return reading.work(clock=lambda: now)


def state() -> str:
    return Extraction.objects.get().state


def test_a_file_is_read_by_one_worker(file: Attachment) -> None:
    """The second finds nothing due, and what was read is said once."""
    reading.plan(now=NOON)
    with Reader(Limits()) as reader:
        assert reading.read_next(reader=reader, clock=lambda: NOON)
        assert not reading.read_next(reader=reader, clock=lambda: NOON)
    assert reading.announce(now=NOON) == 1
    assert reading.announce(now=NOON) == 0
    assert Leaf.objects.filter(kind=Leaf.Kind.READING).count() == 1


def test_workers_that_meet_read_everything_once(talk: Talk) -> None:
    """Four at once over forty files."""
    said = talk.say("see attached")
    for number in range(40):
        talk.attach(said, f"{number}.txt", b"file number %d" % number)
    done: list[int] = []
    workers = [threading.Thread(target=lambda: (done.append(work()), connection.close())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 40
    assert set(Extraction.objects.values_list("state", "attempts")) == {("read", 1)}
    assert Reading.objects.count() == 40


def test_a_dead_workers_file_is_read_by_the_next(file: Attachment) -> None:
    """Its row is claimed and nobody lives who holds it."""
    reading.plan(now=NOON)
    Extraction.objects.update(state="claimed", claimed_at=NOON)
    assert work() == 1
    assert state() == "read"


def test_a_living_workers_file_is_left_alone_until_it_hangs(file: Attachment) -> None:
    """Another session holds it; after the lease it is taken over."""
    reading.plan(now=NOON)
    Extraction.objects.update(state="claimed", claimed_at=NOON)
    key = Extraction.objects.get().pk
    held, go = threading.Event(), threading.Event()

    def hang() -> None:
        claims.hold(claims.Job.EXTRACTION, key)
        held.set()
        go.wait()
        connection.close()

    other = threading.Thread(target=hang)
    other.start()
    try:
        assert held.wait(60)
        assert work() == 0
        assert state() == "claimed"
        assert work(LATER) == 1
    finally:
        go.set()
        other.join()


def test_bytes_that_are_not_there_are_waited_for_and_then_listed(file: Attachment) -> None:
    """A disk that was not mounted comes back; one that does not is told."""
    assert file.blob is not None
    place = blobs.path_of(bytes(file.blob.sha256))
    kept = place.read_bytes()
    place.unlink()
    assert (work(), state(), Extraction.objects.get().last_error) == (
        1,
        "due",
        "Its bytes are not on the disk.",
    )
    assert work() == 0, "not before a while has passed"
    place.write_bytes(kept)
    assert (work(LATER), state()) == (1, "read")
    place.unlink()
    reading.again(now=LATER, only_unreadable=False)
    for tries in range(1, reading.LAST_TRY + 1):
        work(LATER + tries * timedelta(hours=1))
    assert Extraction.objects.get().reason == "missing"
    assert Attachment.objects.get().inside == "unreadable"


def test_a_newer_extraction_reads_everything_again(file: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says nothing where the text is the same."""
    work()
    monkeypatch.setattr(extraction, "VERSION", extraction.VERSION + 1)
    assert work() == 1
    assert Extraction.objects.get().version == extraction.VERSION
    assert Reading.objects.count() == 1


def test_pictures_cost_no_more_than_a_look(talk: Talk) -> None:
    """A state of its own: read, and nothing inside to find."""
    talk.attach(talk.say("look"), "a.png", b"\x89PNG\r\n\x1a\n" + bytes(5_000_000))
    work()
    row = Extraction.objects.get()
    assert (row.state, row.kind, row.text, row.reason) == ("empty", "picture", None, "")
