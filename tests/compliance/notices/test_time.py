"""What custodians are told as days go by: notice, reminders, escalation, release."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection

from compliance.models import AuditEvent, Custodian, Matter, Notice, Told
from compliance.notices import acknowledging, plans, preparing, reading
from tests.compliance.notices.conftest import NOW, Case, token_in

pytestmark = pytest.mark.django_db


def test_three_are_told_one_answers_two_are_reminded_and_one_is_escalated(case: Case) -> None:
    """Three notices, one acknowledged by its link; the others are reminded, and the one with a superior is escalated."""
    olu, mei, zoe = case.add("Olu"), case.add("Mei"), case.add("Zoe")
    case.work()
    assert [len(case.mails(one.email)) for one in (olu, mei, zoe)] == [1, 1, 1]
    token = token_in(str(case.mails(olu.email)[0].body))
    acknowledging.acknowledge(token=token, comment="", browser="Firefox", now=case.now)
    plans.name_superior(
        matter_id=case.matter.pk, custodian_id=mei.pk, name="Tomás", email="tomas@acme.example", by=case.ines,
        now=case.now,
    )  # fmt: skip
    case.later(days=2, hours=23)
    assert len(case.mails(mei.email)) == 1
    case.later(hours=1)
    assert [len(case.mails(one.email)) for one in (olu, mei, zoe)] == [1, 2, 2]
    assert token_in(str(case.mails(mei.email)[1].body)) == token_in(str(case.mails(mei.email)[0].body))
    for _ in range(7):
        case.later(days=1)
    assert [len(case.mails(one.email)) for one in (olu, mei, zoe)] == [1, 4, 4]
    escalated = case.mails("tomas@acme.example")
    assert len(escalated) == 1
    assert "/acknowledge/" not in str(escalated[0].body)
    assert "Mei" in escalated[0].subject
    assert case.notice(zoe, "escalation").state == Notice.State.FAILED
    for _ in range(30):
        case.later(days=1)
    assert [len(case.mails(one.email)) for one in (olu, mei, zoe)] == [1, 4, 4]
    seen = reading.page(matter_id=case.matter.pk, by=case.ines)
    assert (seen.counts.held, seen.counts.told, seen.counts.acknowledged) == (3, 3, 1)
    assert seen.counts.trouble == 1


def test_every_text_that_was_sent_has_its_digest_in_the_trail(case: Case) -> None:
    """The mail of the outbox, hashed by hand, is what the event says."""
    olu = case.add("Olu")
    case.work()
    sent = case.mails(olu.email)[0]
    event = AuditEvent.objects.filter(action="sent").latest("pk")
    said = hashlib.sha256(f"{sent.subject}\n\n{sent.body}".encode()).hexdigest()
    assert event.details["sha256"] == said
    html = sent.alternatives[0][0]  # type: ignore[attr-defined]
    assert event.details["html_sha256"] == hashlib.sha256(str(html).encode()).hexdigest()
    assert event.subject == f"matter/{case.matter.pk}"


def test_what_comes_next_is_said(case: Case) -> None:
    """The first reminder with its day, and nothing once somebody answered."""
    olu = case.add("Olu")
    case.work()
    line = reading.page(matter_id=case.matter.pk, by=case.ines).lines[0]
    assert line.next == reading.Next("reminder 1 of 3", NOW + timedelta(days=3))
    token = token_in(case.notice(olu).body)
    acknowledging.acknowledge(token=token, comment="", browser="", now=case.now)
    assert reading.page(matter_id=case.matter.pk, by=case.ines).lines[0].next is None


def test_a_naming_of_the_superior_sends_the_escalation_that_waited(case: Case) -> None:
    """The row that had nobody to go to gives way to one that has."""
    olu = case.add("Olu")
    case.work()
    case.later(days=10)
    assert case.notice(olu, "escalation").last_error.startswith("Nobody is named")
    assert Told.objects.filter(person=case.ines, text__contains="Nobody is named").count() == 1
    plans.name_superior(
        matter_id=case.matter.pk, custodian_id=olu.pk, name="Tomás\r\nBcc: x", email="tomas@acme.example",
        by=case.ines, now=case.now,
    )  # fmt: skip
    case.later(minutes=1)
    assert len(case.mails("tomas@acme.example")) == 1
    assert Notice.objects.filter(kind="escalation", state="discarded").count() == 1


def test_a_standstill_is_not_made_up_for_by_a_heap(case: Case) -> None:
    """After a month without a worker one reminder goes out, and the next one after the usual time."""
    olu = case.add("Olu")
    case.work()
    case.later(days=30)
    case.later(minutes=1)
    case.later(minutes=1)
    assert Notice.objects.filter(custodian=olu, kind="reminder").count() == 1
    case.later(days=3)
    assert Notice.objects.filter(custodian=olu, kind="reminder").count() == 2


def test_a_plan_without_reminders_sends_none(case: Case) -> None:
    """None, and no escalation either."""
    case.plan(reminders=0, escalate_after_days=0)
    olu = case.add("Olu")
    case.work()
    case.later(days=100)
    assert len(case.mails(olu.email)) == 1


def test_a_drop_and_a_release_are_told_once(case: Case) -> None:
    """Olu is dropped, Mei released with the matter; the links die with the hold."""
    olu, mei = case.add("Olu"), case.add("Mei")
    case.work()
    tokens = [token_in(case.notice(one).body) for one in (olu, mei)]
    Custodian.objects.filter(pk=olu.pk).update(dropped_at=case.now)
    case.later(minutes=1)
    case.later(minutes=1)
    assert [len(case.mails(one.email)) for one in (olu, mei)] == [2, 1]
    assert "no longer" in case.mails(olu.email)[1].subject
    with pytest.raises(acknowledging.NoSuchLink):
        acknowledging.shown(token=tokens[0])
    Matter.objects.update(state="released", released_at=case.now)
    case.later(days=20)
    assert [len(case.mails(one.email)) for one in (olu, mei)] == [2, 2]
    with pytest.raises(acknowledging.NoSuchLink):
        acknowledging.shown(token=tokens[1])


def test_who_was_never_told_is_told_of_no_release(case: Case) -> None:
    """What waited to be reviewed goes, and nothing is sent."""
    case.plan(at_once=False)
    olu = case.add("Olu")
    case.work()
    Custodian.objects.filter(pk=olu.pk).update(dropped_at=case.now)
    case.later(minutes=1)
    assert case.mails(olu.email) == []
    assert [row.state for row in Notice.objects.all()] == ["discarded"]


def added_again(case: Case, custodian: Custodian) -> Custodian:
    """The same person, dropped now and added to the matter once more."""
    Custodian.objects.filter(pk=custodian.pk).update(dropped_at=case.now)
    return Custodian.objects.create(
        matter=case.matter, person_id=custodian.person_id, name=custodian.name, email=custodian.email,
        added_at=case.now, added_by_name="Ines",
    )  # fmt: skip


def test_who_is_added_again_gets_a_notice_and_no_release(case: Case) -> None:
    """Dropped and added again in one day: what counts is that they are held."""
    olu = case.add("Olu")
    case.work()
    added_again(case, olu)
    case.later(minutes=1)
    assert [row.kind for row in Notice.objects.order_by("pk")] == ["hold", "hold"]


@pytest.mark.parametrize("ending", ["dropped again", "released"])
def test_who_was_told_twice_is_told_once_that_it_is_over(case: Case, ending: str) -> None:
    """Olu, dropped and added again, gets one release notice in the end, whichever way it ends."""
    olu = case.add("Olu")
    case.work()
    again = added_again(case, olu)
    case.later(minutes=1)
    if ending == "released":
        Matter.objects.update(state="released", released_at=case.now)
    else:
        Custodian.objects.filter(pk=again.pk).update(dropped_at=case.now)
    case.later(minutes=1)
    case.later(minutes=1)
    assert [row.custodian_id for row in Notice.objects.filter(kind="release")] == [again.pk]
    assert ["no longer" in one.subject for one in case.mails(olu.email)] == [False, False, True]


def test_who_was_added_again_and_not_told_again_is_told_that_it_is_over(case: Case) -> None:
    """The second notice still waits to be reviewed when Olu is dropped: the first one is answered by a release notice."""
    olu = case.add("Olu")
    case.work()
    case.plan(at_once=False)
    again = added_again(case, olu)
    case.later(minutes=1)
    case.plan(at_once=True)
    Custodian.objects.filter(pk=again.pk).update(dropped_at=case.now)
    case.later(minutes=1)
    assert [row.custodian_id for row in Notice.objects.filter(kind="release")] == [olu.pk]


def test_a_sweep_twice_prepares_nothing_twice(case: Case) -> None:
    """Late, repeated, at once: the rows decide."""
    case.add("Olu")
    assert preparing.sweep(now=case.now) == 1
    assert preparing.sweep(now=case.now) == 0
    case.work()
    case.now += timedelta(days=3)
    assert preparing.sweep(now=case.now) == 1
    assert preparing.sweep(now=case.now) == 0


def test_a_matter_without_a_plan_sends_nothing_unasked(case: Case) -> None:
    """A release of the product that brings notices does not write to anybody by itself."""
    other = Matter.objects.create(
        account_id=case.matter.account_id, name="Old", reason="Before notices", request_key="0" * 32,
        opened_by_name="Ines", opened_at=NOW,
    )  # fmt: skip
    old = Case(other, case.ines)
    olu = old.add("Olu")
    old.work()
    assert old.notice(olu).state == Notice.State.REVIEW
    assert old.mails(olu.email) == []


def test_one_that_cannot_be_prepared_does_not_silence_the_others(case: Case) -> None:
    """Olu's row meets an error nobody thought of; Mei is told all the same, and Olu when it is over."""
    olu, mei = case.add("Olu"), case.add("Mei")
    name = f"refuse_{olu.pk}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION pg_temp.{name}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no'; END $$"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE compliance_notice (LIKE public.compliance_notice INCLUDING ALL)"
        )
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON pg_temp.compliance_notice FOR EACH ROW "
            f"WHEN (NEW.custodian_id = {olu.pk}) EXECUTE FUNCTION pg_temp.{name}()"
        )
    assert preparing.sweep(now=case.now) == 1
    assert [row.custodian_id for row in Notice.objects.all()] == [mei.pk]
