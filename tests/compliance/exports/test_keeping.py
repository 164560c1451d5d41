"""A copy of ours does not outlive the words: what is destroyed in the archive is withdrawn here."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from archive import purge
from archive.models import Message, Session
from archive.packages import gone
from compliance import holds, periods
from compliance.exports import deciding, folders, keeping, taking
from compliance.exports.choosing import Source, Unfit
from compliance.exports.reading import NoSuchExport
from compliance.models import AuditEvent, Export, Hold, Matter, Told
from tests.compliance.exports.conftest import NOW, Kind, State, Worker, measured, of_matter

pytestmark = pytest.mark.django_db


def destroy(worker: Worker) -> None:
    """A message, once nothing holds it any more."""
    first = Message.objects.get(zoom_id="p0-0")
    Hold.objects.update(released_at=worker.clock())
    with transaction.atomic():
        done = purge.destroy([first.pk], holds=holds.rules(lock=True), disposition=1, now=worker.clock())
    assert done.destroyed == (first.pk,)


def test_files_go_when_a_message_in_them_is_destroyed(ready: Export, ines: User, worker: Worker) -> None:
    """Its page says why, whoever asked is told, and it cannot be made again."""
    assert keeping.sweep(now=worker.clock()) == 0
    destroy(worker)
    assert keeping.sweep(now=worker.clock()) == 1
    ready.refresh_from_db()
    assert (ready.state, folders.ids()) == (State.WITHDRAWN, [])
    assert ready.ending.startswith("1 message in it was destroyed in the archive since it was made")
    assert (
        AuditEvent.objects.get(subject=f"export/{ready.pk}", action="withdrew").details["words"]
        == ready.ending
    )
    assert Told.objects.filter(person=ines, text__contains="withdrawn").exists()
    assert gone.among(ready.pk, size=0) == 0  # which messages it had is forgotten, too
    with pytest.raises(Unfit, match="withdrawn"):
        deciding.again(export_id=ready.pk, by=ines, now=worker.clock())


def test_nobody_takes_it_before_it_was_swept(ready: Export, ines: User, worker: Worker) -> None:
    """Asking for a part is enough to withdraw it."""
    destroy(worker)
    with pytest.raises(NoSuchExport):
        taking.part(export_id=ready.pk, number=1, by=ines, now=worker.clock())
    ready.refresh_from_db()
    assert (ready.state, folders.ids()) == (State.WITHDRAWN, [])


def test_what_was_measured_before_is_not_made_after(matter: Matter, ines: User, worker: Worker) -> None:
    """Deciding says so; sweeping ends it, to be measured anew."""
    row = measured(of_matter(matter), worker, ines)
    destroy(worker)
    with pytest.raises(Unfit, match="destroyed since it was measured"):
        deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    keeping.sweep(now=worker.clock())
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "Measure it anew" in row.ending


def test_what_was_destroyed_on_the_way_makes_it_fail_in_words(
    matter: Matter, ines: User, worker: Worker
) -> None:
    """Between the decision and the making."""
    row = measured(of_matter(matter), worker, ines)
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    destroy(worker)
    worker.work()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "destroyed" in row.ending
    assert folders.ids() == []


def test_what_was_destroyed_before_is_no_reason(session: Session, ines: User, worker: Worker) -> None:
    """The export knows of it already, and says that it is destroyed."""
    destroy(worker)
    days = periods.read("2026-11", zone="UTC")
    row = measured(Source(Kind.SESSION, session.pk, period=days), worker, ines)
    assert row.contents["destroyed"] == 1
    deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    worker.work()
    assert keeping.sweep(now=worker.clock()) == 0
    row.refresh_from_db()
    assert row.state == State.READY, row.ending


def test_halves_of_dead_workers_are_removed(ready: Export, worker: Worker) -> None:
    """What nobody is offered does not lie about."""
    folders.begin(ready.pk + 1, "half")
    keeping.sweep(now=worker.clock())
    assert folders.ids() == [ready.pk]


def test_who_may_not_export_takes_nothing(ready: Export, ada: User) -> None:
    """Ada administers."""
    with pytest.raises(PermissionDenied):
        taking.part(export_id=ready.pk, number=1, by=ada, now=NOW)
