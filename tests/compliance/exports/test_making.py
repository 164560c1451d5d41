"""Making what was measured: exactly that, or nothing; whole, or not at all."""

import hashlib
import stat
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from archive.models import Message
from compliance.exports import asking, deciding, folders, keeping, running
from compliance.exports.choosing import Unfit
from compliance.models import AuditEvent, Export, Matter, Told
from tests.compliance.exports.conftest import NOW, State, Worker, draft, measured, of_matter

pytestmark = pytest.mark.django_db


def files(row: Export) -> list[Path]:
    return sorted((folders.of(row.pk) / row.folder).iterdir())


def test_what_is_made_is_what_was_measured(ready: Export, ines: User) -> None:
    """Its parts lie there under the names and with the digests that its page shows, for nobody else to read."""
    assert [path.name for path in files(ready)] == [part["name"] for part in ready.parts]
    for path, part in zip(files(ready), ready.parts, strict=True):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == part["sha256"]
        assert path.stat().st_size == part["size_bytes"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(folders.of(ready.pk).stat().st_mode) == 0o700
    assert ready.bytes_here == sum(part["size_bytes"] for part in ready.parts)
    event = AuditEvent.objects.get(subject=f"export/{ready.pk}", action="made")
    assert event.details["parts"] == ready.parts
    assert Told.objects.filter(person=ines, text__contains="is ready").exists()


def test_made_again_it_has_the_same_bytes(ready: Export, ines: User, worker: Worker) -> None:
    """After it expired, from what was kept when it was made first."""
    before = ready.parts
    assert keeping.sweep(now=ready.expires_at) == 1
    ready.refresh_from_db()
    assert (ready.state, ready.folder, folders.ids()) == (State.EXPIRED, "", [])
    deciding.again(export_id=ready.pk, by=ines, now=worker.clock())
    worker.work()
    ready.refresh_from_db()
    assert ready.state == State.READY, ready.ending
    assert ready.parts == before
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in files(ready)] == [
        part["sha256"] for part in before
    ]


def test_what_was_not_seen_is_not_made(matter: Matter, ines: User, worker: Worker) -> None:
    """A page of before, whose digest is another."""
    row = measured(of_matter(matter), worker, ines)
    with pytest.raises(Unfit, match="not what this export is"):
        deciding.make(export_id=row.pk, digest="0" * 64, by=ines, now=NOW)


def test_what_differs_from_the_preflight_is_offered_to_nobody(
    matter: Matter, ines: User, worker: Worker
) -> None:
    """It fails with the sentence, its half is gone, and one click measures it anew."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=NOW)
    lost = Message.objects.order_by("pk").first()
    assert lost is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM archive_exportitem WHERE export_id = %s AND message_id = %s", [row.pk, lost.pk]
        )
    worker.work()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "not what was measured" in row.ending
    assert folders.ids() == []
    assert not row.may_retry
    following = asking.anew(export_id=row.pk, request_key=uuid.uuid4(), by=ines, now=NOW)
    worker.work()
    following.refresh_from_db()
    assert (following.state, following.follows) == (State.MEASURED, row)


def test_a_worker_that_died_is_followed_by_one_that_begins_again(
    matter: Matter, ines: User, worker: Worker
) -> None:
    """Its half is removed, and what is offered is whole."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    half = folders.begin(row.pk, "0" * 32)
    (half / "holdfast-export-part-001-of-001.zip").write_bytes(b"half")
    Export.objects.filter(pk=row.pk).update(claim="0" * 32, claimed_at=worker.at, attempts=1)
    worker.work()
    row.refresh_from_db()
    assert row.state == State.MAKING  # the claim of the dead one still holds
    worker.at += running.CLAIM_HOLDS
    worker.work()
    row.refresh_from_db()
    assert row.state == State.READY
    assert not half.exists()
    assert files(row)[0].read_bytes() != b"half"


def test_a_worker_killed_on_the_way_changes_no_byte(matter: Matter, ines: User, worker: Worker) -> None:
    """The next one makes what the dead one would have made, from what was settled by then; made again it is the same."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())

    def clock() -> datetime:
        if Export.objects.filter(pk=row.pk, settled__isnull=False, done__gt=0).exists():
            raise Killed
        return worker.clock()

    with pytest.raises(Killed):
        running.carry_out_next(clock=clock)
    row.refresh_from_db()
    assert (row.state, row.parts, row.claim is None) == (State.MAKING, None, False)
    settled = row.settled
    worker.at += running.CLAIM_HOLDS
    worker.work()
    row.refresh_from_db()
    assert (row.state, row.settled) == (State.READY, settled)
    first = [path.read_bytes() for path in files(row)]
    keeping.sweep(now=row.expires_at)
    deciding.again(export_id=row.pk, by=ines, now=worker.clock())
    worker.work()
    row.refresh_from_db()
    assert [path.read_bytes() for path in files(row)] == first


class Killed(BaseException):
    """What nobody catches, as nobody catches `kill -9`."""


def test_a_worker_thought_dead_offers_nothing(matter: Matter, ines: User, worker: Worker) -> None:
    """Another has the claim by the time it is done."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())

    def clock() -> object:
        Export.objects.filter(pk=row.pk, claim__isnull=False).update(claim="1" * 32)
        return worker.clock()

    running.carry_out_next(clock=clock)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert (row.state, row.parts) == (State.MAKING, None)


def test_cancelled_on_the_way_nothing_of_it_lies_here(matter: Matter, ines: User, worker: Worker) -> None:
    """Neither of one that is measured, nor of one that is made."""
    row = asking.ask(draft(of_matter(matter)), by=ines, now=NOW)
    deciding.cancel(export_id=row.pk, by=ines, now=NOW)
    worker.work()
    row.refresh_from_db()
    assert (row.state, row.digest) == (State.CANCELLED, "")
    with pytest.raises(Unfit, match="nothing to cancel"):
        deciding.cancel(export_id=row.pk, by=ines, now=NOW)
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=NOW)
    folders.begin(row.pk, "half")
    assert deciding.cancel(export_id=row.pk, by=ines, now=NOW).state == State.CANCELLED
    assert folders.ids() == []


def test_without_room_it_fails_in_words_and_can_be_tried_again(
    matter: Matter, ines: User, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half is left, and what was measured still stands."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=NOW)
    with monkeypatch.context() as full:
        full.setattr(folders, "ROOM_LEFT", 1 << 60)
        worker.work()
    row.refresh_from_db()
    assert (row.state, row.may_retry) == (State.FAILED, True)
    assert "not free" in row.ending
    assert folders.ids() == []
    deciding.again(export_id=row.pk, by=ines, now=worker.clock())
    worker.work()
    row.refresh_from_db()
    assert (row.state, row.ending) == (State.READY, "")


@override_settings(HOLDFAST_EXPORT_DAYS=3)
def test_how_long_it_stays_is_a_setting(matter: Matter, ines: User, worker: Worker) -> None:
    """Three days here."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=NOW)
    worker.work()
    row.refresh_from_db()
    assert (row.expires_at - row.made_at).days == 3


@pytest.mark.parametrize(
    "columns",
    [{"title": "Other"}, {"digest": "0" * 64}, {"settled": {}}, {"parts": []}, {"state": "measured"}],
)
def test_what_was_asked_measured_and_made_is_never_changed(columns: dict[str, object], ready: Export) -> None:
    """Whatever the code above does, the database refuses it."""
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=ready.pk).update(**columns)
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=ready.pk).delete()
