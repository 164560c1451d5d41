"""A request for erasure that is withdrawn takes nothing more with it, wherever the disposition for it stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from archive.models import Account, Message, Person, Revision
from compliance import approvals, audit
from compliance.disposition import asking, erasures, executing, gathering
from compliance.models import AuditEvent, Disposition, Erasure, Request
from tests.archive.scenes import NOW
from tests.compliance.approvals.shelf import third_officer
from tests.compliance.conftest import As
from tests.compliance.disposition.test_disposing import LATER, WHY, approved, run
from tests.compliance.disposition.test_erasures import gather, look, wanted
from tests.compliance.disposition.test_two_at_once import elsewhere
from tests.waiting import is_waited_for, wait_until

COOL = LATER + timedelta(days=4)


@pytest.fixture
def taken(account: Account, mei: User) -> Erasure:
    """Somebody asked that everything Ines said goes: it was said in two sessions, so it goes in two parts."""
    ines = Person.objects.get(member_id="m-ines", account=account)
    return erasures.take(wanted=wanted(ines), by=mei, now=NOW)


def withdraw(row: Erasure, *, by: User) -> None:
    erasures.withdraw(erasure_id=row.pk, reason="Taken back.", by=by, now=LATER)


def words_of(row: Erasure) -> int:
    return Revision.objects.filter(message__sender=row.person_id).count()


def test_withdrawn_while_it_is_put_together(taken: Erasure, mei: User, as_person: As) -> None:
    """It cannot be asked for, both pages say why, and discarding it makes room."""
    begun = gathering.start_erasure(erasure_id=taken.pk, by=mei, now=LATER)
    withdraw(taken, by=mei)
    gathering.carry_out_next(clock=lambda: LATER)
    with pytest.raises(approvals.Obstacle, match="was withdrawn: nothing of it goes"):
        asking.ask(disposition_id=begun.pk, typed="destroy", reason=WHY, by=mei, now=LATER)
    page = as_person(mei).get(f"/disposition/{begun.pk}/").content.decode()
    assert "was withdrawn, so nothing of it goes. Discard it" in page
    assert "Ask to destroy" not in page
    about = as_person(mei).get(f"/disposition/erasures/{taken.pk}/").content.decode()
    assert "is still open; nothing more of it goes" in about


def test_nothing_is_put_together_of_what_was_withdrawn(taken: Erasure, mei: User) -> None:
    """Nor begun."""
    withdraw(taken, by=mei)
    with pytest.raises(gathering.Unfit):
        gathering.start_erasure(erasure_id=taken.pk, by=mei, now=LATER)


def test_withdrawn_when_it_is_put_together(taken: Erasure, mei: User) -> None:
    """Looked at, not asked for yet."""
    begun = gather(taken, by=mei)
    withdraw(taken, by=mei)
    with pytest.raises(approvals.Obstacle, match="was withdrawn"):
        asking.ask(disposition_id=begun.pk, typed="destroy", reason=WHY, by=mei, now=LATER)


def test_withdrawn_when_it_is_asked_for(taken: Erasure, mei: User, ines: User) -> None:
    """Whoever comes to approve it is told, and the request is overtaken."""
    begun = gather(taken, by=mei)
    asked = asking.ask(disposition_id=begun.pk, typed="destroy", reason=WHY, by=mei, now=LATER)
    withdraw(taken, by=mei)
    with pytest.raises(approvals.Obstacle, match="was withdrawn"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=ines, now=LATER)
    assert Request.objects.get(pk=asked.pk).state == "overtaken"


def test_withdrawn_when_one_of_two_approved(taken: Erasure, mei: User, ines: User) -> None:
    """The second cannot."""
    begun = gather(taken, by=mei)
    asked = asking.ask(disposition_id=begun.pk, typed="destroy", reason=WHY, by=mei, now=LATER)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=ines, now=LATER)
    withdraw(taken, by=mei)
    with pytest.raises(approvals.Obstacle, match="was withdrawn"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=third_officer(), now=LATER)


def test_withdrawn_while_it_cools_off(taken: Erasure, mei: User, ines: User) -> None:
    """Both approved; three days later the request is overtaken instead, and every word is there."""
    begun = gather(taken, by=mei)
    asked = asking.ask(disposition_id=begun.pk, typed="destroy", reason=WHY, by=mei, now=LATER)
    for officer in (ines, third_officer()):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=officer, now=LATER)
    before = words_of(taken)
    withdraw(taken, by=mei)
    approvals.carry_out_due(clock=lambda: COOL)
    run()
    assert Request.objects.get(pk=asked.pk).state == "overtaken"
    assert words_of(taken) == before
    assert Disposition.objects.get(pk=begun.pk).state == "review"


def test_withdrawn_before_the_first_part(taken: Erasure, mei: User, ines: User, as_person: As) -> None:
    """Let go to the worker, which stops with nothing destroyed, and says who stopped it and why."""
    begun = gather(taken, by=mei)
    approved(begun, by=mei, second=ines)
    before = words_of(taken)
    address = f"/disposition/erasures/{taken.pk}/"
    said = as_person(mei).post(f"{address}withdraw/", {"reason": "Taken back."}, follow=True).content.decode()
    assert "Withdrawn. Nothing more goes because of it." in said
    assert "it stops before its next part" in as_person(mei).get(f"/disposition/{begun.pk}/").content.decode()
    run()
    begun.refresh_from_db()
    assert (begun.state, begun.destroyed, words_of(taken)) == ("stopped", 0, before)
    assert begun.stop_by_name == audit.name_of(mei)
    assert begun.stop_reason == f"Request {taken.pk} for erasure was withdrawn: Taken back."
    event = AuditEvent.objects.get(action=audit.Action.CARRIED_OUT, subject=f"disposition/{begun.pk}")
    assert event.details["reason"] == begun.stop_reason


def test_withdrawn_between_two_parts(taken: Erasure, mei: User, ines: User, as_person: As) -> None:
    """What went with the first part stays gone, and is counted; the second does not begin."""
    begun = gather(taken, by=mei)
    approved(begun, by=mei, second=ines)
    looks, page = [0], as_person(mei)
    said: list[str] = []

    def clock() -> datetime:
        looks[0] += 1
        if looks[0] == 3:  # claimed, first part, and now the second
            address = f"/disposition/erasures/{taken.pk}/withdraw/"
            said.append(page.post(address, {"reason": "Taken back."}, follow=True).content.decode())
        return COOL

    while executing.carry_out_next(clock=clock):
        pass
    begun.refresh_from_db()
    parts = list(begun.parts.order_by("number"))
    assert begun.state == "stopped"
    assert 0 < begun.destroyed == parts[0].messages < begun.messages
    assert parts[1].done_at is None
    assert Message.objects.filter(pk__in=parts[1].message_ids, revisions__isnull=False).exists()
    assert f"{begun.destroyed:,} message" in said[0]
    assert "cannot be brought back" in said[0]


def test_withdrawn_when_it_is_done(taken: Erasure, mei: User, ines: User, as_person: As) -> None:
    """While it was not looked at again it ends as withdrawn, and says what went; afterwards it is complete."""
    begun = gather(taken, by=mei)
    approved(begun, by=mei, second=ines)
    run()
    address = f"/disposition/erasures/{taken.pk}/"
    said = as_person(mei).post(f"{address}withdraw/", {"reason": "Too late."}, follow=True).content.decode()
    begun.refresh_from_db()
    assert begun.state == "done"
    assert f"{begun.destroyed:,} messages went before, and cannot be brought back." in said


def test_what_is_complete_cannot_be_withdrawn(taken: Erasure, mei: User, ines: User) -> None:
    """In a sentence."""
    approved(gather(taken, by=mei), by=mei, second=ines)
    run()
    assert look(taken, days=50).state == "completed"
    with pytest.raises(erasures.Unfit, match="It is completed already"):
        withdraw(taken, by=mei)


@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_for_a_withdrawal_and_heeds_it(taken: Erasure, mei: User, ines: User) -> None:
    """Written and not yet committed when the worker comes to its part: it waits, sees it, and stops."""
    begun = gather(taken, by=mei)
    approved(begun, by=mei, second=ines)
    before = words_of(taken)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            withdraw(taken, by=mei)
            working = pool.submit(elsewhere, run)
            wait_until(is_waited_for)
        working.result()
    begun.refresh_from_db()
    assert (begun.state, begun.destroyed, words_of(taken)) == ("stopped", 0, before)
