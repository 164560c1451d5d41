"""What is due: put together, looked at, asked for, approved by another person, and destroyed batch by batch."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction

from archive.models import Account, Message, Revision, Session
from compliance import approvals
from compliance.disposition import asking, executing, gathering, reviewing
from compliance.models import (
    AuditEvent,
    Disposition,
    DispositionPart,
    Hold,
    KeepingRule,
    Matter,
    Request,
    TakenOut,
    Told,
)
from tests.archive.scenes import NOW
from tests.compliance import world
from tests.compliance.approvals.shelf import third_officer

LATER = NOW + timedelta(days=40)
"""A month after what was said on 2 November; nothing was due before."""
WHY = "Policy 7 says so."


def clock() -> datetime:
    return LATER


@pytest.fixture
def rule(account: Account) -> KeepingRule:
    return world.keeping_rule(amount=1, name="A month")


@pytest.fixture
def gathered(rule: KeepingRule, mei: User) -> Disposition:
    return gather(rule.account_id, by=mei)


def gather(account_id: int, *, by: User) -> Disposition:
    row = gathering.start(account_id=account_id, by=by, now=LATER)
    assert gathering.carry_out_next(clock=clock)
    assert not gathering.carry_out_next(clock=clock)
    row.refresh_from_db()
    return row


def approved(row: Disposition, *, by: User, second: User) -> Request:
    """Asked for, approved by two, cooled off, and let go to the worker."""
    asked = asking.ask(disposition_id=row.pk, typed="destroy", reason=WHY, by=by, now=LATER)
    for officer in (second, third_officer()):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=officer, now=LATER)
    approvals.carry_out_due(clock=lambda: LATER + timedelta(days=4))
    row.refresh_from_db()
    return asked


def run() -> None:
    while executing.carry_out_next(clock=lambda: LATER + timedelta(days=4)):
        pass


def hold_session(session: Session) -> None:
    """A matter that holds one session, placed at this moment."""
    matter = Matter.objects.create(
        account_id=session.account_id, name="Inquiry", reason="r", request_key=uuid.uuid4(),
        opened_by_name="Ines", opened_at=LATER,
    )  # fmt: skip
    Hold.objects.create(
        matter=matter, account_id=session.account_id, session_id=session.pk, covers_received=True,
        placed_at=LATER, placed_by_name="Ines",
    )  # fmt: skip


def test_what_is_due_is_put_together(gathered: Disposition, rule: KeepingRule, mei: User) -> None:
    """Every message of the archive, by session and rule, with its weight, a digest, and Mei told."""
    assert gathered.state == "review"
    assert gathered.messages == Message.objects.count()
    assert (gathered.sessions, gathered.held) == (2, 0)
    assert gathered.files == 1
    parts = DispositionPart.objects.filter(disposition=gathered)
    assert {part.rule_id for part in parts} == {rule.pk}
    assert {key for part in parts for key in part.message_ids} == set(
        Message.objects.values_list("pk", flat=True)
    )
    assert gathering.totals(gathered.pk)["sha256"] == bytes(gathered.sha256 or b"")
    assert Told.objects.filter(person=mei, link=f"/disposition/{gathered.pk}/").count() == 1


def test_what_is_held_is_left_out_and_counted(rule: KeepingRule, session: Session, mei: User) -> None:
    """A shortened rule is stopped by the hold."""
    hold_session(session)
    row = gather(rule.account_id, by=mei)
    assert row.held == Message.objects.filter(session=session).count()
    assert row.messages == Message.objects.exclude(session=session).count()


def test_nothing_is_put_together_twice_or_without_rules(
    rule: KeepingRule, mei: User, gathered: Disposition
) -> None:
    """One open disposition an account."""
    with pytest.raises(gathering.Unfit, match="still open"):
        gathering.start(account_id=rule.account_id, by=mei, now=LATER)
    reviewing.discard(disposition_id=gathered.pk, reason="Not now.", by=mei, now=LATER)
    KeepingRule.objects.update(ended_at=LATER, ended_by_name="Mei", ending="x")
    with pytest.raises(gathering.Unfit, match="no rule"):
        gathering.start(account_id=rule.account_id, by=mei, now=LATER)


def test_a_worker_that_died_is_followed_by_one_that_begins_again(rule: KeepingRule, mei: User) -> None:
    """Parts of the first try are not in the answer twice."""
    row = gathering.start(account_id=rule.account_id, by=mei, now=LATER)
    Disposition.objects.update(claim="0" * 32, claimed_at=LATER, attempts=1)
    assert not gathering.carry_out_next(clock=clock)
    assert gathering.carry_out_next(clock=lambda: LATER + timedelta(hours=1))
    row.refresh_from_db()
    assert row.messages == Message.objects.count()


def test_messages_and_sessions_are_taken_out_with_a_reason(
    gathered: Disposition, session: Session, mei: User
) -> None:
    """The set gets smaller, its digest changes, and it says who took out what and why."""
    one = world.message("edited")
    before = bytes(gathered.sha256 or b"")
    take = {"disposition_id": gathered.pk, "by": mei, "now": LATER}
    reviewing.take_out(session_id=None, message_id=one.pk, reason="Needed for the audit.", **take)  # type: ignore[arg-type]
    gathered.refresh_from_db()
    assert gathered.messages == Message.objects.count() - 1
    assert bytes(gathered.sha256 or b"") != before
    reviewing.take_out(session_id=session.pk, message_id=None, reason="All of it.", **take)  # type: ignore[arg-type]
    gathered.refresh_from_db()
    assert gathered.messages == Message.objects.exclude(session=session).count()
    assert list(TakenOut.objects.values_list("message_id", "reason")) == [
        (one.pk, "Needed for the audit."),
        (None, "All of it."),
    ]
    with pytest.raises(gathering.Unfit, match="is not in this disposition"):
        reviewing.take_out(session_id=None, message_id=one.pk, reason="Again.", **take)  # type: ignore[arg-type]


def test_asking_takes_the_word_and_another_person(gathered: Disposition, mei: User, ines: User) -> None:
    """Nothing without the word; Mei may not approve; while it waits nothing can be taken out."""
    with pytest.raises(gathering.Unfit, match="type “destroy”"):
        asking.ask(disposition_id=gathered.pk, typed="yes", reason=WHY, by=mei, now=LATER)
    asked = asking.ask(disposition_id=gathered.pk, typed="Destroy", reason=WHY, by=mei, now=LATER)
    assert asked.counts["messages are destroyed"] == gathered.messages
    with pytest.raises(PermissionDenied):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=mei, now=LATER)
    with pytest.raises(gathering.Unfit, match="Withdraw the request"):
        reviewing.discard(disposition_id=gathered.pk, reason="x", by=mei, now=LATER)


def test_two_others_approve_and_it_goes_after_it_has_cooled_off(
    gathered: Disposition, mei: User, ines: User, samir: User
) -> None:
    """Not by one word, not within three days; then every word is gone, counted, in the trail, and Mei is told."""
    asked = asking.ask(disposition_id=gathered.pk, typed="destroy", reason=WHY, by=mei, now=LATER)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=ines, now=LATER)
    approvals.carry_out_due(clock=lambda: LATER + timedelta(days=4))
    with pytest.raises(approvals.Obstacle, match="somebody else as well"):
        approvals.approve(request_id=asked.pk, digest=asked.digest, by=ines, now=LATER)
    approvals.approve(request_id=asked.pk, digest=asked.digest, by=samir, now=LATER)
    approvals.carry_out_due(clock=lambda: LATER + timedelta(days=2))
    run()
    assert Revision.objects.count() > 0
    approvals.carry_out_due(clock=lambda: LATER + timedelta(days=4))
    run()
    gathered.refresh_from_db()
    assert (gathered.state, gathered.destroyed, gathered.refused) == ("done", gathered.messages, 0)
    assert gathered.done == gathered.total
    assert gathered.revisions > gathered.messages
    assert Revision.objects.count() == 0
    assert AuditEvent.objects.filter(action="destroyed", subject=f"disposition/{gathered.pk}").count() == 2
    assert "is done" in Told.objects.filter(person=mei).latest("pk").text


def test_a_hold_placed_after_the_approval_wins(
    gathered: Disposition, session: Session, mei: User, ines: User
) -> None:
    """What it covers stays, each with an event, and the rest goes."""
    approved(gathered, by=mei, second=ines)
    hold_session(session)
    run()
    gathered.refresh_from_db()
    kept = Message.objects.filter(session=session)
    assert gathered.refused == kept.count()
    assert Revision.objects.filter(message__session=session).count() > 0
    assert not Revision.objects.exclude(message__session=session).exists()
    refused = AuditEvent.objects.filter(action="refused", details__disposition=gathered.pk)
    assert {event.subject for event in refused} == {f"message/{one.pk}" for one in kept}
    assert {event.details["why"] for event in refused} == {"a hold covers it"}


def test_a_rule_made_longer_after_the_approval_wins(
    gathered: Disposition, rule: KeepingRule, mei: User, ines: User
) -> None:
    """Nothing goes that is no longer due."""
    approved(gathered, by=mei, second=ines)
    world.keeping_rule(name="Longer", amount=24)
    run()
    gathered.refresh_from_db()
    assert (gathered.destroyed, gathered.refused) == (0, gathered.messages)
    assert AuditEvent.objects.filter(details__why="a rule keeps it longer now").count() == gathered.messages


def test_what_changed_after_the_approval_stays(gathered: Disposition, mei: User, ines: User) -> None:
    """A version captured meanwhile was seen by nobody who decided."""
    approved(gathered, by=mei, second=ines)
    one = world.message("main")
    first = one.revisions.order_by("pk")[0]
    Revision.objects.create(
        message=one,
        kind="edited",
        digest=b"x" * 32,
        raw=b"{}",
        salt=b"s" * 16,
        page=first.page,
        stored_at=LATER,
    )
    run()
    gathered.refresh_from_db()
    assert gathered.refused == 1
    assert one.revisions.count() == 2


def test_it_can_be_stopped_between_parts(gathered: Disposition, mei: User, ines: User) -> None:
    """What is gone by then is said; the rest stays."""
    approved(gathered, by=mei, second=ines)
    executing.stop(disposition_id=gathered.pk, reason="The court called.", by=mei, now=LATER)
    run()
    gathered.refresh_from_db()
    assert (gathered.state, gathered.destroyed) == ("stopped", 0)
    assert Revision.objects.count() > 0
    assert "0 of" in Told.objects.filter(person=mei).latest("pk").text


def test_a_killed_worker_is_followed_by_another(gathered: Disposition, mei: User, ines: User) -> None:
    """The claim of the dead one runs out, and what it had not done is done."""
    approved(gathered, by=mei, second=ines)
    at = LATER + timedelta(days=4)
    Disposition.objects.filter(pk=gathered.pk).update(claim="0" * 32, claimed_at=at)
    run()
    gathered.refresh_from_db()
    assert gathered.state == "running"
    while executing.carry_out_next(clock=lambda: at + timedelta(hours=1)):
        pass
    gathered.refresh_from_db()
    assert gathered.state == "done"


def test_the_database_keeps_what_was_approved(gathered: Disposition, mei: User, ines: User) -> None:
    """Neither the set nor its digest can be changed once it runs, and nothing of it can be removed."""
    approved(gathered, by=mei, second=ines)
    for change in ({"sha256": b"x" * 32}, {"messages": 1}, {"state": "review"}, {"rules": []}):
        with pytest.raises(Error), transaction.atomic():
            Disposition.objects.filter(pk=gathered.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        DispositionPart.objects.filter(disposition=gathered).update(message_ids=[1])
    with pytest.raises(Error), transaction.atomic():
        DispositionPart.objects.filter(disposition=gathered).delete()
    run()
    with pytest.raises(Error), transaction.atomic():
        Disposition.objects.filter(pk=gathered.pk).update(destroyed=0)


def test_who_may_not_is_refused(rule: KeepingRule, ravi: User, tomas: User) -> None:
    """Ravi may not look; Tomás looks and may not begin."""
    with pytest.raises(PermissionDenied):
        reviewing.page(by=ravi, now=LATER)
    assert reviewing.page(by=tomas, now=LATER).total == 0
    with pytest.raises(PermissionDenied):
        gathering.start(account_id=rule.account_id, by=tomas, now=LATER)
