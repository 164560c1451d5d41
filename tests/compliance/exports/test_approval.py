"""Where policy wants a second person, nothing is made before one approved exactly what was measured."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import override_settings

from compliance import approvals
from compliance.exports import deciding, reading
from compliance.models import Export, Matter, MatterMember, Request
from tests.compliance.approvals.shelf import second_officer
from tests.compliance.exports.conftest import NOW, State, Worker, measured, of_matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def samir(matter: Matter) -> User:
    """Another officer, in the matter too."""
    samir = second_officer()
    MatterMember.objects.create(matter=matter, user=samir, added_at=NOW, added_by_name="Ines")
    return samir


@pytest.fixture
def waiting(matter: Matter, ines: User, samir: User, worker: Worker) -> Request:
    """Ines' export, measured, and her request to have it made."""
    row = measured(of_matter(matter), worker, ines)
    with override_settings(HOLDFAST_EXPORT_APPROVAL="on"):
        request = deciding.make(export_id=row.pk, digest=row.digest, by=ines, now=worker.clock())
    assert request is not None
    return request


def export() -> Export:
    return Export.objects.get()


def test_it_is_made_when_it_is_approved_and_not_before(waiting: Request, samir: User, worker: Worker) -> None:
    """And its custody names who approved."""
    worker.work()
    assert export().state == State.MEASURED
    assert waiting.items[0]["facts"]["digest"] == export().digest
    assert waiting.counts["messages go out"] == export().contents["messages"]
    approvals.approve(request_id=waiting.pk, digest=waiting.digest, by=samir, now=worker.clock())
    approvals.carry_out_due(clock=worker.clock)
    worker.work()
    assert export().state == State.READY, export().ending
    assert export().request == waiting
    assert export().started_by_name == "the system"


def test_nobody_approves_their_own(waiting: Request, ines: User, worker: Worker) -> None:
    """Here and in the database."""
    with pytest.raises(PermissionDenied):
        approvals.approve(request_id=waiting.pk, digest=waiting.digest, by=ines, now=worker.clock())


def test_an_auditor_asks_and_does_not_approve(waiting: Request, matter: Matter, tomas: User) -> None:
    """He may see the request, being in the matter."""
    MatterMember.objects.create(matter=matter, user=tomas, added_at=NOW, added_by_name="Ines")
    with pytest.raises(PermissionDenied, match="approve exports"):
        approvals.approve(request_id=waiting.pk, digest=waiting.digest, by=tomas, now=NOW)


def test_what_was_refused_is_not_made_and_can_be_asked_again(
    waiting: Request, ines: User, samir: User, worker: Worker
) -> None:
    """Its page says who refused it and why."""
    approvals.refuse(request_id=waiting.pk, reason="Not before Monday.", by=samir, now=worker.clock())
    approvals.carry_out_due(clock=worker.clock)
    worker.work()
    seen = reading.seen(export_id=export().pk, by=ines, now=worker.clock())
    assert (seen.row.state, seen.waits_for_approval) == (State.MEASURED, False)
    assert seen.request is not None
    assert seen.request.ending == "Not before Monday."
    with override_settings(HOLDFAST_EXPORT_APPROVAL="on"):
        assert deciding.make(export_id=export().pk, digest=export().digest, by=ines, now=worker.clock())


def test_cancelling_withdraws_the_request(waiting: Request, ines: User, worker: Worker) -> None:
    """Nobody approves what is not wanted any more."""
    deciding.cancel(export_id=export().pk, by=ines, now=worker.clock())
    waiting.refresh_from_db()
    assert (waiting.state, export().state) == ("withdrawn", State.CANCELLED)


def test_what_waits_is_counted_for_whom_it_waits(
    waiting: Request, ines: User, samir: User, worker: Worker
) -> None:
    """For Samir among the approvals; for Ines, among the exports, only once he refused."""
    assert list(approvals.waiting_for(by=samir)) == [waiting]
    assert reading.waiting_for(by=ines) == 0
    approvals.refuse(request_id=waiting.pk, reason="No.", by=samir, now=worker.clock())
    assert reading.waiting_for(by=ines) == 1


def test_the_operator_at_the_machine_is_asked_by_nobody(matter: Matter, worker: Worker) -> None:
    """They have the database anyway."""
    row = measured(of_matter(matter), worker, None)
    with override_settings(HOLDFAST_EXPORT_APPROVAL="on"):
        assert deciding.make(export_id=row.pk, digest=row.digest, by=None, now=NOW) is None
