"""Bytes on the disk go after the commit, once, resumably; and a store that refuses is seen to."""

from pathlib import Path

import pytest
from django.db import transaction

from archive import blobs, purge, removal
from archive.models import BlobRemoval
from archive.removal import State
from tests.archive.disposition.conftest import DISPOSITION, Talk, destroy, file, lock_holds
from tests.archive.scenes import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(talk: Talk) -> Path:
    """Where the bytes of a message's file lie."""
    talk.say("see attached", id="a", files=[file("F1")])
    talk.attach(b"the plan", file_id="F1")
    return next(path for path in blobs.folder().rglob("*") if path.is_file())


def work() -> int:
    return removal.work(clock=lambda: NOW)


def test_bytes_go_after_the_commit(talk: Talk, place: Path) -> None:
    """They are there until the job has run; then neither they nor their digest are anywhere."""
    destroy(talk.message("a"))
    assert place.exists()
    assert work() == 1
    assert not place.exists()
    row = BlobRemoval.objects.get()
    assert (row.state, bytes(row.sha256), row.removed_at) == ("removed", b"", NOW)


@pytest.mark.django_db(transaction=True)
def test_a_destruction_rolled_back_removes_nothing(talk: Talk, place: Path) -> None:
    """Rows come back, and their bytes never left."""
    with transaction.atomic():
        lock_holds()
        purge.destroy([talk.message("a").pk], holds=[], disposition=1, now=NOW)
        transaction.set_rollback(True)
    assert (work(), place.read_bytes()) == (0, b"the plan")


def test_bytes_stored_again_meanwhile_stay(talk: Talk, place: Path) -> None:
    """Somebody sent the same file, in a message nobody destroyed."""
    destroy(talk.message("a"))
    talk.say("here it is", id="b", files=[file("F2")])
    talk.attach(b"the plan", file_id="F2")
    assert work() == 0
    assert place.exists()
    assert BlobRemoval.objects.get().state == State.NEEDED


def test_a_store_that_does_not_let_go_is_seen(
    talk: Talk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object lock refuses: the row says so, the standing counts it, and it is tried again the next day."""

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(1, "Operation not permitted")

    destroy(talk.message("a"))
    with monkeypatch.context() as locked:
        locked.setattr(Path, "unlink", refuse)
        assert removal.remove_next(now=NOW) == State.KEPT
    standing = removal.standing(disposition=DISPOSITION)
    assert (standing.kept, standing.kept_bytes) == (1, 8)
    assert "does not let go of it: Operation not permitted" in standing.last_error
    assert removal.remove_next(now=NOW) is None
    assert removal.remove_next(now=NOW + removal.AGAIN) == State.REMOVED
    assert not place.exists()


def test_killed_after_the_bytes_went_it_is_done_again(talk: Talk, place: Path) -> None:
    """The row was not written: the next worker finds nothing to remove, and says removed."""
    destroy(talk.message("a"))
    place.unlink()
    assert (work(), BlobRemoval.objects.get().state) == (1, State.REMOVED)


def test_the_standing_of_a_disposition_is_its_own(talk: Talk, place: Path) -> None:
    """Another one has nothing to wait for."""
    destroy(talk.message("a"))
    assert removal.standing(disposition=DISPOSITION).waiting_bytes == 8
    assert removal.standing(disposition=DISPOSITION + 1).waiting == 0


def test_what_a_dead_download_left_is_swept(talk: Talk) -> None:
    """Temporary files of yesterday go; a zip that is still to be gone on with stays."""
    left, zip_ = blobs.incoming() / "dead", blobs.incoming() / "hold-zip-1.part"
    for path in (left, zip_):
        path.write_bytes(b"words")
    assert blobs.sweep_incoming(before=NOW.replace(year=2100)) == 1
    assert (left.exists(), zip_.exists()) == (False, True)
